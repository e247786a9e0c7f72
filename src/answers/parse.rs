//! What a model wrote, cut into sentences with their citations; tolerant of how models write.

/// A sentence and the numbers of the lines that it cites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its words, without the citations.
    pub text: String,
    /// Numbers of lines, each once, in the order in which they stand.
    pub citations: Vec<usize>,
}

/// The largest number that counts as one of a line: more are years, prices and the like.
const MOST_LINES: usize = 999;

/// The sentences of a text: each ends at a full stop, a question or exclamation mark or the end of its line, and takes
/// the citations in it and right behind it: `… late [1][3].`, `… late. [1, 3]`, `[١]`, `【1】`, `[1-3]`.
///
/// What a model thinks aloud (`<think>…</think>`), marks of lists, headings and code fences are left out.
#[must_use]
pub fn parse(text: &str) -> Vec<Sentence> {
    let text = without_thoughts(text);
    text.lines().flat_map(of_line).collect()
}

fn without_thoughts(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("<think>") {
        kept.push_str(&rest[..start]);
        let thought = &rest[start..];
        match thought.find("</think>") {
            Some(end) => rest = &thought[end + "</think>".len()..],
            None => return kept,
        }
    }
    // a template may have opened the thought
    kept.push_str(rest.rsplit_once("</think>").map_or(rest, |(_, said)| said));
    kept
}

fn of_line(line: &str) -> Vec<Sentence> {
    let line = bare(line);
    let mut sentences: Vec<Sentence> = Vec::new();
    let mut open = Sentence { text: String::new(), citations: Vec::new() };
    let mut ended = false;
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if let Some((cited, length)) = citation(rest) {
            open.citations.extend(cited);
            rest = &rest[length..];
            continue;
        }
        // behind its end a sentence still takes citations, and quotes that close
        if ended && !first.is_whitespace() && !matches!(first, '"' | '”' | '»' | ')' | '.' | '!' | '?' | '؟') {
            push(&mut sentences, std::mem::replace(&mut open, Sentence { text: String::new(), citations: Vec::new() }));
            ended = false;
        }
        let after = rest[first.len_utf8()..].chars().next();
        ended = ended || ends(first, open.text.chars().last(), after, is_quoting(&open.text));
        open.text.push(first);
        rest = &rest[first.len_utf8()..];
    }
    push(&mut sentences, open);
    sentences
}

/// The line without marks of lists and headings, and nothing of a code fence.
fn bare(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with("```") {
        return "";
    }
    let line = line.trim_start_matches(['#', '-', '*', '•', '–', '>']).trim_start();
    let number = line.trim_start_matches(|letter: char| letter.is_numeric());
    match number.strip_prefix(['.', ')']) {
        Some(text) if number.len() < line.len() && text.starts_with(' ') => text.trim(),
        _ => line,
    }
}

/// Whether a sentence ends here.
fn ends(mark: char, before: Option<char>, after: Option<char>, quoting: bool) -> bool {
    match mark {
        // with the quotation that ends so
        '”' | '»' | '"' => quoting && before.is_some_and(|before| matches!(before, '.' | '!' | '?' | '؟' | '…')),
        '!' | '?' | '؟' | '…' => !quoting,
        // no decimal point, and no initial
        '.' => {
            !quoting
                && !after.is_some_and(|after| after.is_alphanumeric())
                && !before.is_some_and(|before| before.is_uppercase() && before.is_ascii())
        }
        _ => false,
    }
}

/// Whether a quotation is open at the end of the text.
fn is_quoting(text: &str) -> bool {
    let count = |mark: char| text.chars().filter(|letter| *letter == mark).count();
    count('«') > count('»') || count('“') > count('”') || count('"') % 2 == 1
}

/// The lines that a citation at the start of the text names, and its length in bytes.
fn citation(text: &str) -> Option<(Vec<usize>, usize)> {
    let close = match text.chars().next()? {
        '[' | '［' => &[']', '］'][..],
        '【' => &['】'][..],
        _ => return None,
    };
    let end = text.find(close)?;
    let closing = text[end..].chars().next()?.len_utf8();
    let inner = &text[text.chars().next()?.len_utf8()..end];
    let mut numbers = Vec::new();
    let mut range: Option<usize> = None;
    let mut number: Option<usize> = None;
    for letter in inner.chars().chain([',']) {
        match super::numbers::digit(letter) {
            Some(digit) => {
                let value = number.unwrap_or(0) * 10 + usize::try_from(digit).ok()?;
                number = Some(value).filter(|value| *value <= MOST_LINES);
                number?;
            }
            None if letter.is_whitespace() => {}
            None if matches!(letter, '-' | '–') && range.is_none() => range = Some(number.take()?),
            None if matches!(letter, ',' | '،' | ';' | '؛') => {
                let last = number.take()?;
                numbers.extend(range.take().unwrap_or(last)..=last);
            }
            None => return None,
        }
    }
    Some((numbers, end + closing))
}

fn push(sentences: &mut Vec<Sentence>, open: Sentence) {
    let text = open.text.split_whitespace().collect::<Vec<_>>().join(" ");
    // a space that stood between the last word and a citation
    let text =
        [" .", " !", " ?", " ؟", " ،", " ,"].iter().fold(text, |text, mark| text.replace(mark, mark.trim_start()));
    let mut citations: Vec<usize> = Vec::new();
    open.citations.into_iter().for_each(|line| {
        if !citations.contains(&line) {
            citations.push(line)
        }
    });
    if text.chars().any(char::is_alphanumeric) {
        sentences.push(Sentence { text, citations });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Vec<(String, Vec<usize>)> {
        parse(text).into_iter().map(|sentence| (sentence.text, sentence.citations)).collect()
    }

    fn one(text: &str, citations: &[usize]) -> (String, Vec<usize>) {
        (text.to_owned(), citations.to_vec())
    }

    #[test]
    fn citations_are_found_however_they_are_written() {
        for (text, expected) in [
            ("They wait too long [1][3].", vec![one("They wait too long.", &[1, 3])]),
            (
                "They wait too long. [1, 3] Some leave [2].",
                vec![one("They wait too long.", &[1, 3]), one("Some leave.", &[2])],
            ),
            (
                "ينتظرون طويلا [١][٣]. وبعضهم يترك الخدمة [٢].",
                vec![one("ينتظرون طويلا.", &[1, 3]), one("وبعضهم يترك الخدمة.", &[2])],
            ),
            ("هل يشتكون؟ نعم، كثيرا [۲،۳]", vec![one("هل يشتكون؟", &[]), one("نعم، كثيرا", &[2, 3])]),
            ("They wait 【2】 and wait [4-6].", vec![one("They wait and wait.", &[2, 4, 5, 6])]),
            (
                "- 12.5 % wait [1]\n- Others pay twice [2]",
                vec![one("12.5 % wait", &[1]), one("Others pay twice", &[2])],
            ),
            ("1. First [1].\n2) Second [2].", vec![one("First.", &[1]), one("Second.", &[2])]),
            ("## Answer\nNo citation here.", vec![one("Answer", &[]), one("No citation here.", &[])]),
            (
                "One writes: “Late. Again!” [4] Others too [5].",
                vec![one("One writes: “Late. Again!”", &[4]), one("Others too.", &[5])],
            ),
            ("<think>\nwhat [1]?\n</think>\nThey wait [1].", vec![one("They wait.", &[1])]),
            ("thinking</think>They wait [1].", vec![one("They wait.", &[1])]),
            ("They wait <think>forever [1].", vec![one("They wait", &[])]),
            ("Call [phone] about it [2].", vec![one("Call [phone] about it.", &[2])]),
            ("Odd [1a] [99999] [ ] [ [1].", vec![one("Odd [1a] [99999] [ ] [.", &[1])]),
            ("```\n[1]\n```", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(parsed(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(text in "[ \\[\\]0-9a-zا-ي.،,!?«»\"<>/\n-]{0,80}") {
            for sentence in parse(&text) {
                prop_assert!(sentence.text.chars().any(char::is_alphanumeric));
                prop_assert!(sentence.citations.iter().all(|line| *line <= MOST_LINES));
            }
        }
    }
}
