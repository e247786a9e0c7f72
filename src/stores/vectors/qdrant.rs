//! Vectors on a Qdrant server, by gRPC.
//!
//! Every write waits until the server has applied it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use qdrant_client::qdrant::point_id::PointIdOptions;
use qdrant_client::qdrant::vector_output::Vector;
use qdrant_client::qdrant::vectors_config::Config;
use qdrant_client::qdrant::{
    CollectionInfo, Condition, CountPointsBuilder, CreateCollectionBuilder, CreateFieldIndexCollectionBuilder,
    DeletePointsBuilder, Distance, FieldType, Filter as RemoteFilter, GetPointsBuilder, PointId, PointStruct,
    PointsIdsList, Query, QueryPointsBuilder, Range, ScrollPointsBuilder, UpsertPointsBuilder, Value,
    VectorParamsBuilder, VectorsOutput,
};
use qdrant_client::{Payload as RemotePayload, Qdrant, QdrantError};
use tonic::Code;
use uuid::Uuid;

use super::point::field;
use super::{Filter, Hit, Payload, Point, Scrolled, VectorSettings, refused, wrong_size};
use crate::stores::{Error, Store};

/// A collection on a server.
#[derive(Clone)]
pub(super) struct Remote {
    client: Arc<Qdrant>,
    collection: String,
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").field("collection", &self.collection).finish_non_exhaustive()
    }
}

impl Remote {
    pub(super) async fn open(settings: &VectorSettings, url: &str, size: usize) -> Result<Self, Error> {
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(refused("its URL must look like http://host:6334 or https://host:6334"));
        }
        // The client would quote the key in its own error.
        if settings.api_key.as_ref().is_some_and(|key| !key.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(refused("its API key holds a space, a line break or a letter that no key has"));
        }
        let timeout = Duration::from_secs(settings.timeout_s.max(1));
        let client = Qdrant::from_url(url)
            .api_key(settings.api_key.clone())
            .timeout(timeout)
            .connect_timeout(timeout)
            .skip_compatibility_check()
            .build()
            .map_err(|error| failed(&error))?;
        let remote = Self { client: Arc::new(client), collection: settings.collection.clone() };
        remote.prepare(size).await?;
        Ok(remote)
    }

    /// Makes the collection and its indexes if need be, and checks that it is of the right kind.
    async fn prepare(&self, size: usize) -> Result<(), Error> {
        let name = self.collection.as_str();
        if !self.client.collection_exists(name).await.map_err(|error| failed(&error))? {
            let vectors = VectorParamsBuilder::new(size as u64, Distance::Cosine);
            let create = CreateCollectionBuilder::new(name).vectors_config(vectors);
            match self.client.create_collection(create).await {
                Err(QdrantError::ResponseError { status }) if status.code() == Code::AlreadyExists => {}
                created => drop(created.map_err(|error| failed(&error))?),
            }
        }
        let info = self.client.collection_info(name).await.map_err(|error| failed(&error))?.result;
        let info = info.ok_or_else(|| Error::other(Store::Vectors, "the server told nothing of its collection"))?;
        check(&info, name, size)?;
        for (field, kind) in [
            (field::COLLECTED_AT, FieldType::Integer),
            (field::LANGUAGE, FieldType::Keyword),
            (field::CHANNEL, FieldType::Keyword),
        ] {
            if !info.payload_schema.contains_key(field) {
                let create = CreateFieldIndexCollectionBuilder::new(name, field, kind).wait(true);
                self.client.create_field_index(create).await.map_err(|error| failed(&error))?;
            }
        }
        Ok(())
    }

    pub(super) async fn upsert(&self, points: Vec<Point>) -> Result<(), Error> {
        let points = points.into_iter().map(stored).collect::<Result<Vec<_>, _>>()?;
        let upsert = UpsertPointsBuilder::new(&self.collection, points).wait(true);
        self.client.upsert_points(upsert).await.map(drop).map_err(|error| failed(&error))
    }

    pub(super) async fn get(&self, ids: &[Uuid]) -> Result<Vec<Point>, Error> {
        let get = GetPointsBuilder::new(&self.collection, point_ids(ids)).with_payload(true).with_vectors(true);
        let found = self.client.get_points(get).await.map_err(|error| failed(&error))?;
        found.result.into_iter().map(|point| loaded(point.id, point.vectors, point.payload)).collect()
    }

    pub(super) async fn nearest(&self, vector: &[f32], k: usize, filter: &Filter) -> Result<Vec<Hit>, Error> {
        let query = QueryPointsBuilder::new(&self.collection)
            .query(Query::new_nearest(vector.to_vec()))
            .filter(translated(filter))
            .limit(k as u64);
        let found = self.client.query(query).await.map_err(|error| failed(&error))?;
        found.result.into_iter().map(|point| Ok(Hit { id: uuid(point.id)?, score: point.score })).collect()
    }

    pub(super) async fn scroll(&self, from: Option<Uuid>, limit: usize) -> Result<Scrolled, Error> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let scroll = ScrollPointsBuilder::new(&self.collection).limit(limit).with_payload(true).with_vectors(true);
        let scroll = match from {
            Some(from) => scroll.offset(PointId::from(from.to_string())),
            None => scroll,
        };
        let found = self.client.scroll(scroll).await.map_err(|error| failed(&error))?;
        let next = found.next_page_offset.map(|id| uuid(Some(id))).transpose()?;
        let points = found.result.into_iter().map(|point| loaded(point.id, point.vectors, point.payload));
        Ok(Scrolled { points: points.collect::<Result<_, _>>()?, next })
    }

    pub(super) async fn delete(&self, ids: &[Uuid]) -> Result<(), Error> {
        let points = PointsIdsList { ids: point_ids(ids) };
        let delete = DeletePointsBuilder::new(&self.collection).points(points).wait(true);
        self.client.delete_points(delete).await.map(drop).map_err(|error| failed(&error))
    }

    pub(super) async fn count(&self) -> Result<u64, Error> {
        let count = CountPointsBuilder::new(&self.collection).exact(true);
        let counted = self.client.count(count).await.map_err(|error| failed(&error))?;
        Ok(counted.result.map_or(0, |result| result.count))
    }

    /// Nothing to do: the server looks after itself.
    #[expect(clippy::unused_async, reason = "called like the other back end's")]
    pub(super) async fn maintain(&self) -> Result<(), Error> {
        Ok(())
    }

    pub(super) async fn ping(&self) -> Result<(), Error> {
        self.client.health_check().await.map(drop).map_err(|error| failed(&error))
    }
}

/// Whether a collection that was there before is one of ours.
fn check(info: &CollectionInfo, name: &str, size: usize) -> Result<(), Error> {
    let params = info.config.as_ref().and_then(|config| config.params.as_ref());
    let config = params.and_then(|params| params.vectors_config.as_ref()).and_then(|vectors| vectors.config.as_ref());
    let place = format!("the collection {name}");
    match config {
        Some(Config::Params(vector)) if vector.distance() != Distance::Cosine => Err(refused(&format!(
            "{place} measures by {} and Sada needs cosine; name another collection in the settings",
            vector.distance().as_str_name()
        ))),
        Some(Config::Params(vector)) if vector.size != size as u64 => Err(wrong_size(&place, vector.size, size)),
        Some(Config::Params(_)) => Ok(()),
        _ => Err(refused(&format!("{place} was not made by Sada; name another collection in the settings"))),
    }
}

fn stored(point: Point) -> Result<PointStruct, Error> {
    let bad = |message: String| Error::other(Store::Vectors, format!("a payload can't be sent: {message}"));
    let payload = serde_json::to_value(&point.payload).map_err(|error| bad(error.to_string()))?;
    let payload = RemotePayload::try_from(payload).map_err(|error| bad(error.to_string()))?;
    Ok(PointStruct::new(point.id.to_string(), point.vector, payload))
}

fn loaded(
    id: Option<PointId>,
    vectors: Option<VectorsOutput>,
    payload: impl IntoIterator<Item = (String, Value)>,
) -> Result<Point, Error> {
    let id = uuid(id)?;
    let corrupt = |column: &str, message: &str| Error::Corrupt {
        table: "vectors",
        column: column.to_owned(),
        row: id.to_string(),
        message: message.to_owned(),
    };
    let Some(Vector::Dense(vector)) = vectors.and_then(|vectors| vectors.get_vector()) else {
        return Err(corrupt("vector", "it isn't one dense vector"));
    };
    let payload = payload.into_iter().map(|(name, value)| (name, value.into_json())).collect();
    let payload = serde_json::from_value::<Payload>(serde_json::Value::Object(payload));
    let payload = payload.map_err(|error| corrupt("payload", &error.to_string()))?;
    Ok(Point { id, vector: vector.data, payload })
}

fn point_ids(ids: &[Uuid]) -> Vec<PointId> {
    ids.iter().map(|id| PointId::from(id.to_string())).collect()
}

fn uuid(id: Option<PointId>) -> Result<Uuid, Error> {
    let id = match id.and_then(|id| id.point_id_options) {
        Some(PointIdOptions::Uuid(id)) => id,
        Some(PointIdOptions::Num(number)) => number.to_string(),
        None => "?".to_owned(),
    };
    Uuid::try_parse(&id).map_err(|error| Error::Corrupt {
        table: "vectors",
        column: "id".to_owned(),
        row: id.clone(),
        message: error.to_string(),
    })
}

fn translated(filter: &Filter) -> RemoteFilter {
    let mut must = filter.words().map(|(name, value)| Condition::matches(name, value)).collect::<Vec<_>>();
    if let Some((since, until)) = filter.span() {
        let number = |millis: i64| millis as f64;
        let range = Range { gte: since.map(number), lt: until.map(number), gt: None, lte: None };
        must.push(Condition::range(field::COLLECTED_AT, range));
    }
    let mut translated = RemoteFilter::must(must);
    if !filter.exclude.is_empty() {
        translated.must_not.push(Condition::has_id(point_ids(&filter.exclude)));
    }
    translated
}

/// What an answer of the server, or the lack of one, means to the caller.
fn failed(error: &QdrantError) -> Error {
    let status = match error {
        QdrantError::ResponseError { status } => status,
        QdrantError::ResourceExhaustedError { status, .. } => return Error::busy(Store::Vectors, status.message()),
        QdrantError::InvalidUri(_) => return refused(&format!("{error}; give its address as http://host:6334")),
        QdrantError::Io(_) => return Error::unavailable(Store::Vectors, error.to_string()),
        _ => return Error::other(Store::Vectors, error.to_string()),
    };
    let message = status.message();
    match status.code() {
        Code::ResourceExhausted => Error::busy(Store::Vectors, message),
        Code::Unauthenticated | Code::PermissionDenied => {
            refused(&format!("{message}; set the API key that the server wants"))
        }
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => refused(message),
        Code::NotFound => refused(&format!("{message}; restart Sada to have its collection made again")),
        // The client reports a connection that can't be made as `Internal`, one that broke as `Unknown`.
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled | Code::Internal | Code::Unknown => {
            Error::unavailable(Store::Vectors, message)
        }
        _ => Error::other(Store::Vectors, message),
    }
}
