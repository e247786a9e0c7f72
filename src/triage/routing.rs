//! Which queue takes a text: the specialist of its most serious trigger, else the nearest in meaning.

use super::lessons::Lessons;
use super::settings::RoutingSettings;
use crate::feedback::{Route, RouteOption, Trigger, TriggerKind, Understanding};
use crate::vector::dot;

/// A queue as routing sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueProfile {
    /// Its name.
    pub name: String,
    /// Where its descriptions and examples lie, unit length; none if nothing is compared with it.
    pub places: Vec<Vec<f32>>,
    /// Circumstances that always go there.
    pub specialist_for: Vec<TriggerKind>,
}

/// Which trigger decides where a text with several goes, most serious first.
const ORDER: [TriggerKind; 8] = [
    TriggerKind::SelfHarm,
    TriggerKind::Safety,
    TriggerKind::Fraud,
    TriggerKind::Privacy,
    TriggerKind::Vulnerable,
    TriggerKind::Legal,
    TriggerKind::Churn,
    TriggerKind::RepeatContact,
];

/// How much the middle of a queue's places counts beside the nearest of them: among 0 to 1, about the best on development
/// rows of BANKING77, ArBanking77, three sets of tickets and our own queues, with 0 to 20 corrections a queue.
const MIDDLE: f32 = 0.6;

/// At most this many queues are named beside the chosen one.
const MAX_ALTERNATIVES: usize = 3;

/// The queue for a text.
///
/// A lesson counts like an example of the queue's description; a specialist's circumstance goes before both.
/// It is the human queue with probability 0 if there is nothing to compare with.
/// The probabilities of the chosen queue and the alternatives sum to at most 1.
#[must_use]
pub fn route(
    understanding: &Understanding,
    queues: &[QueueProfile],
    lessons: &Lessons,
    triggers: &[Trigger],
    settings: &RoutingSettings,
) -> Route {
    let mut options = by_meaning(understanding, queues, lessons, settings);
    if let Some((specialist, sure)) = specialist(queues, triggers) {
        options.retain(|option| option.queue != specialist);
        let rest: f32 = options.iter().map(|option| option.probability).sum();
        let scale = if rest > 0.0 { (1.0 - sure) / rest } else { 0.0 };
        options.iter_mut().for_each(|option| option.probability *= scale);
        options.insert(0, RouteOption { queue: specialist.to_owned(), probability: sure });
    }
    options.truncate(1 + MAX_ALTERNATIVES);
    let mut options = options.into_iter();
    match options.next() {
        Some(best) => Route { queue: best.queue, probability: best.probability, alternatives: options.collect() },
        None => Route { queue: settings.human_queue.clone(), probability: 0.0, alternatives: Vec::new() },
    }
}

/// `route` with the human queue in front, because the choice would be a guess.
pub(super) fn withheld(route: Route, human_queue: &str) -> Route {
    if route.queue == human_queue {
        return route;
    }
    let guess = RouteOption { queue: route.queue, probability: route.probability };
    let others = route.alternatives.into_iter().filter(|option| option.queue != human_queue);
    let alternatives = std::iter::once(guess).chain(others).take(MAX_ALTERNATIVES).collect();
    Route { queue: human_queue.to_owned(), probability: 0.0, alternatives }
}

/// The queue of the most serious trigger that has one, and how sure that trigger is.
fn specialist<'queues>(queues: &'queues [QueueProfile], triggers: &[Trigger]) -> Option<(&'queues str, f32)> {
    ORDER.iter().find_map(|kind| {
        let of_kind = triggers.iter().filter(|trigger| trigger.kind == *kind);
        let sure = of_kind.map(|trigger| trigger.probability).reduce(f32::max)?;
        let queue = queues.iter().find(|queue| queue.specialist_for.contains(kind))?;
        Some((queue.name.as_str(), sure.clamp(0.0, 1.0)))
    })
}

/// Every queue with places, most probable first; of equals the one that the team names first.
fn by_meaning(
    understanding: &Understanding,
    queues: &[QueueProfile],
    lessons: &Lessons,
    settings: &RoutingSettings,
) -> Vec<RouteOption> {
    let compared: Vec<(&QueueProfile, f32)> = queues
        .iter()
        .filter(|queue| queue.name != settings.human_queue)
        .filter_map(|queue| Some((queue, similarity(understanding, &queue.places, lessons.of(&queue.name))?)))
        .collect();
    let best = compared.iter().map(|(_, score)| *score).fold(f32::NEG_INFINITY, f32::max);
    let temperature = settings.temperature.max(f32::EPSILON);
    let weights: Vec<f32> = compared.iter().map(|(_, score)| ((score - best) / temperature).exp()).collect();
    let total: f32 = weights.iter().sum();
    let mut options: Vec<RouteOption> = compared
        .iter()
        .zip(&weights)
        .map(|((queue, _), weight)| RouteOption { queue: queue.name.clone(), probability: weight / total })
        .collect();
    options.sort_by(|left, right| right.probability.total_cmp(&left.probability));
    options
}

/// Half what the whole text is near to, half what its nearest piece is near to: a long text may say several things.
fn similarity(understanding: &Understanding, described: &[Vec<f32>], taught: &[Vec<f32>]) -> Option<f32> {
    let places = || described.iter().chain(taught).map(Vec::as_slice);
    let middle = middle(places());
    let near = |place: &[f32]| nearness(place, &middle, places());
    let whole = near(&understanding.place)?;
    let pieces = understanding.segments.iter().filter_map(|segment| near(&segment.place));
    Some((whole + pieces.reduce(f32::max).unwrap_or(whole)) / 2.0)
}

/// The direction in which all of these lie: their mean, of unit length.
fn middle<'places>(places: impl Iterator<Item = &'places [f32]>) -> Vec<f32> {
    let mut middle: Vec<f32> = Vec::new();
    for place in places {
        middle.resize(middle.len().max(place.len()), 0.0);
        middle.iter_mut().zip(place).for_each(|(sum, value)| *sum += value);
    }
    let length = dot(&middle, &middle).sqrt().max(f32::MIN_POSITIVE);
    middle.iter_mut().for_each(|value| *value /= length);
    middle
}

/// Between the nearest place and the middle of all: one good example counts, a lucky one does not decide.
fn nearness<'places>(place: &[f32], middle: &[f32], places: impl Iterator<Item = &'places [f32]>) -> Option<f32> {
    let nearest = places.filter_map(|other| cosine(place, other)).reduce(f32::max)?;
    Some(MIDDLE * cosine(place, middle)? + (1.0 - MIDDLE) * nearest)
}

/// Of unit vectors; none if they don't belong to the same model.
fn cosine(left: &[f32], right: &[f32]) -> Option<f32> {
    let comparable = !left.is_empty() && left.len() == right.len();
    let cosine = if comparable { dot(left, right) } else { f32::NAN };
    cosine.is_finite().then_some(cosine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Span;
    use crate::triage::assess::tests::understanding;

    fn queue(name: &str, places: &[[f32; 2]], specialist_for: &[TriggerKind]) -> QueueProfile {
        let places = places.iter().map(|place| place.to_vec()).collect();
        QueueProfile { name: name.to_owned(), places, specialist_for: specialist_for.to_vec() }
    }

    fn queues() -> Vec<QueueProfile> {
        vec![
            queue("delivery", &[[1.0, 0.0], [0.8, 0.6]], &[]),
            queue("payments", &[[0.0, 1.0]], &[]),
            queue("security", &[[-1.0, 0.0]], &[TriggerKind::Fraud]),
            queue("retention", &[], &[TriggerKind::Churn]),
            queue("human_review", &[[1.0, 0.0]], &[]),
        ]
    }

    fn seen(kind: TriggerKind, probability: f32) -> Trigger {
        Trigger { kind, span: Span { start: 0, end: 1 }, text: "x".to_owned(), probability }
    }

    fn routed(place: [f32; 2], triggers: &[Trigger]) -> Route {
        let mut understanding = understanding("x");
        understanding.place = place.to_vec();
        understanding.segments.clear();
        route(&understanding, &queues(), &Lessons::default(), triggers, &RoutingSettings::default())
    }

    #[test]
    fn the_nearest_queue_wins_unless_a_specialist_is_called() {
        for (place, triggers, expected) in [
            ([1.0, 0.0], vec![], "delivery"),
            ([0.0, 1.0], vec![], "payments"),
            ([1.0, 0.0], vec![seen(TriggerKind::Fraud, 1.0)], "security"),
            ([1.0, 0.0], vec![seen(TriggerKind::Churn, 0.7)], "retention"),
            ([1.0, 0.0], vec![seen(TriggerKind::Churn, 1.0), seen(TriggerKind::Fraud, 0.5)], "security"),
            ([0.0, 1.0], vec![seen(TriggerKind::Legal, 1.0)], "payments"),
        ] {
            let route = routed(place, &triggers);
            assert_eq!(route.queue, expected, "{place:?}");
            let sum: f32 = route.probability + route.alternatives.iter().map(|option| option.probability).sum::<f32>();
            assert!(sum <= 1.0 + 1e-5, "{sum}");
            assert!(
                route.alternatives.iter().all(|option| option.queue != route.queue && option.queue != "human_review")
            );
        }
    }

    #[test]
    fn with_nothing_to_compare_a_person_decides() {
        let nothing = route(&understanding("x"), &[], &Lessons::default(), &[], &RoutingSettings::default());
        assert_eq!((nothing.queue.as_str(), nothing.probability), ("human_review", 0.0));
        let other_model = routed([f32::NAN, 0.0], &[]);
        assert_eq!(other_model.queue, "human_review");
    }

    #[test]
    fn a_lesson_draws_what_is_like_it_and_nothing_else() {
        let mut lessons = Lessons::default();
        lessons.add("retention", vec![0.6, 0.8]);
        lessons.add("human_review", vec![0.6, 0.8]);
        lessons.add("a queue of yesterday", vec![0.6, 0.8]);
        let routed = |place: [f32; 2], lessons: &Lessons| {
            let mut understanding = understanding("x");
            understanding.place = place.to_vec();
            understanding.segments.clear();
            route(&understanding, &queues(), lessons, &[], &RoutingSettings::default()).queue
        };
        for (place, before, after) in [
            ([0.6, 0.8], "delivery", "retention"),
            ([1.0, 0.0], "delivery", "delivery"),
            ([0.0, 1.0], "payments", "payments"),
        ] {
            assert_eq!(
                (routed(place, &Lessons::default()).as_str(), routed(place, &lessons).as_str()),
                (before, after)
            );
        }
    }

    #[test]
    fn a_withheld_queue_is_still_named_as_a_guess() {
        let route = withheld(routed([1.0, 0.0], &[]), "human_review");
        assert_eq!(route.queue, "human_review");
        assert_eq!(route.alternatives.first().map(|option| option.queue.as_str()), Some("delivery"));
        assert_eq!(withheld(route.clone(), "human_review"), route);
    }
}
