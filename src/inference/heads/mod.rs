//! Small trained layers that turn the encoder's vectors into answers.
//!
//! All of them read what one pass gives, so a text is encoded once.
//! A head belongs to the encoder it was fitted on: with another one it is refused.

mod card;
mod head;
mod intents;
mod linear;
mod topics;
mod understand;

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

pub use card::{Card, HeadKind, HeadName, Reads, TrainingFile};
pub use head::{Head, HeadError};
pub use intents::Intents;
pub use linear::{Linear, sigmoid, softmax};
pub use topics::{Topics, numbered};
pub use understand::{understand, understand_blocking};

use super::{Pooled, Tuned};
use crate::feedback::{LevelProbabilities, ModelInfo, Reading, SentimentProbabilities};

/// Every head that reads a text.
#[derive(Clone, Debug)]
pub struct Heads {
    pub(super) sentiment: Head,
    pub(super) impact: Head,
    pub(super) urgency: Head,
    pub(super) triggers: Head,
    pub(super) first: Head,
    pub(super) supported: Head,
    pub(super) language: Head,
    pub(super) dialect: Head,
    tuned: Option<Tuned>,
    intents: Option<Intents>,
    topics: Option<Topics>,
    digest: String,
}

/// The two files of each head that the program carries.
macro_rules! carried {
    ($($head:ident = $file:literal),+ $(,)?) => {
        fn carried(head: HeadName) -> (&'static str, &'static [u8]) {
            match head {
                $(HeadName::$head => (
                    include_str!(concat!("../../../models/heads/", $file, ".json")),
                    include_bytes!(concat!("../../../models/heads/", $file, ".safetensors")),
                ),)+
            }
        }
    };
}

/// The projection of intents that the program carries: card and weights.
const INTENTS: (&str, &[u8]) =
    (include_str!("../../../models/heads/intents.json"), include_bytes!("../../../models/heads/intents.safetensors"));

/// The topics that the program carries: card and weights.
const TOPICS: (&str, &[u8]) =
    (include_str!("../../../models/heads/topics.json"), include_bytes!("../../../models/heads/topics.safetensors"));

/// The tuned layers that the program carries.
const TUNED: &[u8] = include_bytes!("../../../models/heads/tuned.safetensors");

carried! {
    Sentiment = "sentiment",
    Impact = "impact",
    Urgency = "urgency",
    Triggers = "triggers",
    First = "first",
    Supported = "supported",
    Language = "language",
    Dialect = "dialect",
}

impl Heads {
    /// The heads that the program carries, for the default encoder.
    ///
    /// # Errors
    /// [`HeadError`] if they are damaged, which a test rules out.
    pub fn builtin() -> Result<Self, HeadError> {
        let heads = Self::gather(|head| {
            let (card, weights) = carried(head);
            Ok((card.to_owned(), weights.to_vec()))
        })?;
        heads.with(Tuned::new(Cow::Borrowed(TUNED))).placing()
    }

    /// The heads in a folder that `sada train` wrote.
    ///
    /// # Errors
    /// [`HeadError`] if a file is missing or damaged.
    pub fn load(folder: &Path) -> Result<Self, HeadError> {
        let heads = Self::gather(|head| {
            let at = |extension: &str| folder.join(format!("{head}.{extension}"));
            let (card, weights) = (at("json"), at("safetensors"));
            let card = fs::read_to_string(&card).map_err(|source| HeadError::File { path: card, source })?;
            let weights = fs::read(&weights).map_err(|source| HeadError::File { path: weights, source })?;
            Ok((card, weights))
        })?;
        if heads.all().iter().all(|head| head.card.reads == Reads::Layers) {
            return heads.placing();
        }
        let path = folder.join(Tuned::FILE);
        let bytes = fs::read(&path).map_err(|source| HeadError::File { path, source })?;
        heads.with(Tuned::new(Cow::Owned(bytes))).placing()
    }

    fn with(self, tuned: Tuned) -> Self {
        Self { digest: self.digest_with(tuned.bytes()), tuned: Some(tuned), ..self }
    }

    /// With the projection that the program carries, and its topics; they belong to an encoder, whatever the heads.
    ///
    /// No answer depends on the topics, so the digest leaves them out.
    fn placing(self) -> Result<Self, HeadError> {
        let (card, weights) = INTENTS;
        let intents = Intents::parse(card, weights)?;
        let topics = Topics::parse(TOPICS.0, TOPICS.1, &intents)?;
        Ok(Self { digest: self.digest_with(weights), intents: Some(intents), topics, ..self })
    }

    fn digest_with(&self, bytes: &[u8]) -> String {
        hexadecimal(&Sha256::new().chain_update(&self.digest).chain_update(bytes).finalize())
    }

    /// The copies of the encoder's last layers that some of these heads read; an engine must run them.
    #[must_use]
    pub fn tuned(&self) -> Option<&Tuned> {
        self.tuned.as_ref()
    }

    fn gather(files: impl Fn(HeadName) -> Result<(String, Vec<u8>), HeadError>) -> Result<Self, HeadError> {
        let mut hasher = Sha256::new();
        let mut next = |head: HeadName| {
            let (card, weights) = files(head)?;
            hasher.update(card.as_bytes());
            hasher.update(&weights);
            Head::parse(head, &card, &weights)
        };
        let heads = Self {
            sentiment: next(HeadName::Sentiment)?,
            impact: next(HeadName::Impact)?,
            urgency: next(HeadName::Urgency)?,
            triggers: next(HeadName::Triggers)?,
            first: next(HeadName::First)?,
            supported: next(HeadName::Supported)?,
            language: next(HeadName::Language)?,
            dialect: next(HeadName::Dialect)?,
            tuned: None,
            intents: None,
            topics: None,
            digest: String::new(),
        };
        Ok(Self { digest: hexadecimal(&hasher.finalize()), ..heads })
    }

    /// These heads, if they belong to this encoder; without the projection of intents, if that one doesn't.
    ///
    /// # Errors
    /// [`HeadError::OtherModel`] if one was fitted on another.
    pub fn for_model(self, model: &ModelInfo) -> Result<Self, HeadError> {
        let other = self.all().into_iter().find(|head| head.card.model_digest != model.digest);
        match other {
            None => Ok(Self { intents: self.intents.filter(|intents| intents.belongs_to(model)), ..self }),
            Some(head) => Err(HeadError::OtherModel {
                head: head.card.name,
                fitted: head.card.model_name.clone(),
                fitted_digest: head.card.model_digest.clone(),
                loaded: model.name.clone(),
                loaded_digest: model.digest.clone(),
            }),
        }
    }

    /// Every head, in the order of [`HeadName::ALL`].
    #[must_use]
    pub fn all(&self) -> [&Head; 8] {
        let Self { sentiment, impact, urgency, triggers, first, supported, language, dialect, .. } = self;
        [sentiment, impact, urgency, triggers, first, supported, language, dialect]
    }

    /// The model that speaks through these heads: the encoder's name, and a digest over encoder and heads.
    #[must_use]
    pub fn model(&self, encoder: &ModelInfo) -> ModelInfo {
        let digest = Sha256::new().chain_update(encoder.digest.as_bytes()).chain_update(self.digest.as_bytes());
        ModelInfo { name: encoder.name.clone(), digest: hexadecimal(&digest.finalize()) }
    }

    /// The projection of intents, if there is one for the encoder.
    #[must_use]
    pub fn intents(&self) -> Option<&Intents> {
        self.intents.as_ref()
    }

    /// What a place is about, if there is a projection for the encoder.
    #[must_use]
    pub fn topics(&self) -> Option<&Topics> {
        self.intents.as_ref().and(self.topics.as_ref())
    }

    /// The space that places are of: the encoder's own, or that of the projection learned on it.
    #[must_use]
    pub fn space(&self, encoder: &ModelInfo) -> ModelInfo {
        let projected = |intents: &Intents| {
            let digest = Sha256::new().chain_update(&encoder.digest).chain_update(intents.digest());
            ModelInfo { name: encoder.name.clone(), digest: hexadecimal(&digest.finalize()) }
        };
        self.intents.as_ref().map_or_else(|| encoder.clone(), projected)
    }

    /// Where a text lies among what people ask for, of unit length; its own vector, if that is not known of the encoder.
    #[must_use]
    pub fn place(&self, pooled: &Pooled) -> Vec<f32> {
        self.intents.as_ref().map_or_else(|| pooled.vector.clone(), |intents| intents.place(pooled))
    }

    /// What the heads read in one text or piece.
    #[must_use]
    pub fn read(&self, pooled: &Pooled) -> Reading {
        let feelings = self.sentiment.scores(pooled);
        let poles = softmax(&feelings[..3]);
        Reading {
            sentiment: SentimentProbabilities { negative: poles[0], neutral: poles[1], positive: poles[2] },
            mixed: softmax(&feelings)[3],
            impact: levels(&self.impact, pooled),
            urgency: levels(&self.urgency, pooled),
            triggers: self.triggers.each(pooled),
            first: self.first.each(pooled)[0],
        }
    }
}

fn levels(head: &Head, pooled: &Pooled) -> LevelProbabilities {
    let probabilities = head.choice(pooled);
    LevelProbabilities { low: probabilities[0], medium: probabilities[1], high: probabilities[2] }
}

/// Bytes as small hexadecimal digits.
pub(in crate::inference) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
