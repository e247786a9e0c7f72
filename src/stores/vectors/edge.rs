//! Vectors in this process: `qdrant-edge` in a folder, its calls kept off the async threads.
//!
//! This version of `qdrant-edge` never reads its own log back, so what was not flushed would be lost with the process,
//! and flushing is slow. So each change goes into our own [`Journal`] first, which is read back on opening; the shard is
//! flushed, and the journal cleared, when it has grown long, on maintenance and on closing.
//! The log of `qdrant-edge` only grows, too: its finished files are removed whenever the shard is opened.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use qdrant_edge::{
    Condition, CountRequest, CreateIndex, DEFAULT_VECTOR_NAME, Distance, EdgeConfig, EdgeShard, EdgeVectorParams,
    FieldCondition, FieldIndexOperations, Filter as EdgeFilter, HasIdCondition, JsonPath, Match, NamedQuery,
    OperationError, PayloadFieldSchema, PayloadSchemaType, PointId, PointInsertOperations, PointOperations,
    PointStruct, PointStructPersisted, QueryEnum, QueryRequest, Range, Record, ScoringQuery, ScrollRequest,
    UpdateOperation, ValueVariants, VectorInternal, VectorStructInternal, WalOptions, WithPayloadInterface, WithVector,
    external::ordered_float::OrderedFloat,
};
use uuid::Uuid;

use super::journal::{Change, Journal};
use super::point::field;
use super::{Filter, Hit, Payload, Point, Scrolled, wrong_size};
use crate::stores::{Error, Store};

/// What a shard's folder holds once it was made.
const CONFIG_FILE: &str = "edge_config.json";

/// The journal, beside the shard's own files.
const JOURNAL_FILE: &str = "sada-journal";

/// How long the journal grows before the shard is flushed: some ten thousand vectors of 384 dimensions.
const JOURNAL_BYTES: u64 = 16 * 1024 * 1024;

/// Room for a few thousand points before the log starts another file; it is taken from the disk at once.
const LOG_BYTES: usize = 8 * 1024 * 1024;

/// A shard in a folder.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    held: Arc<Held>,
}

/// The locks are taken in this order: maintaining, journal, shard.
#[derive(Debug)]
struct Held {
    folder: PathBuf,
    size: usize,
    /// Taken while indexes are built, during which the shard must not be flushed.
    maintaining: Mutex<()>,
    /// Taken by whoever changes the shard, so that changes are journalled in the order in which they are made.
    journal: Mutex<Journal>,
    /// Read by searches and changes, written by flushes; empty only if opening it anew failed.
    shard: RwLock<Option<EdgeShard>>,
}

impl Edge {
    pub(super) async fn open(folder: &Path, size: usize) -> Result<Self, Error> {
        let folder = folder.to_owned();
        let held = blocking(move || {
            let (shard, journal) = open(&folder, size)?;
            let (journal, shard) = (Mutex::new(journal), RwLock::new(Some(shard)));
            Ok(Held { folder, size, maintaining: Mutex::new(()), journal, shard })
        });
        Ok(Self { held: Arc::new(held.await?) })
    }

    pub(super) async fn upsert(&self, points: Vec<Point>) -> Result<(), Error> {
        self.change(Change::Upsert(points)).await
    }

    pub(super) async fn get(&self, ids: &[Uuid]) -> Result<Vec<Point>, Error> {
        let ids = ids.iter().copied().map(PointId::Uuid).collect::<Vec<_>>();
        let payload = Some(WithPayloadInterface::Bool(true));
        let records = self.read(move |shard| shard.retrieve(&ids, payload, Some(WithVector::Bool(true)))).await?;
        records.into_iter().map(loaded).collect()
    }

    pub(super) async fn nearest(&self, vector: &[f32], k: usize, filter: &Filter) -> Result<Vec<Hit>, Error> {
        let query = NamedQuery::new(VectorInternal::Dense(vector.to_vec()), DEFAULT_VECTOR_NAME);
        let request = QueryRequest {
            prefetches: Vec::new(),
            query: Some(ScoringQuery::Vector(QueryEnum::Nearest(query))),
            filter: Some(translated(filter)?),
            score_threshold: None,
            limit: k,
            offset: 0,
            params: None,
            with_vector: WithVector::Bool(false),
            with_payload: WithPayloadInterface::Bool(false),
        };
        let found = self.read(move |shard| shard.query(request)).await?;
        found.into_iter().map(|point| Ok(Hit { id: uuid(&point.id)?, score: point.score })).collect()
    }

    pub(super) async fn scroll(&self, from: Option<Uuid>, limit: usize) -> Result<Scrolled, Error> {
        let request = ScrollRequest {
            offset: from.map(PointId::Uuid),
            limit: Some(limit),
            filter: None,
            with_payload: Some(WithPayloadInterface::Bool(true)),
            with_vector: WithVector::Bool(true),
            order_by: None,
        };
        let (records, next) = self.read(move |shard| shard.scroll(request)).await?;
        let points = records.into_iter().map(loaded).collect::<Result<_, _>>()?;
        Ok(Scrolled { points, next: next.as_ref().map(uuid).transpose()? })
    }

    pub(super) async fn delete(&self, ids: &[Uuid]) -> Result<(), Error> {
        self.change(Change::Delete(ids.to_vec())).await
    }

    pub(super) async fn count(&self) -> Result<u64, Error> {
        let count = self.read(|shard| shard.count(CountRequest { filter: None, exact: true })).await?;
        Ok(count as u64)
    }

    /// Builds indexes, clears out what was deleted, and opens the shard anew, which trims its log.
    ///
    /// Searches and changes go on while indexes are built.
    pub(super) async fn maintain(&self) -> Result<(), Error> {
        let held = Arc::clone(&self.held);
        blocking(move || {
            let _maintaining = held.maintaining.lock().unwrap_or_else(PoisonError::into_inner);
            held.with(|shard| shard.optimize().map(drop))?;
            let mut journal = held.journal();
            let mut shard = held.write();
            // The old one, which flushes as it goes, must be gone before the new one takes the log.
            *shard = None;
            journal.clear().map_err(|error| cannot_write(&error))?;
            let (opened, fresh) = open(&held.folder, held.size)?;
            (*shard, *journal) = (Some(opened), fresh);
            Ok(())
        })
        .await
    }

    pub(super) async fn ping(&self) -> Result<(), Error> {
        self.read(|_| Ok(())).await
    }

    async fn change(&self, change: Change) -> Result<(), Error> {
        let held = Arc::clone(&self.held);
        blocking(move || held.change(change)).await
    }

    async fn read<Answer: Send + 'static>(
        &self,
        work: impl FnOnce(&EdgeShard) -> Result<Answer, OperationError> + Send + 'static,
    ) -> Result<Answer, Error> {
        let held = Arc::clone(&self.held);
        blocking(move || held.with(work)).await
    }
}

impl Held {
    fn change(&self, change: Change) -> Result<(), Error> {
        let mut journal = self.journal();
        journal.append(&change).map_err(|error| cannot_write(&error))?;
        self.with(|shard| apply(shard, change))?;
        if journal.bytes() < JOURNAL_BYTES {
            return Ok(());
        }
        // While indexes are built it just grows on.
        let Ok(_maintaining) = self.maintaining.try_lock() else { return Ok(()) };
        if let Some(shard) = &*self.write() {
            shard.flush();
            journal.clear().map_err(|error| cannot_write(&error))?;
        }
        Ok(())
    }

    fn with<Answer>(&self, work: impl FnOnce(&EdgeShard) -> Result<Answer, OperationError>) -> Result<Answer, Error> {
        match &*self.read() {
            Some(shard) => work(shard).map_err(|error| failed(&error)),
            None => Err(Error::unavailable(Store::Vectors, "its folder could not be opened again; restart Sada")),
        }
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> RwLockReadGuard<'_, Option<EdgeShard>> {
        self.shard.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Option<EdgeShard>> {
        self.shard.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    /// Closes the shard, which flushes it; then the journal has nothing more to say.
    fn drop(&mut self) {
        if self.write().take().is_some()
            && let Err(error) = self.journal().clear()
        {
            tracing::warn!(%error, "the journal of the vectors stays; it is read again at the next start");
        }
    }
}

async fn blocking<Answer: Send + 'static>(
    work: impl FnOnce() -> Result<Answer, Error> + Send + 'static,
) -> Result<Answer, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        // `qdrant-edge` panics where it can't write.
        Err(error) => {
            Err(Error::unavailable(Store::Vectors, format!("a call ended early, is the disk full? ({error})")))
        }
    }
}

/// Opens the shard in `folder` and makes good what a crash left undone.
fn open(folder: &Path, size: usize) -> Result<(EdgeShard, Journal), Error> {
    let shard = open_shard(folder, size)?;
    let (mut journal, changes) = Journal::open(&folder.join(JOURNAL_FILE)).map_err(|error| cannot_write(&error))?;
    for change in changes {
        apply(&shard, change).map_err(|error| failed(&error))?;
    }
    shard.flush();
    journal.clear().map_err(|error| cannot_write(&error))?;
    Ok((shard, journal))
}

fn apply(shard: &EdgeShard, change: Change) -> Result<(), OperationError> {
    let operation = match change {
        Change::Upsert(points) => {
            let points = points.into_iter().map(stored).collect::<Result<Vec<_>, _>>()?;
            PointOperations::UpsertPoints(PointInsertOperations::PointsList(points))
        }
        Change::Delete(ids) => PointOperations::DeletePoints { ids: ids.into_iter().map(PointId::Uuid).collect() },
    };
    shard.update(UpdateOperation::PointOperation(operation))
}

fn cannot_write(error: &std::io::Error) -> Error {
    Error::unavailable(Store::Vectors, format!("its journal can't be written: {error}"))
}

/// Opens the shard in `folder`, or makes it; a making that was cut off is made good.
fn open_shard(folder: &Path, size: usize) -> Result<EdgeShard, Error> {
    let cannot = |error: &dyn std::fmt::Display| {
        Error::unavailable(Store::Vectors, format!("the folder {} can't be opened: {error}", folder.display()))
    };
    std::fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
    let opened = if folder.join(CONFIG_FILE).exists() {
        trim_log(folder).map_err(|error| cannot(&error))?;
        EdgeShard::load(folder, None)
    } else {
        EdgeShard::new(folder, config(size))
    };
    let shard = opened.map_err(|error| cannot(&error))?;
    let found = shard.config().vectors.get(DEFAULT_VECTOR_NAME).map(|vector| (vector.size, vector.distance));
    match found {
        Some((found, Distance::Cosine)) if found == size => {}
        Some((found, Distance::Cosine)) => return Err(wrong_size(&folder.display().to_string(), found as u64, size)),
        _ => {
            let message = format!("the vectors in {} were not made by Sada; name another folder", folder.display());
            return Err(Error::refused(Store::Vectors, message));
        }
    }
    for (name, kind) in [
        (field::COLLECTED_AT, PayloadSchemaType::Integer),
        (field::LANGUAGE, PayloadSchemaType::Keyword),
        (field::CHANNEL, PayloadSchemaType::Keyword),
    ] {
        let field_schema = Some(PayloadFieldSchema::FieldType(kind));
        let create = FieldIndexOperations::CreateIndex(CreateIndex { field_name: path(name)?, field_schema });
        shard.update(UpdateOperation::FieldIndexOperation(create)).map_err(|error| failed(&error))?;
    }
    Ok(shard)
}

/// Removes the finished files of the log but the last, from which updates are numbered on.
///
/// Nobody reads what they hold; the journal has it.
fn trim_log(folder: &Path) -> std::io::Result<()> {
    let mut finished = Vec::new();
    for entry in std::fs::read_dir(folder.join("wal"))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if let Some(number) = name.strip_prefix("closed-").and_then(|number| number.parse::<u64>().ok()) {
            finished.push((number, path));
        }
    }
    finished.sort_unstable();
    finished.pop();
    finished.iter().try_for_each(|(_, path)| std::fs::remove_file(path))
}

fn config(size: usize) -> EdgeConfig {
    let wal = WalOptions { segment_capacity: LOG_BYTES, ..WalOptions::default() };
    let vector = EdgeVectorParams::builder(size, Distance::Cosine).build();
    EdgeConfig::builder().vector(DEFAULT_VECTOR_NAME, vector).wal_options(wal).build()
}

fn stored(point: Point) -> Result<PointStructPersisted, OperationError> {
    let payload = serde_json::to_value(&point.payload)
        .map_err(|error| OperationError::validation_error(format!("a payload has no JSON: {error}")))?;
    Ok(PointStruct::new(PointId::Uuid(point.id), point.vector, payload).into())
}

fn loaded(record: Record) -> Result<Point, Error> {
    let id = uuid(&record.id)?;
    let corrupt = |column: &str, message: &str| Error::Corrupt {
        table: "vectors",
        column: column.to_owned(),
        row: id.to_string(),
        message: message.to_owned(),
    };
    let vector = match record.vector {
        Some(VectorStructInternal::Single(vector)) => vector,
        _ => return Err(corrupt("vector", "it isn't one dense vector")),
    };
    let payload = record.payload.map(|payload| payload.0).unwrap_or_default();
    let payload = serde_json::from_value::<Payload>(payload.into());
    let payload = payload.map_err(|error| corrupt("payload", &error.to_string()))?;
    Ok(Point { id, vector, payload })
}

fn uuid(id: &PointId) -> Result<Uuid, Error> {
    match id {
        PointId::Uuid(id) => Ok(*id),
        PointId::NumId(number) => Err(Error::Corrupt {
            table: "vectors",
            column: "id".to_owned(),
            row: number.to_string(),
            message: "it isn't a UUID".to_owned(),
        }),
    }
}

fn path(name: &str) -> Result<JsonPath, Error> {
    name.parse().map_err(|()| Error::other(Store::Vectors, format!("{name} is no field")))
}

fn translated(filter: &Filter) -> Result<EdgeFilter, Error> {
    let mut must = Vec::new();
    for (name, value) in filter.words() {
        let word = Match::new_value(ValueVariants::String(value));
        must.push(Condition::Field(FieldCondition::new_match(path(name)?, word)));
    }
    if let Some((since, until)) = filter.span() {
        let number = |millis: i64| OrderedFloat(millis as f64);
        let range = Range { gte: since.map(number), lt: until.map(number), gt: None, lte: None };
        must.push(Condition::Field(FieldCondition::new_range(path(field::COLLECTED_AT)?, range)));
    }
    let excluded = filter.exclude.iter().copied().map(PointId::Uuid).collect::<HasIdCondition>();
    let must_not = (!filter.exclude.is_empty()).then(|| vec![Condition::HasId(excluded)]);
    Ok(EdgeFilter { should: None, min_should: None, must: Some(must), must_not })
}

fn failed(error: &OperationError) -> Error {
    let message = error.to_string();
    match error {
        OperationError::ServiceError { .. } | OperationError::OutOfMemory { .. } => {
            Error::unavailable(Store::Vectors, message)
        }
        OperationError::WrongVectorDimension { .. } | OperationError::ValidationError { .. } => {
            Error::refused(Store::Vectors, message)
        }
        _ => Error::other(Store::Vectors, message),
    }
}
