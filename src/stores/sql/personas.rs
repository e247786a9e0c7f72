//! Personas: each run, the personas that it found, and which customers belong to them.
//!
//! A card holds ids of records and never their words, so that what is erased is gone from here, too.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::any::AnyRow;
use uuid::Uuid;

use super::row::{Reader, to_json};
use super::statement::Statement;
use super::{Db, Tx};
use crate::feedback::CustomerId;
use crate::personas::{Persona, Previous, Run};
use crate::stores::Error;

/// How many rows one statement carries.
const CHUNK: usize = 200;

/// The last run's personas; none of an older run's.
const SELECT: &str = "SELECT p.id, p.card, p.created_at, p.updated_at FROM personas p \
    WHERE p.run_id = (SELECT id FROM persona_runs ORDER BY at DESC, id DESC LIMIT 1)";

/// A customer's place.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Who.
    pub customer: CustomerId,
    /// To which persona.
    pub persona: Uuid,
    /// How probable that is, 0 to 1.
    pub probability: f64,
}

/// Keeps what a run came to. Personas that it found take the place of all that there were; if it found none, the old
/// ones are no longer shown, and wait for a run that takes their ids up again.
///
/// # Errors
/// As the database says.
pub async fn save(tx: &mut Tx, run: &Run, personas: &[Persona], members: &[Member]) -> Result<(), Error> {
    let mut statement = Statement::new("INSERT INTO persona_runs (id, at, run) VALUES (");
    statement.bind(run.id.to_string()).push(", ").bind(run.at.timestamp_millis()).push(", ");
    statement.bind(to_json(run)?).push(")");
    statement.execute(tx).await?;
    if personas.is_empty() {
        return Ok(());
    }
    Statement::new("DELETE FROM persona_members").execute(tx).await?;
    Statement::new("DELETE FROM personas").execute(tx).await?;
    for (place, persona) in (0_i64..).zip(personas) {
        let mut statement =
            Statement::new("INSERT INTO personas (id, run_id, place, card, created_at, updated_at) VALUES (");
        statement.bind_list([persona.id.to_string(), run.id.to_string()]).push(", ");
        statement.bind(place).push(", ").bind(to_json(&persona.card)?).push(", ");
        statement.bind_list([persona.created_at, persona.updated_at].map(|time| time.timestamp_millis())).push(")");
        statement.execute(tx).await?;
    }
    for chunk in members.chunks(CHUNK) {
        let mut statement = Statement::new("INSERT INTO persona_members (customer, persona_id, probability) VALUES ");
        for (index, member) in chunk.iter().enumerate() {
            statement.push(if index == 0 { "(" } else { ", (" });
            statement.bind(member.customer.as_str()).push(", ").bind(member.persona.to_string()).push(", ");
            statement.bind(member.probability).push(")");
        }
        statement.execute(tx).await?;
    }
    Ok(())
}

/// What the last run came to; none before the first.
///
/// # Errors
/// As the database says.
pub async fn last_run(db: &Db) -> Result<Option<Run>, Error> {
    let statement = Statement::new("SELECT id, run FROM persona_runs ORDER BY at DESC, id DESC LIMIT 1");
    let row = statement.one(db).await?;
    row.map(|row| Reader::new("persona_runs", "id", &row).json("run")).transpose()
}

/// The personas that there are now, the largest first.
///
/// # Errors
/// As the database says.
pub async fn list(db: &Db) -> Result<Vec<Persona>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" ORDER BY p.place");
    statement.all(db).await?.iter().map(read).collect()
}

/// One of them.
///
/// # Errors
/// As the database says.
pub async fn get(db: &Db, id: Uuid) -> Result<Option<Persona>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" AND p.id = ").bind(id.to_string());
    statement.one(db).await?.as_ref().map(read).transpose()
}

fn read(row: &AnyRow) -> Result<Persona, Error> {
    let row = Reader::new("personas", "id", row);
    Ok(Persona {
        id: row.id("id")?,
        card: row.json("card")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

/// The personas that were found last, shown or not, with who was in them and since when they are.
///
/// # Errors
/// As the database says.
pub async fn previous(db: &Db) -> Result<Vec<(Previous, chrono::DateTime<chrono::Utc>)>, Error> {
    let rows = Statement::new("SELECT p.id, p.created_at FROM personas p ORDER BY p.place").all(db).await?;
    let mut members: BTreeMap<Uuid, Vec<CustomerId>> = BTreeMap::new();
    let statement = Statement::new("SELECT customer, persona_id FROM persona_members ORDER BY customer");
    for row in &statement.all(db).await? {
        let row = Reader::new("persona_members", "customer", row);
        members.entry(row.id("persona_id")?).or_default().push(customer(&row)?);
    }
    let each = rows.iter().map(|row| {
        let row = Reader::new("personas", "id", row);
        let id = row.id("id")?;
        Ok((Previous { id, members: members.remove(&id).unwrap_or_default() }, row.time("created_at")?))
    });
    each.collect()
}

/// Who is in a persona; nobody if there is none of this id.
///
/// # Errors
/// As the database says.
pub async fn members(db: &Db, id: Uuid) -> Result<BTreeSet<CustomerId>, Error> {
    let mut statement = Statement::new("SELECT customer FROM persona_members WHERE persona_id = ");
    statement.bind(id.to_string());
    let rows = statement.all(db).await?;
    rows.iter().map(|row| customer(&Reader::new("persona_members", "customer", row))).collect()
}

fn customer(row: &Reader<'_>) -> Result<CustomerId, Error> {
    row.text("customer")?.try_into().map_err(|error| row.corrupt("customer", error))
}
