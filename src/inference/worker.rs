//! The engine's threads: a few that cut texts into tokens, and one that owns the weights.
//!
//! Whoever waits for an answer holds the receiving end of a oneshot; work whose receiver is gone is skipped.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use rayon::ThreadPool;
use rayon::prelude::*;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::Error;
use super::batch::{plan, share};
use super::encoder::{Encoder, Hidden, Packed};
use super::engine::{Encoded, Input};
use super::pool::Sum;
use super::tokens::{Prepared, Tokens, Window};

/// Threads that cut texts into tokens; a text takes them a hundredth of what it takes the encoder.
const TOKEN_THREADS: usize = 2;

/// Tokens that one core computes together: few enough for its own cache, many enough for its products.
const TOKENS_A_PART: usize = 128;

/// Some texts, on their way in.
pub(super) struct Request {
    pub(super) texts: Vec<Input>,
    pub(super) reply: Reply,
    /// Their places in the queue, given back when they are answered.
    pub(super) room: OwnedSemaphorePermit,
}

type Reply = oneshot::Sender<Result<Vec<Encoded>, Error>>;

/// What the threads need.
pub(super) struct Workers {
    pub(super) tokens: Arc<Tokens>,
    pub(super) encoder: Encoder,
    pub(super) batch_tokens: usize,
    pub(super) threads: usize,
    pub(super) stopping: Arc<AtomicBool>,
    /// Values a token has over all states that are kept.
    pub(super) width: usize,
}

/// Starts all threads; they end when the sender is dropped.
pub(super) fn start(workers: Workers) -> Result<(mpsc::Sender<Request>, Vec<JoinHandle<()>>), Error> {
    let failed = |reason: String| Error::Thread { reason };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(workers.threads).thread_name(|n| format!("encoder-{n}"));
    let pool = pool.build().map_err(|error| failed(error.to_string()))?;
    let (door, requests) = mpsc::channel::<Request>();
    let (forward, ready) = mpsc::channel::<Ready>();
    let requests = Arc::new(Mutex::new(requests));
    let mut threads = Vec::new();
    let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| {
        std::thread::Builder::new().name(name.to_owned()).spawn(run).map_err(|error| failed(error.to_string()))
    };
    for _ in 0..TOKEN_THREADS.min(workers.threads) {
        let (tokens, requests, forward) = (Arc::clone(&workers.tokens), Arc::clone(&requests), forward.clone());
        threads.push(spawn("tokens", Box::new(move || cut_all(&tokens, &requests, &forward)))?);
    }
    let Workers { tokens, encoder, batch_tokens, stopping, width, .. } = workers;
    let works = BTreeMap::new();
    let (quick, bulk) = (VecDeque::new(), VecDeque::new());
    let mut desk = Desk { encoder, pool, batch_tokens, width, works, quick, bulk };
    desk.warm_up(&tokens)?;
    threads.push(spawn("encoder", Box::new(move || desk.serve(&ready, &stopping)))?);
    Ok((door, threads))
}

/// Texts that are cut into tokens.
struct Ready {
    texts: Vec<Prepared>,
    segments: Vec<usize>,
    reply: Reply,
    room: OwnedSemaphorePermit,
}

fn cut_all(tokens: &Tokens, requests: &Mutex<mpsc::Receiver<Request>>, forward: &mpsc::Sender<Ready>) {
    loop {
        let request = requests.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Request { texts, reply, room }) = request else { return };
        if reply.is_closed() {
            continue;
        }
        let prepared = texts.iter().map(|input| tokens.prepare(input.text.as_str(), &input.segments));
        match prepared.collect::<Result<Vec<_>, _>>() {
            Ok(prepared) => {
                let segments = texts.iter().map(|input| input.segments.len()).collect();
                if forward.send(Ready { texts: prepared, segments, reply, room }).is_err() {
                    return;
                }
            }
            Err(error) => answer(reply, room, Err(error)),
        }
    }
}

/// Everything the computing thread has before it.
struct Desk {
    encoder: Encoder,
    pool: ThreadPool,
    batch_tokens: usize,
    width: usize,
    works: BTreeMap<u64, Work>,
    /// Windows of requests that are small: somebody waits for them.
    quick: VecDeque<Waiting>,
    /// Windows of all other requests.
    bulk: VecDeque<Waiting>,
}

/// One request: its texts' sums grow until no window is left.
struct Work {
    texts: Vec<Partial>,
    windows_left: usize,
    reply: Reply,
    room: OwnedSemaphorePermit,
}

struct Partial {
    whole: Sum,
    segments: Vec<Sum>,
    tokens: usize,
    windows: u16,
    truncated: bool,
}

/// What one window adds to its text.
struct Read {
    whole: Sum,
    segments: Vec<Sum>,
}

/// One window of one text of one request.
struct Waiting {
    work: u64,
    text: usize,
    window: Window,
}

impl Desk {
    /// Touches every weight once, and finds out whether they give numbers.
    fn warm_up(&self, tokens: &Tokens) -> Result<(), Error> {
        let prepared = tokens.prepare("سلام hello", &[])?;
        let windows = prepared.windows.into_iter();
        let members: Vec<Waiting> = windows.map(|window| Waiting { work: 0, text: 0, window }).collect();
        if self.read(&members)?.iter().all(|read| read.whole.is_finite()) {
            return Ok(());
        }
        Err(Error::Compute { reason: "its weights give values that are not numbers".to_owned() })
    }

    fn serve(&mut self, ready: &mpsc::Receiver<Ready>, stopping: &AtomicBool) {
        for number in 0.. {
            if self.quick.is_empty() && self.bulk.is_empty() {
                let Ok(first) = ready.recv() else { return };
                self.take(number, first);
                continue;
            }
            // all that wait by now share the pass
            if let Ok(next) = ready.try_recv() {
                self.take(number, next);
                continue;
            }
            if stopping.load(Ordering::Relaxed) {
                return;
            }
            self.skip_unwanted();
            self.run_one_batch();
        }
    }

    fn take(&mut self, number: u64, ready: Ready) {
        let mut texts = Vec::with_capacity(ready.texts.len());
        let tokens: usize = ready.texts.iter().map(|prepared| prepared.tokens).sum();
        let line = if tokens <= self.batch_tokens / 2 { &mut self.quick } else { &mut self.bulk };
        let before = line.len();
        for (text, (prepared, segments)) in ready.texts.into_iter().zip(ready.segments).enumerate() {
            texts.push(Partial {
                whole: Sum::new(self.width),
                segments: vec![Sum::new(self.width); segments],
                tokens: prepared.tokens,
                windows: u16::try_from(prepared.windows.len()).unwrap_or(u16::MAX),
                truncated: prepared.truncated,
            });
            let windows = prepared.windows.into_iter().map(|window| Waiting { work: number, text, window });
            line.extend(windows);
        }
        let windows_left = line.len() - before;
        self.works.insert(number, Work { texts, windows_left, reply: ready.reply, room: ready.room });
    }

    fn skip_unwanted(&mut self) {
        self.works.retain(|_, work| !work.reply.is_closed());
        for line in [&mut self.quick, &mut self.bulk] {
            line.retain(|waiting| self.works.contains_key(&waiting.work));
        }
    }

    fn run_one_batch(&mut self) {
        let [quick, bulk] = [&self.quick, &self.bulk].map(lengths);
        let (quick, bulk) = share(&quick, &bulk, self.batch_tokens);
        if quick + bulk == 0 {
            return;
        }
        let members: Vec<Waiting> = self.quick.drain(..quick).chain(self.bulk.drain(..bulk)).collect();
        match self.read(&members) {
            Ok(read) => self.add_up(&members, read),
            Err(error) => self.fail(&members, &error),
        }
    }

    /// The sums of each window, in order. Parts of the batch run side by side, each near one core's cache;
    /// a core that has finished its own helps with what is left of the others.
    fn read(&self, members: &[Waiting]) -> Result<Vec<Read>, Error> {
        let lengths: Vec<usize> = members.iter().map(|member| member.window.ids.len()).collect();
        let share = lengths.iter().sum::<usize>().div_ceil(self.pool.current_num_threads());
        let tokens = if self.encoder.is_cut() { share.min(TOKENS_A_PART) } else { usize::MAX };
        let parts = plan(&lengths, tokens);
        let read = |part: Range<usize>| self.read_part(&members[part]);
        let read = self.pool.install(|| parts.into_par_iter().map(read).collect::<Result<Vec<_>, _>>())?;
        Ok(read.into_iter().flatten().collect())
    }

    fn read_part(&self, members: &[Waiting]) -> Result<Vec<Read>, Error> {
        let mut batch = Packed::default();
        members.iter().for_each(|member| batch.push(&member.window.ids));
        let Hidden { tuned, last } = self.encoder.forward(&batch)?;
        let layers = tuned.iter().chain(&last).map(|layer| layer.flatten_all()?.to_vec1());
        let layers: Vec<Vec<f32>> = layers.collect::<Result<_, candle_core::Error>>()?;
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

    fn add_up(&mut self, members: &[Waiting], read: Vec<Read>) {
        for (member, read) in members.iter().zip(read) {
            let Some(work) = self.works.get_mut(&member.work) else { continue };
            let text = &mut work.texts[member.text];
            text.segments.iter_mut().zip(&read.segments).for_each(|(sum, more)| sum.merge(more));
            text.whole.merge(&read.whole);
            work.windows_left -= 1;
            if work.windows_left == 0
                && let Some(work) = self.works.remove(&member.work)
            {
                work.finish(self.encoder.config().hidden);
            }
        }
    }

    fn fail(&mut self, members: &[Waiting], error: &Error) {
        tracing::error!(%error, "a forward pass failed");
        for member in members {
            if let Some(work) = self.works.remove(&member.work) {
                answer(work.reply, work.room, Err(error.clone()));
            }
        }
        self.skip_unwanted();
    }
}

/// Tokens of each window in line.
fn lengths(line: &VecDeque<Waiting>) -> Vec<usize> {
    line.iter().map(|waiting| waiting.window.ids.len()).collect()
}

impl Work {
    fn finish(self, hidden: usize) {
        let encoded = self.texts.into_iter().map(|text| text.finished(hidden));
        let encoded = encoded.collect::<Option<Vec<_>>>();
        let encoded = encoded.ok_or_else(|| Error::Compute { reason: "a text had no token".to_owned() });
        answer(self.reply, self.room, encoded);
    }
}

/// Gives the places back before the answer, so that whoever has the answer finds them free.
fn answer(reply: Reply, room: OwnedSemaphorePermit, result: Result<Vec<Encoded>, Error>) {
    drop(room);
    // the receiver may be gone, and then nobody needs to know
    drop(reply.send(result));
}

impl Partial {
    fn finished(self, hidden: usize) -> Option<Encoded> {
        let pooled = self.whole.pooled(hidden)?;
        let segments = self.segments.into_iter();
        let segments = segments.map(|sum| sum.pooled(hidden).unwrap_or_else(|| pooled.clone())).collect();
        let (tokens, windows, truncated) = (self.tokens, self.windows, self.truncated);
        Some(Encoded { pooled, segments, tokens, windows, truncated })
    }
}
