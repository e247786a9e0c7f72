//! A stand-in for a Qdrant server: the calls that Sada makes, over gRPC, answered by `qdrant-edge`.
//!
//! It keeps one shard for a collection, knows the filters that Sada sends, and refuses whatever else it is asked.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use qdrant_client::qdrant::collections_server::{Collections, CollectionsServer};
use qdrant_client::qdrant::condition::ConditionOneOf;
use qdrant_client::qdrant::r#match::MatchValue;
use qdrant_client::qdrant::point_id::PointIdOptions;
use qdrant_client::qdrant::points_selector::PointsSelectorOneOf;
use qdrant_client::qdrant::points_server::{Points, PointsServer};
use qdrant_client::qdrant::qdrant_server::{Qdrant, QdrantServer as HealthServer};
use qdrant_client::qdrant::vectors_config::Config;
use qdrant_client::qdrant::{self as wire, query, vector, vector_input, vector_output, vectors, vectors_output};
use qdrant_edge as edge;
use qdrant_edge::external::ordered_float::OrderedFloat;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

/// A server that runs as long as the value lives.
pub(crate) struct Server {
    address: SocketAddr,
    stop: DropGuard,
    served: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Serves `state` at `address` (port 0 for any); wants `api_key` in every call if there is one.
    pub(crate) async fn start(state: &State, address: &str, api_key: Option<&'static str>) -> Self {
        let incoming = TcpIncoming::bind(address.parse().expect("an address")).expect("a free port");
        let address = incoming.local_addr().expect("its address");
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let service = Service(state.clone());
        let check = move |request: Request<()>| match request.metadata().get("api-key") {
            given if given.map(|key| key.as_bytes()) == api_key.map(str::as_bytes) => Ok(request),
            _ => Err(Status::unauthenticated("Must provide an API key or an Authorization bearer token")),
        };
        let serving = tonic::transport::Server::builder()
            .add_service(HealthServer::with_interceptor(service.clone(), check))
            .add_service(CollectionsServer::with_interceptor(service.clone(), check))
            .add_service(PointsServer::with_interceptor(service, check))
            .serve_with_incoming_shutdown(incoming, async move { stopped.cancelled().await });
        #[expect(clippy::disallowed_methods, reason = "a server of the tests, ended by its guard")]
        let served = tokio::spawn(async move { serving.await.expect("served") });
        Self { address, stop: stop.drop_guard(), served }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops serving and closes the connections; says where it was.
    pub(crate) async fn stop(self) -> SocketAddr {
        drop(self.stop);
        self.served.await.expect("ended");
        self.address
    }
}

/// What the server keeps, also while it is stopped.
#[derive(Clone, Default)]
pub(crate) struct State(Arc<Mutex<BTreeMap<String, Collection>>>);

struct Collection {
    vectors: wire::VectorParams,
    schema: HashMap<String, wire::PayloadSchemaInfo>,
    shard: edge::EdgeShard,
    _folder: tempfile::TempDir,
}

impl State {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Collection>> {
        self.0.lock().expect("not poisoned")
    }

    /// The size, the distance and the indexes of a collection.
    pub(crate) fn kind(&self, name: &str) -> Option<(u64, wire::Distance, BTreeMap<String, wire::PayloadSchemaType>)> {
        let collections = self.lock();
        let collection = collections.get(name)?;
        let schema = collection.schema.iter().map(|(name, info)| (name.clone(), info.data_type())).collect();
        Some((collection.vectors.size, collection.vectors.distance(), schema))
    }

    /// Makes a collection as somebody else would.
    pub(crate) fn create(&self, name: &str, size: u64, distance: wire::Distance) {
        let vectors = wire::VectorParams { size, distance: distance as i32, ..Default::default() };
        self.lock().insert(name.to_owned(), Collection::new(vectors).expect("made"));
    }

    fn with<Answer>(
        &self,
        name: &str,
        work: impl FnOnce(&mut Collection) -> Result<Answer, Status>,
    ) -> Result<Answer, Status> {
        let mut collections = self.lock();
        let collection = collections.get_mut(name);
        work(collection.ok_or_else(|| Status::not_found(format!("Collection `{name}` doesn't exist!")))?)
    }
}

impl Collection {
    fn new(vectors: wire::VectorParams) -> Result<Self, Status> {
        let folder = tempfile::tempdir()?;
        let distance = match vectors.distance() {
            wire::Distance::Cosine => edge::Distance::Cosine,
            wire::Distance::Dot => edge::Distance::Dot,
            other => return Err(Status::unimplemented(other.as_str_name())),
        };
        let size = usize::try_from(vectors.size).expect("small");
        let params = edge::EdgeVectorParams::builder(size, distance).build();
        let config = edge::EdgeConfig::builder().vector(edge::DEFAULT_VECTOR_NAME, params).build();
        let shard = edge::EdgeShard::new(folder.path(), config).map_err(failed)?;
        Ok(Self { vectors, schema: HashMap::new(), shard, _folder: folder })
    }
}

#[derive(Clone)]
struct Service(State);

impl Service {
    fn create(&self, request: wire::CreateCollection) -> Result<wire::CollectionOperationResponse, Status> {
        let Some(Config::Params(vectors)) = request.vectors_config.and_then(|config| config.config) else {
            return Err(Status::unimplemented("named vectors"));
        };
        let mut collections = self.0.lock();
        if collections.contains_key(&request.collection_name) {
            return Err(Status::already_exists("it exists"));
        }
        collections.insert(request.collection_name, Collection::new(vectors)?);
        Ok(wire::CollectionOperationResponse { result: true, time: 0.0 })
    }

    fn exists(&self, request: &wire::CollectionExistsRequest) -> wire::CollectionExistsResponse {
        let exists = self.0.lock().contains_key(&request.collection_name);
        wire::CollectionExistsResponse { result: Some(wire::CollectionExists { exists }), time: 0.0 }
    }

    fn info(&self, request: &wire::GetCollectionInfoRequest) -> Result<wire::GetCollectionInfoResponse, Status> {
        self.0.with(&request.collection_name, |collection| {
            let vectors = wire::VectorsConfig { config: Some(Config::Params(collection.vectors)) };
            let params = wire::CollectionParams { vectors_config: Some(vectors), ..Default::default() };
            let config = wire::CollectionConfig { params: Some(params), ..Default::default() };
            let payload_schema = collection.schema.clone();
            let info = wire::CollectionInfo { config: Some(config), payload_schema, ..Default::default() };
            Ok(wire::GetCollectionInfoResponse { result: Some(info), time: 0.0 })
        })
    }

    fn index(&self, request: wire::CreateFieldIndexCollection) -> Result<wire::PointsOperationResponse, Status> {
        let kind = match request.field_type() {
            wire::FieldType::Keyword => (edge::PayloadSchemaType::Keyword, wire::PayloadSchemaType::Keyword),
            wire::FieldType::Integer => (edge::PayloadSchemaType::Integer, wire::PayloadSchemaType::Integer),
            other => return Err(Status::unimplemented(other.as_str_name())),
        };
        self.0.with(&request.collection_name, |collection| {
            let field_schema = Some(edge::PayloadFieldSchema::FieldType(kind.0));
            let create = edge::CreateIndex { field_name: path(&request.field_name)?, field_schema };
            let create = edge::FieldIndexOperations::CreateIndex(create);
            collection.shard.update(edge::UpdateOperation::FieldIndexOperation(create)).map_err(failed)?;
            let info = wire::PayloadSchemaInfo { data_type: kind.1 as i32, ..Default::default() };
            collection.schema.insert(request.field_name, info);
            Ok(done())
        })
    }

    fn upsert_points(&self, request: wire::UpsertPoints) -> Result<wire::PointsOperationResponse, Status> {
        assert_eq!(request.wait, Some(true), "Sada waits for what it writes");
        let points = request.points.into_iter().map(point).collect::<Result<Vec<_>, _>>()?;
        let insert = edge::PointOperations::UpsertPoints(edge::PointInsertOperations::PointsList(points));
        self.change(&request.collection_name, insert)
    }

    fn delete_points(&self, request: wire::DeletePoints) -> Result<wire::PointsOperationResponse, Status> {
        assert_eq!(request.wait, Some(true), "Sada waits for what it writes");
        let selector = request.points.and_then(|points| points.points_selector_one_of);
        let Some(PointsSelectorOneOf::Points(points)) = selector else {
            return Err(Status::unimplemented("deleting by filter"));
        };
        let ids = points.ids.iter().map(id).collect::<Result<_, _>>()?;
        self.change(&request.collection_name, edge::PointOperations::DeletePoints { ids })
    }

    fn change(&self, name: &str, change: edge::PointOperations) -> Result<wire::PointsOperationResponse, Status> {
        self.0.with(name, |collection| {
            collection.shard.update(edge::UpdateOperation::PointOperation(change)).map_err(failed)?;
            Ok(done())
        })
    }

    fn get_points(&self, request: wire::GetPoints) -> Result<wire::GetResponse, Status> {
        let ids = request.ids.iter().map(id).collect::<Result<Vec<_>, _>>()?;
        self.0.with(&request.collection_name, |collection| {
            let payload = edge::WithPayloadInterface::Bool(true);
            let records = collection.shard.retrieve(&ids, Some(payload), Some(edge::WithVector::Bool(true)));
            // Qdrant promises no order.
            let result = records.map_err(failed)?.into_iter().rev().map(retrieved).collect();
            Ok(wire::GetResponse { result, ..Default::default() })
        })
    }

    fn query_points(&self, request: wire::QueryPoints) -> Result<wire::QueryResponse, Status> {
        let Some(query::Variant::Nearest(input)) = request.query.and_then(|query| query.variant) else {
            return Err(Status::unimplemented("other queries"));
        };
        let Some(vector_input::Variant::Dense(vector)) = input.variant else {
            return Err(Status::unimplemented("other vectors"));
        };
        let nearest = edge::NamedQuery::new(edge::VectorInternal::Dense(vector.data), edge::DEFAULT_VECTOR_NAME);
        let search = edge::QueryRequest {
            prefetches: Vec::new(),
            query: Some(edge::ScoringQuery::Vector(edge::QueryEnum::Nearest(nearest))),
            filter: request.filter.map(filter).transpose()?,
            score_threshold: None,
            limit: usize::try_from(request.limit.unwrap_or(10)).expect("small"),
            offset: 0,
            params: None,
            with_vector: edge::WithVector::Bool(false),
            with_payload: edge::WithPayloadInterface::Bool(false),
        };
        self.0.with(&request.collection_name, |collection| {
            let found = collection.shard.query(search).map_err(failed)?;
            let scored = found.into_iter().map(|point| wire::ScoredPoint {
                id: Some(wire_id(&point.id)),
                score: point.score,
                ..Default::default()
            });
            Ok(wire::QueryResponse { result: scored.collect(), ..Default::default() })
        })
    }

    fn scroll_points(&self, request: wire::ScrollPoints) -> Result<wire::ScrollResponse, Status> {
        let scroll = edge::ScrollRequest {
            offset: request.offset.as_ref().map(id).transpose()?,
            limit: request.limit.map(|limit| limit as usize),
            filter: request.filter.map(filter).transpose()?,
            with_payload: Some(edge::WithPayloadInterface::Bool(true)),
            with_vector: edge::WithVector::Bool(true),
            order_by: None,
        };
        self.0.with(&request.collection_name, |collection| {
            let (records, next) = collection.shard.scroll(scroll).map_err(failed)?;
            let next_page_offset = next.as_ref().map(wire_id);
            let result = records.into_iter().map(retrieved).collect();
            Ok(wire::ScrollResponse { next_page_offset, result, ..Default::default() })
        })
    }

    fn count_points(&self, request: &wire::CountPoints) -> Result<wire::CountResponse, Status> {
        self.0.with(&request.collection_name, |collection| {
            let all = edge::CountRequest { filter: None, exact: true };
            let count = collection.shard.count(all).map_err(failed)? as u64;
            Ok(wire::CountResponse { result: Some(wire::CountResult { count }), ..Default::default() })
        })
    }
}

/// Implements a gRPC service: some calls by a closure, the rest refused.
macro_rules! service {
    ($trait:ident { $($call:ident: $request:ident => $response:ident, |$self:ident, $asked:ident| $answer:expr;)* }
     refused { $($refused:ident: $nothing:ident => $none:ident;)* }) => {
        #[tonic::async_trait]
        impl $trait for Service {
            $(async fn $call(&self, request: Request<wire::$request>) -> Result<Response<wire::$response>, Status> {
                let ($self, $asked) = (self, request.into_inner());
                $answer.map(Response::new)
            })*
            $(async fn $refused(&self, _: Request<wire::$nothing>) -> Result<Response<wire::$none>, Status> {
                Err(Status::unimplemented(stringify!($refused)))
            })*
        }
    };
}

service! {
    Qdrant {
        health_check: HealthCheckRequest => HealthCheckReply, |_service, _asked| {
            Ok::<_, Status>(wire::HealthCheckReply { title: "stand-in".to_owned(), ..Default::default() })
        };
    }
    refused {}
}

service! {
    Collections {
        create: CreateCollection => CollectionOperationResponse, |service, asked| service.create(asked);
        get: GetCollectionInfoRequest => GetCollectionInfoResponse, |service, asked| service.info(&asked);
        collection_exists: CollectionExistsRequest => CollectionExistsResponse, |service, asked| {
            Ok::<_, Status>(service.exists(&asked))
        };
    }
    refused {
        list: ListCollectionsRequest => ListCollectionsResponse;
        update: UpdateCollection => CollectionOperationResponse;
        delete: DeleteCollection => CollectionOperationResponse;
        update_aliases: ChangeAliases => CollectionOperationResponse;
        list_collection_aliases: ListCollectionAliasesRequest => ListAliasesResponse;
        list_aliases: ListAliasesRequest => ListAliasesResponse;
        collection_cluster_info: CollectionClusterInfoRequest => CollectionClusterInfoResponse;
        update_collection_cluster_setup: UpdateCollectionClusterSetupRequest => UpdateCollectionClusterSetupResponse;
        create_shard_key: CreateShardKeyRequest => CreateShardKeyResponse;
        delete_shard_key: DeleteShardKeyRequest => DeleteShardKeyResponse;
        list_shard_keys: ListShardKeysRequest => ListShardKeysResponse;
    }
}

service! {
    Points {
        upsert: UpsertPoints => PointsOperationResponse, |service, asked| service.upsert_points(asked);
        delete: DeletePoints => PointsOperationResponse, |service, asked| service.delete_points(asked);
        get: GetPoints => GetResponse, |service, asked| service.get_points(asked);
        query: QueryPoints => QueryResponse, |service, asked| service.query_points(asked);
        scroll: ScrollPoints => ScrollResponse, |service, asked| service.scroll_points(asked);
        count: CountPoints => CountResponse, |service, asked| service.count_points(&asked);
        create_field_index: CreateFieldIndexCollection => PointsOperationResponse, |service, asked| service.index(asked);
    }
    refused {
        update_vectors: UpdatePointVectors => PointsOperationResponse;
        delete_vectors: DeletePointVectors => PointsOperationResponse;
        set_payload: SetPayloadPoints => PointsOperationResponse;
        overwrite_payload: SetPayloadPoints => PointsOperationResponse;
        delete_payload: DeletePayloadPoints => PointsOperationResponse;
        clear_payload: ClearPayloadPoints => PointsOperationResponse;
        delete_field_index: DeleteFieldIndexCollection => PointsOperationResponse;
        create_vector_name: CreateVectorNameRequest => PointsOperationResponse;
        delete_vector_name: DeleteVectorNameRequest => PointsOperationResponse;
        search: SearchPoints => SearchResponse;
        search_batch: SearchBatchPoints => SearchBatchResponse;
        search_groups: SearchPointGroups => SearchGroupsResponse;
        recommend: RecommendPoints => RecommendResponse;
        recommend_batch: RecommendBatchPoints => RecommendBatchResponse;
        recommend_groups: RecommendPointGroups => RecommendGroupsResponse;
        discover: DiscoverPoints => DiscoverResponse;
        discover_batch: DiscoverBatchPoints => DiscoverBatchResponse;
        update_batch: UpdateBatchPoints => UpdateBatchResponse;
        query_batch: QueryBatchPoints => QueryBatchResponse;
        query_groups: QueryPointGroups => QueryGroupsResponse;
        facet: FacetCounts => FacetResponse;
        search_matrix_pairs: SearchMatrixPoints => SearchMatrixPairsResponse;
        search_matrix_offsets: SearchMatrixPoints => SearchMatrixOffsetsResponse;
    }
}

fn failed(error: edge::OperationError) -> Status {
    match error {
        edge::OperationError::WrongVectorDimension { .. } => Status::invalid_argument(error.to_string()),
        _ => Status::internal(error.to_string()),
    }
}

fn done() -> wire::PointsOperationResponse {
    let status = wire::UpdateStatus::Completed as i32;
    wire::PointsOperationResponse {
        result: Some(wire::UpdateResult { operation_id: None, status }),
        ..Default::default()
    }
}

fn path(name: &str) -> Result<edge::JsonPath, Status> {
    name.parse().map_err(|()| Status::invalid_argument("a bad path"))
}

fn id(id: &wire::PointId) -> Result<edge::PointId, Status> {
    match &id.point_id_options {
        Some(PointIdOptions::Uuid(text)) => match uuid::Uuid::try_parse(text) {
            Ok(id) => Ok(edge::PointId::Uuid(id)),
            Err(error) => Err(Status::invalid_argument(error.to_string())),
        },
        Some(PointIdOptions::Num(number)) => Ok(edge::PointId::NumId(*number)),
        None => Err(Status::invalid_argument("no id")),
    }
}

fn wire_id(id: &edge::PointId) -> wire::PointId {
    match id {
        edge::PointId::Uuid(id) => wire::PointId::from(id.to_string()),
        edge::PointId::NumId(number) => wire::PointId::from(*number),
    }
}

fn point(point: wire::PointStruct) -> Result<edge::PointStructPersisted, Status> {
    let given = id(&point.id.unwrap_or_default())?;
    let Some(vectors::VectorsOptions::Vector(vector)) = point.vectors.and_then(|vectors| vectors.vectors_options)
    else {
        return Err(Status::unimplemented("named vectors"));
    };
    let Some(vector::Vector::Dense(vector)) = vector.vector else {
        return Err(Status::unimplemented("other vectors"));
    };
    let payload = point.payload.into_iter().map(|(name, value)| (name, value.into_json())).collect();
    Ok(edge::PointStruct::new(given, vector.data, serde_json::Value::Object(payload)).into())
}

fn retrieved(record: edge::Record) -> wire::RetrievedPoint {
    let payload = record.payload.map(|payload| payload.0).unwrap_or_default();
    let payload = qdrant_client::Payload::try_from(serde_json::Value::Object(payload)).expect("an object");
    let vectors = match record.vector {
        Some(edge::VectorStructInternal::Single(data)) => {
            let dense = vector_output::Vector::Dense(wire::DenseVector { data });
            let vector = wire::VectorOutput { vector: Some(dense), ..Default::default() };
            Some(wire::VectorsOutput { vectors_options: Some(vectors_output::VectorsOptions::Vector(vector)) })
        }
        _ => None,
    };
    wire::RetrievedPoint { id: Some(wire_id(&record.id)), payload: payload.into(), vectors, ..Default::default() }
}

fn filter(filter: wire::Filter) -> Result<edge::Filter, Status> {
    if !filter.should.is_empty() || filter.min_should.is_some() {
        return Err(Status::unimplemented("should"));
    }
    let conditions = |list: Vec<wire::Condition>| list.into_iter().map(condition).collect::<Result<Vec<_>, _>>();
    Ok(edge::Filter {
        should: None,
        min_should: None,
        must: Some(conditions(filter.must)?),
        must_not: Some(conditions(filter.must_not)?),
    })
}

fn condition(condition: wire::Condition) -> Result<edge::Condition, Status> {
    match condition.condition_one_of {
        Some(ConditionOneOf::HasId(has)) => {
            let ids = has.has_id.iter().map(id).collect::<Result<edge::HasIdCondition, _>>()?;
            Ok(edge::Condition::HasId(ids))
        }
        Some(ConditionOneOf::Field(field)) => {
            let key = path(&field.key)?;
            let word = field.r#match.and_then(|word| word.match_value);
            let found = match (word, field.range) {
                (Some(MatchValue::Keyword(word)), None) => {
                    let word = edge::Match::new_value(edge::ValueVariants::String(word));
                    edge::FieldCondition::new_match(key, word)
                }
                (None, Some(range)) => {
                    let [gte, lt, gt, lte] =
                        [range.gte, range.lt, range.gt, range.lte].map(|end| end.map(OrderedFloat));
                    edge::FieldCondition::new_range(key, edge::Range { lt, gt, gte, lte })
                }
                _ => return Err(Status::unimplemented("other conditions")),
            };
            Ok(edge::Condition::Field(found))
        }
        _ => Err(Status::unimplemented("other conditions")),
    }
}
