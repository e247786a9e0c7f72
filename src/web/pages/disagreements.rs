//! Feedback whose text contradicts its rating.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::choice;
use super::feedback::After;
use super::page::Page;
use super::record::Record;
use super::session::Visit;
use crate::access::Scope;
use crate::app::App;
use crate::feedback::RatingMethod;
use crate::pipeline;
use crate::pipeline::score::{self, Contradiction, Question};
use crate::web::extract::{Fields, Parameters, Query};
use crate::web::problem::Problem;

/// How many records a page has.
const PAGE: usize = 30;

/// Ratings of which method.
#[derive(Clone, Copy, Debug)]
pub struct Of(Option<RatingMethod>);

impl Parameters for Of {
    fn read(fields: &mut Fields) -> Self {
        Self(fields.optional("method"))
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "disagreements.html")]
pub struct Disagreements {
    page: Page,
    total: u64,
    found: Vec<(&'static str, Record)>,
    next: Option<String>,
}

/// Shows them.
///
/// # Errors
/// 403 if the role does not allow reading, 422 for a wrong choice, or those of the stores.
pub async fn disagreements(
    State(app): State<App>,
    visit: Visit,
    Query(((Of(method), choice), After(after))): Query<((Of, choice::Choice), After)>,
) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let filter = choice.filter(page.offset);
    let scores = score::scores(&app, Question { method, filter: filter.clone(), ..Question::default() }).await?;
    let total = scores.iter().map(|scores| scores.disagreements).sum();
    let found = score::disagreements(&app, method, filter, after, PAGE).await?;
    let next = found.next.as_ref().map(|after| {
        let after = after.to_string();
        let method = method.map(|method| ("method", method.name()));
        let more: Vec<(&str, &str)> = method.into_iter().chain([("after", after.as_str())]).collect();
        format!("/scores/disagreements?{}", choice.query(&more))
    });
    super::show(&Disagreements::new(page, total, &found, next))
}

impl Disagreements {
    /// Puts them on the page.
    #[must_use]
    pub fn new(page: Page, total: u64, found: &pipeline::Page<Contradiction>, next: Option<String>) -> Self {
        let shown = |each: &Contradiction| (each.disagreement.name(), Record::new(&each.feedback));
        Self { total, found: found.items.iter().map(shown).collect(), next, page }
    }
}

#[cfg(test)]
impl Disagreements {
    /// A page with both kinds on it.
    pub(super) fn sample(page: Page) -> Self {
        let items = crate::scores::Disagreement::ALL
            .iter()
            .map(|disagreement| Contradiction { feedback: super::sampled::feedback(1), disagreement: *disagreement });
        let found = pipeline::Page { items: items.collect(), next: None };
        Self::new(page, 2, &found, None)
    }
}
