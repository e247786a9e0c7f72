//! The real model: right numbers, the same in any company, long texts, a full queue, a stop.
#![expect(clippy::expect_used, reason = "helpers of tests fail the test")]

use std::sync::OnceLock;

use sada::feedback::{Span, segment};
use sada::inference::models::{self, ModelDir, ModelFolder};
use sada::inference::{Encoded, Engine, Error, Input, Precision, Settings};
use sada::privacy::Text;
use serde::Deserialize;
use tokio::task::JoinSet;

/// What another program made of the same weights; `models/README.md` says how.
#[derive(Deserialize)]
struct Golden {
    name: String,
    text: String,
    #[serde(default = "once")]
    times: usize,
    tokens: usize,
    windows: u16,
    truncated: bool,
    vector: Vec<f32>,
    /// Every 64th feature.
    features: Vec<f32>,
}

fn once() -> usize {
    1
}

impl Golden {
    fn all() -> Vec<Self> {
        serde_json::from_str(include_str!("data/golden.json")).expect("valid")
    }

    fn input(&self) -> Input {
        input(&self.text.repeat(self.times))
    }
}

fn input(text: &str) -> Input {
    Input { text: Text::stored(text.to_owned()), segments: Vec::new() }
}

fn folder() -> ModelFolder {
    let dir = ModelDir::platform_default().expect("a cache folder");
    models::ensure_default(&dir, &models::quiet).expect("the model can be pulled")
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::start(&folder(), None, Settings::default()).expect("starts"))
}

fn cosine(left: &[f32], right: &[f32]) -> f64 {
    let dot = |left: &[f32], right: &[f32]| -> f64 {
        left.iter().zip(right).map(|(left, right)| f64::from(*left) * f64::from(*right)).sum()
    };
    dot(left, right) / (dot(left, left) * dot(right, right)).sqrt()
}

fn alone(input: &Input) -> Encoded {
    engine().encode_blocking(vec![input.clone()]).expect("encoded").remove(0)
}

#[test]
fn the_numbers_are_those_of_another_program() {
    let reference = Settings { precision: Precision::F32, ..Settings::default() };
    let reference = Engine::start(&folder(), None, reference).expect("starts");
    for (engine, least) in [(&reference, 0.9999), (engine(), 0.997)] {
        agrees(engine, least);
    }
    reference.stop();
}

/// `least` is how alike an engine's vectors must be to the other program's.
fn agrees(engine: &Engine, least: f64) {
    let golden = Golden::all();
    assert!(golden.len() >= 30);
    for case in &golden {
        let encoded = engine.encode_blocking(vec![case.input()]).expect("encoded").remove(0);
        assert_eq!((encoded.tokens, encoded.windows), (case.tokens, case.windows), "{}", case.name);
        assert_eq!(encoded.truncated, case.truncated, "{}", case.name);
        assert_eq!(encoded.pooled.vector.len(), engine.dimension());
        assert_eq!(encoded.pooled.layers().len(), 3 * engine.dimension());
        let vectors = cosine(&encoded.pooled.vector, &case.vector);
        assert!(vectors >= least, "{}: cosine of vectors {vectors}", case.name);
        let sampled: Vec<f32> = encoded.pooled.layers().iter().copied().step_by(64).collect();
        let features = cosine(&sampled, &case.features);
        assert!(features >= least, "{}: cosine of features {features}", case.name);
    }
}

#[test]
fn company_and_repetition_change_nothing() {
    let inputs: Vec<Input> = Golden::all().iter().filter(|case| case.windows < 8).map(Golden::input).collect();
    let together = engine().encode_blocking(inputs.clone()).expect("encoded");
    assert_eq!(together, engine().encode_blocking(inputs.clone()).expect("encoded"), "run to run, bit by bit");
    for (input, among) in inputs.iter().zip(&together) {
        assert_eq!(&alone(input), among, "{:?}", input.text.as_str());
    }
}

#[test]
fn a_second_engine_gives_the_same_bytes() {
    let inputs: Vec<Input> = Golden::all().iter().take(8).map(Golden::input).collect();
    let second = Engine::start(&folder(), None, Settings::default()).expect("starts");
    let (first, again) = (engine().encode_blocking(inputs.clone()), second.encode_blocking(inputs));
    assert_eq!(first.expect("encoded"), again.expect("encoded"));
    assert_eq!(engine().info(), second.info());
    assert_eq!(second.info().digest.len(), 64);
    second.stop();
}

#[test]
fn segments_come_from_the_same_pass_and_lean_towards_their_own_words() {
    let text = "المندوب كان محترم جداً بس التطبيق يعلق كل ما أدفع. Great courier, but the app keeps crashing!";
    let segments = segment::split(text);
    assert!(segments.len() >= 3, "{segments:?}");
    let pieces: Vec<Input> = segments.iter().map(|span| input(span.slice(text))).collect();
    let encoded = alone(&Input { text: Text::stored(text.to_owned()), segments });
    assert_eq!(encoded.pooled, alone(&input(text)).pooled, "asking for segments changes nothing");
    let own = engine().encode_blocking(pieces).expect("encoded");
    let likeness = |segment: usize, piece: usize| cosine(&encoded.segments[segment].vector, &own[piece].pooled.vector);
    let courier = 0;
    let app = 1;
    assert!(likeness(courier, courier) > likeness(app, courier));
    assert!(likeness(app, app) > likeness(courier, app));
    for pooled in &encoded.segments {
        let length: f32 = pooled.vector.iter().map(|value| value * value).sum();
        assert!((length - 1.0).abs() < 1e-4, "length {length}");
    }
}

#[test]
fn segments_without_tokens_get_the_whole_text() {
    let text = Text::stored("تأخر الطلب".to_owned());
    for span in [Span { start: 0, end: 0 }, Span { start: 400, end: 500 }] {
        let encoded = alone(&Input { text: text.clone(), segments: vec![span] });
        assert_eq!(encoded.segments, vec![encoded.pooled], "{span:?}");
    }
    let all = alone(&Input { text: text.clone(), segments: vec![Span { start: 0, end: 10 }; 2] });
    assert_eq!(all.segments[0], all.segments[1]);
    assert_ne!(all.segments[0], all.pooled, "prefix and special tokens are no part of a segment");
}

#[test]
fn meaning_crosses_dialects_scripts_and_languages() {
    let near = [
        ("التطبيق يعلق ويقفل لحاله", "the app keeps crashing"),
        ("الابلكيشن بيهنج كل شوية", "التطبيق ديال الموبايل كيتبلوكا بزاف"),
        ("el app byhang kol shwaya", "the app freezes all the time"),
        ("خصمتوا ٢٥٠ ريال مرتين", "I was charged 250 riyals twice"),
    ];
    let far = "the courier was friendly and came early";
    for (left, right) in near {
        let [left, right, far] = [left, right, far].map(|text| alone(&input(text)).pooled.vector);
        assert!(cosine(&left, &right) > cosine(&left, &far));
    }
}

#[test]
fn tokens_are_counted_as_they_are_encoded() {
    for case in Golden::all() {
        let text = case.input().text;
        assert_eq!(engine().count_tokens(&text).expect("counted"), case.tokens, "{}", case.name);
    }
}

/// A call that runs while the test goes on; dropping it drops the call.
fn beside(engine: &Engine, texts: Vec<Input>) -> JoinSet<Result<Vec<Encoded>, Error>> {
    let engine = engine.clone();
    let mut calls = JoinSet::new();
    calls.spawn(async move { engine.encode(texts).await });
    calls
}

async fn ended(calls: &mut JoinSet<Result<Vec<Encoded>, Error>>) -> Result<Vec<Encoded>, Error> {
    calls.join_next().await.expect("one call").expect("no panic")
}

#[tokio::test]
async fn a_full_queue_says_so_and_long_calls_still_pass() {
    let settings = Settings { queue_texts: 4, ..Settings::default() };
    let engine = Engine::start(&folder(), None, settings).expect("starts");
    let texts: Vec<Input> = (0..10).map(|number| input(&format!("الطلب رقم {number} تأخر كثيراً"))).collect();
    let encoded = engine.encode(texts.clone()).await.expect("ten texts through four places");
    assert_eq!(encoded.len(), 10);
    for (text, encoded) in texts.into_iter().zip(&encoded) {
        let alone = engine.encode(vec![text]).await.expect("one text").remove(0);
        assert!(cosine(&encoded.pooled.vector, &alone.pooled.vector) > 0.999_999, "answers keep their order");
    }
    let long = input(&"التوصيل تأخر والدعم ما يرد عليّ أبداً. ".repeat(60));
    let mut busy = beside(&engine, vec![long; 4]);
    tokio::task::yield_now().await;
    let refused = engine.encode(vec![input("hello")]).await.expect_err("all places are taken");
    assert!(matches!(refused, Error::Busy { queued: 4 }), "{refused}");
    assert_eq!(ended(&mut busy).await.expect("encoded").len(), 4);
    assert_eq!(engine.encode(vec![input("hello")]).await.expect("free again").len(), 1);
}

#[tokio::test]
async fn a_dropped_call_frees_its_places() {
    let settings = Settings { queue_texts: 2, ..Settings::default() };
    let engine = Engine::start(&folder(), None, settings).expect("starts");
    let long = input(&"a courier came late again. ".repeat(700));
    let call = engine.encode(vec![long.clone(), long]);
    assert!(futures_poll(call).await.is_none(), "it waits for the model");
    let answered = loop {
        match engine.encode(vec![input("hello")]).await {
            Err(Error::Busy { .. }) => tokio::task::yield_now().await,
            other => break other,
        }
    };
    assert_eq!(answered.expect("encoded").len(), 1);
}

/// Polls once, then drops.
async fn futures_poll<Out>(future: impl Future<Output = Out>) -> Option<Out> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match future.as_mut().poll(context) {
            std::task::Poll::Ready(out) => Some(out),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test]
async fn a_stop_ends_waiting_calls_and_refuses_new_ones() {
    let engine = Engine::start(&folder(), None, Settings::default()).expect("starts");
    assert!(engine.encode(Vec::new()).await.expect("nothing asked").is_empty());
    let long = input(&"التوصيل تأخر والدعم ما يرد عليّ أبداً. ".repeat(400));
    let mut waiting = beside(&engine, vec![long; 40]);
    tokio::task::yield_now().await;
    let stopped = engine.clone();
    tokio::task::spawn_blocking(move || stopped.stop()).await.expect("no panic");
    let ended = ended(&mut waiting).await;
    assert!(matches!(ended, Err(Error::Stopped)), "{ended:?}");
    let refused = engine.encode(vec![input("hello")]).await;
    assert!(matches!(refused, Err(Error::Stopped)), "{refused:?}");
}

#[test]
fn the_pulled_folder_is_whole() {
    let folder = folder();
    let dir = ModelDir::platform_default().expect("a cache folder");
    let verified = models::verify(&dir, folder.name()).expect("whole");
    assert_eq!(verified, folder);
    let listed = models::list(&dir).expect("listed");
    assert!(listed.iter().any(|line| line.folder.as_ref() == Some(&folder)));
}

#[tokio::test]
async fn a_short_text_overtakes_a_long_call() {
    let engine = Engine::start(&folder(), None, Settings::default()).expect("starts");
    let long = input(&"التوصيل تأخر والدعم ما يرد عليّ أبداً. ".repeat(400));
    let mut bulk = beside(&engine, vec![long; 3]);
    tokio::task::yield_now().await;
    let quick = engine.encode(vec![input("hello")]).await.expect("encoded");
    assert_eq!(quick.len(), 1);
    assert!(bulk.try_join_next().is_none(), "twenty-four full windows are not faster than one short text");
}
