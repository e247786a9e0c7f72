//! What corrections teach: texts that stand for a queue because somebody moved their ticket there.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::feedback::FeedbackId;

/// The newest lessons of a queue that count; older ones are kept, but no text is compared with them.
pub const COUNTED: usize = 100;

/// A text that stands for a queue since its ticket was moved there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Whose text it is.
    pub feedback_id: FeedbackId,
    /// Where such texts belong.
    pub queue: String,
    /// Where the model had sent it.
    pub instead_of: String,
    /// When somebody said so.
    pub taught_at: DateTime<Utc>,
}

/// Where the texts of lessons lie, by queue: what routing compares texts with beside descriptions and examples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lessons(BTreeMap<String, Vec<Vec<f32>>>);

impl Lessons {
    /// Adds the place of a lesson's text, newest first; what is more than [`COUNTED`] of a queue is left out.
    pub fn add(&mut self, queue: &str, place: Vec<f32>) {
        let places = self.0.entry(queue.to_owned()).or_default();
        if places.len() < COUNTED {
            places.push(place);
        }
    }

    /// The places of a queue's lessons, unit length.
    #[must_use]
    pub fn of(&self, queue: &str) -> &[Vec<f32>] {
        self.0.get(queue).map_or(&[], Vec::as_slice)
    }

    /// How many lessons count.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_lessons_of_a_queue_count_and_other_queues_are_untouched() {
        let mut lessons = Lessons::default();
        for number in 0..COUNTED + 5 {
            lessons.add("payments", vec![number as f32]);
        }
        lessons.add("delivery", vec![7.0]);
        assert_eq!(lessons.of("payments").len(), COUNTED);
        assert_eq!(lessons.of("payments").first(), Some(&vec![0.0]));
        assert_eq!((lessons.of("delivery").len(), lessons.of("nobody").len()), (1, 0));
        assert_eq!(lessons.count(), COUNTED + 1);
    }
}
