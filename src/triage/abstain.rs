//! Which answers are withheld because they would be guesses.

use super::matrix::doubt;
use super::sentiment::is_clear;
use super::settings::Settings;
use crate::feedback::{Abstained, Priority, Route, Sentiment, Trigger, Understanding};

/// The answers as the rules gave them.
pub(super) struct Answers<'answers> {
    /// How the text feels.
    pub(super) sentiment: &'answers Sentiment,
    /// What the two levels alone say, before any trigger.
    pub(super) matrix: Priority,
    /// What the triggers made of it.
    pub(super) priority: Priority,
    /// What is known to be present.
    pub(super) triggers: &'answers [Trigger],
    /// The queue.
    pub(super) route: &'answers Route,
}

/// What of these answers would be a guess, in the order of [`Abstained::ALL`].
///
/// A text of a kind that the model does not know leaves all of them guesses but what a phrase says.
pub(super) fn abstained(understanding: &Understanding, answers: &Answers<'_>, settings: &Settings) -> Vec<Abstained> {
    let known = understanding.supported >= settings.supported;
    let said = answers.triggers.iter().any(|trigger| trigger.probability >= settings.triggers.sure);
    let whole = &understanding.whole;
    let doubtful = doubt(answers.matrix, &whole.impact, &whole.urgency) > settings.urgency.doubt;
    // Nobody waits for an answer to P4, so its queue is worth no one's time.
    let waits = answers.priority < Priority::P4;
    let withheld = |answer: Abstained| match answer {
        Abstained::Sentiment => !known || !is_clear(answers.sentiment, &settings.sentiment),
        Abstained::Urgency => !said && (!known || (answers.triggers.is_empty() && doubtful)),
        Abstained::Route => (!known && !said) || (waits && answers.route.probability < settings.routing.least),
        Abstained::Language => !known || understanding.language.code() == "und",
    };
    Abstained::ALL.iter().copied().filter(|answer| withheld(*answer)).collect()
}
