//! The short table for readers of the README: a few numbers of the reports, with what they have to be.

use super::aims::AIMS;
use super::report::{Bound, Section, cell, find};

/// The suite, dataset, slice and measure of a number.
type Of = (&'static str, &'static str, &'static str, &'static str);

/// A row of the table: what its numbers are, and where they stand in the reports.
struct Row(&'static str, &'static [Of]);

/// The rows in order.
const ROWS: [Row; 17] = [
    Row(
        "demo set: P1 recall / precision (`sada eval demo`)",
        &[("demo", "demo", "all", "P1 recall"), ("demo", "demo", "all", "P1 precision")],
    ),
    Row("demo set: sentiment, accuracy over four labels", &[("demo", "demo", "all", "sentiment accuracy")]),
    Row(
        "demo set: themes, V-measure / unassigned",
        &[("demo", "demo", "themes", "V-measure"), ("demo", "demo", "themes", "unassigned")],
    ),
    Row(
        "urgency test set, hard on purpose: P1 recall / precision (`sada eval`)",
        &[("urgency", "urgency", "all", "P1 recall"), ("urgency", "urgency", "all", "P1 precision")],
    ),
    Row(
        "the same: P1 found, or handed to a person as perhaps P1",
        &[("urgency", "urgency", "all", "P1 found or handed to a person")],
    ),
    Row(
        "the same: furious trifles marked P1 / calm P1 missed",
        &[("urgency", "urgency", "all", "furious trivia marked P1"), ("urgency", "urgency", "all", "calm P1 missed")],
    ),
    Row(
        "sentiment, UMSAB test, macro-F1: Arabic / English (`sada eval --data FOLDER`)",
        &[("sentiment", "umsab", "ar", "macro-F1"), ("sentiment", "umsab", "en", "macro-F1")],
    ),
    Row(
        "sentiment, never learned from: airline tweets, macro-F1 / app reviews, accuracy",
        &[("sentiment", "airline_tweets", "all", "macro-F1"), ("sentiment", "android_app_reviews", "all", "accuracy")],
    ),
    Row(
        "honesty of stated probabilities (ECE): sentiment / P1",
        &[("sentiment", "umsab", "all", "ECE"), ("urgency", "urgency", "all", "ECE of P1")],
    ),
    Row(
        "intents by a head that learned them, accuracy: BANKING77 / ArBanking77",
        &[("routing", "banking77", "all", "accuracy"), ("routing", "arbanking77", "all", "accuracy")],
    ),
    Row(
        "the same with 5 / 20 examples of each intent, BANKING77",
        &[
            ("routing", "banking77", "5 examples each", "accuracy"),
            ("routing", "banking77", "20 examples each", "accuracy"),
        ],
    ),
    Row("what belongs to no intent of CLINC150, AUROC", &[("routing", "clinc150", "outside of all intents", "AUROC")]),
    Row(
        "the built-in queues from their descriptions and eight examples, accuracy",
        &[("routing", "queues (dev)", "from descriptions", "accuracy")],
    ),
    Row(
        "77 queues (BANKING77) from their names alone / with 1 / 5 / 20 corrections each, accuracy",
        &[
            ("routing", "banking77 as queues", "no corrections", "accuracy"),
            ("routing", "banking77 as queues", "1 correction each", "accuracy"),
            ("routing", "banking77 as queues", "5 corrections each", "accuracy"),
            ("routing", "banking77 as queues", "20 corrections each", "accuracy"),
        ],
    ),
    Row(
        "10 departments (German tickets) in the same way",
        &[
            ("routing", "tickets_de_3level as queues", "no corrections", "accuracy"),
            ("routing", "tickets_de_3level as queues", "1 correction each", "accuracy"),
            ("routing", "tickets_de_3level as queues", "5 corrections each", "accuracy"),
            ("routing", "tickets_de_3level as queues", "20 corrections each", "accuracy"),
        ],
    ),
    Row(
        "themes with their sub-themes, without labels, V-measure: BANKING77 / ArBanking77 / CLINC150",
        &[
            ("themes", "banking77", "all", "V-measure"),
            ("themes", "arbanking77", "all", "V-measure"),
            ("themes", "clinc150", "all", "V-measure"),
        ],
    ),
    Row("planted personal data that was masked", &[("privacy", "demo", "all", "planted values masked")]),
];

/// The short table; what was not measured is said to be so.
#[must_use]
pub fn glance(sections: &[Section]) -> String {
    let mut text = String::from("| what | measured (95 %) | aim | held |\n|---|---|---|---|\n");
    for Row(says, of) in &ROWS {
        let cells = |each: &dyn Fn(Of) -> String| of.iter().map(|of| each(*of)).collect::<Vec<_>>().join(" / ");
        let measured = cells(&|of| find(sections, of).map_or("not measured".to_owned(), cell));
        let aims = cells(&|of| bound(of).map_or("–".to_owned(), |bound| bound.to_string()));
        let held = cells(&|of| match (find(sections, of), bound(of)) {
            (Some(line), Some(bound)) => bound.held(line).to_owned(),
            _ => "–".to_owned(),
        });
        let plain = |cells: String| if cells.chars().any(char::is_alphanumeric) { cells } else { String::new() };
        text.push_str(&format!("| {says} | {measured} | {} | {} |\n", plain(aims), plain(held)));
    }
    text
}

/// What a number itself has to be; the lower end of its interval is another matter.
fn bound(of: Of) -> Option<Bound> {
    let mut aims = AIMS.iter().filter(|aim| !matches!(aim.bound, Bound::SurelyAtLeast(_)));
    aims.find(|aim| aim.of == of).map(|aim| aim.bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_a_cell_for_each_number_and_says_what_was_not_measured() {
        let mut section = Section::new("urgency");
        section.share(("urgency", "all", "P1 recall"), 96, 100);
        let table = glance(&[section]);
        let row = table.lines().find(|line| line.contains("urgency test set")).expect("there");
        assert!(row.ends_with("| 0.960 (0.902–0.984) / not measured | ≥ 0.95 / ≥ 0.75 | yes / – |"), "{row}");
        let row = table.lines().find(|line| line.contains("built-in queues")).expect("there");
        assert!(row.ends_with("| not measured |  |  |"), "{row}");
    }
}
