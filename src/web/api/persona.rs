//! Personas as the API shows them; every number with the path that lists its records.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::feedback::FeedbackView;
use super::names::Aspect;
use super::score::{IntervalView, ScoresView, named, rounded};
use crate::feedback::Language;
use crate::personas::{self, CHANCE, Card, Line, Persona, Proportion, Refusal, Run, Tried};
use crate::pipeline::PersonaStory;

/// A share of customers.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = CustomerShare)]
pub struct ShareView {
    /// So many customers.
    n: u64,
    /// Of so many.
    of: u64,
    /// 0 to 1.
    share: f64,
    /// Wilson's score interval.
    interval: IntervalView,
}

/// A kind of customer, found in what they did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Persona)]
pub struct PersonaView {
    /// Stays the same from run to run.
    id: Uuid,
    /// What the role is called, by language code, from its own themes and channels.
    names: BTreeMap<String, String>,
    /// Its customers, of all who were told apart.
    size: ShareView,
    /// How surely the group comes back when customers are drawn anew (mean Jaccard index), 0 to 1.
    stability: f64,
    /// Its customers' records.
    records: RecordsView,
    /// What they show, by aspect, what most of them show first. What fewer than 3 customers show is not said.
    lines: BTreeMap<&'static str, Vec<LineView>>,
    /// The aspects of which the data says nothing.
    unknown: Vec<Aspect>,
    /// The ids of records that speak for it; `get_persona` gives their words.
    quotes: Vec<Uuid>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Something that customers of a persona show.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonaLine)]
struct LineView {
    /// A theme's id, a name of the API, or a word.
    key: String,
    /// A theme's titles by language code; empty for others.
    titles: BTreeMap<String, String>,
    /// Its customers who show it at least once.
    customers: ShareView,
    /// The customers of all other personas who do.
    others: ShareView,
    /// Whether more of its customers show it than of the others, beyond chance.
    distinct: bool,
    /// The records that show it.
    records: RecordsView,
    /// Three to five of them.
    evidence: Vec<Uuid>,
}

/// How many records, and where.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonaRecords)]
struct RecordsView {
    count: u64,
    /// The path that lists them.
    records: String,
}

/// A look at all customers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonaRun)]
pub struct RunView {
    id: Uuid,
    at: DateTime<Utc>,
    /// Customers with at least two analysed records, who were told apart.
    customers: usize,
    /// Their records.
    records: usize,
    /// Customers who are left out because they have fewer.
    customers_with_too_few: usize,
    /// Records that name no customer.
    anonymous_records: usize,
    /// How many groups there are; 0 if it was refused.
    groups: usize,
    /// How well each number of groups did.
    tried: Vec<TriedView>,
    /// Why there are none; null if there are some.
    #[schema(required)]
    refusal: Option<RefusalView>,
}

/// How well a number of groups did.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = PersonaAttempt)]
struct TriedView {
    groups: usize,
    /// Mean adjusted Rand index with the groups of bootstraps, at most 1.
    stability: f64,
    /// That of the group that comes back least surely (mean Jaccard index), 0 to 1.
    weakest: f64,
    /// Customers in the smallest group.
    smallest: usize,
    /// How probable groups as clear are by chance, 0 to 1; null if that was not asked.
    #[schema(required)]
    chance: Option<f64>,
}

/// Why there are no personas, and what is missing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonaRefusal)]
struct RefusalView {
    /// `too_few_customers`, `one_cloud`, `unstable` or `too_small`.
    #[schema(example = "too_few_customers")]
    reason: &'static str,
    /// What that means and what to do about it.
    detail: String,
    /// What there is: customers; the probability by chance; the stability.
    measured: f64,
    /// What there must be: at least so much, of `one_cloud` at most.
    needed: f64,
}

/// All personas.
#[derive(Debug, Serialize, ToSchema)]
pub struct Personas {
    /// The last look at all customers; null before the first.
    #[schema(required)]
    run: Option<RunView>,
    /// The largest first; empty if the run was refused.
    items: Vec<PersonaView>,
}

/// A persona with the words and ratings of its customers.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonaWithQuotes {
    persona: PersonaView,
    run: RunView,
    /// At most three records that speak for it.
    quotes: Vec<FeedbackView>,
    /// Its customers' ratings as they are now, by method.
    scores: Vec<ScoresView>,
}

impl From<Proportion> for ShareView {
    fn from(share: Proportion) -> Self {
        Self { n: share.n, of: share.of, share: rounded(share.share, 4), interval: share.interval.into() }
    }
}

impl PersonaView {
    /// The persona as the API shows it.
    pub fn new(persona: Persona) -> Self {
        let Persona { id, card, created_at, updated_at } = persona;
        let lines = |(aspect, lines): (&personas::Aspect, &Vec<Line>)| {
            (aspect.name(), lines.iter().map(|line| LineView::new(id, *aspect, line, &card)).collect())
        };
        Self {
            id,
            size: card.size.into(),
            stability: rounded(card.stability, 4),
            records: RecordsView { count: card.records, records: format!("/v1/personas/{id}/records") },
            lines: card.lines.iter().map(lines).collect(),
            unknown: card.unknown().map(Aspect).collect(),
            quotes: card.quotes.iter().map(|quote| quote.0).collect(),
            names: named(card.names),
            created_at,
            updated_at,
        }
    }
}

impl LineView {
    fn new(persona: Uuid, aspect: personas::Aspect, line: &Line, card: &Card) -> Self {
        let titles = line.key.parse().ok().and_then(|theme: Uuid| card.themes.get(&theme)).cloned();
        let query = serde_urlencoded::to_string([("aspect", aspect.name()), ("key", &line.key)]).unwrap_or_default();
        let records = format!("/v1/personas/{persona}/records?{query}");
        Self {
            key: line.key.clone(),
            titles: named(titles.unwrap_or_default()),
            customers: line.customers.into(),
            others: line.others.into(),
            distinct: line.distinct,
            records: RecordsView { count: line.records, records },
            evidence: line.evidence.iter().map(|record| record.0).collect(),
        }
    }
}

impl From<Tried> for TriedView {
    fn from(tried: Tried) -> Self {
        Self {
            groups: tried.groups,
            stability: rounded(tried.stability, 4),
            weakest: rounded(tried.weakest, 4),
            smallest: tried.smallest,
            chance: tried.chance.map(|chance| rounded(chance, 4)),
        }
    }
}

impl From<&Refusal> for RefusalView {
    fn from(refusal: &Refusal) -> Self {
        let (detail, measured, needed) = match refusal {
            Refusal::TooFewCustomers { customers, needed } => (
                format!("{customers} customers have two records or more, and {needed} are needed; send the customer's pseudonym with each feedback, and wait for more"),
                *customers as f64,
                *needed as f64,
            ),
            Refusal::OneCloud { chance } => (
                "customers differ no more than chance makes them: there are no kinds of them in what they wrote".to_owned(),
                *chance,
                CHANCE,
            ),
            Refusal::Unstable { stability, needed } => (
                "customers differ, but which groups they fall into depends on who is asked; more records of each customer may settle it".to_owned(),
                *stability,
                *needed,
            ),
            Refusal::TooSmall { customers, needed } => (
                format!("the smallest group has {customers} customers, and {needed} are needed to say anything of it"),
                *customers as f64,
                *needed as f64,
            ),
        };
        Self { reason: refusal.name(), detail, measured: rounded(measured, 4), needed }
    }
}

impl From<Run> for RunView {
    fn from(run: Run) -> Self {
        Self {
            id: run.id,
            at: run.at,
            customers: run.population.customers,
            records: run.population.records,
            customers_with_too_few: run.population.with_too_few,
            anonymous_records: run.population.anonymous,
            groups: run.groups,
            tried: run.tried.into_iter().map(TriedView::from).collect(),
            refusal: run.refusal.as_ref().map(RefusalView::from),
        }
    }
}

impl From<crate::pipeline::Personas> for Personas {
    fn from(all: crate::pipeline::Personas) -> Self {
        Self { run: all.run.map(RunView::from), items: all.personas.into_iter().map(PersonaView::new).collect() }
    }
}

impl From<PersonaStory> for PersonaWithQuotes {
    fn from(story: PersonaStory) -> Self {
        Self {
            persona: PersonaView::new(story.persona),
            run: story.run.into(),
            quotes: story.quotes.into_iter().map(FeedbackView::from).collect(),
            scores: story.scores.into_iter().map(ScoresView::from).collect(),
        }
    }
}

/// A persona of people who complain about delivery by chat, as an example.
fn sample() -> Persona {
    let (id, time) = (super::sample_id(), super::sample_time());
    let theme = Uuid::from_u128(id.as_u128() + 1);
    let titles = |ar: &str, en: &str| {
        BTreeMap::from([(Language::arabic(), ar.to_owned()), (Language::english(), en.to_owned())])
    };
    let line = |key: String, n, others, records| Line {
        key,
        customers: Proportion::new(n, 74),
        others: Proportion::new(others, 149),
        distinct: true,
        records,
        evidence: (2..5).map(|more| crate::feedback::FeedbackId(Uuid::from_u128(id.as_u128() + more))).collect(),
    };
    let card = Card {
        names: titles("من يكتبون عن «تأخر المندوب» في المحادثة", "Those who write about “late courier” by chat"),
        size: Proportion::new(74, 223),
        records: 312,
        stability: 0.91,
        lines: BTreeMap::from([
            (personas::Aspect::Pains, vec![line(theme.to_string(), 61, 22, 118)]),
            (personas::Aspect::Channels, vec![line("chat".to_owned(), 70, 51, 240)]),
        ]),
        themes: [(theme, titles("تأخر المندوب", "late courier"))].into(),
        quotes: vec![crate::feedback::FeedbackId(id)],
    };
    Persona { id, card, created_at: time, updated_at: time }
}

fn sample_run() -> Run {
    let tried = |groups, stability, weakest, smallest, chance| Tried { groups, stability, weakest, smallest, chance };
    Run {
        id: super::sample_id(),
        at: super::sample_time(),
        population: personas::Population { customers: 223, records: 918, with_too_few: 19, anonymous: 0 },
        tried: vec![tried(2, 0.88, 0.9, 74, Some(0.025)), tried(3, 0.52, 0.44, 31, None)],
        groups: 2,
        refusal: None,
    }
}

impl Personas {
    /// A run that found personas, as an example.
    pub fn sample() -> Self {
        Self { run: Some(sample_run().into()), items: vec![PersonaView::new(sample())] }
    }
}

impl PersonaWithQuotes {
    /// One of them, as an example.
    pub fn sample() -> Self {
        Self {
            persona: PersonaView::new(sample()),
            run: sample_run().into(),
            quotes: vec![FeedbackView::sample()],
            scores: vec![ScoresView::sample()],
        }
    }
}
