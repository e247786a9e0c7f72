//! A synthetic population: customers whose habits are planted, or not.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sada::app::App;
use sada::feedback::{
    Channel, CustomerId, Dialect, Feedback, FeedbackId, Language, Origin, Priority, Rating, RatingMethod,
    SentimentLabel, SourceKind, Touchpoint,
};
use sada::personas::{Customer, Record, Voice, customers};
use sada::privacy::Text;
use sada::statistics::Random;
use sada::stores::sql::{feedback, themes};
use uuid::Uuid;

use crate::store_contract_values::{analysis, theme as some_theme, theme_match};

/// What there is to write about; each has its touchpoint and is more or less unhappy by nature.
const THEMES: usize = 12;

const CHANNELS: [Channel; 6] =
    [Channel::Chat, Channel::AppReview, Channel::Survey, Channel::Email, Channel::Call, Channel::Social];

/// How a population is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// How many kinds of customers are planted; 0 or 1 for none.
    pub(crate) groups: usize,
    /// How many customers.
    pub(crate) customers: usize,
    /// The share of records that follow the kind's habits rather than everybody's, 0 to 1.
    pub(crate) habit: f64,
    /// Records of a customer: at least, and at most so many more.
    pub(crate) records: (usize, usize),
    /// Whether each customer has a language and a channel of their own, whatever they write about.
    pub(crate) own_ways: bool,
    /// Whether each customer has tastes of their own, so that all differ and none form a group.
    pub(crate) own_tastes: bool,
    /// What fixes every draw.
    pub(crate) seed: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self { groups: 3, customers: 240, habit: 0.75, records: (3, 5), own_ways: false, own_tastes: false, seed: 1 }
    }
}

/// Customers and the kind that each was planted as, in the same order.
pub(crate) struct Population {
    pub(crate) customers: Vec<Customer>,
    pub(crate) kinds: Vec<usize>,
}

/// When everything happens.
fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("in range")
}

pub(crate) fn theme(number: usize) -> Uuid {
    Uuid::from_u128(900 + number as u128)
}

/// Makes it.
pub(crate) fn population(plan: Plan) -> Population {
    let mut random = Random::new(plan.seed);
    let mut records = Vec::new();
    let mut kinds = Vec::new();
    for number in 0..plan.customers {
        // kinds of different sizes
        let kind = if plan.groups < 2 { 0 } else { (random.share().powf(1.2) * plan.groups as f64) as usize };
        kinds.push(kind);
        let id = CustomerId::try_from(format!("c-{number:05}")).expect("a name");
        let own = Own::draw(plan, &mut random);
        let count = plan.records.0 + random.below(plan.records.1 + 1);
        for _ in 0..count {
            records.push((id.clone(), record(plan, kind, &own, records.len(), &mut random)));
        }
    }
    Population { customers: customers(records), kinds }
}

/// What is a customer's own, and says nothing of their kind.
struct Own {
    channel: Option<Channel>,
    arabic: bool,
    taste: Option<[usize; 2]>,
}

impl Own {
    fn draw(plan: Plan, random: &mut Random) -> Self {
        Self {
            channel: plan.own_ways.then(|| random.pick(&CHANNELS)),
            arabic: random.share() < 0.6,
            taste: plan.own_tastes.then(|| [random.below(THEMES), random.below(THEMES)]),
        }
    }
}

fn record(plan: Plan, kind: usize, own: &Own, number: usize, random: &mut Random) -> Record {
    let planted = plan.groups > 1;
    let typical = |random: &mut Random| planted && random.share() < plan.habit;
    let theme_number = if typical(random) {
        // three themes of its own, the last of them shared with the next kind
        (kind * 2 + random.below(3)) % THEMES
    } else {
        match own.taste {
            Some(taste) if random.share() < plan.habit => random.pick(&taste),
            _ => random.below(THEMES),
        }
    };
    let channel = match own.channel {
        Some(channel) if random.share() < 0.8 => channel,
        _ if typical(random) => CHANNELS[(kind + random.below(2)) % CHANNELS.len()],
        _ => random.pick(&CHANNELS),
    };
    // every other theme is a complaint by nature; a kind may be milder or harsher than others
    let harsh = if planted && kind % 2 == 1 { 0.15 } else { 0.0 };
    let unhappy = (if theme_number % 2 == 0 { 0.7 } else { 0.25 }) + harsh;
    let feeling = match random.share() {
        share if share < unhappy => SentimentLabel::Negative,
        share if share < unhappy + 0.15 => SentimentLabel::Neutral,
        _ => SentimentLabel::Positive,
    };
    let rating = (random.share() < 0.4).then(|| {
        let value = if feeling == SentimentLabel::Negative { 1 + random.below(2) } else { 3 + random.below(3) };
        Rating::new(RatingMethod::Stars, value as i64).expect("in range")
    });
    let arabic = if plan.own_ways { own.arabic } else { random.share() < 0.6 };
    Record {
        id: FeedbackId(Uuid::from_u128(1_000_000 + number as u128)),
        at: start() + TimeDelta::minutes(random.below(120 * 24 * 60) as i64),
        channel,
        touchpoint: Touchpoint::try_from(format!("t-{}", theme_number / 2)).ok(),
        theme: (random.share() < 0.9).then(|| theme(theme_number)),
        feeling: (random.share() < 0.95).then_some(feeling),
        rating,
        language: if arabic { Language::arabic() } else { Language::english() },
        dialect: arabic.then(|| random.pick(&[Dialect::Gulf, Dialect::Egyptian, Dialect::Msa])),
        voice: Voice { asks: random.share() < 0.3, expects: random.share() < 0.1 },
        length: 20 + random.below(200),
    }
}

/// What is written about a theme, in Arabic and English; some of it would be markup, formulas or turns of direction.
const TEXTS: [[&str; 2]; 4] = [
    ["المندوب تأخر كثير، متى يوصل الطلب؟", "the courier was late again, where is my order?"],
    ["<b>سرقوا بطاقتي</b> \u{202e}=cmd() | `x`", "=HYPERLINK(\"http://x\") <script>alert(1)</script>"],
    ["المفروض يرجع المبلغ خلال يومين", "the refund should have arrived, you promised"],
    ["التطبيق يعلق كل مرة أفتحه 😡", "the app keeps crashing"],
];

/// Stores a population as feedback that is analysed, with its themes.
pub(crate) async fn store(app: &App, population: &Population) {
    let mut tx = app.db.begin().await.expect("begun");
    let themes: Vec<_> =
        (0..THEMES).map(|number| sada::themes::Theme { id: theme(number), ..some_theme(number as u128) }).collect();
    themes::replace_all(&mut tx, &themes, &themes).await.expect("replaced");
    for customer in &population.customers {
        for record in &customer.records {
            let item = feedback_of(&customer.id, record, app);
            feedback::insert_many(&mut tx, std::slice::from_ref(&item)).await.expect("inserted");
            let mut understood = analysis(record.feeling.unwrap_or(SentimentLabel::Neutral), Priority::P4, "care");
            understood.language = record.language.clone();
            understood.dialect = record.dialect;
            understood.theme = record.theme.and_then(|id| theme_match(id, 0.8));
            if record.feeling.is_none() {
                understood.abstained.push(sada::feedback::Abstained::Sentiment);
            }
            feedback::save_analysis(&mut tx, record.id, &understood, app.clock.now()).await.expect("saved");
        }
    }
    tx.commit().await.expect("kept");
}

fn feedback_of(customer: &CustomerId, record: &Record, app: &App) -> Feedback {
    let number = record.theme.map_or(0, |theme| theme.as_u128() as usize) % TEXTS.len();
    let text = TEXTS[number][usize::from(record.language != Language::arabic())];
    Feedback {
        id: record.id,
        text: Text::stored(text.to_owned()),
        question: None,
        rating: record.rating,
        origin: Origin {
            source: "synthetic".to_owned(),
            external_id: Some(record.id.to_string()),
            channel: record.channel,
            source_kind: SourceKind::Indirect,
            touchpoint: record.touchpoint.clone(),
            customer: Some(customer.clone()),
            collected_at: record.at,
            metadata: BTreeMap::new(),
        },
        received_at: app.clock.now(),
        analysis: None,
    }
}
