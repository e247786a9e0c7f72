//! Vectors in this process: `qdrant-edge` in a folder, its calls kept off the async threads.
//!
//! Every update is in its write-ahead log, a mapped file, before it is applied: a killed process loses nothing.

use std::path::Path;
use std::sync::Arc;

use qdrant_edge::{
    Condition, CountRequest, CreateIndex, DEFAULT_VECTOR_NAME, Distance, EdgeConfig, EdgeShard, EdgeVectorParams,
    FieldCondition, FieldIndexOperations, Filter as EdgeFilter, HasIdCondition, JsonPath, Match, NamedQuery,
    OperationError, PayloadFieldSchema, PayloadSchemaType, PointId, PointInsertOperations, PointOperations, PointStruct,
    QueryEnum, QueryRequest, Range, Record, RetrieveRequest, ScoringQuery, ScrollRequest, UpdateOperation,
    ValueVariants, VectorInternal, VectorStructInternal, WalOptions, WithPayloadInterface, WithVector,
    external::ordered_float::OrderedFloat,
};
use uuid::Uuid;

use super::point::field;
use super::{Filter, Hit, Payload, Point, Scrolled, wrong_size};
use crate::stores::{Error, Store};

/// What a shard's folder holds once it was made.
const CONFIG_FILE: &str = "edge_config.json";

/// Room for a few thousand points before the log starts another file; it is taken from the disk at once.
const LOG_BYTES: usize = 8 * 1024 * 1024;

/// A shard in a folder.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    shard: Arc<EdgeShard>,
}

impl Edge {
    pub(super) async fn open(folder: &Path, size: usize) -> Result<Self, Error> {
        let folder = folder.to_owned();
        let shard = blocking(move || open(&folder, size)).await?;
        Ok(Self { shard: Arc::new(shard) })
    }

    pub(super) async fn upsert(&self, points: Vec<Point>) -> Result<(), Error> {
        let points = points.into_iter().map(stored).collect::<Result<Vec<_>, _>>()?;
        let insert = PointOperations::UpsertPoints(PointInsertOperations::PointsList(points));
        self.run(move |shard| shard.update(UpdateOperation::PointOperation(insert))).await
    }

    pub(super) async fn get(&self, ids: &[Uuid]) -> Result<Vec<Point>, Error> {
        let mut request = RetrieveRequest::new(ids.iter().copied().map(PointId::Uuid).collect());
        request.with_payload = Some(WithPayloadInterface::Bool(true));
        request.with_vector = Some(WithVector::Bool(true));
        let records = self.run(move |shard| shard.retrieve(request)).await?;
        records.into_iter().map(loaded).collect()
    }

    pub(super) async fn nearest(&self, vector: &[f32], k: usize, filter: &Filter) -> Result<Vec<Hit>, Error> {
        let mut request = QueryRequest::new(k);
        let query = NamedQuery::new(VectorInternal::Dense(vector.to_vec()), DEFAULT_VECTOR_NAME);
        request.query = Some(ScoringQuery::Vector(QueryEnum::Nearest(query)));
        request.filter = Some(translated(filter)?);
        let found = self.run(move |shard| shard.query(request)).await?;
        found.into_iter().map(|point| Ok(Hit { id: uuid(&point.id)?, score: point.score })).collect()
    }

    pub(super) async fn scroll(&self, from: Option<Uuid>, limit: usize) -> Result<Scrolled, Error> {
        let mut request = ScrollRequest::new();
        request.offset = from.map(PointId::Uuid);
        request.limit = Some(limit);
        request.with_payload = Some(WithPayloadInterface::Bool(true));
        request.with_vector = WithVector::Bool(true);
        let (records, next) = self.run(move |shard| shard.scroll(request)).await?;
        let points = records.into_iter().map(loaded).collect::<Result<_, _>>()?;
        Ok(Scrolled { points, next: next.as_ref().map(uuid).transpose()? })
    }

    pub(super) async fn delete(&self, ids: &[Uuid]) -> Result<(), Error> {
        let ids = ids.iter().copied().map(PointId::Uuid).collect();
        let delete = PointOperations::DeletePoints { ids };
        self.run(move |shard| shard.update(UpdateOperation::PointOperation(delete))).await
    }

    pub(super) async fn count(&self) -> Result<u64, Error> {
        let count = self.run(|shard| shard.count(CountRequest::new())).await?;
        Ok(count as u64)
    }

    pub(super) async fn flush(&self) -> Result<(), Error> {
        self.run(EdgeShard::flush).await
    }

    pub(super) async fn maintain(&self) -> Result<(), Error> {
        self.run(|shard| shard.optimize().and_then(|_| shard.flush())).await
    }

    #[expect(clippy::unused_async, reason = "called like the other back end's")]
    pub(super) async fn ping(&self) -> Result<(), Error> {
        Ok(())
    }

    async fn run<Answer: Send + 'static>(
        &self,
        work: impl FnOnce(&EdgeShard) -> Result<Answer, OperationError> + Send + 'static,
    ) -> Result<Answer, Error> {
        let shard = Arc::clone(&self.shard);
        blocking(move || work(&shard).map_err(|error| failed(&error))).await
    }
}

async fn blocking<Answer: Send + 'static>(
    work: impl FnOnce() -> Result<Answer, Error> + Send + 'static,
) -> Result<Answer, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) => Err(Error::other(Store::Vectors, format!("its thread ended: {error}"))),
    }
}

/// Opens the shard in `folder`, or makes it; a making that was cut off is made good.
fn open(folder: &Path, size: usize) -> Result<EdgeShard, Error> {
    let opened = if folder.join(CONFIG_FILE).exists() {
        EdgeShard::load(folder, None)
    } else {
        EdgeShard::new(folder, config(size))
    };
    let shard = opened.map_err(|error| {
        let message = format!("the vectors in {} can't be opened: {error}", folder.display());
        Error::unavailable(Store::Vectors, message)
    })?;
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

fn config(size: usize) -> EdgeConfig {
    let wal = WalOptions { segment_capacity: LOG_BYTES, ..WalOptions::default() };
    let vector = EdgeVectorParams::builder(size, Distance::Cosine).build();
    EdgeConfig::builder().vector(DEFAULT_VECTOR_NAME, vector).wal_options(wal).build()
}

fn stored(point: Point) -> Result<qdrant_edge::PointStructPersisted, Error> {
    let payload = serde_json::to_value(&point.payload)
        .map_err(|error| Error::other(Store::Vectors, format!("a payload has no JSON: {error}")))?;
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
