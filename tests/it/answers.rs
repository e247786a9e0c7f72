//! Answers that can be proved: the check on honest and on lying words, and questions that the data can and can't answer.
#![expect(clippy::expect_used, reason = "helpers of tests fail the test")]

use std::collections::{BTreeMap, HashMap};

use sada::answers::{
    Asked, Counted, Kind, Limits, Line, Record, Sentence, Sheet, Tongue, check, commands_a_machine, extract, parse,
    prompt, tells,
};
use sada::feedback::{FeedbackId, Language, SentimentLabel, Understanding};
use sada::inference::generate::{self, Model as _};
use sada::privacy::{self, RawText};
use sada::vector::dot;
use serde::Deserialize;
use uuid::Uuid;

use crate::answers_liar::{Liar, lies, lines};
use crate::support::reader;

/// A message of the demo set with its truth.
struct Message {
    theme: String,
    record: Record,
}

#[derive(Deserialize)]
struct Told {
    external_id: String,
    touchpoint: String,
    text: String,
}

#[derive(Deserialize)]
struct Truth {
    external_id: String,
    theme: Option<String>,
    sentiment: SentimentLabel,
}

/// What themes are called in Arabic and English, and how their messages feel.
const THEMES: &[(&str, &str, &str, Kind)] = &[
    ("late_delivery", "تأخر التوصيل", "late delivery", Kind::Pain),
    ("wrong_or_damaged_order", "طلبات ناقصة أو تالفة", "wrong or damaged orders", Kind::Pain),
    ("courier_behaviour", "تعامل المندوبين", "the couriers' manners", Kind::Theme),
    ("map_address", "الخريطة والعنوان", "the map and the address", Kind::Pain),
    ("app_crash", "تعطل التطبيق", "the app crashing", Kind::Pain),
    ("praise_delivery", "سرعة التوصيل", "fast delivery", Kind::Theme),
    ("praise_app", "سهولة التطبيق", "the easy app", Kind::Theme),
    ("feature_request", "ميزات جديدة", "new features", Kind::Need),
];

fn read(texts: &[String]) -> Vec<Understanding> {
    let masked = texts.iter().map(|text| privacy::mask(&RawText::new(text.as_str())).text).collect();
    reader().understand_blocking(masked).expect("read")
}

/// The messages about delivery and the app, as one persona's records.
fn messages() -> Vec<Message> {
    let parse = |text: &str| -> Vec<serde_json::Value> {
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    };
    let told: Vec<Told> = parse(include_str!("../../evals/demo/feedback.ndjson"))
        .into_iter()
        .map(|value| serde_json::from_value(value).expect("a message"))
        .filter(|told: &Told| ["delivery", "app"].contains(&told.touchpoint.as_str()))
        .collect();
    let truth: HashMap<String, Truth> = parse(include_str!("../../evals/demo/truth.ndjson"))
        .into_iter()
        .map(|value| serde_json::from_value(value).expect("a truth"))
        .map(|truth: Truth| (truth.external_id.clone(), truth))
        .collect();
    let places = read(&told.iter().map(|told| told.text.clone()).collect::<Vec<_>>());
    let message = |(told, read): (&Told, Understanding)| {
        let truth = &truth[&told.external_id];
        Message {
            theme: truth.theme.clone().unwrap_or_default(),
            record: Record {
                id: FeedbackId(Uuid::new_v5(&Uuid::NAMESPACE_OID, told.external_id.as_bytes())),
                text: privacy::mask(&RawText::new(told.text.as_str())).text,
                language: read.language,
                feeling: Some(truth.sentiment),
                place: read.place,
            },
        }
    };
    told.iter().zip(places).map(message).collect()
}

/// A sheet about three themes that begin with `first`, with other counts and quotations for each variant.
fn sheet(tongue: Tongue, messages: &[Message], first: usize, variant: usize) -> Sheet {
    let mut lines = Vec::new();
    let mut quotes = Vec::new();
    for step in 0..3 {
        let (theme, arabic, english, kind) = THEMES[(first + step * (1 + variant % 2)) % THEMES.len()];
        let name = if tongue == Tongue::Arabic { arabic } else { english };
        let of_theme: Vec<&Record> =
            messages.iter().filter(|each| each.theme == theme).map(|each| &each.record).collect();
        let from = variant * 5 % of_theme.len();
        let some: Vec<Record> = of_theme.iter().cycle().skip(from).take(5).map(|record| (*record).clone()).collect();
        let counted = Counted::new((7 + first * 3 + variant + step * 11) as u64, (83 + variant) as u64);
        quotes.extend(some.iter().take(2).cloned().map(Line::quoting));
        if lines.iter().all(|line: &Line| !line.text.contains(name)) {
            lines.push(Line::counting(tongue, kind, name, counted, some));
        }
    }
    lines.extend(quotes);
    let places = read(&lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>());
    lines.iter_mut().zip(places).for_each(|(line, read)| line.place = read.place);
    Sheet { tongue, lines, set_aside: 0 }
}

/// What passes the check, and what was wrong with the rest.
fn judged(
    sheet: &Sheet,
    sentences: Vec<Sentence>,
    seen: &mut HashMap<String, Understanding>,
) -> (Vec<Sentence>, BTreeMap<String, usize>) {
    let unseen: Vec<String> =
        sentences.iter().map(|each| each.text.clone()).filter(|text| !seen.contains_key(text)).collect();
    seen.extend(unseen.clone().into_iter().zip(read(&unseen)));
    let (mut kept, mut faults) = (Vec::new(), BTreeMap::new());
    for sentence in sentences {
        match check(sheet, &sentence, &seen[&sentence.text], &Limits::default()) {
            Ok(()) => kept.push(sentence),
            Err(fault) => *faults.entry(fault.to_string()).or_default() += 1,
        }
    }
    (kept, faults)
}

#[test]
fn of_two_hundred_narratives_and_answers_of_a_liar_no_sentence_passes() {
    let messages = messages();
    let (mut seen, mut liar) = (HashMap::new(), Liar::new());
    let (mut texts, mut sentences, mut passed) = (0, 0, Vec::new());
    let mut faults: BTreeMap<String, usize> = BTreeMap::new();
    for (first, variant) in (0..THEMES.len()).flat_map(|first| (0..13).map(move |variant| (first, variant))) {
        for tongue in [Tongue::Arabic, Tongue::English] {
            let sheet = sheet(tongue, &messages, first, variant);
            let asked =
                if variant % 2 == 0 { Asked::Narrative } else { Asked::Question("ليش زعلانين؟ Why?") };
            let asked = prompt(&sheet, &asked);
            let asked = generate::Prompt { system: asked.system, user: asked.user };
            let written = liar.write(&asked, &|| false).expect("a liar always writes");
            let said = parse(&written.text);
            texts += 1;
            sentences += said.len();
            let (kept, wrong) = judged(&sheet, said, &mut seen);
            passed.extend(kept.into_iter().map(|sentence| (sentence, sheet.lines.len())));
            wrong.into_iter().for_each(|(fault, count)| *faults.entry(fault).or_default() += count);
        }
    }
    println!("liar: {texts} texts, {sentences} sentences, {} pass; dropped for {faults:?}", passed.len());
    assert!(texts >= 200 && sentences >= 2_000, "{texts} {sentences}");
    assert!(
        passed.is_empty(),
        "{} of {sentences} pass: {:#?}",
        passed.len(),
        passed.iter().take(40).collect::<Vec<_>>()
    );
}

#[test]
fn every_way_to_lie_is_caught_by_its_own_net_in_both_languages() {
    let messages = messages();
    let mut seen = HashMap::new();
    for tongue in [Tongue::Arabic, Tongue::English] {
        let sheet = sheet(tongue, &messages, 0, 0);
        let shown = lines(&prompt(&sheet, &Asked::Narrative).user);
        assert_eq!(shown.len(), sheet.lines.len());
        let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (kind, lie) in lies(tongue, &shown, 1) {
            let (kept, faults) = judged(&sheet, parse(&lie), &mut seen);
            assert!(kept.is_empty(), "{kind}: {lie}");
            kinds.entry(kind).or_default().extend(faults.into_keys());
        }
        for (kind, nets) in [
            ("uncited", ["uncited"].as_slice()),
            ("no such line", ["no_such_line"].as_slice()),
            ("other language", ["language"].as_slice()),
            ("name", ["name"].as_slice()),
            ("private", ["personal_data"].as_slice()),
            ("link", ["form"].as_slice()),
            ("quote", ["quote"].as_slice()),
            ("wrong number", ["number"].as_slice()),
            ("wrong citation", ["number", "quote"].as_slice()),
            ("mixed", ["mixed_counts"].as_slice()),
            ("everybody", ["quantity"].as_slice()),
            ("swapped", ["quote"].as_slice()),
        ] {
            assert!(kinds[kind].iter().any(|each| nets.contains(&each.as_str())), "{tongue} {kind}: {:?}", kinds[kind]);
        }
    }
}

#[test]
fn what_the_sheet_says_of_itself_passes() {
    let messages = messages();
    let mut seen = HashMap::new();
    let (mut all, mut kept_of_all) = (0, 0);
    for first in 0..THEMES.len() {
        for tongue in [Tongue::Arabic, Tongue::English] {
            let sheet = sheet(tongue, &messages, first, 1);
            let own = extract(&sheet, 4);
            all += own.len();
            let (kept, faults) = judged(&sheet, own, &mut seen);
            kept_of_all += kept.len();
            println!("{tongue} {first}: {} kept, {faults:?}", kept.len());
        }
    }
    println!("the sheet's own sentences: {kept_of_all} of {all} pass");
    assert!(kept_of_all * 10 >= all * 9, "{kept_of_all} of {all}");
}

#[derive(Deserialize)]
struct Pair {
    record: String,
    sentence: String,
    supported: bool,
}

#[test]
fn sentences_lie_nearer_to_what_they_say_than_to_other_records() {
    let pairs: Vec<Pair> = include_str!("../../evals/answers/pairs.ndjson")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a pair"))
        .collect();
    let records = read(&pairs.iter().map(|pair| pair.record.clone()).collect::<Vec<_>>());
    let sentences = read(&pairs.iter().map(|pair| pair.sentence.clone()).collect::<Vec<_>>());
    let cosines = |supported: bool| {
        let of = pairs.iter().zip(records.iter().zip(&sentences)).filter(move |(pair, _)| pair.supported == supported);
        let mut cosines: Vec<f32> = of.map(|(_, (record, sentence))| dot(&record.place, &sentence.place)).collect();
        cosines.sort_by(f32::total_cmp);
        cosines
    };
    let (own, other) = (cosines(true), cosines(false));
    println!("own {own:.2?}\nother {other:.2?}");
    let near = Limits::default().near;
    let share =
        |cosines: &[f32]| cosines.iter().filter(|cosine| **cosine >= near).count() as f64 / cosines.len() as f64;
    println!("from {near}: {:.2} of their own, {:.2} of others", share(&own), share(&other));
    assert!(share(&own) >= 0.5 && share(&other) <= 0.05, "{} {}", share(&own), share(&other));
}

#[derive(Deserialize)]
struct Question {
    question: String,
    language: String,
    dialect: Option<String>,
    tells: bool,
}

#[test]
fn what_the_data_does_not_tell_is_not_told() {
    let messages = messages();
    let records: Vec<(&str, &[f32])> =
        messages.iter().map(|each| (each.record.text.as_str(), each.record.place.as_slice())).collect();
    for (name, questions) in [
        ("dev", include_str!("../../evals/answers/dev.ndjson")),
        ("test", include_str!("../../evals/answers/test.ndjson")),
    ] {
        let questions: Vec<Question> =
            questions.lines().map(|line| serde_json::from_str(line).expect("a question")).collect();
        let places = read(&questions.iter().map(|each| each.question.clone()).collect::<Vec<_>>());
        let mut rates: BTreeMap<(bool, String), (usize, usize)> = BTreeMap::new();
        for (question, read) in questions.iter().zip(&places) {
            let told = tells(&question.question, &read.place, &records).told;
            let right = usize::from(told == question.tells);
            let dialect = question.dialect.clone().unwrap_or_else(|| question.language.clone());
            for key in ["all".to_owned(), question.language.clone(), dialect] {
                let rate = rates.entry((question.tells, key)).or_default();
                *rate = (rate.0 + right, rate.1 + 1);
            }
            if right == 0 {
                println!("{name}: wrongly {}: {}", if told { "told" } else { "untold" }, question.question);
            }
        }
        // English counts twice above, as a language and for want of a dialect
        println!("{name}: {rates:?}");
        let rate = |tells: bool| {
            let (right, of) = rates[&(tells, "all".to_owned())];
            right as f64 / of as f64
        };
        assert!(rate(false) >= 0.95, "{name}: {} of what is not told", rate(false));
        assert!(rate(true) >= 0.85, "{name}: {} of what is told", rate(true));
    }
}

#[test]
fn no_message_of_the_demo_is_taken_for_a_command() {
    let taken: Vec<String> = include_str!("../../evals/demo/feedback.ndjson")
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).expect("JSON")["text"].as_str().expect("text").to_owned()
        })
        .filter(|text| commands_a_machine(text))
        .collect();
    assert!(taken.len() <= 1, "{taken:#?}");
}

#[test]
fn an_answer_without_a_model_reads_well() {
    let record = |text: &str, language: Language| Record {
        id: FeedbackId(Uuid::nil()),
        text: privacy::mask(&RawText::new(text)).text,
        language,
        feeling: None,
        place: Vec::new(),
    };
    let quotes = [
        record("وصل «الطلب» متأخر\nساعتين", Language::arabic()),
        record("It was \"cold\".", Language::english()),
        record("third", Language::english()),
    ];
    let said = |tongue: Tongue, name: &str| {
        let mut lines = vec![Line::counting(tongue, Kind::Pain, name, Counted::new(12, 80), Vec::new())];
        lines.extend(quotes.iter().cloned().map(Line::quoting));
        extract(&Sheet { tongue, lines, set_aside: 0 }, 4)
            .into_iter()
            .map(|sentence| format!("{} {:?}", sentence.text, sentence.citations))
            .collect::<Vec<_>>()
            .join("\n")
    };
    insta::assert_snapshot!(
        format!("{}\n\n{}", said(Tongue::Arabic, "تأخر التوصيل"), said(Tongue::English, "late delivery")),
        @r#"
    12 من أصل 80 عميلًا يشتكون من «تأخر التوصيل» (15٪، بين 9٪ و24٪). [1]
    كتب أحدهم: «وصل 'الطلب' متأخر ساعتين» [2]
    كتب أحدهم بالإنجليزية: «It was 'cold'.» [3]

    12 of 80 customers complain of “late delivery” (15 %, between 9 % and 24 %). [1]
    One of them writes in Arabic: “وصل 'الطلب' متأخر ساعتين” [2]
    One of them writes: “It was 'cold'.” [3]
    "#
    );
}
