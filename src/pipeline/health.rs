//! Whether every part answers.

use std::collections::BTreeMap;

use crate::app::App;
use crate::error::Result;
use crate::feedback::ModelInfo;
use crate::inference::generate::Writer;
use crate::stores::sql::jobs;

/// How the parts are.
#[derive(Clone, Debug)]
pub struct Health {
    /// Part → `ok`, or what is wrong with it.
    pub parts: BTreeMap<&'static str, String>,
    /// Whether all are well.
    pub ready: bool,
}

/// Asks the model, the database and the vector index; the model is warm before there is an `App`.
pub async fn health(app: &App) -> Health {
    let (database, vectors) = tokio::join!(app.db.ping(), app.vectors.ping());
    let model = if app.reader.is_alive() { "ok" } else { "the model's threads have ended; start the process anew" };
    let mut parts: BTreeMap<&'static str, String> =
        [("database", told(database)), ("model", model.to_owned()), ("vectors", told(vectors))].into();
    let ready = parts.values().all(|state| state == "ok");
    // said, but nothing depends on it
    parts.insert("language_model", app.writer.as_ref().map_or_else(|| "none".to_owned(), writing));
    Health { parts, ready }
}

/// Tells the metrics how many jobs of each kind wait, are in hand, and were given up.
///
/// # Errors
/// Those of the database.
pub async fn count_jobs(app: &App) -> Result<()> {
    for owed in jobs::pending(&app.db).await? {
        for (state, count) in [("waiting", owed.waiting()), ("held", owed.held), ("dead", owed.dead)] {
            metrics::gauge!("sada_jobs", "kind" => owed.kind.clone(), "state" => state).set(count as f64);
        }
    }
    Ok(())
}

fn writing(writer: &Writer) -> String {
    let ModelInfo { name, digest } = writer.info();
    match (writer.is_alive(), digest.is_empty()) {
        (false, _) => format!("{name} has stopped; answers are made without it"),
        (true, true) => format!("{name} on a server"),
        (true, false) => format!("{name} {digest:.12}"),
    }
}

fn told<E: std::fmt::Display>(answer: Result<(), E>) -> String {
    answer.map_or_else(|error| error.to_string(), |()| "ok".to_owned())
}
