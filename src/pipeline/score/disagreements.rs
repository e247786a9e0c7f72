//! Where a text contradicts the rating that came with it.

use super::of_method;
use crate::app::App;
use crate::error::Result;
use crate::feedback::{Feedback, RatingMethod};
use crate::scores::{self, Clash, Disagreement};
use crate::stores::sql::feedback::{self, Filter};
use crate::stores::{Cursor, Page};

/// A feedback whose text contradicts its rating.
#[derive(Clone, Debug)]
pub struct Contradiction {
    /// The feedback.
    pub feedback: Feedback,
    /// How they disagree.
    pub disagreement: Disagreement,
}

/// The feedback whose text contradicts its rating, newest first.
///
/// # Errors
/// `Invalid` if the filter chooses by rating; those of the database.
pub async fn disagreements(
    app: &App,
    method: Option<RatingMethod>,
    filter: Filter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<Contradiction>> {
    let filter = of_method(method, filter)?;
    let clashes: Vec<Clash> = Clash::of(RatingMethod::ALL).collect();
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    let page = feedback::contradicting(&app.db, &filter, &clashes, after.as_ref(), limit).await?;
    let told = |feedback: Feedback| {
        let sentiment = feedback.analysis.as_ref().and_then(|analysis| analysis.known_sentiment());
        let disagreement = feedback.rating.zip(sentiment).and_then(|(rating, text)| scores::disagreement(rating, text));
        disagreement.map(|disagreement| Contradiction { feedback, disagreement })
    };
    Ok(Page { items: page.items.into_iter().filter_map(told).collect(), next: page.next })
}
