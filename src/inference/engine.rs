//! The handle that everybody holds: texts go in, vectors come out, and a full queue says so.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError, oneshot};

use super::desk::Desk;
use super::encoder::{Encoder, Tuned, Way};
use super::instructions::Vectors;
use super::models::{ModelFolder, TOKENIZER};
use super::tokens::Tokens;
use super::worker::{self, Request, Started, Workers};
use super::{Device, Error, Pooled, Precision, Settings, models};
use crate::feedback::{ModelInfo, Span};
use crate::privacy::Text;

/// Texts that go through the queue together; a longer call is cut into such parts.
const TEXTS_A_PART: usize = 32;

/// How many times as many tokens a pass takes on a GPU, which has time for them while it reads the weights once.
const TIMES_AS_MANY_ON_A_GPU: usize = 128;

/// A text with the pieces of it that get vectors of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The masked text; an empty one is allowed.
    pub text: Text,
    /// Stretches of it, in any order, overlapping or not.
    pub segments: Vec<Span>,
}

/// What the model made of one text.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoded {
    /// The mean over all tokens of all windows.
    pub pooled: Pooled,
    /// For each of the input's segments the mean over its tokens; the whole text's where it has none.
    pub segments: Vec<Pooled>,
    /// Tokens of the whole text, prefix and special ones included.
    pub tokens: usize,
    /// Windows that went through the model: 1 for a text that fits.
    pub windows: u16,
    /// Whether the text was longer than eight windows, so that its end was not read.
    pub truncated: bool,
}

/// A running model; clones share it.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    info: ModelInfo,
    precision: Precision,
    dimension: usize,
    tokens: Arc<Tokens>,
    room: Arc<Semaphore>,
    places: usize,
    /// Gone once the engine is stopped.
    door: Mutex<Option<mpsc::Sender<Request>>>,
    desk: Arc<Desk>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

type Reply = oneshot::Receiver<Result<Vec<Encoded>, Error>>;

impl Engine {
    /// Loads the model, with the copies of its last layers that some heads read, runs one text through it,
    /// and starts its threads.
    ///
    /// It takes about a second, so it is not for async threads.
    ///
    /// # Errors
    /// [`Error::Model`] when the folder does not hold a model that can run,
    /// [`Error::Compute`] when it gives no numbers, [`Error::Thread`] when the system refuses a thread.
    pub fn start(folder: &ModelFolder, tuned: Option<&Tuned>, settings: Settings) -> Result<Self, Error> {
        let digest = folder.digest()?;
        let vectors = settings.instructions.vectors()?;
        let encoder = Encoder::load(folder, tuned, way(&settings, vectors)?, vectors)?;
        let config = encoder.config();
        let (dimension, width) = (config.hidden, config.hidden * encoder.states());
        let path = folder.path().join(TOKENIZER);
        let tokens = Arc::new(Tokens::load(&path, &settings.prefix, config.tokens, config.vocabulary)?);
        check_prefix(&tokens, config.tokens, &path)?;
        let times = if encoder.is_cut() { 1 } else { TIMES_AS_MANY_ON_A_GPU };
        let workers = Workers {
            tokens: Arc::clone(&tokens),
            batch_tokens: settings.batch_tokens.saturating_mul(times),
            encoder,
            threads: threads(settings.threads),
            width,
        };
        let Started { door, desk, threads } = worker::start(workers)?;
        let places = settings.queue_texts.clamp(1, Semaphore::MAX_PERMITS);
        Ok(Self {
            shared: Arc::new(Shared {
                info: ModelInfo { name: folder.name().to_owned(), digest },
                precision: settings.precision,
                dimension,
                tokens,
                room: Arc::new(Semaphore::new(places)),
                places,
                door: Mutex::new(Some(door)),
                desk,
                threads: Mutex::new(threads),
            }),
        })
    }

    /// Gives the vectors of any number of texts, in their order.
    ///
    /// A call that was dropped costs nothing more.
    ///
    /// # Errors
    /// [`Error::Busy`] when the queue is full at the start of the call, [`Error::Stopped`] after [`Self::stop`],
    /// [`Error::Tokenizer`] and [`Error::Compute`] when the model is broken.
    pub async fn encode(&self, texts: Vec<Input>) -> Result<Vec<Encoded>, Error> {
        let mut encoded = Vec::with_capacity(texts.len());
        let mut texts = texts.into_iter();
        let mut waiting: Option<Reply> = None;
        loop {
            let part: Vec<Input> = texts.by_ref().take(TEXTS_A_PART.min(self.shared.places)).collect();
            let sent = if part.is_empty() {
                None
            } else if encoded.is_empty() && waiting.is_none() {
                Some(self.send(self.try_room(part.len())?, part)?)
            } else {
                Some(self.send(self.room(part.len()).await?, part)?)
            };
            // the next part is cut into tokens while this one is computed
            let finished = std::mem::replace(&mut waiting, sent);
            match finished {
                Some(reply) => encoded.extend(reply.await.map_err(|_| Error::Stopped)??),
                None if waiting.is_none() => return Ok(encoded),
                None => {}
            }
        }
    }

    /// As [`Self::encode`], for threads that may wait; inside an async runtime it would panic.
    ///
    /// # Errors
    /// As [`Self::encode`].
    pub fn encode_blocking(&self, texts: Vec<Input>) -> Result<Vec<Encoded>, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.map_err(|error| Error::Thread { reason: error.to_string() })?.block_on(self.encode(texts))
    }

    /// Whether so many texts would be taken now, for callers with work to do before they bring them.
    ///
    /// # Errors
    /// [`Error::Busy`] when they would not.
    pub fn check_room(&self, texts: usize) -> Result<(), Error> {
        let places = self.shared.places;
        let enough = self.shared.room.available_permits() >= texts.min(TEXTS_A_PART).min(places);
        if enough { Ok(()) } else { Err(Error::Busy { queued: places }) }
    }

    /// How many tokens the text has, the prefix and special ones included; quick enough for any thread.
    ///
    /// # Errors
    /// [`Error::Tokenizer`] when the tokenizer is broken.
    pub fn count_tokens(&self, text: &Text) -> Result<usize, Error> {
        self.shared.tokens.count(text.as_str())
    }

    /// Whether its threads still run; one that panicked has ended.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        let threads = self.shared.threads.lock().unwrap_or_else(PoisonError::into_inner);
        !threads.is_empty() && !threads.iter().any(JoinHandle::is_finished)
    }

    /// Which model runs.
    #[must_use]
    pub fn info(&self) -> &ModelInfo {
        &self.shared.info
    }

    /// What it computes in.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.shared.precision
    }

    /// Length of a vector.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.shared.dimension
    }

    /// Ends the engine's threads and waits for them (at most one forward pass); waiting calls get [`Error::Stopped`].
    pub fn stop(&self) {
        self.shared.signal();
        let threads = std::mem::take(&mut *self.shared.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the model engine had panicked");
            }
        }
    }

    fn try_room(&self, texts: usize) -> Result<OwnedSemaphorePermit, Error> {
        let room = Arc::clone(&self.shared.room).try_acquire_many_owned(permits(texts));
        room.map_err(|error| match error {
            TryAcquireError::NoPermits => Error::Busy { queued: self.shared.places },
            TryAcquireError::Closed => Error::Stopped,
        })
    }

    async fn room(&self, texts: usize) -> Result<OwnedSemaphorePermit, Error> {
        let room = Arc::clone(&self.shared.room).acquire_many_owned(permits(texts));
        room.await.map_err(|_| Error::Stopped)
    }

    fn send(&self, room: OwnedSemaphorePermit, texts: Vec<Input>) -> Result<Reply, Error> {
        let (reply, receiver) = oneshot::channel();
        let door = self.shared.door.lock().unwrap_or_else(PoisonError::into_inner);
        let door = door.as_ref().ok_or(Error::Stopped)?;
        door.send(Request { texts, reply, room }).map_err(|_| Error::Stopped)?;
        Ok(receiver)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Engine({} {})", self.shared.info.name, self.shared.info.digest)
    }
}

impl Shared {
    fn signal(&self) {
        self.room.close();
        self.door.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.desk.close();
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.signal();
    }
}

fn threads(asked: usize) -> usize {
    if asked > 0 { asked } else { std::thread::available_parallelism().map_or(1, usize::from) }
}

/// A part has at most [`TEXTS_A_PART`] texts.
fn permits(texts: usize) -> u32 {
    u32::try_from(texts).unwrap_or(u32::MAX)
}

/// How the layers compute.
fn way(settings: &Settings, vectors: Vectors) -> Result<Way, Error> {
    match settings.device {
        Device::Cpu => Ok(Way::new(settings.precision, vectors)),
        Device::Cuda => Ok(Way::on(settings.precision, gpu()?)),
    }
}

fn gpu() -> Result<candle_core::Device, Error> {
    if !cfg!(feature = "cuda") {
        let reason = "this program was built without it (`cargo build --release --features cuda` builds it in)";
        return Err(Error::NoCuda { reason: reason.to_owned() });
    }
    candle_core::Device::new_cuda(0).map_err(|error| Error::NoCuda { reason: error.to_string() })
}

/// A window must have room for more than the prefix.
fn check_prefix(tokens: &Tokens, limit: usize, path: &std::path::Path) -> Result<(), Error> {
    let prefix = tokens.count("")?;
    if prefix * 2 <= limit {
        return Ok(());
    }
    let reason = format!("the prefix takes {prefix} of the model's {limit} tokens: shorten it in the settings");
    Err(models::Error::Invalid { path: path.to_owned(), reason }.into())
}
