//! The handle that everybody holds: prompts go in, texts come out, and a full queue says so.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use super::{Error, Model, Prompt, Settings, Written};
use crate::feedback::ModelInfo;

/// A running language model; clones share it.
#[derive(Clone)]
pub struct Writer {
    shared: Arc<Shared>,
}

struct Shared {
    info: ModelInfo,
    places: usize,
    timeout: Duration,
    /// Gone once the writer is stopped.
    door: Mutex<Option<mpsc::SyncSender<Request>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

struct Request {
    prompt: Prompt,
    reply: oneshot::Sender<Result<Written, Error>>,
}

type Requests = Arc<Mutex<mpsc::Receiver<Request>>>;

impl Writer {
    /// Starts a thread for each of these models, which must be the same one.
    ///
    /// # Errors
    /// [`Error::Settings`] without a model, [`Error::Thread`] when the system refuses a thread.
    pub fn start(models: Vec<Box<dyn Model>>, settings: &Settings) -> Result<Self, Error> {
        let info = models.first().map(|model| model.info());
        let info = info.ok_or_else(|| Error::Settings { reason: "there is no model to start".to_owned() })?;
        let places = settings.queue.max(1);
        let (door, requests) = mpsc::sync_channel(places);
        let requests: Requests = Arc::new(Mutex::new(requests));
        let threads = models.into_iter().map(|model| spawn(model, Arc::clone(&requests)));
        let threads = threads.collect::<Result<Vec<_>, _>>()?;
        let (door, threads) = (Mutex::new(Some(door)), Mutex::new(threads));
        Ok(Self { shared: Arc::new(Shared { info, places, timeout: settings.timeout(), door, threads }) })
    }

    /// Writes what the prompt asks for; a call that was dropped costs at most one token more.
    ///
    /// # Errors
    /// [`Error::Busy`] when as many prompts wait as may, [`Error::Slow`] when it takes longer than the settings allow,
    /// or the model's own.
    pub async fn write(&self, prompt: Prompt) -> Result<Written, Error> {
        let answer = self.send(prompt)?;
        match tokio::time::timeout(self.shared.timeout, answer).await {
            Ok(answered) => answered.map_err(|_| Error::Stopped)?,
            Err(_) => Err(Error::Slow { seconds: self.shared.timeout.as_secs() }),
        }
    }

    /// Which model writes.
    #[must_use]
    pub fn info(&self) -> &ModelInfo {
        &self.shared.info
    }

    /// Whether its threads still run; one that panicked has ended.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        let threads = self.shared.threads.lock().unwrap_or_else(PoisonError::into_inner);
        !threads.is_empty() && !threads.iter().any(JoinHandle::is_finished)
    }

    fn send(&self, prompt: Prompt) -> Result<oneshot::Receiver<Result<Written, Error>>, Error> {
        let (reply, answer) = oneshot::channel();
        let door = self.shared.door.lock().unwrap_or_else(PoisonError::into_inner);
        let door = door.as_ref().ok_or(Error::Stopped)?;
        door.try_send(Request { prompt, reply }).map_err(|error| match error {
            mpsc::TrySendError::Full(_) => Error::Busy { queued: self.shared.places },
            mpsc::TrySendError::Disconnected(_) => Error::Stopped,
        })?;
        Ok(answer)
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Writer({} {})", self.shared.info.name, self.shared.info.digest)
    }
}

fn spawn(mut model: Box<dyn Model>, requests: Requests) -> Result<JoinHandle<()>, Error> {
    let serve = move || {
        while let Some(Request { prompt, reply }) = next(&requests) {
            if reply.is_closed() {
                continue;
            }
            let written = model.write(&prompt, &|| reply.is_closed());
            // the receiver may be gone, and then nobody needs to know
            drop(reply.send(written));
        }
    };
    let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(serve);
    thread.map_err(|error| Error::Thread { reason: error.to_string() })
}

fn next(requests: &Requests) -> Option<Request> {
    requests.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes back what it was asked, or waits until nobody wants it any more.
    struct Echo;

    impl Model for Echo {
        fn info(&self) -> ModelInfo {
            ModelInfo { name: "echo".to_owned(), digest: String::new() }
        }

        fn write(&mut self, prompt: &Prompt, gone: &dyn Fn() -> bool) -> Result<Written, Error> {
            if prompt.user == "wait" {
                while !gone() {
                    std::thread::yield_now();
                }
                return Err(Error::Gone);
            }
            Ok(Written { text: prompt.user.clone(), read_tokens: None, written_tokens: None, cut: false })
        }
    }

    fn prompt(user: &str) -> Prompt {
        Prompt { system: String::new(), user: user.to_owned() }
    }

    fn writer(settings: &Settings) -> Writer {
        Writer::start(vec![Box::new(Echo)], settings).expect("starts")
    }

    #[tokio::test]
    async fn a_prompt_is_answered_and_a_dropped_one_frees_the_thread() {
        let writer = writer(&Settings { timeout_s: 0, ..Settings::default() });
        let slow = writer.write(prompt("wait")).await;
        assert!(matches!(slow, Err(Error::Slow { seconds: 0 })), "{slow:?}");
        let patient = Writer { shared: Arc::clone(&writer.shared) };
        let answer = patient.send(prompt("سلام")).expect("room").await.expect("answered");
        assert_eq!(answer.expect("written").text, "سلام");
        assert!(writer.is_alive());
    }

    #[tokio::test]
    async fn a_full_queue_says_so() {
        let writer = writer(&Settings { queue: 1, ..Settings::default() });
        let first = writer.send(prompt("wait")).expect("room");
        let mut waiting = Vec::new();
        let refused = loop {
            match writer.send(prompt("wait")) {
                Ok(answer) => waiting.push(answer),
                Err(error) => break error,
            }
        };
        assert!(matches!(refused, Error::Busy { queued: 1 }), "{refused}");
        assert!(waiting.len() <= 2, "one in hand and one that waits");
        drop((first, waiting));
    }
}
