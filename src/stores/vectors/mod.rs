//! Vectors of feedback, found again by likeness: in this process with `qdrant-edge`, or on a Qdrant server.
//!
//! A point has the id of its feedback and never holds text.
//! Likeness is the cosine, so vectors come back with unit length whatever length they had.
//!
//! What [`VectorIndex::upsert`] returned from is kept, whatever happens to the process.
//! Writing a point twice is writing it once, so a job that was cut off may simply run again.

mod edge;
mod journal;
mod point;
mod qdrant;
mod settings;

use std::collections::HashMap;
use std::path::Path;

use uuid::Uuid;

use super::{Error, Store};
pub use point::{Filter, Hit, Payload, Point, Scrolled};
pub use settings::VectorSettings;

use edge::Edge;
use qdrant::Remote;

/// How many points go into one call of a back end.
const CHUNK: usize = 256;

/// A handle on the stored vectors; clones share them.
#[derive(Clone, Debug)]
pub struct VectorIndex {
    backend: Backend,
    size: usize,
}

#[derive(Clone, Debug)]
enum Backend {
    Edge(Edge),
    Remote(Remote),
}

/// Calls the same method of whichever back end it is.
macro_rules! backend {
    ($index:expr, $method:ident ( $($argument:expr),* )) => {
        match &$index.backend {
            Backend::Edge(edge) => edge.$method($($argument),*).await,
            Backend::Remote(remote) => remote.$method($($argument),*).await,
        }
    };
}

impl VectorIndex {
    /// Opens the vectors of `size` dimensions: on the server that the settings name, else in `folder`.
    ///
    /// What isn't there yet is made.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the server does not answer, [`Error::Refused`] if what is there is of another kind.
    pub async fn open(settings: &VectorSettings, folder: &Path, size: usize) -> Result<Self, Error> {
        let backend = match &settings.url {
            None => Backend::Edge(Edge::open(folder, size).await?),
            Some(url) => Backend::Remote(Remote::open(settings, url, size).await?),
        };
        Ok(Self { backend, size })
    }

    /// How many dimensions a vector has.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Keeps points in place of those of the same ids.
    ///
    /// # Errors
    /// [`Error::Refused`] for a vector of another size, of zeros or of numbers that aren't finite; then none is kept.
    pub async fn upsert(&self, points: Vec<Point>) -> Result<(), Error> {
        for point in &points {
            self.check(&point.vector).map_err(|message| refused(&format!("point {}: {message}", point.id)))?;
        }
        let mut rest = points;
        while !rest.is_empty() {
            let after = rest.split_off(rest.len().min(CHUNK));
            backend!(self, upsert(rest))?;
            rest = after;
        }
        Ok(())
    }

    /// Points by id, in the order of `ids`; those that aren't there are left out.
    ///
    /// # Errors
    /// As the store says.
    pub async fn get(&self, ids: &[Uuid]) -> Result<Vec<Point>, Error> {
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let points = backend!(self, get(chunk))?;
            found.extend(points.into_iter().map(|point| (point.id, point)));
        }
        Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
    }

    /// The `k` points most like `vector`, most alike first; of two just as alike, that of the smaller id.
    ///
    /// # Errors
    /// [`Error::Refused`] for a vector that could not be stored either.
    pub async fn nearest(&self, vector: &[f32], k: usize, filter: &Filter) -> Result<Vec<Hit>, Error> {
        self.check(vector).map_err(|message| refused(&message))?;
        if k == 0 {
            return Ok(Vec::new());
        }
        let mut hits = backend!(self, nearest(vector, k, filter))?;
        hits.sort_by(|left, right| right.score.total_cmp(&left.score).then(left.id.cmp(&right.id)));
        Ok(hits)
    }

    /// The `k` points most like the point `id`, without itself; none if there is no such point.
    ///
    /// # Errors
    /// As the store says.
    pub async fn similar(&self, id: Uuid, k: usize, filter: &Filter) -> Result<Option<Vec<Hit>>, Error> {
        let Some(point) = self.get(&[id]).await?.pop() else { return Ok(None) };
        let mut filter = filter.clone();
        filter.exclude.push(id);
        self.nearest(&point.vector, k, &filter).await.map(Some)
    }

    /// Up to `limit` points in the order of their ids, beginning with `from`.
    ///
    /// # Errors
    /// As the store says.
    pub async fn scroll(&self, from: Option<Uuid>, limit: usize) -> Result<Scrolled, Error> {
        backend!(self, scroll(from, limit.max(1)))
    }

    /// Forgets points; those that aren't there don't matter.
    ///
    /// # Errors
    /// As the store says.
    pub async fn delete(&self, ids: &[Uuid]) -> Result<(), Error> {
        for chunk in ids.chunks(CHUNK) {
            backend!(self, delete(chunk))?;
        }
        Ok(())
    }

    /// How many points there are.
    ///
    /// # Errors
    /// As the store says.
    pub async fn count(&self) -> Result<u64, Error> {
        backend!(self, count())
    }

    /// Builds indexes and clears out deleted points; worth doing from time to time. Qdrant does so by itself.
    ///
    /// # Errors
    /// As the store says.
    pub async fn maintain(&self) -> Result<(), Error> {
        backend!(self, maintain())
    }

    /// Asks the store whether it is there.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if it isn't.
    pub async fn ping(&self) -> Result<(), Error> {
        backend!(self, ping())
    }

    fn check(&self, vector: &[f32]) -> Result<(), String> {
        if vector.len() != self.size {
            return Err(format!("a vector has {} dimensions here, not {}", self.size, vector.len()));
        }
        if vector.iter().any(|value| !value.is_finite()) {
            return Err("a vector must hold finite numbers only".to_owned());
        }
        if vector.iter().all(|value| *value == 0.0) {
            return Err("a vector of zeros is like nothing".to_owned());
        }
        Ok(())
    }
}

fn refused(message: &str) -> Error {
    Error::refused(Store::Vectors, message)
}

/// What is wrong if stored vectors of `found` are opened as vectors of `wanted` dimensions.
fn wrong_size(place: &str, found: u64, wanted: usize) -> Error {
    refused(&format!(
        "{place} holds vectors of {found} dimensions and the model makes {wanted}; use the model that they were made \
         with, or another place for them, which is then filled anew"
    ))
}
