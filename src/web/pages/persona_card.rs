//! A persona as pages and exports show it: every line in the reader's words, with the address of its records.

use uuid::Uuid;

use super::address::query;
use super::format;
use super::page::Page;
use super::record::Record;
use super::text::visible;
use crate::feedback::Feedback;
use crate::personas::{Aspect, Card, Line, Persona, Proportion};
use crate::pipeline::score::Scores;
use crate::scores::{Kind, MIN_N};

/// A group comes back highly surely from this mean Jaccard index on, and surely from the other one on (Hennig 2007).
const SURELY: [(f64, &str); 2] = [(0.85, "high"), (0.75, "good")];

/// The aspects of a card in their order, each with the message of its heading.
const SECTIONS: [Aspect; 11] = [
    Aspect::Pains,
    Aspect::Needs,
    Aspect::Expectations,
    Aspect::Feelings,
    Aspect::Topics,
    Aspect::Channels,
    Aspect::Touchpoints,
    Aspect::Ratings,
    Aspect::Words,
    Aspect::Languages,
    Aspect::Dialects,
];

/// A share of customers in the reader's digits.
#[derive(Clone, Debug)]
pub struct Share {
    /// So many.
    pub n: u64,
    /// Of so many.
    pub of: u64,
    /// 0 to 1.
    pub share: f64,
    /// Where it lies with 95 % confidence, in words.
    pub interval: String,
    /// The same on a line of 100: beginning and length.
    pub span: (f64, f64),
    /// The share on that line.
    pub at: f64,
}

/// A line of a card.
#[derive(Clone, Debug)]
pub struct LineView {
    /// What it says.
    pub label: String,
    /// How many of the group's customers.
    pub customers: Share,
    /// How many of the others, 0 to 1.
    pub others: f64,
    /// Whether it tells the group apart.
    pub distinct: bool,
    /// How many records show it.
    pub records: u64,
    /// Where they are.
    pub href: String,
    /// Some of them, each with its number.
    pub evidence: Vec<(u64, Uuid)>,
}

/// What is known in one aspect.
#[derive(Clone, Debug)]
pub struct Section {
    /// Which, as messages name it.
    pub aspect: &'static str,
    /// What is known; empty if nothing is.
    pub lines: Vec<LineView>,
}

/// A score of the persona's customers.
#[derive(Clone, Debug)]
pub struct Rating {
    /// The method, as messages name it.
    pub method: &'static str,
    /// The main measure with its interval, in words; none if there are too few ratings.
    pub value: Option<(String, String)>,
    /// How many ratings.
    pub n: u64,
}

/// A card.
#[derive(Clone, Debug)]
pub struct CardView {
    /// The persona's id.
    pub id: Uuid,
    /// What the role is called.
    pub name: String,
    /// How large the group is.
    pub size: Share,
    /// How surely it comes back, as messages name it.
    pub surely: &'static str,
    /// The same as a number, 0 to 1.
    pub stability: f64,
    /// How many records its customers have.
    pub records: u64,
    /// What is known, aspect by aspect.
    pub sections: Vec<Section>,
    /// What its customers gave.
    pub ratings: Vec<Rating>,
    /// What they wrote.
    pub quotes: Vec<Record>,
}

impl Share {
    /// A share in the reader's words.
    #[must_use]
    pub fn new(page: &Page, share: &Proportion) -> Self {
        let (low, high) = (share.interval.low, share.interval.high);
        let hundredths = |value: f64| (value * 10_000.0).round() / 100.0;
        Self {
            n: share.n,
            of: share.of,
            share: share.share,
            interval: page.two_texts("persona-interval", &page.percent(&low), &page.percent(&high)),
            span: (hundredths(low), hundredths(high - low)),
            at: hundredths(share.share),
        }
    }
}

impl CardView {
    /// The card of a persona, with the words of its quotes and its scores.
    #[must_use]
    pub fn new(page: &Page, persona: &Persona, quotes: &[Feedback], scores: &[Scores]) -> Self {
        let card = &persona.card;
        let section = |aspect: &Aspect| Section {
            aspect: aspect.name(),
            lines: card.of(*aspect).iter().map(|line| line_view(page, persona, *aspect, line)).collect(),
        };
        Self {
            id: persona.id,
            name: visible(card.name(&page.locale.language())),
            size: Share::new(page, &card.size),
            surely: SURELY.iter().find(|(least, _)| card.stability >= *least).map_or("fair", |(_, name)| name),
            stability: card.stability,
            records: card.records,
            sections: SECTIONS.iter().map(section).collect(),
            ratings: scores.iter().map(|scores| rating(page, scores)).collect(),
            quotes: quotes.iter().map(Record::new).collect(),
        }
    }

    /// The first line of each of these aspects that has one, for a list of cards.
    #[must_use]
    pub fn gist(&self) -> Vec<(&'static str, &LineView)> {
        let wanted = ["pains", "needs", "expectations", "feelings", "channels"];
        let of = |aspect: &&str| self.sections.iter().find(|section| section.aspect == *aspect);
        let found: Vec<&Section> = wanted.iter().filter_map(of).collect();
        found.into_iter().filter_map(|section| section.lines.first().map(|line| (section.aspect, line))).collect()
    }
}

fn line_view(page: &Page, persona: &Persona, aspect: Aspect, line: &Line) -> LineView {
    let fields = [("aspect", aspect.name()), ("key", line.key.as_str())];
    LineView {
        label: label(page, &persona.card, aspect, &line.key),
        customers: Share::new(page, &line.customers),
        others: line.others.share,
        distinct: line.distinct,
        records: line.records,
        href: format!("/personas/{}/records?{}", persona.id, query(&fields)),
        evidence: (1..).zip(&line.evidence).map(|(number, record)| (number, record.0)).collect(),
    }
}

/// What a key says in the reader's language.
#[must_use]
pub fn label(page: &Page, card: &Card, aspect: Aspect, key: &str) -> String {
    match aspect {
        Aspect::Needs | Aspect::Pains | Aspect::Expectations | Aspect::Topics => {
            let titles = key.parse().ok().and_then(|theme: Uuid| card.themes.get(&theme));
            let own = titles.and_then(|titles| titles.get(&page.locale.language()).or_else(|| titles.values().next()));
            own.map_or_else(|| page.t("persona-no-title"), |title| visible(title))
        }
        Aspect::Feelings => page.name("sentiment", key),
        Aspect::Channels => page.name("channel", key),
        Aspect::Dialects => page.name("dialect", key),
        Aspect::Ratings => page.name("rating", key),
        Aspect::Languages => page.language(key),
        Aspect::Touchpoints | Aspect::Words => visible(key),
    }
}

fn rating(page: &Page, scores: &Scores) -> Rating {
    let n = scores.total.ratings.n();
    let value = scores.total.scores.first().filter(|_| n >= MIN_N).map(|score| {
        let shown = |value: f64| match score.measure.kind() {
            Kind::Share => page.percent(&value),
            Kind::Net => format::number(page.locale, value.round()),
            Kind::Mean => format::number(page.locale, value),
        };
        let interval = page.two_texts("persona-interval", &shown(score.interval.low), &shown(score.interval.high));
        (shown(score.value), interval)
    });
    Rating { method: scores.method.name(), value, n }
}
