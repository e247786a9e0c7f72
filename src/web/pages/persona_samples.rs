//! A persona with everything on it, for the pages' samples.

use std::collections::BTreeMap;

use chrono::DateTime;
use uuid::Uuid;

use super::page::Page;
use super::personas::{Asked, PersonaPage, Personas, PrintPage, RecordsPage};
use super::sampled::{NASTY, feedback};
use crate::feedback::{Channel, Dialect, FeedbackId, Language, Rating, RatingMethod, SentimentLabel};
use crate::personas::{Aspect, Card, Line, Persona, Population, Proportion, Refusal, Run, Tried};
use crate::pipeline::score::{Group, Scores};
use crate::pipeline::{self, FeedbackFilter, PersonaStory, Showing};
use crate::scores::{Ratings, scores};

/// A persona with every kind of line.
pub(super) fn persona_story() -> PersonaStory {
    let line = |key: &str, distinct| Line {
        key: key.to_owned(),
        customers: Proportion::new(61, 74),
        others: Proportion::new(22, 149),
        distinct,
        records: 118,
        evidence: (1..=5).map(|number| FeedbackId(Uuid::from_u128(number))).collect(),
    };
    let nil = Uuid::nil().to_string();
    let lines = BTreeMap::from([
        (Aspect::Pains, vec![line(&nil, true), line(&Uuid::from_u128(404).to_string(), false)]),
        (Aspect::Needs, vec![line(&nil, false)]),
        (Aspect::Feelings, SentimentLabel::ALL.iter().map(|label| line(label.name(), false)).collect()),
        (Aspect::Channels, Channel::ALL.iter().map(|channel| line(channel.name(), false)).collect()),
        (Aspect::Touchpoints, vec![line(NASTY, true)]),
        (Aspect::Ratings, RatingMethod::ALL.iter().map(|method| line(method.name(), false)).collect()),
        (Aspect::Words, vec![line(NASTY, true)]),
        (Aspect::Languages, vec![line("ar", false), line("fr", false)]),
        (Aspect::Dialects, Dialect::ALL.iter().map(|dialect| line(dialect.name(), false)).collect()),
    ]);
    let names = [
        (Language::arabic(), "من يكتبون عن «تأخر التوصيل» في المحادثة".to_owned()),
        (Language::english(), "Those who write about “late delivery” by chat".to_owned()),
    ];
    let card = Card {
        names: names.into(),
        size: Proportion::new(74, 223),
        records: 312,
        stability: 0.91,
        lines,
        themes: [(Uuid::nil(), BTreeMap::from([(Language::arabic(), NASTY.to_owned())]))].into(),
        quotes: vec![FeedbackId(Uuid::from_u128(1))],
    };
    let tried = |groups, chance| Tried { groups, stability: 0.88, weakest: 0.8, smallest: 74, chance };
    let at = DateTime::from_timestamp(1_793_000_000, 0).expect("in range");
    PersonaStory {
        persona: Persona { id: Uuid::nil(), card, created_at: DateTime::UNIX_EPOCH, updated_at: at },
        run: Run {
            id: Uuid::nil(),
            at,
            population: Population { customers: 223, records: 918, with_too_few: 19, anonymous: 4 },
            tried: vec![tried(2, Some(0.02)), tried(3, None)],
            groups: 2,
            refusal: None,
        },
        quotes: vec![feedback(1), feedback(2)],
        scores: [7, 40].map(persona_scores).into(),
    }
}

/// So many satisfied customers.
fn persona_scores(count: u64) -> Scores {
    let mut ratings = Ratings::none(RatingMethod::Csat);
    ratings.add(Rating::new(RatingMethod::Csat, 5).expect("in range"), count).expect("one method");
    let total = Group {
        key: None,
        titles: BTreeMap::new(),
        scores: scores(&ratings),
        sentiments: BTreeMap::new(),
        before: None,
        filter: FeedbackFilter::default(),
        ratings,
    };
    Scores { method: RatingMethod::Csat, total, groups: Vec::new(), groups_left_out: 0, disagreements: 0 }
}

impl Personas {
    /// A page with a persona on it.
    pub(super) fn sample(page: Page) -> Self {
        let story = persona_story();
        let run = story.run.clone();
        Self::new(page, Some(&run), &[story], Asked(false))
    }

    /// A page with every refusal on it is none; one of them stands for all.
    pub(super) fn refused(page: Page) -> Self {
        let refusal = Refusal::Unstable { stability: 0.41, needed: 0.75 };
        let run = Run { groups: 0, refusal: Some(refusal), ..persona_story().run };
        Self::new(page, Some(&run), &[], Asked(true))
    }
}

impl PersonaPage {
    /// A persona with everything on it.
    pub(super) fn sample(page: Page) -> Self {
        Self::new(page, &persona_story())
    }
}

impl PrintPage {
    /// All of one.
    pub(super) fn sample(page: Page) -> Self {
        let story = persona_story();
        let run = story.run.clone();
        Self::new(page, Some(&run), &[story])
    }
}

impl RecordsPage {
    /// The records behind a line.
    pub(super) fn sample(page: Page) -> Self {
        let showing = Showing { aspect: Aspect::Words, key: NASTY.to_owned() };
        let items = vec![feedback(1), feedback(2)];
        let next = Some("0.1.00000000000000000000000000000001".parse().expect("a cursor"));
        Self::new(page, &persona_story().persona, Some(&showing), &pipeline::Page { items, next }, 31)
    }
}
