//! The engine's threads: a few that cut texts into tokens, and one a core that computes.
//!
//! Every core takes what waits for itself and is never kept by another one;
//! one that has nothing of its own helps with the blocks of rows of the others' passes.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use rayon::ThreadPool;
use tokio::sync::OwnedSemaphorePermit;

use super::Error;
use super::desk::{Desk, Part, Read, Ready, Reply, Waiting, answer};
use super::encoder::{Encoder, Hidden, Packed};
use super::engine::Input;
use super::pool::Sum;
use super::tokens::{Prepared, Tokens};

/// Threads that cut texts into tokens; a text takes them a hundredth of what it takes the encoder.
const TOKEN_THREADS: usize = 2;

/// How many parts' worth of tokens a request may have that somebody is taken to wait for.
const PARTS_OF_A_QUICK_REQUEST: usize = 2;

/// Some texts, on their way in.
pub(super) struct Request {
    pub(super) texts: Vec<Input>,
    pub(super) reply: Reply,
    /// Their places in the queue, given back when they are answered.
    pub(super) room: OwnedSemaphorePermit,
}

/// What the threads need.
pub(super) struct Workers {
    pub(super) tokens: Arc<Tokens>,
    pub(super) encoder: Encoder,
    /// Tokens that one core computes together at most.
    pub(super) batch_tokens: usize,
    pub(super) threads: usize,
    /// Values a token has over all states that are kept.
    pub(super) width: usize,
}

/// Where work is brought, and what does it.
pub(super) struct Started {
    pub(super) door: mpsc::Sender<Request>,
    pub(super) desk: Arc<Desk>,
    pub(super) threads: Vec<JoinHandle<()>>,
}

/// Starts all threads; they end when the sender is dropped and the desk is closed.
pub(super) fn start(workers: Workers) -> Result<Started, Error> {
    let Workers { tokens, encoder, batch_tokens, threads: cores, width } = workers;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).thread_name(|n| format!("encoder-{n}"));
    let pool = pool.build().map_err(|error| failed(&error))?;
    let desk = Desk::new(encoder.config().hidden, batch_tokens, batch_tokens.saturating_mul(PARTS_OF_A_QUICK_REQUEST));
    let desk = Arc::new(desk);
    let passes = if encoder.is_cut() { cores } else { 1 };
    let core = Arc::new(Core { encoder, pool, width, desk: Arc::clone(&desk) });
    core.warm_up(&tokens)?;
    let (door, requests) = mpsc::channel::<Request>();
    let requests = Arc::new(Mutex::new(requests));
    let mut threads = Vec::new();
    for _ in 0..TOKEN_THREADS.min(cores) {
        let (tokens, requests, desk) = (Arc::clone(&tokens), Arc::clone(&requests), Arc::clone(&desk));
        threads.push(spawn("tokens", move || cut_all(&tokens, &requests, &desk))?);
    }
    for _ in 0..passes {
        let core = Arc::clone(&core);
        threads.push(spawn("encoder", move || core.serve())?);
    }
    Ok(Started { door, desk, threads })
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run).map_err(|error| failed(&error))
}

fn failed(error: &dyn std::error::Error) -> Error {
    Error::Thread { reason: error.to_string() }
}

fn cut_all(tokens: &Tokens, requests: &Mutex<mpsc::Receiver<Request>>, desk: &Desk) {
    loop {
        let request = requests.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Request { texts, reply, room }) = request else { return };
        if reply.is_closed() {
            continue;
        }
        let prepared = texts.iter().map(|input| tokens.prepare(input.text.as_str(), &input.segments));
        match prepared.collect::<Result<Vec<Prepared>, _>>() {
            Ok(texts) => desk.put(Ready { texts, reply, room }),
            Err(error) => answer(reply, room, Err(error)),
        }
    }
}

/// What computes, shared by a thread for each core.
struct Core {
    encoder: Encoder,
    /// Where passes run, so that cores without work can help with them.
    pool: ThreadPool,
    width: usize,
    desk: Arc<Desk>,
}

/// Closes the desk when a thread ends, be it by a panic: nobody shall wait for what it had in hand.
struct Closing<'desk>(&'desk Desk);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Core {
    /// Touches every weight once, and finds out whether they give numbers.
    fn warm_up(&self, tokens: &Tokens) -> Result<(), Error> {
        let prepared = tokens.prepare("سلام hello", &[])?;
        let mut batch = Packed::for_cores(self.pool.current_num_threads());
        prepared.windows.iter().for_each(|window| batch.push(&window.ids));
        let layers = self.pool.install(|| self.layers(&batch))?;
        if layers.iter().flatten().all(|value| value.is_finite()) {
            return Ok(());
        }
        Err(Error::Compute { reason: "its weights give values that are not numbers".to_owned() })
    }

    fn serve(&self) {
        let _closing = Closing(&self.desk);
        while let Some(Part { members, cores }) = self.desk.take() {
            match self.pool.install(|| self.read(&members, cores)) {
                Ok(read) => self.desk.give(members, read),
                Err(error) => {
                    tracing::error!(%error, "a forward pass failed");
                    self.desk.fail(&members, &error);
                }
            }
        }
    }

    /// The sums of each window, in order.
    fn read(&self, members: &[Waiting], cores: usize) -> Result<Vec<Read>, Error> {
        let mut batch = Packed::for_cores(cores);
        members.iter().for_each(|member| batch.push(&member.window.ids));
        let layers = self.layers(&batch)?;
        let layers: Vec<&[f32]> = layers.iter().map(Vec::as_slice).collect();
        let sum = |rows: Range<usize>| {
            let mut sum = Sum::new(self.width);
            sum.add(&layers, rows);
            sum
        };
        let read = members.iter().zip(batch.rows()).map(|(member, rows)| {
            let segments = member.window.segments.iter();
            let segments = segments.map(|tokens| sum(rows.start + tokens.start..rows.start + tokens.end)).collect();
            Read { segments, whole: sum(rows) }
        });
        Ok(read.collect())
    }

    /// The states that are kept, the tuned copies' first, a row a token.
    fn layers(&self, batch: &Packed) -> Result<Vec<Vec<f32>>, Error> {
        let Hidden { tuned, last } = self.encoder.forward(batch)?;
        let layers = tuned.iter().chain(&last).map(|layer| layer.flatten_all()?.to_vec1());
        Ok(layers.collect::<Result<_, candle_core::Error>>()?)
    }
}
