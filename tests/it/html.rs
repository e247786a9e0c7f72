//! A page as a tree, read by the tokenizer of the HTML standard; our pages close what they open.

use std::collections::BTreeMap;

use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};
use html5gum::{HtmlString, Tokenizer};

/// Elements that have no end.
const VOID: [&str; 7] = ["meta", "link", "input", "br", "hr", "img", "base"];

/// An element.
#[derive(Debug)]
pub(crate) struct Element {
    /// Its name.
    pub(crate) name: String,
    /// What is said of it.
    pub(crate) attributes: BTreeMap<String, String>,
    /// The place of the element that it is in.
    parent: Option<usize>,
}

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Its elements in order.
    pub(crate) elements: Vec<Element>,
    /// Its texts, each with the place of the element that it is in.
    pub(crate) texts: Vec<(usize, String)>,
    /// What is no element and no text: comments, and what can't be read.
    pub(crate) odd: Vec<String>,
    open: Vec<usize>,
}

fn utf8(text: &HtmlString) -> String {
    String::from_utf8(text.0.clone()).expect("UTF-8")
}

impl Element {
    /// An attribute.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// Its start tag, to be told.
    pub(crate) fn tag(&self) -> String {
        let told: Vec<String> = self.attributes.iter().map(|(name, value)| format!(" {name}={value:?}")).collect();
        format!("<{}{}>", self.name, told.concat())
    }
}

impl Page {
    /// Reads a page.
    pub(crate) fn read(html: &str) -> Self {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let mut page = Self::default();
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Token::StartTag(tag) => page.start(&tag),
                Token::EndTag(tag) => page.end(&utf8(&tag.name)),
                Token::String(text) => {
                    let within = page.open.last().copied().unwrap_or_default();
                    page.texts.push((within, utf8(&text)));
                }
                Token::Doctype(_) => {}
                Token::Comment(_) | Token::Error(_) => page.odd.push(format!("{token:?}")),
            }
        }
        page
    }

    fn start(&mut self, tag: &StartTag<()>) {
        let name = utf8(&tag.name);
        let ends_itself = tag.self_closing || VOID.contains(&name.as_str());
        let attributes = tag.attributes.iter().map(|(name, value)| (utf8(name), utf8(value))).collect();
        self.elements.push(Element { name, attributes, parent: self.open.last().copied() });
        if !ends_itself {
            self.open.push(self.elements.len() - 1);
        }
    }

    fn end(&mut self, name: &str) {
        match self.open.pop() {
            Some(open) if self.elements[open].name == name => {}
            open => {
                let open = open.map(|open| self.elements[open].tag());
                self.odd.push(format!("</{name}> closes {open:?}"));
            }
        }
    }

    /// An element and all that it is in, inmost first.
    pub(crate) fn above(&self, at: usize) -> impl Iterator<Item = (usize, &Element)> {
        std::iter::successors(Some(at), |at| self.elements[*at].parent).map(|at| (at, &self.elements[at]))
    }

    /// The first value of an attribute.
    pub(crate) fn first(&self, attribute: &str) -> Option<&str> {
        self.elements.iter().find_map(|element| element.get(attribute))
    }
}

#[test]
fn a_page_is_read_as_a_browser_reads_it() {
    let page =
        Page::read("<!doctype html><main><a href='/x?a=1&amp;b=2'>7 &#60;b&#62;<br> ٣</a><script>1<2</script></main>");
    assert_eq!(page.odd, Vec::<String>::new());
    let told: Vec<(String, &str)> =
        page.texts.iter().map(|(at, text)| (page.elements[*at].tag(), text.as_str())).collect();
    let link = "<a href=\"/x?a=1&b=2\">".to_owned();
    assert_eq!(told, [(link.clone(), "7 <b>"), (link, " ٣"), ("<script>".to_owned(), "1<2")]);
    assert_eq!(page.above(1).map(|(_, element)| element.name.as_str()).collect::<Vec<_>>(), ["a", "main"]);
    assert_eq!(Page::read("<main><p></main>").odd.len(), 1);
}
