//! Groups everything anew: vectors in, groups with the ids they had, titles from their own words, edits replayed on them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::app::App;
use crate::clock::Clock;
use crate::error::{Error, Kind, Result};
use crate::feedback::{Feedback, FeedbackId};
use crate::inference::Topics;
use crate::stores::sql::jobs::{self, Job};
use crate::stores::sql::theme_lineage::{self, Descent};
use crate::stores::sql::{feedback, mentions as mention_rows, sub_themes, theme_edits, themes as rows};
use crate::themes::edits::{Record, anchored};
use crate::themes::{
    self, Continued, Edit, Excerpt, Groups, Item, Lying, Marks, Membership, Plan, Present, Previous, SubTheme, Theme,
};

use super::divide::{Parted, divide};
use super::mentions;

/// Rows and vectors are read in pages of this many.
const PAGE: usize = 1_000;

/// How many members a group shows as evidence.
const EXAMPLES: usize = 5;

/// Groups all analysed feedback and completes the jobs that asked for it.
///
/// Runs twice without harm: the same vectors give the same groups, and groups keep the ids of the themes they continue.
/// What people edit meanwhile is not lost: then the names are given and the edits replayed once more.
///
/// # Errors
/// Those of the stores; then the themes stay as they were.
pub async fn cluster(app: &App, claimed: &[Job]) -> Result<()> {
    let records = analysed(app).await?;
    let vectors = vectors(app).await?;
    let grouping = app.grouping.clone();
    let homes = homes(&before(app).await?);
    let smallest = grouping.smallest_group;
    let reader = app.reader.clone();
    let all = blocking(move || {
        let topics = reader.topics();
        let (items, kept) = records.into_iter().filter_map(|record| with_vector(record, &vectors, topics)).unzip();
        let all = All { items, records: kept, found: Groups::default() };
        All { found: themes::regroup(&all.items, &homes, &grouping), ..all }
    });
    let all = Arc::new(all.await?);
    loop {
        let before = before(app).await?;
        let (of, clock) = (all.clone(), app.clock.clone());
        let (before, run) = blocking(move || {
            let run = Run::of(&of, &before, &clock, smallest);
            (before, run)
        })
        .await?;
        let mentions = mentions::of_run(app, &all.items, &run.memberships, &run.present).await?;
        let mut tx = app.db.begin().await?;
        theme_edits::take_turns(&mut tx).await?;
        if theme_edits::holding(&mut tx).await? != before.edits {
            continue;
        }
        if jobs::complete(&mut tx, claimed).await?.is_empty() {
            return Ok(());
        }
        rows::replace_all(&mut tx, &run.present.groups, &run.present.themes).await?;
        sub_themes::replace_all(&mut tx, &run.sub_themes).await?;
        feedback::set_themes(&mut tx, &run.memberships).await?;
        mention_rows::save(&mut tx, &mentions).await?;
        mention_rows::forget_the_gone(&mut tx).await?;
        theme_lineage::add(&mut tx, &run.descents).await?;
        tx.commit().await?;
        app.themes.set(Arc::unwrap_or_clone(run.present));
        return Ok(());
    }
}

/// Everything that was grouped, and how.
struct All {
    items: Vec<Item>,
    records: Vec<Feedback>,
    found: Groups,
}

/// What there was before a run.
struct Before {
    groups: Vec<Theme>,
    members: BTreeMap<Uuid, Vec<FeedbackId>>,
    parted: Parted,
    edits: Vec<Edit>,
}

/// What a run leaves.
struct Run {
    present: Arc<Present>,
    memberships: Vec<Membership>,
    sub_themes: Vec<SubTheme>,
    descents: Vec<Descent>,
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    // what a panic says may quote a customer, so it is not passed on
    let broken_off = |_| Error::new(Kind::Internal, "grouping broke off; the themes stay as they were");
    tokio::task::spawn_blocking(work).await.map_err(broken_off)
}

async fn before(app: &App) -> Result<Before> {
    let mut tx = app.db.begin().await?;
    let groups = rows::groups(&mut tx).await?;
    let edits = theme_edits::holding(&mut tx).await?;
    let mut members: BTreeMap<Uuid, Vec<FeedbackId>> = BTreeMap::new();
    let mut parted = Parted { sub_themes: sub_themes::all(&mut tx).await?, members: BTreeMap::new() };
    for member in feedback::memberships(&mut tx).await? {
        if let Some(group) = member.group_id {
            members.entry(group).or_default().push(member.feedback_id);
        }
        if let Some(sub_theme) = member.sub_theme {
            parted.members.entry(sub_theme).or_default().push(member.feedback_id);
        }
    }
    Ok(Before { groups, members, parted, edits })
}

/// The number of each feedback's group.
fn homes(before: &Before) -> BTreeMap<FeedbackId, usize> {
    let groups = before.members.values().enumerate();
    groups.flat_map(|(number, members)| members.iter().map(move |id| (*id, number))).collect()
}

/// All analysed feedback, oldest first.
async fn analysed(app: &App) -> Result<Vec<Feedback>> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = feedback::analysed(&app.db, after.as_ref(), PAGE as u32).await?;
        let ids: Vec<FeedbackId> = page.items.iter().map(|item| item.id).collect();
        all.extend(feedback::get_many(&app.db, &ids).await?);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

async fn vectors(app: &App) -> Result<HashMap<Uuid, Vec<f32>>> {
    let mut all = HashMap::new();
    let mut after = None;
    loop {
        let page = app.vectors.scroll(after, PAGE).await?;
        all.extend(page.points.into_iter().map(|point| (point.id, point.vector)));
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

fn with_vector(
    record: Feedback,
    vectors: &HashMap<Uuid, Vec<f32>>,
    topics: Option<&Topics>,
) -> Option<(Item, Feedback)> {
    let (vector, analysis) = (vectors.get(&record.id.0)?, record.analysis.as_ref()?);
    let item = Item {
        id: record.id,
        vector: vector.clone(),
        text: record.text.as_str().to_owned(),
        topics: topics.map_or_else(Vec::new, |topics| topics.of(&record.text, vector)),
        language: analysis.language.clone(),
        touchpoint: record.origin.touchpoint.clone(),
    };
    Some((item, record))
}

impl Run {
    fn of(all: &All, before: &Before, clock: &Clock, smallest: usize) -> Self {
        let previous = |theme: &Theme| Previous {
            id: theme.id,
            members: before.members.get(&theme.id).cloned().unwrap_or_default(),
            centre: theme.centre.clone(),
        };
        let previous: Vec<Previous> = before.groups.iter().map(previous).collect();
        let anchored = anchored(&before.edits);
        let done = themes::continued(&previous, all.found.clone(), &all.items, &anchored, || clock.new_id());
        let groups = name(&done, &all.records, &before.groups, clock.now());
        let plan = Plan::new(done.ids.iter().copied(), &before.edits);
        let mut memberships = place(&done, &all.items, &plan);
        let texts: HashMap<FeedbackId, Excerpt<'_>> =
            all.records.iter().filter_map(|record| Some((record.id, excerpt(record)?))).collect();
        let parts = done.found.places.iter().map(|place| place.part);
        let sub_themes = divide(&mut memberships, parts, &texts, &before.parted, clock, smallest);
        let lying = |member: &Membership| Lying {
            id: member.feedback_id,
            theme: member.theme_id,
            similarity: member.similarity,
        };
        let themes = themes::show(&plan, &groups, &memberships.iter().map(lying).collect::<Vec<_>>());
        let descents = descents(&done, &groups, &before.groups, clock);
        Self { present: Arc::new(Present { groups, themes, plan }), memberships, sub_themes, descents }
    }
}

/// The groups of a run with titles from their own words; one without words keeps the titles that it had.
fn name(done: &Continued, records: &[Feedback], old: &[Theme], now: DateTime<Utc>) -> Vec<Theme> {
    let by_id: HashMap<FeedbackId, &Feedback> = records.iter().map(|record| (record.id, record)).collect();
    let old: HashMap<Uuid, &Theme> = old.iter().map(|theme| (theme.id, theme)).collect();
    let groups = &done.found.groups;
    let excerpts: Vec<Vec<Excerpt<'_>>> =
        groups.iter().map(|group| group.members.iter().filter_map(|id| excerpt(by_id.get(id)?)).collect()).collect();
    let named = groups.iter().zip(&done.ids).zip(themes::titles(&excerpts));
    named
        .map(|((group, id), words)| {
            let before = old.get(id);
            let (titles, keywords) = match before {
                Some(before) if words.titles.is_empty() => (before.titles.clone(), before.keywords.clone()),
                _ => (words.titles, words.keywords),
            };
            Theme {
                id: *id,
                titles,
                keywords,
                centre: group.centre.clone(),
                examples: group.members.iter().take(EXAMPLES).copied().collect(),
                size: group.members.len(),
                created_at: before.map_or(now, |before| before.created_at),
                updated_at: now,
                marks: Marks::default(),
            }
        })
        .collect()
}

fn excerpt(record: &Feedback) -> Option<Excerpt<'_>> {
    Some(Excerpt { language: &record.analysis.as_ref()?.language, text: record.text.as_str() })
}

fn place(done: &Continued, items: &[Item], plan: &Plan) -> Vec<Membership> {
    let id = |number: usize| done.ids.get(number).copied();
    items
        .iter()
        .zip(&done.found.places)
        .map(|(item, place)| {
            let group = place.group.and_then(id);
            Membership {
                feedback_id: item.id,
                group_id: group,
                sub_theme: None,
                theme_id: plan.home(&Record { id: Some(item.id), group, vector: Some(&item.vector) }),
                nearest: place.nearest.and_then(id),
                similarity: place.similarity,
            }
        })
        .collect()
}

/// What became of each theme, with the titles by which people knew it.
fn descents(done: &Continued, groups: &[Theme], old: &[Theme], clock: &Clock) -> Vec<Descent> {
    let titles: HashMap<Uuid, &Theme> = old.iter().chain(groups).map(|theme| (theme.id, theme)).collect();
    let titles = |id: Uuid| titles.get(&id).map(|theme| theme.titles.clone()).unwrap_or_default();
    let descent = |lineage: &themes::Lineage| Descent {
        id: clock.new_id(),
        run_at: clock.now(),
        lineage: *lineage,
        titles: titles(lineage.theme),
        other_titles: lineage.other.map(titles).unwrap_or_default(),
    };
    done.lineage.iter().map(descent).collect()
}
