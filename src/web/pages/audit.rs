//! The audit log, for admins: who changed what, last first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};

use super::address::query;
use super::choice::{day, day_after, midnight};
use super::inbox::Choosable;
use super::page::Page;
use super::session::Visit;
use super::text::visible;
use crate::access::{Action, Actor, AuditEntry, Scope};
use crate::app::App;
use crate::pipeline::{self, AuditFilter, Cursor};
use crate::web::extract::{Fields, Parameters, Query};
use crate::web::problem::Problem;

/// How many entries a page has.
const PAGE: usize = 50;

/// Which entries, as the address says it.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    action: Option<Action>,
    actor: Option<String>,
    subject: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    after: Option<Cursor>,
}

impl Parameters for Wanted {
    fn read(fields: &mut Fields) -> Self {
        Self {
            action: fields.optional("action"),
            actor: fields.optional("actor"),
            subject: fields.optional("subject"),
            from: fields.optional_with("from", day),
            to: fields.optional_with("to", day),
            after: fields.optional("after"),
        }
    }
}

impl Wanted {
    fn filter(&self, page: &Page) -> AuditFilter {
        AuditFilter {
            action: self.action,
            actor: self.actor.clone(),
            subject: self.subject.clone(),
            since: self.from.and_then(|from| midnight(from, page.offset)),
            until: self.to.and_then(|to| day_after(to, page.offset)),
        }
    }

    fn address(&self, after: &Cursor) -> String {
        let after = after.to_string();
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        let (from, to) = (day(self.from), day(self.to));
        let fields = [
            ("action", self.action.map(Action::name)),
            ("actor", self.actor.as_deref()),
            ("subject", self.subject.as_deref()),
            ("from", from.as_deref()),
            ("to", to.as_deref()),
            ("after", Some(after.as_str())),
        ];
        let said: Vec<(&str, &str)> = fields.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
        format!("/audit?{}", query(&said))
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "audit.html")]
pub struct Audit {
    page: Page,
    lines: Vec<Line>,
    next: Option<String>,
    actions: Vec<Choosable>,
    actor: String,
    subject: String,
    from: String,
    to: String,
}

/// One entry on it.
#[derive(Debug)]
struct Line {
    at: DateTime<Utc>,
    actor: String,
    action: &'static str,
    subject: Option<Subject>,
    details: Vec<(String, String)>,
}

/// What something was done to.
#[derive(Debug)]
struct Subject {
    kind: String,
    name: String,
    href: Option<String>,
}

/// Shows it.
///
/// # Errors
/// 403 for anybody but an admin, 422 for a wrong filter, or those of the database.
pub async fn audit(State(app): State<App>, visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::Admin)?;
    let found = pipeline::read_audit(&app, &wanted.filter(&page), wanted.after.as_ref(), PAGE).await?;
    super::show(&Audit::new(page, &wanted, &found))
}

impl Audit {
    fn new(page: Page, wanted: &Wanted, found: &pipeline::Page<AuditEntry>) -> Self {
        let action = wanted.action.map(Action::name);
        let actions =
            Action::ALL.iter().map(|each| Choosable::new(each.name(), page.name("action", each.name()), action));
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            lines: found.items.iter().map(|entry| Line::new(&page, entry)).collect(),
            next: found.next.as_ref().map(|after| wanted.address(after)),
            actions: actions.collect(),
            actor: wanted.actor.clone().unwrap_or_default(),
            subject: wanted.subject.clone().unwrap_or_default(),
            from: day(wanted.from),
            to: day(wanted.to),
            page,
        }
    }
}

impl Line {
    fn new(page: &Page, entry: &AuditEntry) -> Self {
        let actor = match &entry.actor {
            Actor::User { name, .. } => visible(name),
            Actor::Token { name, .. } => page.about("audit-token", &visible(name)),
            Actor::Operator | Actor::Nobody => page.name("audit-actor", entry.actor.kind()),
        };
        let details = entry.details.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        let detail = |(name, value): (&String, &serde_json::Value)| {
            (page.either(&format!("audit-detail-{name}"), name), said(page, value))
        };
        Self {
            at: entry.at,
            actor,
            action: entry.action.name(),
            subject: entry.subject.as_ref().map(|(kind, id)| Subject::new(page, kind, id)),
            details: details.map(detail).collect(),
        }
    }
}

/// A value, or what it was and what it is.
fn said(page: &Page, value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Array(pair) if pair.len() == 2 => {
            page.two_texts("audit-became", &said(page, &pair[0]), &said(page, &pair[1]))
        }
        serde_json::Value::Array(items) => items.iter().map(|item| said(page, item)).collect::<Vec<_>>().join(" · "),
        serde_json::Value::String(text) => visible(text),
        other => visible(&other.to_string()),
    }
}

impl Subject {
    fn new(page: &Page, kind: &str, id: &str) -> Self {
        let is_id = uuid::Uuid::try_parse(id).is_ok();
        let href = match kind {
            _ if !is_id => None,
            "ticket" => Some(format!("/inbox/{id}")),
            "incident" => Some(format!("/incidents/{id}")),
            "theme" => Some(format!("/themes/{id}")),
            "feedback" => Some(format!("/feedback/{id}")),
            "import" => Some(format!("/import/{id}")),
            _ => None,
        };
        let name =
            if is_id { id.chars().rev().take(6).collect::<Vec<_>>().into_iter().rev().collect() } else { visible(id) };
        Self { kind: page.either(&format!("audit-subject-{kind}"), kind), name, href }
    }
}

#[cfg(test)]
impl Audit {
    /// A log with everything on it.
    pub(super) fn sample(page: Page) -> Self {
        let actors = [
            Actor::User { id: uuid::Uuid::nil(), name: super::sampled::NASTY.to_owned() },
            Actor::Token { id: uuid::Uuid::nil(), name: super::sampled::NASTY.to_owned() },
            Actor::Operator,
            Actor::Nobody,
        ];
        let ids = [uuid::Uuid::nil().to_string(), super::sampled::NASTY.to_owned()];
        let subjects = ["ticket", "incident", "theme", "user", "token", "import"];
        let entry = |(number, action): (usize, &Action)| AuditEntry {
            id: uuid::Uuid::nil(),
            at: page.now,
            actor: actors[number % actors.len()].clone(),
            action: *action,
            subject: Some((subjects[number % subjects.len()].to_owned(), ids[number % ids.len()].clone())),
            details: serde_json::json!({ "priority": ["P2", "P1"], "name": super::sampled::NASTY, "fault": null }),
        };
        let items = Action::ALL.iter().enumerate().map(entry).collect();
        Self::new(page, &Wanted::default(), &pipeline::Page { items, next: None })
    }
}
