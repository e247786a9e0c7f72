//! Lists incidents with whom they touched, and closes them.

use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use crate::access::{Action, Actor};
use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::Feedback;
use crate::stores::sql::feedback::{self, Filter};
use crate::stores::sql::incidents::{self, Stretch, Touched};
use crate::stores::sql::{themes, tickets};
use crate::stores::{Cursor, Page};
use crate::themes::Theme;
use crate::triage::incident::{Incident, Status};

use super::audit;
use super::overview::{TicketGlance, with_feedback};

/// How many open incidents stand on top of pages.
const GLANCE: usize = 20;

/// How many of its texts and tickets an incident's page shows.
const SHOWN: u32 = 10;

/// An incident with whom it touched.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentGlance {
    /// The incident.
    pub incident: Incident,
    /// Whom it touched.
    pub touched: Touched,
    /// The theme that most of its texts belong to now.
    pub theme: Option<Theme>,
}

/// An incident with the texts and tickets in it.
#[derive(Debug)]
pub struct IncidentStory {
    /// The incident and whom it touched.
    pub glance: IncidentGlance,
    /// When its texts were given, stretches without any left out.
    pub stretches: Vec<Stretch>,
    /// Its latest texts, last received first.
    pub latest: Vec<Feedback>,
    /// Its most urgent open and pending tickets.
    pub tickets: Vec<TicketGlance>,
    /// How many open and pending tickets it has.
    pub active_tickets: u64,
}

/// A page of incidents, last noticed first, of one status or of any.
///
/// # Errors
/// Those of the database.
pub async fn list_incidents(
    app: &App,
    status: Option<Status>,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<IncidentGlance>> {
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    let page = incidents::page(&app.db, status, after.as_ref(), limit).await?;
    Ok(Page { items: glances(app, page.items).await?, next: page.next })
}

/// The incidents that are open, last noticed first; at most 20.
///
/// # Errors
/// Those of the database.
pub async fn open_incidents(app: &App) -> Result<Vec<IncidentGlance>> {
    Ok(list_incidents(app, Some(Status::Open), None, GLANCE).await?.items)
}

/// One incident.
///
/// # Errors
/// `NotFound` if there is none, or those of the database.
pub async fn incident(app: &App, id: Uuid) -> Result<IncidentGlance> {
    let found = glances(app, incidents::get(&app.db, id).await?.into_iter().collect()).await?.pop();
    found.ok_or_else(|| Error::not_found("incident", id))
}

/// One incident with the texts and tickets in it.
///
/// # Errors
/// `NotFound` if there is none, or those of the database.
pub async fn incident_story(app: &App, id: Uuid) -> Result<IncidentStory> {
    let glance = incident(app, id).await?;
    let texts = Filter { incident: Some(id), ..Filter::default() };
    let active = tickets::Filter { incident: Some(id), active: true, ..tickets::Filter::default() };
    let urgent = tickets::page(&app.db, &active, None, SHOWN).await?.items;
    Ok(IncidentStory {
        glance,
        stretches: incidents::ten_minutes(&app.db, id).await?,
        latest: feedback::page(&app.db, &texts, None, SHOWN).await?.items,
        tickets: with_feedback(app, urgent).await?,
        active_tickets: tickets::count(&app.db, &active).await?,
    })
}

/// Moves an incident along: somebody says that it is over.
///
/// # Errors
/// `NotFound` if there is none, `Conflict` if it is closed and shall be open, or those of the database.
pub async fn change_incident_status(app: &App, by: &Actor, id: Uuid, to: Status) -> Result<IncidentGlance> {
    let present = incidents::get(&app.db, id).await?.ok_or_else(|| Error::not_found("incident", id))?;
    let to = present.status.change(to).map_err(|stays| Error::conflict(stays.to_string()))?;
    if to != present.status {
        let mut tx = app.db.begin().await?;
        incidents::change_status(&mut tx, id, present.status, to, app.clock.now()).await?;
        let (name, details) = (id.to_string(), json!({ "status": [present.status.name(), to.name()] }));
        audit::record(&mut tx, &app.clock, by, Action::IncidentClosed, Some(("incident", &name)), details).await?;
        tx.commit().await?;
    }
    incident(app, id).await
}

async fn glances(app: &App, incidents: Vec<Incident>) -> Result<Vec<IncidentGlance>> {
    if incidents.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = incidents.iter().map(|incident| incident.id).collect();
    let mut touched = incidents::touched(&app.db, &ids).await?;
    let all = themes::list(&app.db).await?.into_iter().map(|listed| (listed.theme.id, listed.theme));
    let themes: HashMap<Uuid, Theme> = all.collect();
    let glance = |incident: Incident| {
        let touched = touched.remove(&incident.id).unwrap_or_default();
        let theme = touched.theme.and_then(|id| themes.get(&id).cloned());
        IncidentGlance { incident, touched, theme }
    };
    Ok(incidents.into_iter().map(glance).collect())
}
