//! The commands: what was typed becomes settings and one call each.

mod classify;
mod config;
mod database;
mod demo;
mod embed;
mod eval;
mod import;
mod jobs;
mod lines;
mod mask;
mod models;
mod ready;
mod serve;
mod summary;
mod token;
mod train;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Flags};

/// Customer-feedback triage, Arabic first, on your own machine.
#[derive(Debug, Parser)]
#[command(name = "sada", version, about, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command understands.
#[derive(Args, Clone, Debug)]
struct Global {
    /// Settings file (TOML); `sada config default` prints one with comments.
    #[arg(long, global = true, value_name = "FILE", env = "SADA_CONFIG")]
    config: Option<PathBuf>,
    /// Folder for the database and the vectors [default: the platform's data folder].
    #[arg(long, global = true, value_name = "FOLDER", env = "SADA_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// Folder for converted models [default: the platform's cache folder].
    #[arg(long, global = true, value_name = "FOLDER", env = "SADA_MODEL_DIR")]
    model_dir: Option<PathBuf>,
    /// Model: a name of `sada models list`, a folder in the hub's layout, or hf:owner/name.
    #[arg(long, global = true, value_name = "MODEL", env = "SADA_MODEL")]
    model: Option<String>,
    /// What the model computes in [default: int8].
    #[arg(long, global = true, value_parser = ["f32", "int8"], env = "SADA_PRECISION")]
    precision: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Import the built-in messages into a fresh folder, triage and group them, show the result, then serve it.
    Demo(demo::Args),
    /// Serve the HTTP interface and work off the jobs.
    Serve(serve::Args),
    /// Import feedback from a CSV, NDJSON or XLSX file.
    Import(import::Args),
    /// Classify texts: lines or NDJSON objects {id?, text} in, one NDJSON result a line out.
    Classify(Input),
    /// Mask personal data: lines or NDJSON objects {id?, text} in, {id, masked, spans} out.
    Mask(Input),
    /// Turn texts into vectors: lines or NDJSON objects {id?, text} in, {id, vector} out.
    Embed(embed::Args),
    /// Measure quality on data whose truth is known.
    Eval(eval::Args),
    /// Fit the heads on labelled files.
    Train(train::Args),
    /// Fetch, list and check models.
    #[command(subcommand)]
    Models(models::Action),
    /// Make, list and withdraw access tokens.
    #[command(subcommand)]
    Token(token::Action),
    /// Make, list and remove the people who may sign in to the pages.
    #[command(subcommand)]
    User(user::Action),
    /// Show what is still to be done, and try again what was given up.
    Jobs(jobs::Args),
    /// Show and check settings.
    #[command(subcommand)]
    Config(config::Action),
}

/// Where a streaming command reads.
#[derive(Args, Debug)]
struct Input {
    /// File to read; standard input if there is none or it is `-`.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Global {
    /// These flags as settings.
    fn flags(&self) -> Flags {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        [
            ("data.folder", path(&self.data_dir)),
            ("model.folder", path(&self.model_dir)),
            ("model.name", self.model.clone()),
            ("engine.precision", self.precision.clone()),
        ]
        .into_iter()
        .filter_map(|(key, value)| value.map(|value| (key, value)))
        .collect()
    }

    /// The settings that apply.
    fn load(&self) -> Result<Config> {
        self.load_with(Vec::new())
    }

    /// The settings that apply, with a command's own flags on top.
    fn load_with(&self, more: Flags) -> Result<Config> {
        let mut flags = self.flags();
        flags.extend(more);
        Ok(crate::config::load(self.config.as_deref(), &flags)?)
    }
}

/// Runs the command that was typed; 0 if it went well, 1 if not, 2 if it makes no sense.
#[must_use]
pub fn main() -> ExitCode {
    let Cli { global, command } = Cli::parse();
    let outcome = match command {
        Command::Demo(args) => demo::run(&global, args),
        Command::Serve(args) => serve::run(&global, args),
        Command::Import(args) => import::run(&global, args),
        Command::Classify(input) => classify::run(&global, &input),
        Command::Mask(input) => mask::run(&input),
        Command::Embed(args) => embed::run(&global, &args),
        Command::Eval(args) => eval::run(&global, args),
        Command::Train(args) => train::run(&global, args),
        Command::Models(action) => models::run(&global, action),
        Command::Token(action) => token::run(&global, action),
        Command::User(action) => user::run(&global, action),
        Command::Jobs(args) => jobs::run(&global, &args),
        Command::Config(action) => config::run(&global, action),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
