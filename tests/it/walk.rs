//! A walk over all pages from the first on, along every link of our own; pages that come later are found by themselves.
//!
//! Lists and records are many and of few shapes: of each shape (a path with its ids left out, and the names of its
//! parameters) only some addresses are looked at.

use std::collections::{BTreeMap, HashSet, VecDeque};

use axum::http::StatusCode;
use regex::Regex;

use crate::html::{Element, Page};
use crate::pages::Browser;

/// How many addresses of one shape are looked at.
const EACH: usize = 4;

/// What a walk came by.
#[derive(Default)]
pub(crate) struct Walk {
    /// Pages, first page first.
    pub(crate) pages: Vec<Seen>,
    /// What is no page: address, media type and text.
    pub(crate) files: Vec<(String, String, String)>,
}

/// A page that was looked at.
pub(crate) struct Seen {
    /// Its address.
    pub(crate) path: String,
    /// It.
    pub(crate) html: Page,
}

/// A link that states a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stated {
    /// Where it leads.
    pub(crate) href: String,
    /// How many records must be there.
    pub(crate) count: u64,
    /// Its words.
    pub(crate) words: String,
}

/// An address without its ids, and the names of its parameters.
pub(crate) fn shape(address: &str) -> String {
    let id = Regex::new("[0-9a-f]{8}-[0-9a-f-]{27}").expect("a pattern");
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let names: Vec<&str> = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default()).collect();
    format!("{}?{}", id.replace_all(path, "*"), names.join("&"))
}

/// Whether an address is a page to walk on to: not a file, nor another language, nor the reference of the API.
fn leads_on(address: &str) -> bool {
    let ours = address.starts_with('/') && !address.starts_with("//");
    ours && !address.starts_with("/assets/") && !address.starts_with("/docs") && !address.contains("lang=")
}

/// Walks; what it begins with is looked at in any case.
pub(crate) async fn walk(browser: &Browser<'_>, from: &[&str]) -> Walk {
    let mut waiting: VecDeque<String> = from.iter().map(|path| (*path).to_owned()).collect();
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    let mut known = HashSet::new();
    let mut found = Walk::default();
    while let Some(path) = waiting.pop_front() {
        if !known.insert(path.clone()) {
            continue;
        }
        let number = shapes.entry(shape(&path)).or_default();
        *number += 1;
        if *number > EACH && !from.contains(&path.as_str()) {
            continue;
        }
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        let kind = answer.headers["content-type"].to_str().expect("ascii").to_owned();
        if !kind.starts_with("text/html") {
            found.files.push((path, kind, answer.text));
            continue;
        }
        let html = Page::read(&answer.text);
        let links = html.elements.iter().filter(|element| element.name == "a").filter_map(|link| link.get("href"));
        let bare = |href: &str| href.split('#').next().unwrap_or_default().to_owned();
        waiting.extend(links.filter(|href| leads_on(href)).map(bare));
        found.pages.push(Seen { path, html });
    }
    found
}

/// Whether the words in an element are no numbers of ours: a customer's own words, a time, a value of one record
/// (`data`), a choice of a form, what a picture repeats, how something is computed, a mark of evidence further down the
/// page, or the total of the page itself.
fn is_apart(element: &Element) -> bool {
    let name = ["time", "data", "bdi", "option", "code", "pre", "title", "textarea", "script"]
        .contains(&element.name.as_str());
    let classes = element.get("class").unwrap_or_default();
    let class = classes.split(' ').any(|class| class == "when" || class == "method");
    let words = element.get("dir") == Some("auto") || element.get("aria-hidden") == Some("true");
    let mark = element.get("href").is_some_and(|href| href.starts_with('#'));
    name || class || words || mark || element.get("data-total").is_some()
}

fn ascii(text: &str) -> String {
    let plain = |letter: char| match letter {
        '٠'..='٩' => char::from_digit(u32::from(letter) - u32::from('٠'), 10).unwrap_or(letter),
        '٫' => '.',
        '٬' => ',',
        '٪' => '%',
        other => other,
    };
    let marks = |letter: &char| matches!(letter, '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}');
    text.chars().filter(|letter| !marks(letter)).map(plain).collect()
}

/// The names of priorities are no numbers.
fn has_number(text: &str) -> bool {
    let names = Regex::new(r"\bP[1-4]\b").expect("a pattern");
    names.replace_all(&ascii(text), "").chars().any(char::is_numeric)
}

/// Every number of a page as the link that it stands in.
///
/// # Errors
/// Each number that stands in no link, or in one that doesn't say how many records it leads to.
pub(crate) fn numbers(page: &Page) -> Result<Vec<Stated>, Vec<String>> {
    let mut lost = Vec::new();
    let states = |(_, element): &(usize, &Element)| element.get("data-count").is_some();
    let mut links: BTreeMap<usize, String> =
        page.elements.iter().enumerate().filter(states).map(|(at, _)| (at, String::new())).collect();
    for (at, text) in &page.texts {
        let counts = has_number(text) && page.above(*at).all(|(_, element)| !is_apart(element));
        let in_body = page.above(*at).any(|(_, element)| element.name == "body");
        if !counts || !in_body {
            continue;
        }
        let link = page.above(*at).find(|(_, element)| element.name == "a" && element.get("href").is_some());
        match link {
            Some((link, _)) => links.entry(link).or_default().push_str(text),
            None => lost.push(format!("{:?} stands in no link but in {}", text.trim(), page.elements[*at].tag())),
        }
    }
    let mut stated = Vec::new();
    for (at, words) in links {
        let link = &page.elements[at];
        match count(link, &words) {
            Some(count) => {
                let href = link.get("href").unwrap_or_default().to_owned();
                stated.push(Stated { href, count, words: words.trim().to_owned() });
            }
            None => lost.push(format!("{words:?} must say how many records it leads to (data-count): {}", link.tag())),
        }
    }
    if lost.is_empty() { Ok(stated) } else { Err(lost) }
}

/// How many records a link says it leads to: its first number, which is whole (`3 of 40`), or what `data-count` says where the words are a share, a
/// score or an interval.
fn count(link: &Element, words: &str) -> Option<u64> {
    if let Some(count) = link.get("data-count") {
        return count.parse().ok();
    }
    let number = Regex::new(r"\d[\d.,]*%?").expect("a pattern");
    let words = ascii(words);
    number.find(&words)?.as_str().replace(',', "").trim_end_matches('.').parse().ok()
}

/// How many records and tickets stand on a page of a list.
pub(crate) fn listed(page: &Page) -> u64 {
    let is_line = |element: &&Element| element.get("class") == Some("said lines-2");
    page.elements.iter().filter(is_line).count() as u64
}

/// How many records a page says that it lists.
pub(crate) fn total(page: &Page) -> Option<u64> {
    page.first("data-total")?.parse().ok()
}

#[test]
fn numbers_are_found_in_either_script_and_only_where_they_count() {
    let body = |inside: &str| numbers(&Page::read(&format!("<html><body>{inside}</body></html>")));
    let counts = |inside: &str| body(inside).map(|all| all.into_iter().map(|each| each.count).collect::<Vec<_>>());
    assert_eq!(counts("<a href='/a'>1,234 messages.</a><a href='/b'>١٬٢٣٤ رسالة</a>"), Ok(vec![1_234, 1_234]));
    assert_eq!(counts("<a href='/a' data-count='7'>40% (30% to 50%)</a> P1, <time>5 Nov</time>"), Ok(vec![7]));
    assert_eq!(counts("<p dir='auto'>I paid 50</p><data value='4'>CSAT 4</data><p data-total='3'>3</p>"), Ok(vec![]));
    assert_eq!(counts("<a href='/a'>4 of 5 (80%)</a>"), Ok(vec![4]));
    for lost in ["<p>12 messages</p>", "<p>٣</p>", "<a href='/a'>12%</a>", "<a href='/a'>4.5 of 5</a>", "<b>P5</b>"] {
        assert!(counts(lost).is_err(), "{lost}");
    }
}
