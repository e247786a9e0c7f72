//! Settings: queues and due times for everybody; people, tokens and what the settings file says for admins.
//!
//! Queues and due times stand in the settings file and nowhere else, so that one place says what applies: the page
//! shows them with the lines to put there. People and tokens are rows, changed here.

mod lines;
mod people;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::inbox::Choosable;
use super::page::Page;
use super::session::Visit;
use super::text::{visible, visible_toml};
use crate::access::{Role, Scope, Token, User};
use crate::app::{App, Setting, Source};
use crate::feedback::Priority;
use crate::pipeline;
use crate::triage::{DueTimes, QueueSettings};
use crate::web::problem::Problem;

pub use people::{change_user, create_token, create_user, revoke_token};

/// The page.
#[derive(Debug, Template)]
#[template(path = "settings.html")]
pub struct SettingsPage {
    page: Page,
    queues: Vec<QueueView>,
    queue_lines: String,
    due: Vec<(&'static str, Minutes, Minutes)>,
    due_lines: String,
    admin: Option<AdminView>,
    notice: Option<Notice>,
}

/// So many minutes, as people say it.
type Minutes = (u32, String);

/// One queue on it.
#[derive(Debug)]
struct QueueView {
    name: String,
    title: String,
    description: String,
    examples: Vec<String>,
    hours: Option<String>,
}

/// What only admins see.
#[derive(Debug)]
struct AdminView {
    users: Vec<UserView>,
    roles: Vec<Choosable>,
    tokens: Vec<TokenView>,
    scopes: Vec<&'static str>,
    settings: Vec<(String, String, String)>,
}

/// One person.
#[derive(Debug)]
struct UserView {
    name: String,
    roles: Vec<Choosable>,
    since: DateTime<Utc>,
}

/// One token.
#[derive(Debug)]
struct TokenView {
    id: Uuid,
    name: String,
    scopes: Vec<&'static str>,
    state: &'static str,
    works: bool,
    since: DateTime<Utc>,
}

/// What became of a form.
#[derive(Debug)]
enum Notice {
    /// It could not be taken, and why.
    Fault(String),
    /// A new token's secret, shown this once.
    Secret(String),
}

/// What admins' parts are made of.
struct Admin {
    users: Vec<User>,
    tokens: Vec<Token>,
}

/// Shows it.
///
/// # Errors
/// 403 if the role does not allow reading, or those of the database.
pub async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    render(&app, visit.allowed(Scope::FeedbackRead)?, None).await
}

async fn render(app: &App, page: Page, notice: Option<Notice>) -> Result<Response, Problem> {
    let status = match notice {
        Some(Notice::Fault(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let admin = match page.may(Scope::Admin) {
        true => Some(Admin { users: pipeline::list_users(&app.db).await?, tokens: pipeline::list_tokens(app).await? }),
        false => None,
    };
    let due = &app.rules.settings.due;
    let response = super::show(&SettingsPage::new(page, &app.queues, due, admin, &app.settings, notice))?;
    Ok(if status == StatusCode::OK { response } else { super::with_status(status, response) })
}

impl SettingsPage {
    fn new(
        page: Page,
        queues: &[QueueSettings],
        due: &DueTimes,
        admin: Option<Admin>,
        settings: &[Setting],
        notice: Option<Notice>,
    ) -> Self {
        let minutes = |minutes: u32| (minutes, page.span(minutes));
        let times = Priority::ALL.iter().map(|priority| {
            let time = due.of(*priority);
            (priority.name(), minutes(time.first_reply_minutes), minutes(time.resolution_minutes))
        });
        Self {
            queues: queues.iter().map(|queue| QueueView::new(&page, queue)).collect(),
            queue_lines: visible_toml(&lines::of_queues(queues)),
            due: times.collect(),
            due_lines: lines::of_due(due),
            admin: admin.map(|admin| AdminView::new(&page, &admin, settings)),
            notice,
            page,
        }
    }
}

impl QueueView {
    fn new(page: &Page, queue: &QueueSettings) -> Self {
        let description = match page.locale {
            super::locale::Locale::Arabic => &queue.description.ar,
            super::locale::Locale::English => &queue.description.en,
        };
        let hours = queue.hours.as_ref().map(|hours| {
            let days = hours.days.iter().map(|day| page.name("weekday", &day.to_string().to_lowercase()));
            let time = format!("{}–{}", hours.opens.format("%H:%M"), hours.closes.format("%H:%M"));
            page.two_texts("settings-hours", &days.collect::<Vec<_>>().join(" · "), &time)
        });
        Self {
            name: queue.name.clone(),
            title: page.queue(&queue.name),
            description: visible(description),
            examples: queue.examples.iter().map(|example| visible(example)).collect(),
            hours,
        }
    }
}

impl AdminView {
    fn new(page: &Page, admin: &Admin, settings: &[Setting]) -> Self {
        let roles = |now: Option<Role>| -> Vec<Choosable> {
            let now = now.map(Role::name);
            Role::ALL.iter().map(|role| Choosable::new(role.name(), page.name("role", role.name()), now)).collect()
        };
        let user = |user: &User| UserView {
            name: visible(user.name.as_str()),
            roles: roles(Some(user.role)),
            since: user.created_at,
        };
        let setting = |setting: &Setting| {
            let source = match &setting.source {
                Source::Default => page.t("settings-from-default"),
                Source::File(path) => visible(path),
                Source::Environment => page.t("settings-from-environment"),
                Source::Flag => page.t("settings-from-flag"),
            };
            (setting.key.clone(), super::text::shortened(&setting.value, 120), source)
        };
        Self {
            users: admin.users.iter().map(user).collect(),
            roles: roles(Some(Role::Viewer)),
            tokens: admin.tokens.iter().map(|token| TokenView::new(page, token)).collect(),
            scopes: Scope::ALL.iter().map(|scope| scope.name()).collect(),
            settings: settings.iter().filter(|setting| setting.key != "queue").map(setting).collect(),
        }
    }
}

impl TokenView {
    fn new(page: &Page, token: &Token) -> Self {
        let works = token.works_at(page.now);
        Self {
            id: token.id,
            name: visible(&token.name),
            scopes: token.scopes.iter().map(|scope| scope.name()).collect(),
            state: if works {
                "works"
            } else if token.revoked_at.is_some() {
                "revoked"
            } else {
                "expired"
            },
            works,
            since: token.created_at,
        }
    }
}

#[cfg(test)]
impl SettingsPage {
    /// A page with everything on it.
    pub(super) fn sample(page: Page) -> Self {
        let token = Token {
            id: Uuid::nil(),
            name: super::sampled::NASTY.to_owned(),
            hash: String::new(),
            scopes: Scope::ALL.to_vec(),
            created_at: page.now,
            expires_at: None,
            revoked_at: None,
        };
        let users = page.user.iter().cloned().collect();
        let sources = [Source::Default, Source::File("/etc/sada.toml".into()), Source::Environment, Source::Flag];
        let settings: Vec<Setting> = sources
            .into_iter()
            .map(|source| Setting { key: "web.x".to_owned(), value: super::sampled::NASTY.to_owned(), source })
            .collect();
        let mut queues = QueueSettings::defaults();
        queues[0].examples.push(super::sampled::NASTY.to_owned());
        let admin = Some(Admin { users, tokens: vec![token] });
        let notice = Some(Notice::Secret("sada_1".to_owned()));
        Self::new(page, &queues, &DueTimes::default(), admin, &settings, notice)
    }
}
