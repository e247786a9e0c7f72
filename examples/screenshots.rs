//! Pictures of every page in both languages on a desk and on a phone: `cargo run --example screenshots -- FOLDER`.
//!
//! `--dark` takes them dark. The pages show the demo; chromium and chromedriver must be there.

#![expect(clippy::disallowed_methods, clippy::expect_used, reason = "a tool of ours may stop with what it lacks")]

#[path = "../tests/it/browser/driver.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod driver;
#[path = "../tests/it/browser/served.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod served;
#[path = "../tests/it/support.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod support;
#[path = "../tests/it/browser/tour.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod tour;

use std::path::Path;

use driver::{DESK, Driver, PHONE, Screen};
use served::Served;
use tour::{pages, sign_in, switch_to};

/// The demo's messages.
const MESSAGES: &str = include_str!("../evals/demo/feedback.ndjson");

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.iter().find(|argument| !argument.starts_with("--")).expect("name a folder");
    let dark = arguments.iter().any(|argument| argument == "--dark");
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let driver = Driver::start().expect("chromium and chromedriver are there");
    let served = Served::start(MESSAGES);
    for language in ["ar", "en"] {
        for screen in [DESK, PHONE] {
            let session = driver.open(Screen { dark, ..screen });
            session.go(&served.address);
            switch_to(&session, language);
            let take = |name: &str| {
                let file = format!("{name}-{language}-{}{}.png", screen.width, if dark { "-dark" } else { "" });
                std::fs::write(Path::new(folder).join(&file), session.picture()).expect("written");
                println!("{file}");
            };
            take("sign-in");
            sign_in(&session, &served);
            for (shape, path) in pages(&session, &served) {
                session.go(&format!("{}{path}", served.address));
                take(&name(&shape));
            }
        }
    }
}

/// A name for a file: `/inbox/*` is `inbox-one`.
fn name(shape: &str) -> String {
    match shape.trim_start_matches('/') {
        "" => "overview".to_owned(),
        path => path.replace('*', "one").replace('/', "-"),
    }
}
