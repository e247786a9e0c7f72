//! The pages in a real browser: one morning of a manager, and what every page must hold to on a desk and on a phone.
//!
//! Without chromium, chromedriver or npm these tests are skipped with a line that says so; with `CI` set that is an error.

pub(crate) mod axe;
pub(crate) mod driver;
pub(crate) mod served;
mod steps;
pub(crate) mod tour;

use std::path::Path;

use serde_json::json;

use self::driver::{DESK, Driver, PHONE, Screen, Session};
use self::served::Served;
use self::steps::{ask, correct, import, rename, take_in};
use self::tour::{faults, pages, sign_in, switch_to, violations};
use crate::pages_of_nasty_texts::NASTY;

/// The demo's messages.
const MESSAGES: &str = include_str!("../../../evals/demo/feedback.ndjson");

/// The driver, or why there is none.
fn driver() -> Option<Driver> {
    let found = Driver::start();
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CI wants chromium and chromedriver");
        println!("skipped: no chromium or no chromedriver");
    }
    found
}

/// A part of the demo: its last weeks, and what customers write who want more than to be read.
fn lines() -> String {
    let recent = MESSAGES.lines().filter(|line| line.contains("\"2026-11-") || line.contains("\"2026-10-2"));
    let nasty = NASTY.iter().enumerate().map(|(number, text)| {
        let text = format!("{} my card was stolen سرقوا بطاقتي", text.replace('\u{0}', ""));
        json!({ "external_id": format!("nasty-{number}"), "text": text, "collected_at": "2026-11-15T23:00:00Z", "customer": "xq7" }).to_string()
    });
    recent.map(str::to_owned).chain(nasty).chain(habits()).collect::<Vec<_>>().join("\n")
}

/// Customers of two kinds that nobody would mistake for each other: enough of them to be told apart as personas.
fn habits() -> impl Iterator<Item = String> {
    const KINDS: [(&str, &str, [&str; 3]); 2] = [
        ("app_review", "app", ["التطبيق يعلق عند الدفع", "the app crashes at checkout", "التطبيق يطلعني كل مرة"]),
        ("chat", "delivery", ["المندوب تأخر ساعتين", "the courier was late again", "وصل الطلب بارد ومتأخر"]),
    ];
    (0..96).flat_map(|customer| {
        let (channel, touchpoint, texts) = KINDS[customer % 2];
        (0..3).map(move |turn| {
            json!({ "external_id": format!("habit-{customer}-{turn}"), "text": texts[(customer / 2 + turn) % 3], "channel": channel,
                    "touchpoint": touchpoint, "customer": format!("habit-{customer}"),
                    "collected_at": format!("2026-11-{:02}T09:00:00Z", 1 + turn) })
            .to_string()
        })
    })
}

#[test]
fn a_morning_of_a_manager_on_a_desk_and_on_a_phone() {
    let Some(driver) = driver() else { return };
    let served = Served::start(&lines());
    for screen in [DESK, PHONE] {
        let session = driver.open(screen);
        let fine = |step: &str| {
            let found = faults(&session, &served);
            assert!(found.is_empty(), "{step} with {screen:?}: {found:#?}, see {}", keep(&session));
        };
        sign_in(&session, &served);
        fine("the first page");
        import(&session, &served, screen);
        fine("the import");
        take_in(&session, &served, screen);
        fine("what arrived");
        correct(&session, &served);
        fine("the corrected ticket");
        rename(&session, &served, screen);
        fine("the renamed theme");
        ask(&session, &served);
        fine("the persona's answer");
        switch_to(&session, "ar");
        assert_eq!(session.run("return document.documentElement.dir", &[]), json!("rtl"));
        fine("in Arabic");
    }
}

/// Keeps a picture of what is seen, for whoever looks at the failure.
fn keep(session: &Session<'_>) -> String {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("failure.png");
    std::fs::write(&file, session.picture()).expect("written");
    file.display().to_string()
}

#[test]
fn no_page_shuts_anybody_out_and_none_is_wider_than_its_screen() {
    let Some(driver) = driver() else { return };
    let Some(axe) = axe::script(Path::new(env!("CARGO_TARGET_TMPDIR"))) else {
        assert!(std::env::var_os("CI").is_none(), "CI wants npm");
        println!("skipped: no npm");
        return;
    };
    let served = Served::start(&lines());
    let session = driver.open(DESK);
    session.go(&served.address);
    let mut found = Vec::new();
    found.extend(violations(&session, &axe).into_iter().map(|violation| format!("the sign-in page: {violation}")));
    sign_in(&session, &served);
    let pages = pages(&session, &served);
    assert!(pages.len() >= 10, "{pages:?}");
    // colours don't depend on the language, so the dark is looked at in one
    let dark = Screen { dark: true, ..PHONE };
    for (language, screens) in [("en", &[DESK, PHONE][..]), ("ar", &[DESK, PHONE, dark][..])] {
        session.go(&served.address);
        switch_to(&session, language);
        for &screen in screens {
            session.look_with(screen);
            for (_, path) in &pages {
                session.go(&format!("{}{path}", served.address));
                let wrong = violations(&session, &axe).into_iter().chain(faults(&session, &served));
                found.extend(wrong.map(|wrong| format!("{path} in {language} with {screen:?}: {wrong}")));
            }
        }
    }
    assert!(found.is_empty(), "{} wrong\n{}", found.len(), found.join("\n"));
}
