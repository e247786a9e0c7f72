//! Neutral names of roles, made of what tells a group from the others: a theme or touchpoint, a channel, a feeling.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::line::{Aspect, Line};
use crate::feedback::{Channel, Language, SentimentLabel};

/// What a group is called in each language that names are made in.
type Names = BTreeMap<Language, String>;

/// The name of the group with these lines.
pub(super) fn name(lines: &BTreeMap<Aspect, Vec<Line>>, themes: &BTreeMap<Uuid, Names>) -> Names {
    let subject = |language: &Language| {
        let theme = telling(lines, Aspect::Topics).and_then(|line| themes.get(&line.key.parse().ok()?));
        let title = theme.and_then(|titles| titles.get(language).or_else(|| titles.values().next()));
        title.cloned().or_else(|| telling(lines, Aspect::Touchpoints).map(|line| line.key.clone()))
    };
    let channel = telling(lines, Aspect::Channels).and_then(|line| line.key.parse().ok());
    let feeling = telling(lines, Aspect::Feelings).and_then(|line| line.key.parse().ok());
    let (arabic, english) = (Language::arabic(), Language::english());
    let in_arabic = in_arabic(subject(&arabic), channel, feeling);
    let in_english = in_english(subject(&english), channel, feeling);
    [(arabic, in_arabic), (english, in_english)].into()
}

/// The line that tells the group apart most; none if none does.
fn telling(lines: &BTreeMap<Aspect, Vec<Line>>, aspect: Aspect) -> Option<&Line> {
    let apart = |line: &&Line| line.customers.share - line.others.share;
    let distinct = lines.get(&aspect)?.iter().filter(|line| line.distinct);
    distinct.max_by(|left, right| apart(left).total_cmp(&apart(right)))
}

fn in_english(subject: Option<String>, channel: Option<Channel>, feeling: Option<SentimentLabel>) -> String {
    let by = channel.map(|channel| match channel {
        Channel::Survey => "in surveys",
        Channel::AppReview => "in app reviews",
        Channel::Review => "in reviews",
        Channel::Social => "on social media",
        Channel::Call => "in calls",
        Channel::Chat => "by chat",
        Channel::Email => "by e-mail",
        Channel::Web => "by web form",
        Channel::Behaviour => "through what they do",
        Channel::Other => "by other ways",
    });
    let how = feeling.map(|feeling| match feeling {
        SentimentLabel::Negative => "unhappily",
        SentimentLabel::Neutral => "matter-of-factly",
        SentimentLabel::Positive => "happily",
        SentimentLabel::Mixed => "with mixed feelings",
    });
    let about = subject.map(|subject| format!("about “{subject}”"));
    if about.is_none() && by.is_none() && how.is_none() {
        return "Those whom nothing sets apart by itself".to_owned();
    }
    let parts =
        ["Those who write", how.unwrap_or_default(), about.as_deref().unwrap_or_default(), by.unwrap_or_default()];
    joined(&parts)
}

fn in_arabic(subject: Option<String>, channel: Option<Channel>, feeling: Option<SentimentLabel>) -> String {
    let by = channel.map(|channel| match channel {
        Channel::Survey => "في الاستبيانات",
        Channel::AppReview => "في تقييمات التطبيق",
        Channel::Review => "في التقييمات",
        Channel::Social => "في وسائل التواصل",
        Channel::Call => "في المكالمات",
        Channel::Chat => "في المحادثة",
        Channel::Email => "بالبريد الإلكتروني",
        Channel::Web => "عبر نموذج الويب",
        Channel::Behaviour => "بما يفعلون",
        Channel::Other => "بطرق أخرى",
    });
    let how = feeling.map(|feeling| match feeling {
        SentimentLabel::Negative => "باستياء",
        SentimentLabel::Neutral => "بحياد",
        SentimentLabel::Positive => "برضا",
        SentimentLabel::Mixed => "بشعور مختلط",
    });
    let about = subject.map(|subject| format!("عن «{subject}»"));
    if about.is_none() && by.is_none() && how.is_none() {
        return "من لا يميّزهم شيء وحده".to_owned();
    }
    joined(&["من يكتبون", how.unwrap_or_default(), about.as_deref().unwrap_or_default(), by.unwrap_or_default()])
}

fn joined(parts: &[&str]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The same names, numbered where another group already has them.
pub(super) fn distinct(names: Names, taken: &mut BTreeSet<(Language, String)>) -> Names {
    let mut unlike = Names::new();
    for (language, name) in names {
        let mut tried = name.clone();
        let mut number = 2;
        while !taken.insert((language.clone(), tried.clone())) {
            tried = format!("{name} ({number})");
            number += 1;
        }
        unlike.insert(language, tried);
    }
    unlike
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_what_is_known() {
        let about = || Some("delivery".to_owned());
        for (subject, channel, feeling, expected) in [
            (about(), Some(Channel::Chat), None, "Those who write about “delivery” by chat"),
            (about(), None, Some(SentimentLabel::Negative), "Those who write unhappily about “delivery”"),
            (None, Some(Channel::Email), None, "Those who write by e-mail"),
            (None, None, None, "Those whom nothing sets apart by itself"),
        ] {
            assert_eq!(in_english(subject, channel, feeling), expected);
        }
        let told = in_arabic(Some("التوصيل".to_owned()), Some(Channel::Chat), Some(SentimentLabel::Negative));
        assert_eq!(told, "من يكتبون باستياء عن «التوصيل» في المحادثة");
    }

    #[test]
    fn no_two_are_alike() {
        let mut taken = BTreeSet::new();
        let names = || Names::from([(Language::english(), "Those who write".to_owned())]);
        let all: Vec<String> = (0..3).flat_map(|_| distinct(names(), &mut taken).into_values()).collect();
        assert_eq!(all, ["Those who write", "Those who write (2)", "Those who write (3)"]);
    }
}
