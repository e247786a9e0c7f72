//! Personas as Markdown, for documents that others read: customers' words stay text whatever reads them.

use std::fmt::Write as _;

use super::page::Page;
use super::persona_card::{CardView, LineView};
use super::persona_run::RunView;
use super::text::visible;
use crate::personas::Run;
use crate::pipeline::PersonaStory;

/// The media type of Markdown (RFC 7763).
pub const MARKDOWN: &str = "text/markdown; charset=utf-8";

/// First strong isolate and its end (UAX #9): what stands between them turns nothing around it.
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// All cards, or why there are none.
#[must_use]
pub fn markdown(page: &Page, run: Option<&Run>, stories: &[PersonaStory]) -> String {
    let mut text = format!("# {}\n\n", page.t("nav-personas"));
    match run.map(|run| RunView::new(page, run)) {
        Some(run) => paragraph(&mut text, &run.summary(page)),
        None => paragraph(&mut text, &page.t("personas-none")),
    }
    for story in stories {
        card(&mut text, page, &CardView::new(page, &story.persona, &story.quotes, &story.scores));
    }
    text
}

fn card(text: &mut String, page: &Page, card: &CardView) {
    let line = |text: &mut String, words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    line(text, &format!("## {}\n", plain(&card.name)));
    let size = page.two("persona-size", &card.size.n, &card.size.of);
    let surely = page.name("persona-stability", card.surely);
    line(text, &format!("{size} · {} ({}) · {surely}\n", page.percent(&card.size.share), card.size.interval));
    for section in &card.sections {
        line(text, &format!("### {}\n", page.name("persona", section.aspect)));
        if section.lines.is_empty() {
            line(text, &format!("{}\n", page.t("persona-unknown")));
            continue;
        }
        for each in &section.lines {
            line(text, &bullet(page, each));
        }
        line(text, "");
    }
    for rating in &card.ratings {
        let value = match &rating.value {
            Some((value, interval)) => format!("{value} ({interval})"),
            None => page.t("persona-too-few-ratings"),
        };
        let n = page.n("persona-ratings-n", &rating.n);
        line(text, &format!("- {}: {value} · {n}", page.name("rating", rating.method)));
    }
    line(text, &format!("\n### {}\n", page.t("persona-quotes")));
    for quote in &card.quotes {
        line(text, &format!("> “{}” · `{}`\n", plain(&quote.line), quote.id));
    }
}

fn bullet(page: &Page, line: &LineView) -> String {
    let customers = page.two("persona-size", &line.customers.n, &line.customers.of);
    let evidence: Vec<String> = line.evidence.iter().map(|(_, id)| format!("`{id}`")).collect();
    format!(
        "- {}: {} ({}) · {customers} · {} · {}",
        plain(&line.label),
        page.percent(&line.customers.share),
        line.customers.interval,
        page.about("persona-others", &page.percent(&line.others)),
        evidence.join(" "),
    )
}

fn paragraph(text: &mut String, words: &str) {
    // writing to a string can't fail
    let _ = writeln!(text, "{words}\n");
}

/// A text of others as Markdown that reads as that text: one line, every sign of markup escaped (any ASCII punctuation
/// may be, CommonMark 0.31, 2.4), and no turn of direction beyond its ends.
fn plain(text: &str) -> String {
    let line = visible(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut plain = String::from(ISOLATE.0);
    for letter in line.chars().filter(|letter| !turns(*letter)) {
        match letter {
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            letter if letter.is_ascii_punctuation() => plain.extend(['\\', letter]),
            letter => plain.push(letter),
        }
    }
    plain.push(ISOLATE.1);
    plain
}

/// Marks that begin or end an embedding, override or isolate.
const fn turns(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_others_stay_text() {
        for (text, expected) in [
            ("<script>alert(1)</script>", "&lt;script&gt;alert\\(1\\)&lt;\\/script&gt;"),
            ("=cmd|' /C calc'!A0", "\\=cmd\\|\\' \\/C calc\\'\\!A0"),
            ("# not a heading\n- nor a list", "\\# not a heading \\- nor a list"),
            ("[link](http://x) `code` **b**", "\\[link\\]\\(http\\:\\/\\/x\\) \\`code\\` \\*\\*b\\*\\*"),
            ("a\u{202e}b\u{2066}c", "a\u{fffd}bc"),
            ("الطلب تأخر ٣ أيام 😡", "الطلب تأخر ٣ أيام 😡"),
        ] {
            assert_eq!(plain(text), format!("\u{2068}{expected}\u{2069}"), "{text}");
        }
    }
}
