//! What happens, told while it happens to whoever listens.
//!
//! The database is asked what is new since the last time, so that many processes over one database tell the same:
//! once a second for all listeners of a process together, and never while nobody listens.
//! A transaction may be committed some seconds after the time that its rows carry, so each look goes back a little
//! and leaves out what was told.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, broadcast};

use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::stores::sql::events::since;

pub use crate::stores::sql::events::{Event, EventKind};

/// How often the database is asked.
const EVERY: Duration = Duration::from_secs(1);
/// How far a look goes back: longer than a writer waits for its turn.
const BACK: TimeDelta = TimeDelta::seconds(10);
/// How many events of a kind one look tells.
const MOST: u32 = 1_000;
/// How many events wait for a slow listener.
const WAITING: usize = 4_096;
/// How long ago a listener may have left to hear what it missed.
const MEMORY: TimeDelta = TimeDelta::hours(1);
/// How many may listen at once.
const LISTENERS: usize = 512;
/// How long one listens before it has to come again, so that whoever was signed out hears nothing more.
const TURN: Duration = Duration::from_secs(15 * 60);

/// What a listener hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Something happened.
    Event(Event),
    /// More happened than was told: read again what you show.
    Lagged,
}

/// Where events come together for all listeners of a process.
#[derive(Debug)]
pub struct Events {
    sender: broadcast::Sender<Told>,
    looked: Mutex<Looked>,
    room: Arc<Semaphore>,
}

/// The last look at the database.
#[derive(Debug, Default)]
struct Looked {
    /// The time that it reached.
    upto: DateTime<Utc>,
    /// When it was.
    at: Option<Instant>,
    /// What it told that the next look will meet again.
    told: HashSet<Event>,
}

impl Default for Events {
    fn default() -> Self {
        let room = Arc::new(Semaphore::new(LISTENERS));
        Self { sender: broadcast::Sender::new(WAITING), looked: Mutex::default(), room }
    }
}

impl Events {
    /// Begins to listen; `after` is when the last event was that was heard, to hear what came since, some of it again.
    ///
    /// # Errors
    /// `Busy` if too many listen already, or those of the database.
    pub async fn listen(self: &Arc<Self>, app: &App, after: Option<DateTime<Utc>>) -> Result<Listener> {
        let full = || Error::new(Kind::Busy, "as many listen as can; ask from time to time instead");
        let room = Arc::clone(&self.room).try_acquire_owned().map_err(|_| full())?;
        let mut looked = self.looked.lock().await;
        if self.sender.receiver_count() == 0 {
            let now = app.clock.now();
            let present = since(&app.db, now - BACK, MOST).await?;
            *looked = Looked { upto: now, at: Some(Instant::now()), told: present.events.into_iter().collect() };
        }
        let receiver = self.sender.subscribe();
        drop(looked);
        let missed = match after {
            Some(after) => missed(app, after).await?,
            None => VecDeque::new(),
        };
        Ok(Listener {
            app: app.clone(),
            events: Arc::clone(self),
            receiver,
            missed,
            since: Instant::now(),
            _room: room,
        })
    }

    /// Looks whether something is new, unless somebody just did.
    async fn look(&self, app: &App) -> Result<()> {
        let Ok(mut looked) = self.looked.try_lock() else { return Ok(()) };
        if looked.at.is_some_and(|at| at.elapsed() < EVERY) {
            return Ok(());
        }
        let now = app.clock.now();
        let found = since(&app.db, looked.upto - BACK, MOST).await?;
        let told: HashSet<Event> = found.events.iter().copied().collect();
        let new = found.events.into_iter().filter(|event| !looked.told.contains(event));
        let new: Vec<Event> = new.collect();
        let all_new = |kind: &EventKind| new.iter().filter(|event| event.kind == *kind).count() >= MOST as usize;
        if EventKind::ALL.iter().any(all_new) {
            self.tell(Told::Lagged);
        }
        new.into_iter().for_each(|event| self.tell(Told::Event(event)));
        *looked = Looked { upto: now, at: Some(Instant::now()), told };
        Ok(())
    }

    fn tell(&self, told: Told) {
        // nobody listening is fine
        let _ = self.sender.send(told);
    }
}

async fn missed(app: &App, after: DateTime<Utc>) -> Result<VecDeque<Told>> {
    if app.clock.now() - after > MEMORY {
        return Ok(VecDeque::from([Told::Lagged]));
    }
    let found = since(&app.db, after - BACK, MOST).await?;
    let lagged = found.more.then_some(Told::Lagged);
    Ok(lagged.into_iter().chain(found.events.into_iter().map(Told::Event)).collect())
}

/// Somebody who listens.
pub struct Listener {
    app: App,
    events: Arc<Events>,
    receiver: broadcast::Receiver<Told>,
    missed: VecDeque<Told>,
    since: Instant,
    _room: OwnedSemaphorePermit,
}

impl Listener {
    /// The next that happens; none when it is time to come again, because the server stops or the turn is over.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn next(&mut self) -> Result<Option<Told>> {
        if let Some(told) = self.missed.pop_front() {
            return Ok(Some(told));
        }
        loop {
            if self.since.elapsed() > TURN {
                return Ok(None);
            }
            tokio::select! {
                () = self.app.stop.cancelled() => return Ok(None),
                told = self.receiver.recv() => return Ok(match told {
                    Ok(told) => Some(told),
                    Err(broadcast::error::RecvError::Lagged(_)) => Some(Told::Lagged),
                    Err(broadcast::error::RecvError::Closed) => None,
                }),
                () = tokio::time::sleep(EVERY) => self.events.look(&self.app).await?,
            }
        }
    }
}
