//! Whether the data tells what a question asks, and which counts answer it.
//!
//! Cosines alone don't say it: a question about incomes lies as near to short records as one about couriers does. So a
//! question must ask for something that customers of companies write about, in words of its dialect; must ask for nothing
//! that feedback never tells; and must lie near enough to the records. The numbers were chosen on the 340 questions of
//! `evals/answers/dev.ndjson`; `evals/reports/answers.md` has what they do on others.

use crate::feedback::SentimentLabel;
use crate::vector::dot;

use super::claims::{Pole, pole};
use super::lexicon::{Lexicon, words};
use super::topics::{COUNTS, EMPTY, TOPICS, UNTOLD};
use super::{Kind, Record};

/// How many of the nearest records are looked at.
const NEAREST: usize = 5;

/// From which mean cosine with the nearest records a question is answered if at least half of its words are known…
const NEAR_IF_KNOWN: f32 = 0.14;

/// …and if any is.
const NEAR_IF_TOUCHED: f32 = 0.18;

/// How much nearer a record counts that is of the question's topic…
const SAME_TOPIC: f32 = 0.15;

/// …and that praises or blames as the question does.
const SAME_POLE: f32 = 0.1;

/// From which cosine a record answers a question whose words it shares none of.
const NEAR_ALONE: f32 = 0.25;

/// What a question asks of the data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// Whether the data can tell.
    pub told: bool,
    /// The kinds of counts that it asks for, if it asks for counts.
    pub kinds: Vec<Kind>,
}

/// What a question asks: `place` is where it lies, `records` are the masked texts that may answer it, with their places.
#[must_use]
pub fn tells(question: &str, place: &[f32], records: &[(&str, &[f32])]) -> Ask {
    let asked = words(question);
    let kinds: Vec<Kind> = COUNTS.iter().filter(|(_, list)| list.has_any(&asked)).map(|(kind, _)| *kind).collect();
    if UNTOLD.has_any(&asked) {
        return Ask { told: false, kinds };
    }
    let content: Vec<&String> = asked.iter().filter(|word| word.chars().count() > 1 && !EMPTY.has(word)).collect();
    let topics = topics(&asked, records);
    let is_known =
        |word: &str| COUNTS.iter().any(|(_, list)| list.has(word)) || topics.iter().any(|list| list.has(word));
    let known = content.iter().filter(|word| is_known(word)).count();
    let nearness = nearness(place, records);
    // counts of how they write need no record that is near to the question
    let of_habits = kinds.iter().any(|kind| matches!(kind, Kind::Feeling | Kind::Channel | Kind::Language));
    let told = (known == content.len() && !topics.is_empty())
        || (of_habits && known * 2 >= content.len())
        || (known > 0 && known * 2 >= content.len() && nearness >= NEAR_IF_KNOWN)
        || (known > 0 && nearness >= NEAR_IF_TOUCHED);
    Ask { told, kinds }
}

/// The topics that both the question and at least one of the records touch.
fn topics(asked: &[String], records: &[(&str, &[f32])]) -> Vec<&'static Lexicon> {
    let asked: Vec<&Lexicon> = TOPICS.iter().filter(|topic| topic.has_any(asked)).collect();
    if asked.is_empty() {
        return asked;
    }
    let written: Vec<Vec<String>> = records.iter().map(|(text, _)| words(text)).collect();
    asked.into_iter().filter(|topic| written.iter().any(|words| topic.has_any(words))).collect()
}

/// The mean cosine with the nearest records.
fn nearness(place: &[f32], records: &[(&str, &[f32])]) -> f32 {
    let mut cosines: Vec<f32> = records.iter().map(|(_, other)| dot(place, other)).collect();
    cosines.sort_by(|left, right| right.total_cmp(left));
    cosines.truncate(NEAREST);
    if cosines.is_empty() { 0.0 } else { cosines.iter().sum::<f32>() / cosines.len() as f32 }
}

/// The records in the order in which they answer a question: nearest first, where one that shares its topic or its praise
/// or blame counts as nearer. Those that share nothing with it are left out.
#[must_use]
pub fn ranked(question: &str, place: &[f32], records: &[Record]) -> Vec<usize> {
    let asked = words(question);
    let topics: Vec<&Lexicon> = TOPICS.iter().filter(|topic| topic.has_any(&asked)).collect();
    let wanted = match pole(&asked) {
        Some(Pole::Good) => Some(SentimentLabel::Positive),
        Some(Pole::Bad) => Some(SentimentLabel::Negative),
        None => None,
    };
    let score = |record: &Record| {
        let words = words(record.text.as_str());
        let touched = topics.iter().any(|topic| topic.has_any(&words));
        let cosine = dot(place, &record.place);
        let felt = wanted.is_some() && record.feeling == wanted;
        let bonus = if touched { SAME_TOPIC } else { 0.0 } + if felt { SAME_POLE } else { 0.0 };
        (touched || cosine >= NEAR_ALONE).then_some(cosine + bonus)
    };
    let mut scored: Vec<(usize, f32)> =
        records.iter().enumerate().filter_map(|(at, record)| Some((at, score(record)?))).collect();
    scored.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
    scored.into_iter().map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: &[&str] = &["المندوب وصل متأخر ساعتين", "the app crashes at checkout", "el akl wesel bared"];

    fn asked(question: &str) -> Ask {
        let place = [1.0_f32];
        let records: Vec<(&str, &[f32])> = RECORDS.iter().map(|text| (*text, place.as_slice())).collect();
        tells(question, &place, &records)
    }

    #[test]
    fn what_customers_write_about_is_told_in_any_dialect() {
        for question in
            ["Are couriers late?", "هل يتأخر المندوب؟", "ليش السواق يتأخر؟", "el app byhang leh?", "الأكل بيوصل بارد؟"]
        {
            assert!(asked(question).told, "{question}");
        }
        assert_eq!(asked("How do they feel?").kinds, [Kind::Feeling]);
        assert_eq!(asked("عبر أي قناة يكتبون؟").kinds, [Kind::Channel]);
    }

    #[test]
    fn what_feedback_never_tells_is_not_told_however_near() {
        for question in
            ["How old are they?", "كم أعمارهم؟", "بيشتغلوا ايه؟", "Who founded the company?", "Is the museum open?", ""]
        {
            assert!(!asked(question).told, "{question}");
        }
        let far = tells("Are couriers late?", &[0.1], &[("التطبيق يعلق", &[1.0])]);
        assert!(!far.told, "nobody wrote about it");
        assert!(!tells("Are couriers late?", &[1.0], &[]).told, "there is nothing");
    }
}
