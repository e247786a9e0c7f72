//! The space in which texts of several languages lie side by side.
//!
//! Multilingual encoders give each language its own corner: all its vectors share a large common part.
//! That part (the mean of each language present) is projected out, so that meaning is left.
//! Projecting instead of subtracting makes the rule one linear map that needs no language at assignment.

use std::collections::BTreeMap;

use crate::feedback::Language;
use crate::vector::dot;

/// A language with fewer texts than this has no corner of its own that could be told from its topics.
const MIN_TEXTS: usize = 8;

/// Directions shorter than this are noise.
const EPSILON: f32 = 1e-4;

/// What languages have in common, as orthonormal directions.
pub(super) struct Space {
    common: Vec<Vec<f32>>,
    /// The usual length of a unit vector once the common part is gone.
    scale: f32,
}

impl Space {
    /// The space of these vectors.
    pub(super) fn of(texts: &[(&Language, &[f32])]) -> Self {
        let mut sums: BTreeMap<Option<&Language>, (usize, Vec<f32>)> = BTreeMap::new();
        for (language, vector) in texts {
            for key in [None, Some(*language)] {
                let (count, sum) = sums.entry(key).or_insert_with(|| (0, vec![0.0; vector.len()]));
                *count += 1;
                sum.iter_mut().zip(*vector).for_each(|(total, value)| *total += value);
            }
        }
        let mut space = Self { common: Vec::new(), scale: 1.0 };
        for (count, mut mean) in sums.into_values() {
            mean.iter_mut().for_each(|value| *value /= count as f32);
            space.project(&mut mean);
            let length = dot(&mean, &mean).sqrt();
            if count >= MIN_TEXTS && length > EPSILON {
                mean.iter_mut().for_each(|value| *value /= length);
                space.common.push(mean);
            }
        }
        let lengths: f32 = texts.iter().map(|(_, vector)| length(&space.projected(vector))).sum();
        if lengths > EPSILON {
            space.scale = lengths / texts.len() as f32;
        }
        space
    }

    /// The vector's meaning: unit length, or zeros where nothing but the common part was there.
    pub(super) fn meaning(&self, vector: &[f32]) -> Vec<f32> {
        let mut meaning = self.projected(vector);
        let length = length(&meaning);
        meaning.iter_mut().for_each(|value| if length > EPSILON { *value /= length } else { *value = 0.0 });
        meaning
    }

    /// A direction as a probe: its dot product with a whole unit vector is about the cosine of the meanings.
    pub(super) fn probe(&self, direction: &[f32]) -> Vec<f32> {
        self.meaning(direction).into_iter().map(|value| value / self.scale).collect()
    }

    fn projected(&self, vector: &[f32]) -> Vec<f32> {
        let mut vector = vector.to_vec();
        self.project(&mut vector);
        vector
    }

    fn project(&self, vector: &mut [f32]) {
        for direction in &self.common {
            let along = dot(direction, vector);
            vector.iter_mut().zip(direction).for_each(|(value, part)| *value -= along * part);
        }
    }
}

fn length(vector: &[f32]) -> f32 {
    dot(vector, vector).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_s_common_part_is_gone() {
        let (arabic, english) = (Language::arabic(), Language::english());
        let mut texts: Vec<(&Language, Vec<f32>)> = Vec::new();
        for turn in 0..40_u8 {
            let angle = f32::from(turn) * 0.157;
            texts.push((&arabic, vec![3.0, 0.0, angle.cos(), angle.sin()]));
            texts.push((&english, vec![0.0, 3.0, angle.cos(), angle.sin()]));
        }
        let pairs: Vec<_> = texts.iter().map(|(language, vector)| (*language, vector.as_slice())).collect();
        let space = Space::of(&pairs);
        for pair in texts.chunks(2) {
            let same = dot(&space.meaning(&pair[0].1), &space.meaning(&pair[1].1));
            assert!(same > 0.99, "the same thing in two languages: {same}");
        }
        let probe = space.probe(&[0.0, 0.0, 1.0, 0.0]);
        assert!((dot(&probe, &texts[0].1) - 1.0).abs() < 0.05 && (dot(&probe, &texts[1].1) - 1.0).abs() < 0.05);
    }

    #[test]
    fn nothing_and_one_vector_are_no_trouble() {
        assert!(Space::of(&[]).meaning(&[1.0, 0.0]) == [1.0, 0.0]);
        let only = [0.6, 0.8];
        assert_eq!(Space::of(&[(&Language::arabic(), &only)]).meaning(&only), only);
    }
}
