//! `sada eval demo`: the whole path on the demo set, held against its truth.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::{BuiltIn, write_json};
use crate::app::App;
use crate::cli::{Global, demo, ready};
use crate::clock::Clock;
use crate::evals::{Rates, Section};
use crate::feedback::{Abstained, Feedback, HandoverReason, Priority, SentimentLabel, TriggerKind};
use crate::pipeline::overview::overview;
use crate::pipeline::{FeedbackFilter, list_feedback};
use crate::statistics::v_measure;
use crate::{server, telemetry};

/// What each message of the demo set really is.
const TRUTH: &str = include_str!("../../../evals/demo/truth.ndjson");

/// What a second annotator said, who saw nothing but the texts and the definitions.
const SECOND: &str = include_str!("../../../evals/demo/second.ndjson");

/// What the second annotator said of one message.
#[derive(Deserialize)]
struct Opinion {
    external_id: String,
    sentiment: SentimentLabel,
    priority: Priority,
}

/// How far the second annotator agrees with the truth, to read the model's figures against.
#[derive(Debug, Default)]
struct Agreement {
    p1: Rates,
    sentiment: Rates,
}

/// What one message really is.
#[derive(Deserialize)]
struct Truth {
    external_id: String,
    dialect: Option<String>,
    theme: String,
    sentiment: SentimentLabel,
    priority: Priority,
    triggers: Vec<TriggerKind>,
    personal: Vec<String>,
}

/// The figures of one run.
#[derive(Debug)]
struct Figures {
    messages: usize,
    p1: Rates,
    /// Messages handed to a person because they may be P1 after all; `wanted` are those that are P1.
    perhaps: Rates,
    triggers: BTreeMap<&'static str, Rates>,
    sentiment: BTreeMap<String, Rates>,
    theme_v_measure: f64,
    themes: usize,
    /// Messages that are about something, and how many of them have no theme.
    topical: usize,
    unassigned: usize,
    bursts: usize,
    abstained: BTreeMap<&'static str, usize>,
    personal_data_left: usize,
    second_annotator: Agreement,
    model_digest: String,
}

/// What a report says of its own making.
#[derive(Debug, Serialize)]
struct Report {
    date: String,
    program: &'static str,
    model_digest: String,
    sections: [Section; 1],
}

impl Report {
    fn new(figures: &Figures) -> Self {
        Self {
            date: Clock::system().now().format("%Y-%m-%d").to_string(),
            program: env!("CARGO_PKG_VERSION"),
            model_digest: figures.model_digest.clone(),
            sections: [figures.section()],
        }
    }
}

/// Runs the demo in a temporary folder and prints how well it did.
pub(super) fn run(global: &Global, args: &BuiltIn) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let config = demo::within(global.load()?, folder.path());
    telemetry::init(&config.log.quiet())?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let reader = tokio::task::block_in_place(|| ready::reader(&config))?;
        let opened = server::open(&config, Clock::system(), reader).await?;
        demo::take_in(&opened.app).await?;
        demo::work(&opened.app, &config.worker).await?;
        let figures = measure(&opened.app, args.misses).await?;
        opened.app.db.close().await;
        print(&figures);
        write_json(args.json.as_deref(), &Report::new(&figures))
    })
}

async fn everything(app: &App) -> Result<Vec<Feedback>> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = list_feedback(app, FeedbackFilter::default(), after, 1_000).await?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

async fn measure(app: &App, misses: bool) -> Result<Figures> {
    let truth = TRUTH.lines().map(serde_json::from_str).collect::<Result<Vec<Truth>, _>>()?;
    let truth: HashMap<&str, &Truth> = truth.iter().map(|each| (each.external_id.as_str(), each)).collect();
    let records = everything(app).await?;
    let glance = overview(app, usize::MAX, 0).await?;
    let mut tally = Tally::default();
    for record in &records {
        let known =
            record.origin.external_id.as_deref().and_then(|id| truth.get(id)).context("a message without truth")?;
        tally.count(record, known, misses)?;
    }
    Ok(Figures {
        messages: records.len(),
        sentiment: tally.sentiment,
        p1: tally.p1,
        perhaps: tally.perhaps,
        triggers: tally.triggers,
        theme_v_measure: v_measure(&tally.themes),
        themes: glance.themes.len(),
        topical: tally.themes.len(),
        unassigned: tally.themes.iter().filter(|(_, theme)| theme.is_none()).count(),
        bursts: glance.themes.iter().filter(|theme| theme.burst.is_some()).count(),
        abstained: tally.abstained,
        personal_data_left: tally.personal_data_left,
        second_annotator: agreement(&truth)?,
        model_digest: tally.model_digest,
    })
}

fn agreement(truth: &HashMap<&str, &Truth>) -> Result<Agreement> {
    let mut found = Agreement::default();
    for line in SECOND.lines() {
        let said: Opinion = serde_json::from_str(line)?;
        let known = truth.get(said.external_id.as_str()).context("an opinion on no message")?;
        found.p1.count(known.priority == Priority::P1, said.priority == Priority::P1);
        found.sentiment.count(true, known.sentiment == said.sentiment);
    }
    Ok(found)
}

/// What is counted while the messages go by.
#[derive(Default)]
struct Tally {
    p1: Rates,
    perhaps: Rates,
    triggers: BTreeMap<&'static str, Rates>,
    sentiment: BTreeMap<String, Rates>,
    /// Known and found theme of each message that has a known one.
    themes: Vec<(String, Option<uuid::Uuid>)>,
    abstained: BTreeMap<&'static str, usize>,
    personal_data_left: usize,
    model_digest: String,
}

impl Tally {
    fn count(&mut self, record: &Feedback, known: &Truth, misses: bool) -> Result<()> {
        let analysis = record.analysis.as_ref().context("a message was not analysed")?;
        let (id, priority, label) = (&known.external_id, analysis.urgency.priority, analysis.sentiment.label);
        let wanted = known.priority == Priority::P1;
        self.p1.count(wanted, priority == Priority::P1);
        self.perhaps.count(wanted, analysis.handover.reason == Some(HandoverReason::PerhapsTopPriority));
        if misses && wanted != (priority == Priority::P1) {
            println!("{id}: {} should be {}: {}", priority, known.priority, record.text.as_str());
        }
        for kind in TriggerKind::ALL.iter().copied() {
            let found = analysis.urgency.triggers.iter().any(|trigger| trigger.kind == kind);
            self.triggers.entry(kind.name()).or_default().count(known.triggers.contains(&kind), found);
        }
        if misses && label != known.sentiment {
            println!("{id}: {label} should be {}: {}", known.sentiment, record.text.as_str());
        }
        let dialect = known.dialect.clone().unwrap_or_else(|| "english".to_owned());
        self.sentiment.entry(dialect).or_default().count(true, label == known.sentiment);
        if known.theme != "none" {
            self.themes.push((known.theme.clone(), analysis.theme.as_ref().map(|theme| theme.id)));
        }
        for answer in &analysis.abstained {
            *self.abstained.entry(Abstained::name(*answer)).or_default() += 1;
        }
        self.personal_data_left += known.personal.iter().filter(|value| record.text.as_str().contains(*value)).count();
        self.model_digest.clone_from(&analysis.model.digest);
        Ok(())
    }
}

impl Figures {
    fn sentiment_all(&self) -> Rates {
        let mut all = Rates::default();
        for rates in self.sentiment.values() {
            all.wanted += rates.wanted;
            all.found += rates.found;
            all.right += rates.right;
        }
        all
    }

    /// The figures as the reports have them.
    fn section(&self) -> Section {
        let mut section = Section::new("demo");
        let mut share = |slice: &str, measure, part, whole| section.share(("demo", slice, measure), part, whole);
        share("all", "P1 recall", self.p1.right, self.p1.wanted);
        share("all", "P1 precision", self.p1.right, self.p1.found);
        share("all", "P1 found or handed to a person", self.p1.right + self.perhaps.right, self.p1.wanted);
        let (needless, others) = (self.perhaps.found - self.perhaps.right, self.messages - self.p1.wanted);
        share("all", "others handed to a person as perhaps P1", needless, others);
        let feelings = self.sentiment_all();
        share("all", "sentiment accuracy", feelings.right, feelings.wanted);
        for (dialect, rates) in &self.sentiment {
            share(dialect, "sentiment accuracy", rates.right, rates.wanted);
        }
        for (kind, rates) in &self.triggers {
            share(kind, "recall", rates.right, rates.wanted);
            share(kind, "precision", rates.right, rates.found);
        }
        for (answer, count) in &self.abstained {
            share(answer, "withheld", *count, self.messages);
        }
        share("themes", "unassigned", self.unassigned, self.topical);
        for (measure, value) in
            [("V-measure", self.theme_v_measure), ("themes", self.themes as f64), ("with a burst", self.bursts as f64)]
        {
            section.push(("demo", "themes", measure), self.topical, value, None);
        }
        section.push(("demo", "all", "planted values left"), self.messages, self.personal_data_left as f64, None);
        section
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn print(figures: &Figures) {
    println!("demo set, {} messages, model {}", figures.messages, figures.model_digest);
    println!("P1             {}", figures.p1);
    figures.triggers.iter().for_each(|(kind, rates)| println!("  {kind:<13} {rates}"));
    println!("perhaps P1     {} handed to a person, {} of them P1", figures.perhaps.found, figures.perhaps.right);
    println!("sentiment      accuracy {:.3}", figures.sentiment_all().recall());
    for (dialect, rates) in &figures.sentiment {
        println!("  {dialect:<13} {:.3}", rates.recall());
    }
    println!(
        "themes         V-measure {:.3}, {} themes, {:.1} % unassigned, {} with a burst",
        figures.theme_v_measure,
        figures.themes,
        100.0 * share(figures.unassigned, figures.topical),
        figures.bursts
    );
    println!("abstained      {:?}", figures.abstained);
    println!("personal data  {} planted values left", figures.personal_data_left);
    let Agreement { p1, sentiment } = &figures.second_annotator;
    println!("for comparison, a second annotator: P1 {p1}; sentiment {:.3}", share(sentiment.right, sentiment.wanted));
}
