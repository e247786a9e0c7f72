//! What the manager does in a morning, step by step; each waits for what it should bring.

use std::path::Path;

use serde_json::json;

use super::driver::{Screen, Session};
use super::served::Served;

/// Imports a file on the page for it and sees that all of it was taken.
pub(super) fn import(session: &Session<'_>, served: &Served, screen: Screen) {
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
pub(super) fn take_in(session: &Session<'_>, served: &Served, screen: Screen) {
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
pub(super) fn correct(session: &Session<'_>, served: &Served) {
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
pub(super) fn rename(session: &Session<'_>, served: &Served, screen: Screen) {
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
pub(super) fn ask(session: &Session<'_>, served: &Served) {
    session.go(&format!("{}/personas", served.address));
    let open = "const id = /^\\/personas\\/[0-9a-f-]{36}$/; const links = [...document.querySelectorAll('main a')];
        const link = links.find(a => id.test(a.getAttribute('href'))); link?.click(); return link !== undefined";
    assert_eq!(session.run(open, &[]), json!(true), "no persona: {}", session.text("main"));
    session.until("the persona", || (session.count("textarea[name=question]") > 0).then_some(()));
    session.write("textarea[name=question]", "What do they complain about?");
    session.press("form.ask button");
    session.until("the answer", || (session.count(".answer .cite") > 0).then_some(()));
}
