//! The pages in a real browser: one morning of a manager, and what every page must hold to on a desk and on a phone.
//!
//! Without chromium, chromedriver or npm these tests are skipped with a line that says so; with `CI` set that is an error.

pub(crate) mod axe;
pub(crate) mod driver;
pub(crate) mod served;
pub(crate) mod tour;

use std::path::Path;

use serde_json::json;

use self::driver::{DESK, Driver, PHONE, Screen, Session};
use self::served::Served;
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

/// Imports a file on the page for it and sees that all of it was taken.
fn import(session: &Session<'_>, served: &Served, screen: Screen) {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("reviews-{}.csv", screen.width));
    let id = screen.width;
    let lines = format!("id,review,stars\n{id}-1,المندوب تأخر ساعة,1\n{id}-2,fast and friendly,5\n");
    std::fs::write(&file, lines).expect("written");
    session.go(&format!("{}/import", served.address));
    session.put("input[type=file]", &file.display().to_string());
    session.press("form[enctype] button");
    session.until("the guessed columns", || (session.count("button[value=go]") > 0).then_some(()));
    session.press("button[value=go]");
    session.until("the end of the import", || (session.count("a.button[href^='/feedback']") > 0).then_some(()));
    session.press("a.button[href^='/feedback']");
    session.until("its messages", || (session.count("main .rows > li") >= 2).then_some(()));
}

/// Sends three messages, is told of them on the first page without loading it again, and looks at them.
fn take_in(session: &Session<'_>, served: &Served, screen: Screen) {
    let list = format!("{}/feedback", served.address);
    session.go(&list);
    let total = || session.run("return Number(document.querySelector('[data-total]').dataset.total)", &[]).as_u64();
    let before = total().expect("a number");
    let line = |number: u32| {
        let text = format!("وصل الطلب متأخر والمندوب ما يرد {number}");
        json!({ "external_id": format!("new-{}-{number}", screen.width), "text": text }).to_string()
    };
    session.go(&served.address);
    served.import(&(0..3).map(line).collect::<Vec<_>>().join("\n"));
    session.until("word of new messages", || (session.count("[data-news]:not([hidden]) a") > 0).then_some(()));
    session.until("the new messages", || {
        session.go(&list);
        (total() == Some(before + 3)).then_some(())
    });
    session.until("what was understood of them", || {
        session.go(&list);
        (session.count("main .rows li:first-child .badge") > 0).then_some(())
    });
    assert!(session.text("main .rows li:first-child .said").contains("المندوب ما يرد"));
}

/// Opens the top ticket and corrects it.
fn correct(session: &Session<'_>, served: &Served) {
    session.go(&format!("{}/inbox", served.address));
    session.press("main .rows li:first-child .said a");
    session.until("the ticket", || (session.count("select[name=queue]") > 0).then_some(()));
    let address = session.address();
    session.choose("select[name=status]", "pending");
    session.choose("select[name=queue]", "care");
    session.press("form[action^='/inbox/'] button");
    let value = |name: &str| {
        session.run("return document.querySelector(`select[name=${arguments[0]}]`)?.value", &[json!(name)])
    };
    session.until("the correction", || {
        (session.address() == address && value("status") == "pending" && value("queue") == "care").then_some(())
    });
}

/// Opens the largest theme and gives it another title.
fn rename(session: &Session<'_>, served: &Served, screen: Screen) {
    session.go(&format!("{}/themes", served.address));
    session.press("main tbody tr:first-child a");
    let title = format!("Late couriers <{}>", screen.width);
    session.until("the theme", || (session.count("input[name=title]") > 0).then_some(()));
    session.write("input[name=title]", &title);
    session.choose("select[name=language]", "en");
    session.press("form:has(input[name=title]) button");
    session.until("the title", || (session.text("h1") == title).then_some(()));
}

/// Asks a persona and gets sentences that lead to records.
fn ask(session: &Session<'_>, served: &Served) {
    session.go(&format!("{}/personas", served.address));
    let open = "const id = /^\\/personas\\/[0-9a-f-]{36}$/; const links = [...document.querySelectorAll('main a')];
        const link = links.find(a => id.test(a.getAttribute('href'))); link?.click(); return link !== undefined";
    assert_eq!(session.run(open, &[]), json!(true), "no persona: {}", session.text("main"));
    session.until("the persona", || (session.count("textarea[name=question]") > 0).then_some(()));
    session.write("textarea[name=question]", "What do they complain about?");
    session.press("form.ask button");
    session.until("the answer", || (session.count(".answer .cite") > 0).then_some(()));
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
