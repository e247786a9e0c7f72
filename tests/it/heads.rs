//! The carried heads on the real model: clear texts in every dialect, the same alone and in a batch, no other model.

use std::path::Path;
use std::sync::OnceLock;

use sada::feedback::{Dialect, LevelProbabilities, ModelInfo, SentimentLabel, TriggerKind, Understanding};
use sada::inference::heads::{HeadName, understand_blocking};
use sada::inference::models::{self, ModelDir};
use sada::inference::{Engine, Error, Heads, Instructions, Settings};
use sada::privacy::{RawText, Text, mask};

struct Model {
    engine: Engine,
    heads: Heads,
}

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| {
        let dir = ModelDir::platform_default().expect("a cache folder");
        let folder = models::ensure_default(&dir, &models::quiet).expect("the model can be pulled");
        let heads = Heads::builtin().expect("whole");
        let engine = Engine::start(&folder, heads.tuned(), Settings::default()).expect("starts");
        let heads = heads.for_model(engine.info()).expect("fitted for the default model");
        Model { engine, heads }
    })
}

fn understand(texts: &[&str]) -> Vec<Understanding> {
    let texts: Vec<Text> = texts.iter().map(|text| mask(&RawText::new(*text)).text).collect();
    understand_blocking(&model().engine, &model().heads, texts).expect("understood")
}

fn pole(understanding: &Understanding) -> SentimentLabel {
    let it = understanding.whole.sentiment;
    if it.negative >= it.neutral.max(it.positive) {
        SentimentLabel::Negative
    } else if it.positive >= it.neutral {
        SentimentLabel::Positive
    } else {
        SentimentLabel::Neutral
    }
}

#[test]
fn clear_feelings_are_read_in_every_dialect() {
    use SentimentLabel::{Negative, Neutral, Positive};
    let cases = [
        ("الخدمة زفت والموظف قليل أدب", Negative),
        ("التطبيق سيئ جدا ولا يعمل أبدا", Negative),
        ("ربنا ينتقم منكم، نصابين وحرامية", Negative),
        ("خدمة كتير سيئة وما حدا بيرد", Negative),
        ("السرفيس خايب بزاف وما كاين حتى حل", Negative),
        ("el app zbala w ma byfta7, khedma fashla", Negative),
        ("Terrible service, the app never works", Negative),
        ("ممتاز جدا، شكرا لكم على الخدمة الرائعة", Positive),
        ("والله المندوب محترم وسريع، يعطيكم العافية", Positive),
        ("الاكل تحفة والمندوب ذوق جدا، شكرا ليكم", Positive),
        ("Great service, thank you so much!", Positive),
        ("كم رسوم التوصيل إلى جدة؟", Neutral),
        ("عايز اعرف مواعيد الفرع", Neutral),
        ("What time does the branch open?", Neutral),
    ];
    let texts: Vec<&str> = cases.iter().map(|(text, _)| *text).collect();
    let wrong: Vec<String> = understand(&texts)
        .iter()
        .zip(&cases)
        .filter(|(understanding, (_, expected))| pole(understanding) != *expected)
        .map(|(understanding, (text, _))| format!("{text}: {:?}", understanding.whole.sentiment))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_calm_fraud_stands_out_from_angry_trivia() {
    let texts = [
        "فيه أحد يستخدم حسابي",
        "Someone is using my account, I did not make these payments",
        "حد سرق الفيزا بتاعتي وبيشتري بيها",
        "القهوة باردة!!! أسوأ قهوة في حياتي",
        "Why did you move the search button, worst update ever!!!",
    ];
    let fraud: Vec<f32> = understand(&texts).iter().map(|it| it.whole.trigger(TriggerKind::Fraud)).collect();
    let (calm, angry) = fraud.split_at(3);
    assert!(angry.iter().all(|it| *it < 0.15), "{angry:?}");
    let angriest = angry.iter().copied().fold(0.0, f32::max);
    assert!(calm.iter().all(|it| *it > 0.2 && *it > 5.0 * angriest), "{calm:?} {angry:?}");
}

#[test]
fn probabilities_are_probabilities() {
    for understanding in understand(&["", "😡😡", "الطلب تأخر بس المندوب محترم", "ok", "a\u{0301} \u{200f} ١٢٣"])
    {
        for reading in std::iter::once(&understanding.whole).chain(understanding.segments.iter().map(|it| &it.reading))
        {
            let (feeling, impact, urgency) = (reading.sentiment, reading.impact, reading.urgency);
            for sum in [
                feeling.negative + feeling.neutral + feeling.positive,
                impact.low + impact.medium + impact.high,
                urgency.low + urgency.medium + urgency.high,
            ] {
                assert!((sum - 1.0).abs() < 1e-5, "{sum}");
            }
            assert_eq!(reading.triggers.len(), TriggerKind::ALL.len());
            assert!(reading.triggers.iter().all(|it| (0.0..=1.0).contains(it)));
        }
        assert!((0.0..=1.0).contains(&understanding.supported));
    }
}

#[test]
fn a_text_is_read_the_same_alone_and_in_a_batch() {
    let texts = [
        "المندوب كان محترم بس الطلب وصل ناقص",
        "el app msh shaghal men embare7",
        "My parcel never arrived and nobody answers",
        "شكرا",
    ];
    let together = understand(&texts);
    for (text, batched) in texts.iter().zip(&together) {
        let alone = understand(&[text]).remove(0);
        assert_eq!(pole(&alone), pole(batched), "{text}");
        assert_eq!(
            (&alone.language, alone.dialect, &alone.model),
            (&batched.language, batched.dialect, &batched.model)
        );
        assert_eq!(alone.segments.len(), batched.segments.len());
        assert!((alone.whole.sentiment.negative - batched.whole.sentiment.negative).abs() < 1e-3, "{text}");
    }
    assert_eq!(together[0].segments.len(), 2, "a turn makes two pieces");
}

#[test]
fn language_and_dialect_are_told() {
    let cases = [
        ("ابي اعرف وش صار على طلبي، تكفون ردوا علي", "ar", Some(Dialect::Gulf)),
        ("عايز اعرف الاوردر بتاعي فين دلوقتي، محدش بيرد", "ar", Some(Dialect::Egyptian)),
        ("بدي اعرف وين صار طلبي، شو عم تعملوا", "ar", Some(Dialect::Levantine)),
        ("بغيت نعرف فين وصلات الكوموند ديالي، واش غادي تجي", "ar", Some(Dialect::Maghrebi)),
        ("أود الاستفسار عن حالة الطلب الذي لم يصلني حتى الآن", "ar", Some(Dialect::Msa)),
        ("3ayez a3raf el order beta3y feen dlwa2ty", "ar", Some(Dialect::Arabizi)),
        ("wesh sar 3ala talabi, ma 7ad yrod 3alay", "ar", Some(Dialect::Arabizi)),
        ("هل الـ lounge مفتوح 24 hours ولا له مواعيد؟", "ar", None),
        ("Where is my order? Nobody answers the phone", "en", None),
        ("Où est ma commande ? Personne ne répond au téléphone", "fr", None),
        (
            "Здравствуйте, мой заказ так и не привезли, и мы не знаем, когда это будет, никто не отвечает на звонки",
            "ru",
            None,
        ),
        ("!!! 123", "und", None),
    ];
    let texts: Vec<&str> = cases.iter().map(|(text, ..)| *text).collect();
    let wrong: Vec<String> = understand(&texts)
        .iter()
        .zip(&cases)
        .filter(|(it, (_, language, dialect))| {
            it.language.code() != *language || (dialect.is_some() && it.dialect != *dialect)
        })
        .map(|(it, (text, ..))| format!("{text}: {} {:?}", it.language, it.dialect))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn noise_is_not_supported_and_language_is() {
    let noise =
        ["asdkjh qwpoeiru zxmcnb", "ضصثق شسيب ئءؤر لالالا", "dGhpcyBpcyBub3QgYSB0ZXh0IGF0IGFsbA==", "ᚠᚢᚦᚨᚱᚲ ᚷᚹᚺᚾ", "123"];
    let language = [
        "الطلب تأخر كثير",
        "el talab et2akhar kteer",
        "the order is very late",
        "la commande est en retard",
        "Заказ опаздывает",
        "واش كاين شي جديد",
    ];
    for (text, understanding) in noise.iter().zip(understand(&noise)) {
        assert!(understanding.supported < 0.5, "{text}: {}", understanding.supported);
    }
    for (text, understanding) in language.iter().zip(understand(&language)) {
        assert!(understanding.supported > 0.5, "{text}: {}", understanding.supported);
    }
}

#[test]
fn heads_of_another_model_are_refused() {
    let other = ModelInfo { name: "other-model".to_owned(), digest: "ab".repeat(32) };
    let message = Heads::builtin().expect("whole").for_model(&other).expect_err("another model").to_string();
    for part in ["sentiment head", "other-model", "abababababab", "sada train"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn heads_survive_a_folder_and_a_missing_file_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/heads");
    for file in std::fs::read_dir(source).expect("the carried heads").map(|entry| entry.expect("an entry")) {
        std::fs::copy(file.path(), folder.path().join(file.file_name())).expect("copied");
    }
    let builtin = Heads::builtin().expect("whole");
    let loaded = Heads::load(folder.path()).expect("loaded");
    assert_eq!(loaded.model(model().engine.info()), builtin.model(model().engine.info()));
    std::fs::remove_file(folder.path().join("urgency.safetensors")).expect("removed");
    let message = Heads::load(folder.path()).expect_err("missing").to_string();
    assert!(message.contains("urgency.safetensors") && message.contains("sada train"), "{message}");
}

#[test]
fn cards_say_where_the_weights_come_from() {
    let heads = Heads::builtin().expect("whole");
    assert_eq!(heads.all().map(|head| head.card.name).as_slice(), HeadName::ALL);
    for head in heads.all() {
        assert!(!head.card.training.is_empty(), "{}", head.card.name);
        for file in &head.card.training {
            assert!(file.sha256.len() >= 16 && !file.licence.is_empty() && file.rows > 0, "{file:?}");
        }
    }
}

/// What a person or a rule goes by: the likeliest of each kind, and the circumstances that are likelier than not.
fn labels(understanding: &Understanding) -> String {
    let reading = &understanding.whole;
    let likeliest = |levels: LevelProbabilities| {
        let levels = [levels.low, levels.medium, levels.high];
        (0..3).max_by(|left, right| levels[*left].total_cmp(&levels[*right]))
    };
    let present: Vec<_> = TriggerKind::ALL.iter().filter(|kind| reading.trigger(**kind) > 0.5).collect();
    let (impact, urgency) = (likeliest(reading.impact), likeliest(reading.urgency));
    let (language, dialect) = (&understanding.language, understanding.dialect);
    format!("{:?} {impact:?} {urgency:?} {present:?} {language:?} {dialect:?}", pole(understanding))
}

#[test]
fn older_processors_give_the_same_bytes() {
    let messages = include_str!("../../evals/demo/feedback.ndjson").lines().step_by(70);
    let text = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("NDJSON")["text"].clone();
    let texts: Vec<String> = messages.map(|line| text(line).as_str().expect("a text").to_owned()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let best = understand(&texts);
    let dir = ModelDir::platform_default().expect("a cache folder");
    let folder = models::ensure_default(&dir, &models::quiet).expect("the model is there");
    let masked: Vec<Text> = texts.iter().map(|text| mask(&RawText::new(*text)).text).collect();
    for instructions in [Instructions::Avx2, Instructions::Portable] {
        let settings = Settings { instructions, ..Settings::default() };
        let engine = match Engine::start(&folder, model().heads.tuned(), settings) {
            Err(Error::NoAvx2) => continue,
            engine => engine.expect("starts"),
        };
        let understood = understand_blocking(&engine, &model().heads, masked.clone()).expect("understood");
        let all = |understood: &[Understanding]| understood.iter().map(labels).collect::<Vec<_>>();
        assert_eq!(all(&understood), all(&best), "{instructions:?}");
        assert!(understood.iter().zip(&best).all(|(one, other)| one.place == other.place), "{instructions:?}");
        engine.stop();
    }
}
