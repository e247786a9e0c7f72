//! A model that a server runs, over OpenAI's chat protocol (vLLM, Ollama, llama.cpp and others speak it).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ureq::Agent;
use ureq::http::Uri;

use super::{Error, Model, Prompt, Settings, Written};
use crate::feedback::ModelInfo;

/// How long a server may take to take a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// The most that is read of an answer, in bytes.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// A model on a server; copies ask it side by side.
#[derive(Clone)]
pub struct Remote {
    agent: Agent,
    url: String,
    /// The address without what may be secret in it.
    shown: String,
    model: String,
    key: String,
    max_tokens: usize,
}

#[derive(Serialize)]
struct Asked<'a> {
    model: &'a str,
    messages: [Message<'a>; 2],
    max_tokens: usize,
    temperature: f32,
    seed: u32,
    stream: bool,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'a str,
    content: &'a str,
}

#[derive(Deserialize)]
struct Answered {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Said,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: Option<usize>,
    completion_tokens: Option<usize>,
}

impl Remote {
    /// Checks the settings; the server is not asked yet.
    ///
    /// # Errors
    /// [`Error::Settings`] with what is wrong.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        let wrong = |reason: String| Error::Settings { reason };
        let base = settings.url.trim_end_matches('/');
        let uri: Uri = base.parse().map_err(|_| wrong("llm.url is no address".to_owned()))?;
        let host = uri.host().filter(|host| !host.is_empty());
        let (Some(scheme @ ("http" | "https")), Some(host)) = (uri.scheme_str(), host) else {
            let example = "http://localhost:11434/v1";
            return Err(wrong(format!("llm.url must begin with http:// or https:// and name a host, as in {example}")));
        };
        if settings.model.is_empty() {
            return Err(wrong("llm.url needs llm.model, the model's name on that server".to_owned()));
        }
        let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
        let shown = format!("{scheme}://{host}{port}{}", uri.path());
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(settings.timeout().max(Duration::from_secs(1))));
        Ok(Self {
            agent: config.build().into(),
            url: format!("{base}/chat/completions"),
            shown,
            model: settings.model.clone(),
            key: settings.key.clone(),
            max_tokens: settings.max_tokens,
        })
    }

    fn failed(&self, reason: impl Into<String>) -> Error {
        Error::Server { url: self.shown.clone(), reason: reason.into() }
    }

    fn ask(&self, prompt: &Prompt) -> Result<Answered, Error> {
        let message = |role, content| Message { role, content };
        let asked = Asked {
            model: &self.model,
            messages: [message("system", prompt.system.as_str()), message("user", prompt.user.as_str())],
            max_tokens: self.max_tokens,
            temperature: 0.0,
            seed: 0,
            stream: false,
        };
        let mut request = self.agent.post(&self.url);
        if !self.key.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", self.key));
        }
        let mut response = request.send_json(&asked).map_err(|error| self.failed(told(&error)))?;
        let status = response.status();
        if !status.is_success() {
            return Err(self.failed(refusal(status.as_u16(), &self.model)));
        }
        let body = response.body_mut().with_config().limit(MOST_BYTES);
        body.read_json().map_err(|error| self.failed(format!("its answer can't be read: {}", told(&error))))
    }
}

impl Model for Remote {
    /// A server does not tell which weights it runs: the digest is empty.
    fn info(&self) -> ModelInfo {
        ModelInfo { name: self.model.clone(), digest: String::new() }
    }

    fn write(&mut self, prompt: &Prompt, gone: &dyn Fn() -> bool) -> Result<Written, Error> {
        if gone() {
            return Err(Error::Gone);
        }
        let Answered { choices, usage } = self.ask(prompt)?;
        let choice = choices.into_iter().next().ok_or_else(|| self.failed("its answer holds no choice"))?;
        let text = choice.message.content.ok_or_else(|| self.failed("its answer holds no text"))?;
        Ok(Written {
            text,
            read_tokens: usage.as_ref().and_then(|usage| usage.prompt_tokens),
            written_tokens: usage.as_ref().and_then(|usage| usage.completion_tokens),
            cut: choice.finish_reason.as_deref() == Some("length"),
        })
    }
}

/// What kept us from an answer, in words that hold nothing of the prompt.
fn told(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "it takes too long; raise llm.timeout_s or take a smaller model".to_owned(),
        ureq::Error::HostNotFound => "there is no such host; check llm.url".to_owned(),
        ureq::Error::ConnectionFailed | ureq::Error::Io(_) => {
            "it can't be reached; start it, or check llm.url".to_owned()
        }
        ureq::Error::Json(_) => "it is no JSON of a chat answer".to_owned(),
        other => other.to_string(),
    }
}

/// What a status means; the body is not shown, because servers repeat the prompt in it.
fn refusal(status: u16, model: &str) -> String {
    match status {
        401 | 403 => format!("it refuses the key ({status}); set llm.key"),
        404 => format!("it knows no such address or no model {model:?} (404); check llm.url and llm.model"),
        400 | 413 | 422 => format!("it refuses the prompt ({status}); perhaps it is too long for the model"),
        429 => "it is busy (429); try again in a moment".to_owned(),
        300..=399 => format!("it points elsewhere ({status}), which is not followed; set llm.url to the right address"),
        _ => format!("it failed ({status}); see its log"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str, model: &str) -> Settings {
        Settings { url: url.to_owned(), model: model.to_owned(), ..Settings::default() }
    }

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        for (url, model, expected) in [
            ("localhost:11434", "m", "must begin with http"),
            ("ftp://host/v1", "m", "must begin with http"),
            ("http://", "m", "llm.url"),
            ("not an address", "m", "no address"),
            ("http://localhost:11434/v1", "", "needs llm.model"),
        ] {
            let refused = Remote::new(&settings(url, model)).err().expect("refused").to_string();
            assert!(refused.contains(expected), "{url}: {refused}");
        }
        let remote = Remote::new(&settings("https://user:secret@host:8/v1/", "m")).expect("fine");
        assert_eq!(
            (remote.url.as_str(), remote.shown.as_str()),
            ("https://user:secret@host:8/v1/chat/completions", "https://host:8/v1")
        );
    }

    #[test]
    fn a_server_that_is_not_there_is_named() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let mut remote = Remote::new(&settings(&format!("http://127.0.0.1:{port}/v1"), "m")).expect("fine");
        let prompt = Prompt { system: "a".to_owned(), user: "b".to_owned() };
        let error = remote.write(&prompt, &|| false).expect_err("nobody there").to_string();
        assert!(error.contains("can't be reached") && error.contains(&port.to_string()), "{error}");
        assert!(matches!(remote.write(&prompt, &|| true), Err(Error::Gone)));
    }
}
