//! What is looked at in a browser: signing in, finding all pages, and what must hold of each.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Value, json};

use super::driver::Session;
use super::served::{NAME, PASSWORD, Served};

/// Where looking begins; what only a form leads to must be named.
const FIRST: [&str; 3] = ["/", "/search?q=refund", "/scores?by=theme&from=2026-08-24"];

/// How many pages of one path are looked at.
const EACH: usize = 1;

/// Signs in on the page that asks for it.
pub(crate) fn sign_in(session: &Session<'_>, served: &Served) {
    session.go(&served.address);
    session.write("input[name=name]", NAME);
    session.write("input[name=password]", PASSWORD);
    session.press("main button");
    session.until("the first page", || (session.count("nav a") > 0).then_some(()));
}

/// Switches to a language, if it is another than the page's.
pub(crate) fn switch_to(session: &Session<'_>, language: &str) {
    if session.run("return document.documentElement.lang", &[]) != json!(language) {
        session.press("a.language");
        let there = || session.run("return document.documentElement.lang", &[]) == json!(language);
        session.until("the other language", || there().then_some(()));
    }
}

/// An address without its ids and the values of its parameters.
fn shape(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let is_id = |part: &&str| part.len() == 36 && part.split('-').count() == 5;
    let path: Vec<&str> = path.split('/').map(|part| if is_id(&part) { "*" } else { part }).collect();
    let names: Vec<&str> = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default()).collect();
    format!("{}?{}", path.join("/"), names.join("&"))
}

/// One page of each path, with an id or without, in the order in which links lead to them: name and address.
pub(crate) fn pages(session: &Session<'_>, served: &Served) -> Vec<(String, String)> {
    let mut waiting: VecDeque<String> = FIRST.iter().map(|path| (*path).to_owned()).collect();
    let (mut shapes, mut seen) = (BTreeMap::<String, usize>::new(), BTreeSet::new());
    let mut found = Vec::new();
    while let Some(path) = waiting.pop_front() {
        let shape = shape(&path);
        let bare = shape.split('?').next().unwrap_or_default().to_owned();
        let number = shapes.entry(bare.clone()).or_default();
        *number += 1;
        if !seen.insert(path.clone()) || (*number > EACH && !FIRST.contains(&path.as_str())) {
            continue;
        }
        session.go(&format!("{}{path}", served.address));
        if session.run("return document.contentType", &[]) != json!("text/html") {
            continue;
        }
        let script = "return [...document.querySelectorAll('a[href^=\"/\"]')].map(a => a.getAttribute('href'))";
        let links: Vec<String> = serde_json::from_value(session.run(script, &[])).expect("addresses");
        waiting.extend(
            links
                .iter()
                .map(|link| link.split('#').next().unwrap_or_default().to_owned())
                .filter(|link| !link.starts_with("/assets/") && !link.starts_with("/docs") && !link.contains("lang=")),
        );
        let name = if path.starts_with("/scores?by") { format!("{bare}-by-theme") } else { bare };
        found.push((name, path));
    }
    found
}

/// What no page may do: be wider than the screen, complain, or ask another machine.
pub(crate) fn faults(session: &Session<'_>, served: &Served) -> Vec<String> {
    let mut found = Vec::new();
    let wider = "const e = document.documentElement; if (e.scrollWidth <= e.clientWidth) return [];
        return [...document.querySelectorAll('body *')]
            .filter(x => { const r = x.getBoundingClientRect(); return r.right > e.clientWidth + 1 || r.left < -1 })
            .slice(0, 5).map(x => x.outerHTML.slice(0, 160)).concat('the page')";
    let wide: Vec<String> = serde_json::from_value(session.run(wider, &[])).expect("a list");
    found.extend(wide.into_iter().map(|element| format!("wider than the screen: {element}")));
    found.extend(session.complaints().into_iter().map(|line| format!("the browser complains: {line}")));
    let away =
        |url: &String| !url.starts_with(&served.address) && !url.starts_with("data:") && !url.starts_with("blob:");
    found.extend(session.requests().into_iter().filter(away).map(|url| format!("another machine is asked: {url}")));
    if session.run("return window.xq7 === undefined", &[]) != Value::Bool(true) {
        found.push("a customer's script ran".to_owned());
    }
    found
}

/// The serious and critical violations that axe finds.
pub(crate) fn violations(session: &Session<'_>, axe: &str) -> Vec<String> {
    session.run(axe, &[]);
    let script = "const done = arguments[0]; axe.run(document, { resultTypes: ['violations'] }).then(
        r => done(r.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(
            v => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(
                n => n.html.slice(0, 200) + ' ' + (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? '')).join(' | '))),
        e => done(['axe failed: ' + e]))";
    serde_json::from_value(session.run_on(script, &[])).expect("a list")
}
