//! The check that a sentence must pass before anybody reads it: only what its citations prove stays.
//!
//! In order: it cites lines that there are; it holds no personal data, no name and no command that its lines lack; it is in
//! the language that was asked for; what it quotes stands in the records; its numbers, shares, denials, praise or blame and
//! weighty claims are those of the cited lines; and its meaning, piece by piece, is near to every line that it cites.
//!
//! What it can't see: a cause or a detail that nobody wrote, in plain words of the same topic. It therefore asks for more than
//! truth, and drops true sentences too; the sheet's own lines are always there instead.

use std::fmt;

use crate::feedback::fold::fold;
use crate::feedback::{Language, SentimentLabel, Understanding};
use crate::vector::dot;

use super::claims::{Pole, Quantity, denies, has_denial, pole, quantities, unproved_claim};
use super::instructions::commands_a_machine;
use super::lexicon::words;
use super::names::{self, Known};
use super::numbers::{Link, Number, numbers};
use super::{Counted, Kind, Line, Sentence, Sheet, Tongue};

/// What is near and what is clear, chosen on pairs that we wrote (`evals/reports/answers.md`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// From which cosine a sentence is about what a cited line or one of its records is about.
    pub near: f32,
    /// The same for a piece of a sentence.
    pub piece_near: f32,
    /// From which probability a feeling of a sentence is clear.
    pub clear: f32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { near: 0.35, piece_near: 0.2, clear: 0.7 }
    }
}

/// Characters that a sentence may have at most.
const MOST_CHARS: usize = 600;

/// The share of a sentence's letters that must be of its language's script.
const OWN_SCRIPT: f64 = 0.75;

/// Why a sentence is dropped.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// It cites nothing.
    Uncited,
    /// It cites a line that there is not.
    NoSuchLine(usize),
    /// It is longer than anybody reads, or has marks that do not belong in a sentence.
    Form,
    /// It is in another language than was asked for.
    Language,
    /// It tells somebody what to do.
    Command,
    /// It holds personal data that its lines lack.
    PersonalData,
    /// It holds what may be a person's name, or another name that its lines lack.
    Name(String),
    /// It quotes what no cited record says.
    Quote,
    /// A number that its lines lack, or that counts something else there.
    Number(String),
    /// It mixes the counts of several lines.
    MixedCounts,
    /// It says all, most, few or none, and its lines don't.
    Quantity,
    /// It denies, and nothing that it cites does.
    Denial,
    /// It makes a weighty claim of a kind that its lines don't make.
    Claim(&'static str),
    /// It praises where its lines blame, or the other way round.
    Feeling,
    /// It is about something else than this line that it cites.
    Far(usize),
    /// A piece of it is about something else than all that it cites.
    FarPiece,
}

impl Fault {
    /// A name without any words of the sentence: for counts, logs and the API.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Uncited => "uncited",
            Self::NoSuchLine(_) => "no_such_line",
            Self::Form => "form",
            Self::Language => "language",
            Self::Command => "command",
            Self::PersonalData => "personal_data",
            Self::Name(_) => "name",
            Self::Quote => "quote",
            Self::Number(_) => "number",
            Self::MixedCounts => "mixed_counts",
            Self::Quantity => "quantity",
            Self::Denial => "denial",
            Self::Claim(_) => "claim",
            Self::Feeling => "feeling",
            Self::Far(_) => "far",
            Self::FarPiece => "far_piece",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether the sentence may be shown; `read` is what the model read in its words.
///
/// # Errors
/// The first [`Fault`] that is found.
pub fn check(sheet: &Sheet, sentence: &Sentence, read: &Understanding, limits: &Limits) -> Result<(), Fault> {
    let cited = cited(sheet, sentence)?;
    let text = sentence.text.as_str();
    check_form(text)?;
    let (said, quotes) = unquoted(text);
    check_language(sheet.tongue, &said, !quotes.is_empty(), read)?;
    if commands_a_machine(text) {
        return Err(Fault::Command);
    }
    check_names(sheet, &cited, text)?;
    if !quotes.iter().all(|quote| is_quoted(quote, &cited)) {
        return Err(Fault::Quote);
    }
    check_numbers(&numbers(&said), &cited)?;
    check_claims(&words(&said), &cited)?;
    check_feeling(&words(&said), &cited, read, limits)?;
    check_meaning(sheet, sentence, read, limits)
}

fn cited<'sheet>(sheet: &'sheet Sheet, sentence: &Sentence) -> Result<Vec<&'sheet Line>, Fault> {
    if sentence.citations.is_empty() {
        return Err(Fault::Uncited);
    }
    sentence.citations.iter().map(|number| sheet.line(*number).ok_or(Fault::NoSuchLine(*number))).collect()
}

fn check_form(text: &str) -> Result<(), Fault> {
    let odd = |letter: char| {
        letter.is_control()
            || matches!(letter, '<' | '>' | '{' | '}' | '|' | '`' | '\\' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let link = ["http:", "https:", "www."].iter().any(|mark| text.to_lowercase().contains(mark));
    if text.chars().count() > MOST_CHARS || text.chars().any(odd) || link { Err(Fault::Form) } else { Ok(()) }
}

/// The sentence without what stands between quotation marks, and that.
fn unquoted(text: &str) -> (String, Vec<String>) {
    let (mut said, mut quotes, mut quote) = (String::new(), Vec::new(), None::<String>);
    for letter in text.chars() {
        match (letter, quote.take()) {
            ('«' | '“' | '"', None) => quote = Some(String::new()),
            ('»' | '”' | '"', Some(open)) => quotes.push(open),
            (_, Some(mut open)) => {
                open.push(letter);
                quote = Some(open);
            }
            (_, None) => said.push(letter),
        }
    }
    // a quotation that nobody closed is no quotation
    said.extend(quote);
    (said, quotes)
}

fn check_language(tongue: Tongue, said: &str, quotes: bool, read: &Understanding) -> Result<(), Fault> {
    let letters: Vec<char> = said.chars().filter(|letter| letter.is_alphabetic()).collect();
    let arabic = |letter: &&char| matches!(letter, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}');
    let own = match tongue {
        Tongue::Arabic => letters.iter().filter(arabic).count(),
        Tongue::English => letters.iter().filter(|letter| letter.is_ascii()).count(),
    };
    // the model reads a quotation too, which may be in any language
    let other = !quotes && read.language != tongue.language() && read.language != Language::undetermined();
    let own = own as f64 >= OWN_SCRIPT * letters.len() as f64;
    if own && !other { Ok(()) } else { Err(Fault::Language) }
}

fn check_names(sheet: &Sheet, cited: &[&Line], text: &str) -> Result<(), Fault> {
    if names::has_personal_data(text) {
        return Err(Fault::PersonalData);
    }
    // counts are written by us, so that their words are nobody's
    let own = sheet.lines.iter().filter(|line| line.counted.is_some()).map(|line| line.text.as_str());
    let known = Known::of(own.chain(cited.iter().flat_map(|line| line.words())));
    names::stranger(text, &known).map_or(Ok(()), |name| Err(Fault::Name(name)))
}

/// Whether a cited line says these words in this order, however they are written.
fn is_quoted(quote: &str, cited: &[&Line]) -> bool {
    let forms =
        |text: &str| fold(text).into_iter().map(|word| word.form).filter(|form| !form.is_empty()).collect::<Vec<_>>();
    let quote = forms(quote);
    let says = |text: &str| forms(text).windows(quote.len().max(1)).any(|words| words == quote);
    quote.is_empty() || cited.iter().any(|line| says(&line.text))
}

fn check_numbers(said: &[Number], cited: &[&Line]) -> Result<(), Fault> {
    let counted: Vec<&Counted> = cited.iter().filter_map(|line| line.counted.as_ref()).collect();
    let quoted = cited.iter().filter(|line| line.kind == Kind::Quote).count();
    // of a line that counts nobody sees the records' words before they cite it
    let quotations = cited.iter().filter(|line| line.kind == Kind::Quote);
    let theirs: Vec<Vec<Number>> = quotations.map(|line| numbers(&line.text)).collect();
    let mut counts = false;
    let mut skip = false;
    for (at, number) in said.iter().enumerate() {
        if std::mem::take(&mut skip) {
            continue;
        }
        let next = said.get(at + 1);
        let (statistic, pair) = match (number.link, next) {
            (Link::Of, Some(next)) => (counted.iter().any(|line| is(number, line.n) && is(next, line.of)), true),
            (Link::Range, Some(next)) => (counted.iter().any(|line| is_interval(number, next, line)), true),
            _ => (false, false),
        };
        if statistic && pair {
            (counts, skip) = (true, true);
            continue;
        }
        let alone = if number.percent {
            counted.iter().any(|line| is_share(number, line))
        } else {
            counted.iter().any(|line| is(number, line.n))
        };
        let of_quotes = !number.percent && quoted > 0 && is(number, quoted as u64);
        let repeated = !number.people && theirs.iter().any(|theirs| repeats(theirs, number, next));
        match () {
            () if alone && number.link != Link::Of => counts = true,
            () if of_quotes || repeated => {}
            () => return Err(Fault::Number(number.written.clone())),
        }
    }
    if counts && counted.len() > 1 { Err(Fault::MixedCounts) } else { Ok(()) }
}

fn same(left: f64, right: f64) -> bool {
    (left - right).abs() < 1e-9
}

fn is(number: &Number, count: u64) -> bool {
    !number.percent && same(number.value, count as f64)
}

/// Whole percents as they are rounded, finer ones to a tenth.
fn is_share(number: &Number, line: &Counted) -> bool {
    is_percent(number.value, line.share())
}

fn is_percent(value: f64, share: f64) -> bool {
    let exact = share * 100.0;
    if value.fract() == 0.0 { same(value, exact.round()) } else { (value - exact).abs() <= 0.051 }
}

fn is_interval(low: &Number, high: &Number, line: &Counted) -> bool {
    let percents = high.percent;
    percents && is_percent(low.value, line.interval.low) && is_percent(high.value, line.interval.high)
}

/// Whether a record has the number as it stands, and beside it the one that it is said to be a part of.
fn repeats(theirs: &[Number], number: &Number, next: Option<&Number>) -> bool {
    let has =
        |wanted: &Number| theirs.iter().any(|each| same(each.value, wanted.value) && each.percent == wanted.percent);
    has(number) && (number.link != Link::Of || next.is_none_or(has))
}

fn check_claims(said: &[String], cited: &[&Line]) -> Result<(), Fault> {
    let share = |line: &&&Line| line.counted.map(|counted| counted.share());
    let shares: Vec<f64> = cited.iter().filter_map(|line| share(&line)).collect();
    let holds = |quantity: &Quantity| {
        shares.iter().any(|share| match quantity {
            Quantity::All => *share > 0.995,
            Quantity::Most => *share > 0.5,
            Quantity::Few => *share < 0.25,
            Quantity::None => *share == 0.0,
            Quantity::Several => true,
        }) || (*quantity == Quantity::Several && cited.len() > 1)
    };
    if !quantities(said).iter().all(holds) {
        return Err(Fault::Quantity);
    }
    let theirs: Vec<(Vec<String>, Vec<Vec<String>>)> = cited.iter().map(|line| said_by(line)).collect();
    let proves = |says: &dyn Fn(&[String]) -> bool| {
        theirs.iter().any(|(line, records)| {
            let so_many = records.iter().filter(|record| says(record)).count();
            says(line) || (so_many > 0 && so_many * 2 >= records.len())
        })
    };
    if denies(said) && !proves(&has_denial) {
        return Err(Fault::Denial);
    }
    unproved_claim(said, proves).map_or(Ok(()), |claim| Err(Fault::Claim(claim)))
}

/// The words of a line, and those of each of its records: at least half of them must say what a sentence makes of them.
fn said_by(line: &Line) -> (Vec<String>, Vec<Vec<String>>) {
    let records = line.records.iter().map(|record| words(record.text.as_str()));
    (words(&line.text), records.collect())
}

/// The pole of what is cited: of at least half of the records whose feeling is known, or of what the line counts.
fn poles(cited: &[&Line]) -> (bool, bool) {
    let feelings: Vec<SentimentLabel> =
        cited.iter().flat_map(|line| line.records.iter()).filter_map(|record| record.feeling).collect();
    let most = |pole: SentimentLabel| {
        let of_pole = feelings.iter().filter(|feeling| **feeling == pole || **feeling == SentimentLabel::Mixed).count();
        of_pole > 0 && of_pole * 2 >= feelings.len()
    };
    let line =
        |wanted: Pole| cited.iter().any(|line| line.counted.is_some() && pole(&words(&line.text)) == Some(wanted));
    let pains = cited.iter().any(|line| line.kind == Kind::Pain);
    (
        most(SentimentLabel::Positive) || (line(Pole::Good) && !pains),
        most(SentimentLabel::Negative) || line(Pole::Bad) || pains,
    )
}

fn check_feeling(said: &[String], cited: &[&Line], read: &Understanding, limits: &Limits) -> Result<(), Fault> {
    let (good, bad) = poles(cited);
    let wrong = match pole(said) {
        Some(Pole::Good) => !good,
        Some(Pole::Bad) => !bad,
        None => {
            let feeling = &read.whole.sentiment;
            (feeling.positive >= limits.clear && bad && !good) || (feeling.negative >= limits.clear && good && !bad)
        }
    };
    if wrong { Err(Fault::Feeling) } else { Ok(()) }
}

fn check_meaning(sheet: &Sheet, sentence: &Sentence, read: &Understanding, limits: &Limits) -> Result<(), Fault> {
    let lines = sentence.citations.iter().filter_map(|number| Some((*number, sheet.line(*number)?)));
    let lines: Vec<(usize, &Line)> = lines.collect();
    let nearness =
        |place: &[f32], line: &Line| line.places().map(|other| dot(place, other)).fold(f32::NEG_INFINITY, f32::max);
    if let Some((far, _)) = lines.iter().find(|(_, line)| nearness(&read.place, line) < limits.near) {
        return Err(Fault::Far(*far));
    }
    let near = |place: &[f32]| lines.iter().any(|(_, line)| nearness(place, line) >= limits.piece_near);
    if read.segments.iter().all(|piece| near(&piece.place)) { Ok(()) } else { Err(Fault::FarPiece) }
}
