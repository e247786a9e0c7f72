//! Search: what holds these words, and what means the same.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::choice::Choice;
use super::feedback::{After, Chooser, Names};
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
    next: Option<String>,
    is_first: bool,
}

/// Looks for it and shows what was found.
///
/// # Errors
/// 403 if the role does not allow reading, 422 for a text that can't be looked for, or those of the engine and the stores.
pub async fn search(
    State(app): State<App>,
    visit: Visit,
    Query((Wanted(wanted), (choice, After(after)))): Query<(Wanted, (Choice, After))>,
) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let Some(wanted) = wanted.filter(|wanted| !text::is_blank(wanted)) else {
        return super::show(&Search::new(page, "", &choice, None, &[]));
    };
    let query = text::parse(wanted.clone()).map_err(|bad| Problem::invalid_param("q", bad.to_string()))?;
    let filter = choice.filter(page.offset);
    let by_words = pipeline::search_words(&app, &query, &filter, after.as_ref(), BY_WORDS).await?;
    // what means the same stands on the first page, whole
    let mut by_meaning = match after {
        None => pipeline::search(&app, query, filter, BY_MEANING).await?,
        Some(_) => Vec::new(),
    };
    by_meaning.retain(|(item, _)| by_words.items.iter().all(|found| found.id != item.id));
    let found = Found { page: &by_words, is_first: after.is_none() };
    super::show(&Search::new(page, &wanted, &choice, Some(&found), &by_meaning))
}

/// A page of what holds the words.
#[derive(Clone, Copy, Debug)]
pub struct Found<'found> {
    page: &'found pipeline::Page<Feedback>,
    is_first: bool,
}

impl Search {
    /// Puts what was found on the page.
    #[must_use]
    pub fn new(
        page: Page,
        wanted: &str,
        choice: &Choice,
        words: Option<&Found<'_>>,
        meaning: &[(Feedback, f32)],
    ) -> Self {
        let near = |(item, similarity): &(Feedback, f32)| (Record::new(item), f64::from(*similarity));
        Self {
            wanted: visible(wanted),
            chooser: Chooser::new(&page, choice, Names::default()),
            by_words: words.map(|words| words.page.items.iter().map(Record::new).collect()).unwrap_or_default(),
            next: words
                .and_then(|words| words.page.next.as_ref())
                .map(|after| format!("/search?{}", choice.query(&[("q", wanted), ("after", &after.to_string())]))),
            is_first: words.is_none_or(|words| words.is_first),
            by_meaning: meaning.iter().map(near).collect(),
            page,
        }
    }
}

#[cfg(test)]
impl Search {
    /// A search that found something both ways.
    pub(super) fn sample(page: Page) -> Self {
        let (first, second) = (super::sampled::feedback(1), super::sampled::feedback(2));
        let words = pipeline::Page { items: vec![first], next: None };
        let found = Found { page: &words, is_first: true };
        Self::new(page, super::sampled::NASTY, &Choice::default(), Some(&found), &[(second, 0.87)])
    }
}
