//! Search: what holds these words, and what means the same.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::choice::Choice;
use super::feedback::Chooser;
use super::page::Page;
use super::record::Record;
use super::session::Visit;
use super::text::visible;
use crate::access::Scope;
use crate::app::App;
use crate::feedback::Feedback;
use crate::pipeline;
use crate::web::api::text;
use crate::web::extract::{Fields, Parameters, Query};
use crate::web::problem::Problem;

/// How many are found by words.
const BY_WORDS: usize = 10;

/// How many are found by meaning.
const BY_MEANING: usize = 20;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Wanted(Option<String>);

impl Parameters for Wanted {
    fn read(fields: &mut Fields) -> Self {
        Self(fields.optional("q"))
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "search.html")]
pub struct Search {
    page: Page,
    wanted: String,
    chooser: Chooser,
    by_words: Vec<Record>,
    by_meaning: Vec<(Record, f64)>,
}

/// Looks for it and shows what was found.
///
/// # Errors
/// 403 if the role does not allow reading, 422 for a text that can't be looked for, or those of the engine and the stores.
pub async fn search(
    State(app): State<App>,
    visit: Visit,
    Query((Wanted(wanted), choice)): Query<(Wanted, Choice)>,
) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let Some(wanted) = wanted.filter(|wanted| !text::is_blank(wanted)) else {
        return super::show(&Search::new(page, "", &choice, &[], &[]));
    };
    let query = text::parse(wanted.clone()).map_err(|bad| Problem::invalid_param("q", bad.to_string()))?;
    let filter = choice.filter(page.offset);
    let by_words = pipeline::search_words(&app, &query, &filter, BY_WORDS).await?;
    let mut by_meaning = pipeline::search(&app, query, filter, BY_MEANING).await?;
    by_meaning.retain(|(item, _)| by_words.iter().all(|found| found.id != item.id));
    super::show(&Search::new(page, &wanted, &choice, &by_words, &by_meaning))
}

impl Search {
    /// Puts what was found on the page.
    #[must_use]
    pub fn new(page: Page, wanted: &str, choice: &Choice, words: &[Feedback], meaning: &[(Feedback, f32)]) -> Self {
        let near = |(item, similarity): &(Feedback, f32)| (Record::new(item), f64::from(*similarity));
        Self {
            wanted: visible(wanted),
            chooser: Chooser::new(&page, choice, None),
            by_words: words.iter().map(Record::new).collect(),
            by_meaning: meaning.iter().map(near).collect(),
            page,
        }
    }
}

#[cfg(test)]
impl Search {
    /// A search that found something both ways.
    pub(super) fn sample(page: Page) -> Self {
        let (first, second) = (super::tests::feedback(1), super::tests::feedback(2));
        Self::new(page, super::tests::NASTY, &Choice::default(), &[first], &[(second, 0.87)])
    }
}
