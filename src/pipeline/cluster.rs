//! Groups everything anew: vectors in, themes with the ids they had, titles from their own words.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::feedback::{Feedback, FeedbackId};
use crate::stores::sql::jobs::{self, Job};
use crate::stores::sql::{feedback, themes as rows};
use crate::themes::{self, Excerpt, Groups, Item, Membership, Previous, Theme};

/// Rows and vectors are read in pages of this many.
const PAGE: usize = 1_000;

/// How many members a theme shows as evidence.
const EXAMPLES: usize = 5;

/// Groups all analysed feedback and completes the jobs that asked for it.
///
/// Runs twice without harm: the same vectors give the same groups, and groups keep the ids of the themes they continue.
///
/// # Errors
/// Those of the stores; then the themes stay as they were.
pub async fn cluster(app: &App, claimed: &[Job]) -> Result<()> {
    let records = analysed(app).await?;
    let vectors = vectors(app).await?;
    let grouping = app.grouping.clone();
    let old = rows::list(&app.db).await?.into_iter().map(|listed| listed.theme).collect::<Vec<_>>();
    let members = members(&records);
    let (clock, now) = (app.clock.clone(), app.clock.now());
    let computed = tokio::task::spawn_blocking(move || {
        let (items, kept): (Vec<Item>, Vec<&Feedback>) =
            records.iter().filter_map(|item| with_vector(item, &vectors)).unzip();
        let groups = themes::group(&items, &grouping);
        let themes = name(&groups, &kept, &old, members, || clock.new_id(), now);
        let memberships = place(&groups, &kept, &themes);
        (themes, memberships)
    });
    // what a panic says may quote a customer, so it is not passed on
    let broken_off = |_| Error::new(Kind::Internal, "grouping broke off; the themes stay as they were");
    let (themes, memberships) = computed.await.map_err(broken_off)?;
    let mut tx = app.db.begin().await?;
    if jobs::complete(&mut tx, claimed).await?.is_empty() {
        return Ok(());
    }
    rows::replace_all(&mut tx, &themes).await?;
    feedback::set_themes(&mut tx, &memberships).await?;
    tx.commit().await?;
    app.themes.set(themes);
    Ok(())
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

/// The present members of each theme.
fn members(records: &[Feedback]) -> BTreeMap<Uuid, Vec<FeedbackId>> {
    let mut members: BTreeMap<Uuid, Vec<FeedbackId>> = BTreeMap::new();
    for record in records {
        if let Some(theme) = record.analysis.as_ref().and_then(|analysis| analysis.theme.as_ref()) {
            members.entry(theme.id).or_default().push(record.id);
        }
    }
    members
}

fn with_vector<'records>(
    record: &'records Feedback,
    vectors: &HashMap<Uuid, Vec<f32>>,
) -> Option<(Item, &'records Feedback)> {
    let (vector, analysis) = (vectors.get(&record.id.0)?, record.analysis.as_ref()?);
    let item = Item {
        id: record.id,
        vector: vector.clone(),
        language: analysis.language.clone(),
        touchpoint: record.origin.touchpoint.clone(),
    };
    Some((item, record))
}

/// The themes of these groups, with the ids of the themes that they continue.
fn name(
    groups: &Groups,
    records: &[&Feedback],
    old: &[Theme],
    mut members: BTreeMap<Uuid, Vec<FeedbackId>>,
    mut new_id: impl FnMut() -> Uuid,
    now: DateTime<Utc>,
) -> Vec<Theme> {
    let by_id: HashMap<FeedbackId, &Feedback> = records.iter().map(|record| (record.id, *record)).collect();
    let previous: Vec<Previous> = old
        .iter()
        .map(|theme| Previous {
            id: theme.id,
            members: members.remove(&theme.id).unwrap_or_default(),
            centre: theme.centre.clone(),
        })
        .collect();
    let excerpts: Vec<Vec<Excerpt<'_>>> = groups
        .groups
        .iter()
        .map(|group| group.members.iter().filter_map(|id| excerpt(by_id.get(id)?)).collect())
        .collect();
    let ids = themes::match_previous(&previous, &groups.groups);
    groups
        .groups
        .iter()
        .zip(ids)
        .zip(themes::titles(&excerpts))
        .map(|((group, kept), titles)| Theme {
            id: kept.unwrap_or_else(&mut new_id),
            titles: titles.titles,
            keywords: titles.keywords,
            centre: group.centre.clone(),
            examples: group.members.iter().take(EXAMPLES).copied().collect(),
            size: group.members.len(),
            created_at: old.iter().find(|theme| Some(theme.id) == kept).map_or(now, |theme| theme.created_at),
            updated_at: now,
        })
        .collect()
}

fn excerpt<'record>(record: &&'record Feedback) -> Option<Excerpt<'record>> {
    Some(Excerpt { language: &record.analysis.as_ref()?.language, text: record.text.as_str() })
}

fn place(groups: &Groups, records: &[&Feedback], themes: &[Theme]) -> Vec<Membership> {
    let id = |index: usize| themes.get(index).map(|theme| theme.id);
    records
        .iter()
        .zip(&groups.places)
        .map(|(record, place)| Membership {
            feedback_id: record.id,
            theme_id: place.group.and_then(id),
            nearest: place.nearest.and_then(id),
            similarity: place.similarity,
        })
        .collect()
}
