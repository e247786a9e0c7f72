//! What waits to be computed and what is under way: the cores take parts of it and bring back their sums.
//!
//! Whoever waits for an answer holds the receiving end of a oneshot; work whose receiver is gone is skipped.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::Error;
use super::engine::Encoded;
use super::lines::{Line, Lines};
use super::pool::Sum;
use super::tokens::{Prepared, Window};

pub(super) type Reply = oneshot::Sender<Result<Vec<Encoded>, Error>>;

/// Texts that are cut into tokens.
pub(super) struct Ready {
    pub(super) texts: Vec<Prepared>,
    pub(super) reply: Reply,
    /// Their places in the queue, given back when they are answered.
    pub(super) room: OwnedSemaphorePermit,
}

/// One window of one text of one request.
pub(super) struct Waiting {
    work: u64,
    text: usize,
    number: usize,
    pub(super) window: Window,
}

/// What one window says of its text.
pub(super) struct Read {
    pub(super) whole: Sum,
    pub(super) segments: Vec<Sum>,
}

/// What a core computes together.
pub(super) struct Part {
    pub(super) members: Vec<Waiting>,
    /// How many cores have nothing else to do, its own among them.
    pub(super) cores: usize,
}

/// Shared by the threads that bring work and those that do it.
pub(super) struct Desk {
    state: Mutex<State>,
    arrived: Condvar,
    /// Columns of the encoder.
    hidden: usize,
    /// Tokens of a part at most.
    limit: usize,
    /// Tokens of a request at most for the quick line.
    quick: usize,
}

#[derive(Default)]
struct State {
    lines: Lines<Waiting>,
    works: BTreeMap<u64, Work>,
    next: u64,
    /// Cores that wait for work.
    idle: usize,
    closed: bool,
}

/// One request.
struct Work {
    texts: Vec<Partial>,
    windows_left: usize,
    reply: Reply,
    room: OwnedSemaphorePermit,
}

/// One text, its windows in order.
struct Partial {
    read: Vec<Option<Read>>,
    tokens: usize,
    truncated: bool,
}

impl Desk {
    /// For an encoder of so many columns. A part has at most `limit` tokens, a request of the quick line `quick`.
    pub(super) fn new(hidden: usize, limit: usize, quick: usize) -> Self {
        Self { state: Mutex::default(), arrived: Condvar::new(), hidden, limit, quick }
    }

    /// Lays texts down for the next free core; after [`Self::close`] whoever waits for them hears that it is over.
    pub(super) fn put(&self, ready: Ready) {
        let mut state = self.state();
        if state.closed {
            return;
        }
        let number = state.next;
        state.next += 1;
        let tokens: usize = ready.texts.iter().map(|prepared| prepared.tokens).sum();
        let line = if tokens <= self.quick { Line::Quick } else { Line::Bulk };
        let mut texts = Vec::with_capacity(ready.texts.len());
        let mut windows_left = 0;
        for (text, Prepared { windows, tokens, truncated }) in ready.texts.into_iter().enumerate() {
            windows_left += windows.len();
            texts.push(Partial { read: windows.iter().map(|_| None).collect(), tokens, truncated });
            for (order, window) in windows.into_iter().enumerate() {
                state.lines.push(line, window.ids.len(), Waiting { work: number, text, number: order, window });
            }
        }
        state.works.insert(number, Work { texts, windows_left, reply: ready.reply, room: ready.room });
        drop(state);
        self.arrived.notify_all();
    }

    /// Waits for work; none once the desk is closed.
    pub(super) fn take(&self) -> Option<Part> {
        let mut state = self.state();
        loop {
            if state.closed {
                return None;
            }
            state.skip_unwanted();
            if !state.lines.is_empty() {
                let cores = state.idle + 1;
                return Some(Part { members: state.lines.take(cores, self.limit), cores });
            }
            state.idle += 1;
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }

    /// Brings back what was read of a part's members, in their order, and answers what is complete.
    pub(super) fn give(&self, members: Vec<Waiting>, read: Vec<Read>) {
        let finished = self.state().add(members, read);
        for work in finished {
            work.finish(self.hidden);
        }
    }

    /// Answers everybody whose texts were among a part that could not be computed.
    pub(super) fn fail(&self, members: &[Waiting], error: &Error) {
        let mut state = self.state();
        let failed: Vec<Work> = members.iter().filter_map(|member| state.works.remove(&member.work)).collect();
        state.skip_gone();
        drop(state);
        for work in failed {
            answer(work.reply, work.room, Err(error.clone()));
        }
    }

    /// Ends all waiting, that for work and that for answers.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.works.clear();
        state.lines = Lines::default();
        drop(state);
        self.arrived.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn skip_unwanted(&mut self) {
        let before = self.works.len();
        self.works.retain(|_, work| !work.reply.is_closed());
        if self.works.len() < before {
            self.skip_gone();
        }
    }

    fn skip_gone(&mut self) {
        self.lines.retain(|waiting| self.works.contains_key(&waiting.work));
    }

    /// The works that are complete now.
    fn add(&mut self, members: Vec<Waiting>, read: Vec<Read>) -> Vec<Work> {
        let mut finished = Vec::new();
        for (member, read) in members.into_iter().zip(read) {
            let Some(work) = self.works.get_mut(&member.work) else { continue };
            work.texts[member.text].read[member.number] = Some(read);
            work.windows_left -= 1;
            if work.windows_left == 0 {
                finished.extend(self.works.remove(&member.work));
            }
        }
        finished
    }
}

impl Work {
    fn finish(self, hidden: usize) {
        let encoded = self.texts.into_iter().map(|text| text.finished(hidden));
        let encoded = encoded.collect::<Option<Vec<_>>>();
        let encoded = encoded.ok_or_else(|| Error::Compute { reason: "a text had no token".to_owned() });
        answer(self.reply, self.room, encoded);
    }
}

impl Partial {
    /// Adds windows up in their order, whichever was computed first: sums depend on the order by a hair.
    fn finished(self, hidden: usize) -> Option<Encoded> {
        let windows = u16::try_from(self.read.len()).unwrap_or(u16::MAX);
        let mut read = self.read.into_iter().flatten();
        let mut sums = read.next()?;
        for more in read {
            sums.whole.merge(&more.whole);
            sums.segments.iter_mut().zip(&more.segments).for_each(|(sum, more)| sum.merge(more));
        }
        let pooled = sums.whole.pooled(hidden)?;
        let segments = sums.segments.into_iter();
        let segments = segments.map(|sum| sum.pooled(hidden).unwrap_or_else(|| pooled.clone())).collect();
        Some(Encoded { pooled, segments, tokens: self.tokens, windows, truncated: self.truncated })
    }
}

/// Gives the places back before the answer, so that whoever has the answer finds them free.
pub(super) fn answer(reply: Reply, room: OwnedSemaphorePermit, result: Result<Vec<Encoded>, Error>) {
    drop(room);
    // the receiver may be gone, and then nobody needs to know
    drop(reply.send(result));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Semaphore;

    use super::*;

    /// An encoder of one column, and three layers kept.
    const WIDTH: usize = 3;

    type Answer = oneshot::Receiver<Result<Vec<Encoded>, Error>>;

    /// Puts texts down, each with windows of so many tokens.
    fn put(desk: &Desk, texts: &[&[u32]]) -> Answer {
        let (reply, answer) = oneshot::channel();
        let room = Arc::new(Semaphore::new(1)).try_acquire_owned().expect("room");
        let window = |&tokens: &u32| Window { ids: (0..tokens).collect(), segments: vec![] };
        let texts = texts.iter().map(|windows| Prepared {
            tokens: windows.iter().sum::<u32>() as usize,
            windows: windows.iter().map(window).collect(),
            truncated: false,
        });
        desk.put(Ready { texts: texts.collect(), reply, room });
        answer
    }

    /// What a core would find: a first value that tells windows apart, added up in single precision.
    fn read(members: &[Waiting]) -> Vec<Read> {
        let sum = |member: &Waiting| {
            let mut sum = Sum::new(WIDTH);
            let value = [[1e8_f32], [1.0], [-1e8]][member.window.ids.len() % 3];
            sum.add(&[&value, &[1.0], &[1.0]], 0..1);
            sum
        };
        members.iter().map(|member| Read { whole: sum(member), segments: vec![] }).collect()
    }

    fn first(answer: &mut Answer) -> f32 {
        answer.try_recv().expect("an answer").expect("encoded")[0].pooled.layers()[0]
    }

    #[test]
    fn windows_add_up_in_their_order_whichever_comes_first() {
        let results = [false, true].map(|turned| {
            let desk = Desk::new(1, 1, 0);
            let mut answer = put(&desk, &[&[3, 4, 5]]);
            let mut parts: Vec<Part> = (0..3).map(|_| desk.take().expect("work")).collect();
            if turned {
                parts.reverse();
            }
            for Part { members, .. } in parts {
                assert!(answer.try_recv().is_err(), "nothing before all is there");
                let read = read(&members);
                desk.give(members, read);
            }
            first(&mut answer)
        });
        assert_eq!(results[0].to_bits(), results[1].to_bits());
    }

    #[test]
    fn a_part_that_failed_fails_its_requests_alone() {
        let desk = Desk::new(1, 3, 100);
        let (mut bad, mut good) = (put(&desk, &[&[3], &[3]]), put(&desk, &[&[1]]));
        let part = desk.take().expect("work");
        desk.fail(&part.members, &Error::Stopped);
        assert!(matches!(bad.try_recv().expect("an answer"), Err(Error::Stopped)));
        let Part { members, .. } = desk.take().expect("the other request");
        assert_eq!(members.len(), 1, "the rest of the first one is forgotten");
        let read = read(&members);
        desk.give(members, read);
        assert!(first(&mut good).is_finite());
    }

    #[test]
    fn work_that_nobody_waits_for_is_skipped() {
        let desk = Desk::new(1, 100, 100);
        drop(put(&desk, &[&[3]]));
        let mut answer = put(&desk, &[&[4]]);
        let Part { members, .. } = desk.take().expect("work");
        assert_eq!(members.iter().map(|member| member.window.ids.len()).collect::<Vec<_>>(), [4]);
        let read = read(&members);
        desk.give(members, read);
        assert!(first(&mut answer).is_finite());
    }

    #[test]
    fn closing_ends_all_waiting() {
        let desk = Desk::new(1, 100, 100);
        let mut before = put(&desk, &[&[3]]);
        desk.close();
        let mut after = put(&desk, &[&[3]]);
        assert!(desk.take().is_none());
        for answer in [&mut before, &mut after] {
            assert!(matches!(answer.try_recv(), Err(oneshot::error::TryRecvError::Closed)));
        }
    }
}
