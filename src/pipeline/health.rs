//! Whether every part answers.

use std::collections::BTreeMap;

use crate::app::App;

/// How the parts are.
#[derive(Clone, Debug)]
pub struct Health {
    /// Part → `ok`, or what is wrong with it.
    pub parts: BTreeMap<&'static str, String>,
    /// Whether all are well.
    pub ready: bool,
}

/// Asks the database and the vector index; the engine is warm before there is an `App`.
pub async fn health(app: &App) -> Health {
    let (database, vectors) = tokio::join!(app.db.ping(), app.vectors.ping());
    let parts: BTreeMap<&'static str, String> = [("database", told(database)), ("vectors", told(vectors))].into();
    let ready = parts.values().all(|state| state == "ok");
    Health { parts, ready }
}

fn told<E: std::fmt::Display>(answer: Result<(), E>) -> String {
    answer.map_or_else(|error| error.to_string(), |()| "ok".to_owned())
}
