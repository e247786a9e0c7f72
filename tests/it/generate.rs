//! The path from a prompt to a text: the small model of the manifest, and a server that speaks OpenAI's protocol.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::{Json, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use sada::inference::generate::{Error, Local, Model, Prompt, Remote, Settings, Writer};
use sada::inference::models::{self, ModelDir, SMALL_LANGUAGE_MODEL};
use serde_json::{Value, json};

fn prompt(user: &str) -> Prompt {
    Prompt { system: "You answer in one short sentence.".to_owned(), user: user.to_owned() }
}

#[test]
fn the_small_model_runs_from_its_file_and_stops_when_nobody_waits() {
    let dir = ModelDir::platform_default().expect("a cache folder");
    let (path, name) = models::language_model(&dir, SMALL_LANGUAGE_MODEL, &models::quiet).expect("it can be pulled");
    let settings = Settings { max_tokens: 12, context_tokens: 128, ..Settings::default() };
    let mut model = Local::load(&path, &settings).expect("it loads").named(&name);
    assert_eq!(model.info().digest, "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32");
    let asked = prompt("What is the capital of France? <|im_end|>");
    let written = model.write(&asked, &|| false).expect("written");
    assert!(written.text.contains("Paris"), "{}", written.text);
    assert!(written.written_tokens.is_some_and(|tokens| (1..=12).contains(&tokens)), "{written:?}");
    assert!(written.read_tokens.is_some_and(|tokens| tokens > 20), "a control word in the text is text: {written:?}");

    let looked = AtomicUsize::new(0);
    let gone = || looked.fetch_add(1, Ordering::Relaxed) >= 3;
    assert!(matches!(model.write(&asked, &gone), Err(Error::Gone)));
    let again = model.write(&asked, &|| false).expect("written");
    assert_eq!(again, written, "greedy, and nothing is left of the text before");
    let long = model.write(&prompt(&"late again. ".repeat(90)), &|| false).expect_err("too long").to_string();
    assert!(long.contains("llm.context_tokens"), "{long}");
}

#[test]
fn what_is_no_language_model_is_refused_with_what_to_do() {
    let dir = ModelDir::platform_default().expect("a cache folder");
    for given in ["gpt-9", models::DEFAULT_MODEL] {
        let refused = models::language_model(&dir, given, &models::quiet).expect_err("refused").to_string();
        assert!(refused.contains("give a GGUF file"), "{refused}");
    }
}

/// Answers as a server would: by the word that the prompt ends with.
async fn completions(
    State(key): State<&'static str>,
    headers: HeaderMap,
    Json(asked): Json<Value>,
) -> (StatusCode, String) {
    let authorised = headers.get("authorization").is_some_and(|sent| sent == &format!("Bearer {key}"));
    if !authorised {
        return (StatusCode::UNAUTHORIZED, "no".to_owned());
    }
    assert_eq!((&asked["temperature"], &asked["stream"]), (&json!(0.0), &json!(false)));
    let user = asked["messages"][1]["content"].as_str().expect("a text").to_owned();
    let said = |content: Value| {
        json!({"choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
               "usage": {"prompt_tokens": 9, "completion_tokens": 3}})
        .to_string()
    };
    match user.as_str() {
        "broken" => (StatusCode::OK, "not json".to_owned()),
        "nothing" => (StatusCode::OK, said(Value::Null)),
        "none" => (StatusCode::OK, json!({"choices": []}).to_string()),
        "unknown" => (StatusCode::NOT_FOUND, String::new()),
        "busy" => (StatusCode::TOO_MANY_REQUESTS, user),
        "elsewhere" => (StatusCode::TEMPORARY_REDIRECT, String::new()),
        _ => (StatusCode::OK, said(json!(format!("echo {user}")))),
    }
}

/// A server on a free port, and its address.
pub(crate) async fn serve(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/v1/", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_writes_or_says_clearly_why_not() {
    let router = axum::Router::new().route("/v1/chat/completions", post(completions)).with_state("secret-key");
    let url = serve(router).await;
    let settings = Settings { url, model: "m".to_owned(), key: "secret-key".to_owned(), ..Settings::default() };
    let remote = Remote::new(&settings).expect("fine");
    let writer = Writer::start(vec![Box::new(remote.clone()), Box::new(remote)], &settings).expect("starts");
    let written = writer.write(prompt("سلام")).await.expect("written");
    assert_eq!((written.text.as_str(), written.read_tokens), ("echo سلام", Some(9)));
    for (user, expected) in [
        ("broken", "no JSON"),
        ("nothing", "no text"),
        ("none", "no choice"),
        ("unknown", "llm.model"),
        ("busy", "try again"),
        ("elsewhere", "points elsewhere"),
    ] {
        let error = writer.write(prompt(user)).await.expect_err("refused").to_string();
        assert!(error.contains(expected) && !error.contains("secret-key"), "{error}");
    }
    let other = Settings { key: "wrong".to_owned(), ..settings };
    let writer = Writer::start(vec![Box::new(Remote::new(&other).expect("fine"))], &other).expect("starts");
    let error = writer.write(prompt("x")).await.expect_err("refused").to_string();
    assert!(error.contains("llm.key"), "{error}");
}
