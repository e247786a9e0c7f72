//! One head: its card and its weights, read from two files and checked.

use std::path::PathBuf;

use safetensors::serialize;
use safetensors::tensor::{Dtype, TensorView};

use super::card::{Card, HeadName, Reads};
use super::linear::Linear;
use crate::inference::Pooled;

/// Why heads can't be had.
#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    /// A file is missing or can't be read.
    #[error("can't read {path}: {source}; `sada train --data DIR --out FOLDER` writes all heads into a folder")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The card is not what it should be.
    #[error("the card of the {head} head is damaged: {why}; train the head again with `sada train --head {head}`")]
    Card {
        /// Whose card.
        head: HeadName,
        /// What is wrong with it.
        why: String,
    },
    /// The weights are not what the card says.
    #[error("the weights of the {head} head are damaged: {why}; train the head again with `sada train --head {head}`")]
    Weights {
        /// Whose weights.
        head: HeadName,
        /// What is wrong with them.
        why: String,
    },
    /// The projection of intents is not what it should be.
    #[error("the projection of intents is damaged: {why}; take its two files from the release again")]
    Intents {
        /// What is wrong with it.
        why: String,
    },
    /// The topics are not what they should be.
    #[error("the topics are damaged: {why}; take their two files from the release again")]
    Topics {
        /// What is wrong with them.
        why: String,
    },
    /// The head belongs to another encoder.
    #[error(
        "the {head} head was fitted on {fitted} (digest {fitted_digest:.12}) and can't read {loaded} \
         (digest {loaded_digest:.12}); fit heads for this model with `sada train --data DIR --model MODEL --out FOLDER`"
    )]
    OtherModel {
        /// Which head.
        head: HeadName,
        /// Name of the model it was fitted on.
        fitted: String,
        /// Digest of that model.
        fitted_digest: String,
        /// Name of the model that is loaded.
        loaded: String,
        /// Digest of that one.
        loaded_digest: String,
    },
}

/// A card and weights that fit each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// What it says and where it comes from.
    pub card: Card,
    /// What it computes.
    pub linear: Linear,
}

impl Head {
    /// Reads a head from the contents of its two files.
    ///
    /// # Errors
    /// [`HeadError::Card`] or [`HeadError::Weights`] if they are damaged or don't belong together.
    pub fn parse(head: HeadName, card: &str, weights: &[u8]) -> Result<Self, HeadError> {
        let card = parse_card(head, card)?;
        let linear = Linear::parse(weights, card.labels.len(), card.inputs);
        let linear = linear.map_err(|why| HeadError::Weights { head, why })?;
        Ok(Self { card, linear })
    }

    /// The contents of the two files, card first.
    ///
    /// # Errors
    /// [`HeadError`] if either can't be written down.
    pub fn files(&self) -> Result<(String, Vec<u8>), HeadError> {
        let head = self.card.name;
        let mut card = serde_json::to_string_pretty(&self.card)
            .map_err(|error| HeadError::Card { head, why: error.to_string() })?;
        card.push('\n');
        let bytes = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let (weights, biases) = (bytes(self.linear.weights()), bytes(self.linear.biases()));
        let classes = self.linear.classes();
        let view = |shape: Vec<usize>, data| {
            TensorView::new(Dtype::F32, shape, data)
                .map_err(|error| HeadError::Weights { head, why: error.to_string() })
        };
        let tensors =
            [("weight", view(vec![classes, self.linear.inputs()], &weights)?), ("bias", view(vec![classes], &biases)?)];
        let file = serialize(tensors, None).map_err(|error| HeadError::Weights { head, why: error.to_string() })?;
        Ok((card, file))
    }

    /// The score of each class.
    #[must_use]
    pub fn scores(&self, pooled: &Pooled) -> Vec<f32> {
        self.linear.scores(self.features(pooled))
    }

    /// Probabilities of classes of which exactly one holds.
    #[must_use]
    pub fn choice(&self, pooled: &Pooled) -> Vec<f32> {
        self.linear.choice(self.features(pooled))
    }

    /// Probability of each class where any number of them may hold.
    #[must_use]
    pub fn each(&self, pooled: &Pooled) -> Vec<f32> {
        self.linear.each(self.features(pooled))
    }

    fn features<'pooled>(&self, pooled: &'pooled Pooled) -> &'pooled [f32] {
        let features = match self.card.reads {
            Reads::Layers => pooled.layers(),
            Reads::Tuned => pooled.tuned(),
            Reads::Both => pooled.both(),
        };
        debug_assert_eq!(
            features.len(),
            self.linear.inputs(),
            "the engine runs what the {} head reads",
            self.card.name
        );
        features
    }

    /// The most probable label and its probability.
    #[must_use]
    pub fn best(&self, pooled: &Pooled) -> (&str, f32) {
        let probabilities = self.choice(pooled);
        let best = probabilities.iter().enumerate().max_by(|left, right| left.1.total_cmp(right.1));
        best.map_or(("", 0.0), |(class, probability)| (self.card.labels[class].as_str(), *probability))
    }
}

fn parse_card(head: HeadName, card: &str) -> Result<Card, HeadError> {
    let wrong = |why: String| HeadError::Card { head, why };
    let card: Card = serde_json::from_str(card).map_err(|error| wrong(error.to_string()))?;
    if card.name != head {
        return Err(wrong(format!("it is the card of the {} head", card.name)));
    }
    if card.kind != head.kind() {
        return Err(wrong(format!("its kind is {}, but must be {}", card.kind, head.kind())));
    }
    match head.labels() {
        Some(expected) if expected != card.labels => {
            Err(wrong(format!("its labels are {:?}, but must be {expected:?}", card.labels)))
        }
        None if card.labels.len() < 2 => Err(wrong("it has fewer than two labels".to_owned())),
        _ if card.inputs == 0 => Err(wrong("it has no inputs".to_owned())),
        _ => Ok(card),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        let name = HeadName::Sentiment;
        let card = Card {
            name,
            kind: name.kind(),
            labels: ["negative", "neutral", "positive", "mixed"].map(str::to_owned).to_vec(),
            reads: Reads::Layers,
            inputs: 2,
            model_name: "tiny".to_owned(),
            model_digest: "00ff".to_owned(),
            seed: 1,
            inverse_penalty: 0.1,
            temperature: vec![1.0],
            training: vec![],
            development: serde_json::Value::Null,
        };
        Head { card, linear: Linear::new(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], vec![0.5, 0.0, -0.5, 0.0]) }
    }

    #[test]
    fn a_head_survives_its_files() {
        let head = head();
        let (card, weights) = head.files().expect("files");
        assert_eq!(Head::parse(HeadName::Sentiment, &card, &weights).expect("parsed"), head);
        let features = vec![1.0, 0.0];
        let expected = ("mixed", head.linear.choice(&features)[3]);
        assert_eq!(head.best(&Pooled::new(vec![], features, 0)), expected);
    }

    #[test]
    fn damaged_heads_are_refused_with_the_reason() {
        let (card, weights) = head().files().expect("files");
        let cases = [
            (HeadName::Impact, card.clone(), weights.clone(), "the card of the sentiment head"),
            (HeadName::Sentiment, card.replace("neutral", "so-so"), weights.clone(), "its labels are"),
            (HeadName::Sentiment, card.replace("\"inputs\": 2", "\"inputs\": 3"), weights.clone(), "the card wants"),
            (HeadName::Sentiment, card.replace("choice", "each"), weights.clone(), "its kind is each"),
            (HeadName::Sentiment, card[..40].to_owned(), weights.clone(), "EOF"),
            (HeadName::Sentiment, card, weights[..weights.len() - 4].to_vec(), "weights of the sentiment head"),
        ];
        for (name, card, weights, expected) in cases {
            let message = Head::parse(name, &card, &weights).expect_err("damaged").to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
