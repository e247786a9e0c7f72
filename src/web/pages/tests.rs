//! Every page from a sample of its context, in every language: what they all must keep to.

use std::sync::LazyLock;

use askama::Template;
use axum::http::StatusCode;
use regex::Regex;

use super::failure::Failure;
use super::locale::Locale;
use super::page::Page;
use super::sampled::NASTY;
use crate::web::problem::Problem;

/// Every page, by name.
fn pages(locale: Locale) -> Vec<(&'static str, String)> {
    let failure = |status| {
        let problem = Problem::invalid_param("queue", NASTY);
        Failure::new(Page::sample(locale, "/x"), status, &problem, "0197-7").render()
    };
    let statuses = [403, 404, 409, 422, 429, 500, 503].map(|status| StatusCode::from_u16(status).expect("a status"));
    let mut pages: Vec<_> = statuses.map(|status| ("failure", failure(status))).into();
    pages.extend(super::samples(locale));
    pages.into_iter().map(|(name, page)| (name, page.expect("it can be written"))).collect()
}

/// Styles that know left from right.
static PHYSICAL: LazyLock<Regex> = LazyLock::new(|| {
    let sides = "left|right|top|bottom";
    let pattern = format!(
        r"(?m)(?:^|[;{{\s])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:{sides})[\w-]*|{sides}|(?:min-|max-)?(?:width|height)|border-(?:{sides})-(?:{sides})-radius)\s*:|(?:float|clear|text-align)\s*:\s*(?:left|right)"
    );
    Regex::new(&pattern).expect("a pattern")
});

/// Styles and scripts in a tag, which the policy forbids.
static INLINE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<[^>]*\s(?:style|on[a-z]+)=").expect("a pattern"));

#[test]
fn the_stylesheet_does_not_know_left_from_right() {
    let style = include_str!("assets/style.css");
    let found: Vec<&str> = PHYSICAL.find_iter(style).map(|found| found.as_str()).collect();
    assert!(found.is_empty(), "{found:?}");
    for physical in
        ["a { margin-left: 1px }", "a{width:1px}", "a { text-align: right }", "a { border-top-left-radius: 0 }"]
    {
        assert!(PHYSICAL.is_match(physical), "{physical}");
    }
}

#[test]
fn every_page_is_whole_in_every_language() {
    for locale in Locale::ALL.iter().copied() {
        for (name, html) in pages(locale) {
            let place = format!("{name} in {locale}");
            let root = format!("<html lang=\"{locale}\" dir=\"{}\">", locale.direction());
            assert!(html.contains(&root), "{place}");
            assert!(
                !html.contains('⟦'),
                "{place} lacks {:?}",
                html.split('⟦').nth(1).and_then(|rest| rest.split('⟧').next())
            );
            assert_eq!(html.matches("<h1").count(), 1, "{place}: one heading");
            assert_eq!(html.matches("<main").count(), 1, "{place}: one main part");
            assert!(!INLINE.is_match(&html), "{place}: {:?}", INLINE.find(&html));
            assert!(html.len() < 100_000, "{place}: {} bytes", html.len());
        }
    }
}

#[test]
fn no_page_asks_another_machine_for_anything() {
    let elsewhere = Regex::new(r#"(?:src|href|action|url\()\s*=?\s*["']?(?:https?:)?//"#).expect("a pattern");
    for locale in Locale::ALL.iter().copied() {
        for (name, html) in pages(locale) {
            assert!(!elsewhere.is_match(&html), "{name} in {locale}");
            let scripts = html.matches("<script").count();
            assert_eq!(scripts, html.matches("<script src=\"/assets/live.").count(), "{name} in {locale}");
        }
    }
}

#[test]
fn what_customers_write_stays_text() {
    for locale in Locale::ALL.iter().copied() {
        for (name, html) in pages(locale) {
            assert!(!html.contains('\u{202e}'), "{name} in {locale}: a turn of direction gets out");
            for (at, _) in html.match_indices("=cmd()") {
                let before = &html[..at];
                let apart = before.rfind("dir=\"auto\"").max(before.rfind("<bdi>")).expect("something set apart");
                let between = before[apart..].replace("</mark>", "");
                assert!(!between.contains("</"), "{name} in {locale}: a text without its own direction: {between}");
            }
        }
        let all: String = pages(locale).into_iter().map(|(_, html)| html).collect();
        assert!(all.contains("&#60;script&#62;") && all.contains("=cmd()"), "{locale}: the samples hold no such text");
    }
}

#[test]
fn every_field_has_a_label() {
    let field = Regex::new(r#"<(?:input|select)\b[^>]*>"#).expect("a pattern");
    for (name, html) in pages(Locale::English) {
        for found in field.find_iter(&html).filter(|found| !found.as_str().contains("type=\"hidden\"")) {
            let before = &html[..found.start()];
            let inside = before.rfind("<label") > before.rfind("</label>");
            assert!(inside || found.as_str().contains("aria-label="), "{name}: {}", found.as_str());
        }
    }
}
