//! Tells customers apart: their records in, personas with the ids they had, or a refusal that says what is missing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::feedback::{CustomerId, Feedback, FeedbackId, Language};
use crate::personas::{
    self, Card, Customer, Folded, Found, Group, MIN_RECORDS, Mention, Outcome, Persona, Population, Previous, Record,
    Run,
};
use crate::stores::sql::jobs::{self, Job};
use crate::stores::sql::personas::{self as rows, Member};
use crate::stores::sql::{feedback, themes as theme_rows};
use crate::themes::{self, Excerpt};

/// Rows are read in pages of this many.
const PAGE: u32 = 1_000;

/// So many typical words of a language are counted for each group.
const WORDS: usize = 5;

/// A masked text and its language.
type Texts = HashMap<FeedbackId, (Language, String)>;

/// Everything that was read.
#[derive(Default)]
struct Read {
    records: Vec<(CustomerId, Record)>,
    texts: Texts,
    anonymous: usize,
}

/// Looks at all customers and completes the jobs that asked for it.
///
/// Runs twice without harm: the same records give the same groups, and groups keep the ids of the personas they continue.
///
/// # Errors
/// Those of the database; then everything stays as it was.
pub async fn profile(app: &App, claimed: &[Job]) -> Result<()> {
    let at = app.clock.now();
    let read = read(app).await?;
    let previous = rows::previous(&app.db).await?;
    let titles: BTreeMap<Uuid, BTreeMap<Language, String>> =
        theme_rows::list(&app.db).await?.into_iter().map(|listed| (listed.theme.id, listed.theme.titles)).collect();
    let clock = app.clock.clone();
    let computed = tokio::task::spawn_blocking(move || compute(read, &titles, &previous, at, || clock.new_id()));
    // what a panic says may quote a customer, so it is not passed on
    let broken_off = |_| Error::new(Kind::Internal, "telling customers apart broke off; personas stay as they were");
    let (run, personas, members) = computed.await.map_err(broken_off)?;
    let mut tx = app.db.begin().await?;
    if jobs::complete(&mut tx, claimed).await?.is_empty() {
        return Ok(());
    }
    rows::save(&mut tx, &run, &personas, &members).await?;
    Ok(tx.commit().await?)
}

/// All that is analysed.
async fn read(app: &App) -> Result<Read> {
    let mut read = Read::default();
    let mut after = None;
    loop {
        let page = feedback::analysed(&app.db, after.as_ref(), PAGE).await?;
        let ids: Vec<FeedbackId> = page.items.iter().map(|item| item.id).collect();
        for item in feedback::get_many(&app.db, &ids).await? {
            read.add(&item);
        }
        after = page.next;
        if after.is_none() {
            return Ok(read);
        }
    }
}

impl Read {
    fn add(&mut self, item: &Feedback) {
        let (Some(customer), Some(record)) = (item.origin.customer.clone(), Record::of(item)) else {
            self.anonymous += usize::from(item.origin.customer.is_none());
            return;
        };
        self.texts.insert(record.id, (record.language.clone(), item.text.as_str().to_owned()));
        self.records.push((customer, record));
    }
}

/// The run, and its personas with their members; pure but for the ids of what is new.
fn compute(
    read: Read,
    titles: &BTreeMap<Uuid, BTreeMap<Language, String>>,
    previous: &[(Previous, DateTime<Utc>)],
    at: DateTime<Utc>,
    mut new_id: impl FnMut() -> Uuid,
) -> (Run, Vec<Persona>, Vec<Member>) {
    let customers = personas::customers(read.records);
    let known = || customers.iter().filter(|customer| customer.records.len() >= MIN_RECORDS);
    let population = Population {
        customers: known().count(),
        records: known().map(|customer| customer.records.len()).sum(),
        with_too_few: customers.len() - known().count(),
        anonymous: read.anonymous,
    };
    let run = Run { id: new_id(), at, population, tried: Vec::new(), groups: 0, refusal: None };
    let (groups, tried) = match personas::find(&customers) {
        Outcome::Found(Found { groups, tried }) => (groups, tried),
        Outcome::Refused { refusal, tried } => {
            return (Run { tried, refusal: Some(refusal), ..run }, Vec::new(), Vec::new());
        }
    };
    let mentions = mentions(&customers, &groups, &read.texts);
    let cards = personas::cards(&customers, &groups, &mentions, titles);
    let (personas, members) = identify(cards, &groups, previous, at, new_id);
    (Run { tried, groups: personas.len(), ..run }, personas, members)
}

/// Each group's typical words, with all records that hold them.
fn mentions(customers: &[Customer], groups: &[Group], texts: &Texts) -> Vec<Vec<Mention>> {
    let by_id: HashMap<&CustomerId, &Customer> = customers.iter().map(|customer| (&customer.id, customer)).collect();
    let records = |group: &Group| {
        let members = group.members.iter().filter_map(|(id, _)| by_id.get(id));
        members.flat_map(|customer| &customer.records).map(|record| record.id).collect::<Vec<_>>()
    };
    let of_groups: Vec<Vec<FeedbackId>> = groups.iter().map(records).collect();
    let excerpt = |id: &FeedbackId| texts.get(id).map(|(language, text)| Excerpt { language, text: text.as_str() });
    let excerpts: Vec<Vec<Excerpt<'_>>> =
        of_groups.iter().map(|records| records.iter().filter_map(excerpt).collect()).collect();
    let words: Vec<Vec<(Language, String)>> = themes::titles(&excerpts).into_iter().map(typical).collect();
    let mut holding: BTreeMap<Folded, BTreeSet<FeedbackId>> =
        words.iter().flatten().map(|(_, word)| (Folded::of(word), BTreeSet::new())).collect();
    for id in of_groups.iter().flatten() {
        let Some((_, text)) = texts.get(id) else { continue };
        let text = Folded::of(text);
        for (_, records) in holding.iter_mut().filter(|(word, _)| text.says(word)) {
            records.insert(*id);
        }
    }
    let mention = |(language, word): (Language, String)| {
        let records = holding.get(&Folded::of(&word)).cloned().unwrap_or_default();
        Mention { language, word, records }
    };
    words.into_iter().map(|words| words.into_iter().map(&mention).collect()).collect()
}

/// The first words of a group in each language.
fn typical(titles: themes::Titles) -> Vec<(Language, String)> {
    let words = titles
        .keywords
        .into_iter()
        .flat_map(|(language, words)| words.into_iter().take(WORDS).map(move |word| (language.clone(), word)));
    let mut seen = BTreeSet::new();
    words.filter(|(_, word)| seen.insert(word.clone())).collect()
}

/// Personas of these groups, with the ids of those that they continue, and who is in them.
fn identify(
    cards: Vec<Card>,
    groups: &[Group],
    previous: &[(Previous, DateTime<Utc>)],
    at: DateTime<Utc>,
    mut new_id: impl FnMut() -> Uuid,
) -> (Vec<Persona>, Vec<Member>) {
    let (old, since): (Vec<Previous>, Vec<DateTime<Utc>>) = previous.iter().cloned().unzip();
    let ids = personas::match_previous(&old, groups);
    let (mut personas, mut members) = (Vec::new(), Vec::new());
    for ((card, group), kept) in cards.into_iter().zip(groups).zip(ids) {
        let id = kept.unwrap_or_else(&mut new_id);
        let first = old.iter().zip(&since).find(|(persona, _)| Some(persona.id) == kept);
        personas.push(Persona { id, card, created_at: first.map_or(at, |(_, since)| *since), updated_at: at });
        let member = |(customer, probability): &(CustomerId, f64)| Member {
            customer: customer.clone(),
            persona: id,
            probability: *probability,
        };
        members.extend(group.members.iter().map(member));
    }
    (personas, members)
}
