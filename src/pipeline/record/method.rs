//! Which method a rating that doesn't say belongs to, as far as the question or the channel tells.
//!
//! The number itself tells nothing: were a 9 taken as NPS because no other scale has it, and a 5 refused because three
//! have, only the happy would be counted.

use std::fmt;

use crate::feedback::fold::{WordKind, fold, fold_word};
use crate::feedback::{Channel, RatingMethod};

/// What told the method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Words of the question.
    Question,
    /// Reviews are rated with stars.
    Channel,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Question => "question",
            Self::Channel => "channel",
        })
    }
}

/// The method, and what told it; none if nothing does, or the question speaks of two.
pub(super) fn guess(question: Option<&str>, channel: Channel) -> Option<(RatingMethod, Told)> {
    let words: Vec<String> = fold(question.unwrap_or_default())
        .into_iter()
        .filter(|word| word.kind == WordKind::Word)
        .map(|word| word.form)
        .collect();
    let mut asked = RatingMethod::ALL.iter().filter(|method| words.iter().any(|word| speaks_of(word, **method)));
    match (asked.next(), asked.next(), channel) {
        (Some(method), None, _) => Some((*method, Told::Question)),
        (None, _, Channel::AppReview | Channel::Review) => Some((RatingMethod::Stars, Told::Channel)),
        _ => None,
    }
}

/// Whether a folded word belongs to the method's question.
fn speaks_of(word: &str, method: RatingMethod) -> bool {
    let has = |stems: &[&str]| stems.iter().any(|stem| word.contains(&fold_word(stem)));
    let is = |names: &[&str]| names.iter().any(|name| word == fold_word(name));
    match method {
        // The stem of "recommend" is also the start of "delivery".
        RatingMethod::Nps => has(&["recommend", "تنصح", "ترشح"]) || (has(&["توصي"]) && !has(&["توصيل"])),
        RatingMethod::Csat => has(&["satisf", "راضي", "رضا"]),
        RatingMethod::Ces => is(&["easy", "ease", "effort"]) || has(&["سهل", "سهول", "جهد", "مجهود"]),
        RatingMethod::Stars => is(&["star", "stars"]) || has(&["نجوم", "نجمه"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_and_channels_tell_the_method() {
        let asked = |method| Some((method, Told::Question));
        for (question, channel, expected) in [
            ("How likely are you to recommend us to a friend?", Channel::Survey, asked(RatingMethod::Nps)),
            ("ما مدى احتمال أن تُوصي بنا لصديق؟", Channel::Survey, asked(RatingMethod::Nps)),
            ("بتنصح صاحبك بينا؟ 😊", Channel::Chat, asked(RatingMethod::Nps)),
            ("كيف كانت خدمة التوصيل؟", Channel::Survey, None),
            ("ما مدى رضاك عن خدمة التوصيل؟", Channel::Survey, asked(RatingMethod::Csat)),
            ("How satisfied were you?", Channel::Email, asked(RatingMethod::Csat)),
            ("\u{202B}هل كان من السهل حلّ مشكلتك؟\u{202C}", Channel::Survey, asked(RatingMethod::Ces)),
            ("The company made it easy to handle my issue", Channel::Survey, asked(RatingMethod::Ces)),
            ("كم نجمة تعطينا؟", Channel::Web, asked(RatingMethod::Stars)),
            ("When did you start?", Channel::Web, None),
            ("", Channel::AppReview, Some((RatingMethod::Stars, Told::Channel))),
            ("ليش؟", Channel::Review, Some((RatingMethod::Stars, Told::Channel))),
            ("How satisfied are you, and would you recommend us?", Channel::Review, None),
            ("", Channel::Survey, None),
        ] {
            assert_eq!(guess(Some(question), channel), expected, "{question} {channel}");
        }
        assert_eq!(guess(None, Channel::Call), None);
    }
}
