//! The nearest neighbours of every item, and the graph they make; exactly, unless there are very many items.
//!
//! Invariant: ties go to the earlier item, so the same items in the same order give the same graph.

use std::cmp::Ordering;
use std::ops::Range;

use rayon::prelude::*;

use super::cells::Cells;
use super::wording::Wordings;
use crate::vector::{dot, products};

/// How many times as many as are kept are looked at for their wording and topic.
const LOOKED_AT: usize = 10;

/// Rows whose neighbours are looked for together, and how many others pass by at once: both stay in the cache.
const BLOCK: usize = 64;
const STRIP: usize = 256;

/// The items as the graph sees them.
pub(super) struct Points<'a> {
    /// The meaning of each, unit length, one after the other.
    pub(super) meanings: Vec<f32>,
    /// How many numbers a meaning has.
    pub(super) width: usize,
    /// The number of each item's touchpoint.
    pub(super) touchpoints: Vec<Option<usize>>,
    /// The number of each item's language.
    pub(super) languages: Vec<usize>,
    /// How each is worded.
    pub(super) wordings: Wordings,
    /// How much each is about every topic, as [`super::Item::topics`].
    pub(super) topics: Vec<&'a [f32]>,
}

/// What adds to the cosine of two meanings.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weights {
    /// The same touchpoint, half of it where one is unknown.
    pub(super) touchpoint: f32,
    /// The same wording.
    pub(super) wording: f32,
    /// The same topic.
    pub(super) topic: f32,
}

impl Points<'_> {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.languages.len()
    }

    /// The meaning of one.
    pub(super) fn meaning(&self, at: usize) -> &[f32] {
        &self.meanings[at * self.width..][..self.width]
    }

    /// How many neighbours a text has in each language besides its own: as many of `count` as the language has of all texts.
    ///
    /// Texts lie nearer to those of their own language whatever they say; so links across are asked for, not hoped for.
    fn quotas(&self, count: usize) -> Vec<usize> {
        let mut sizes = vec![0_usize; self.languages.iter().max().map_or(0, |last| last + 1)];
        self.languages.iter().for_each(|language| sizes[*language] += 1);
        let share = |size: usize| (count as f64 * size as f64 / self.count() as f64).round() as usize;
        sizes.into_iter().map(share).collect()
    }

    /// What a touchpoint in common adds to a similarity; half of that where one is unknown.
    fn context(&self, left: usize, right: usize, touchpoint_weight: f32) -> f32 {
        match (self.touchpoints[left], self.touchpoints[right]) {
            (Some(left), Some(right)) if left == right => touchpoint_weight,
            (Some(_), Some(_)) => 0.0,
            _ => touchpoint_weight / 2.0,
        }
    }

    /// What wording and topic in common add to a similarity.
    fn content(&self, left: usize, right: usize, weights: Weights) -> f32 {
        weights.wording * self.wordings.shared(left, right) + weights.topic * dot(self.topics[left], self.topics[right])
    }
}

/// A link between two points and its strength, above 0 and at most 1.
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) weight: f64,
}

/// The links of a neighbour graph: two points are linked if one is among the `count` nearest of the other, or among its
/// nearest in another language, as strongly as their neighbourhoods overlap (Jaccard; shared nearest neighbours, Jarvis and
/// Patrick 1973).
pub(super) fn links(points: &Points, count: usize, weights: Weights) -> Vec<Link> {
    let mut near = nearest(points, count, weights);
    for (at, row) in near.iter_mut().enumerate() {
        row.push(at);
        row.sort_unstable();
        row.dedup();
    }
    let mut links = Vec::new();
    for (from, row) in near.iter().enumerate() {
        for &to in row.iter().filter(|&&to| to != from) {
            let back = near[to].binary_search(&from).is_ok();
            if from < to || !back {
                links.push(Link { from, to, weight: overlap(row, &near[to]) });
            }
        }
    }
    links
}

/// The nearest of each point: `count` of all, then those of each other language; a point may be named twice.
///
/// Meaning and touchpoint choose some more than that, of which wording and topic choose.
fn nearest(points: &Points, count: usize, weights: Weights) -> Vec<Vec<usize>> {
    let quotas = points.quotas(count);
    let cells = Cells::of(&points.meanings, points.width);
    let search = Search { points, cells: &cells, weights };
    let blocks: Vec<(usize, Range<usize>)> = cells
        .ranges
        .iter()
        .enumerate()
        .flat_map(|(cell, range)| pieces(range, BLOCK).map(move |block| (cell, block)))
        .collect();
    let new = |at: usize| Nearest::new(points.languages[cells.order[at]], count, &quotas);
    let of_block = |(cell, block): &(usize, Range<usize>)| {
        let mut found: Vec<Nearest> = block.clone().map(new).collect();
        search.block(*cell, block, &mut found);
        block.clone().zip(found).map(|(at, found)| search.chosen(cells.order[at], found)).collect::<Vec<_>>()
    };
    let mut near = vec![Vec::new(); points.count()];
    let found = blocks.par_iter().map(of_block).collect::<Vec<_>>();
    for (at, row) in cells.order.iter().zip(found.into_iter().flatten()) {
        near[*at] = row;
    }
    near
}

/// A range in pieces of at most `size`.
fn pieces(range: &Range<usize>, size: usize) -> impl Iterator<Item = Range<usize>> + use<> {
    let end = range.end;
    range.clone().step_by(size).map(move |start| start..end.min(start + size))
}

/// What looks for the nearest of many points at once.
struct Search<'a> {
    points: &'a Points<'a>,
    cells: &'a Cells<'a>,
    weights: Weights,
}

impl Search<'_> {
    /// Offers to the points at these positions of a cell all those of the cells around.
    fn block(&self, cell: usize, block: &Range<usize>, found: &mut [Nearest]) {
        let mut scores = vec![0.0; block.len() * STRIP];
        for near in &self.cells.around[cell] {
            for strip in pieces(&self.cells.ranges[*near], STRIP) {
                let scores = &mut scores[..block.len() * strip.len()];
                products(self.rows(block), self.rows(&strip), self.points.width, scores);
                for ((at, found), scores) in block.clone().zip(&mut *found).zip(scores.chunks_exact(strip.len())) {
                    self.offer(self.cells.order[at], &strip, scores, found);
                }
            }
        }
    }

    /// Offers the points of a strip, alike as the scores say.
    fn offer(&self, from: usize, strip: &Range<usize>, scores: &[f32], found: &mut Nearest) {
        for (to, score) in self.cells.order[strip.clone()].iter().zip(scores) {
            if *to != from {
                let score = score + self.points.context(from, *to, self.weights.touchpoint);
                found.offer(score, *to, self.points.languages[*to]);
            }
        }
    }

    /// The nearest of one point once wording and topic count, too.
    fn chosen(&self, from: usize, found: Nearest) -> Vec<usize> {
        let content = |(score, to)| (score + self.points.content(from, to, self.weights), to);
        let of_one = |best: Best| {
            let count = best.count / LOOKED_AT;
            let mut kept: Vec<(f32, usize)> = best.sorted().map(content).collect();
            kept.sort_unstable_by(best_first);
            kept.into_iter().take(count).map(|(_, to)| to)
        };
        found.all().flat_map(of_one).collect()
    }

    fn rows(&self, positions: &Range<usize>) -> &[f32] {
        &self.cells.vectors[positions.start * self.points.width..positions.end * self.points.width]
    }
}

/// The nearest of one point, in all languages together and in each of the others.
struct Nearest {
    own: usize,
    all: Best,
    others: Vec<Best>,
}

impl Nearest {
    fn new(own: usize, count: usize, quotas: &[usize]) -> Self {
        let other = |(language, quota): (usize, &usize)| Best::new(if language == own { 0 } else { quota * LOOKED_AT });
        Self { own, all: Best::new(count * LOOKED_AT), others: quotas.iter().enumerate().map(other).collect() }
    }

    fn offer(&mut self, score: f32, to: usize, language: usize) {
        self.all.offer(score, to);
        if language != self.own {
            self.others[language].offer(score, to);
        }
    }

    fn all(self) -> impl Iterator<Item = Best> {
        std::iter::once(self.all).chain(self.others)
    }
}

/// The best of what was offered so far; of equals the first.
struct Best {
    count: usize,
    /// What is not better than this need not be kept.
    bound: f32,
    kept: Vec<(f32, usize)>,
}

impl Best {
    fn new(count: usize) -> Self {
        let bound = if count == 0 { f32::INFINITY } else { f32::NEG_INFINITY };
        Self { count, bound, kept: Vec::new() }
    }

    /// Offers the next. Four times too many are kept and cut back now and then; of equals that come in the order of their
    /// numbers the first ones stay.
    fn offer(&mut self, score: f32, to: usize) {
        if score > self.bound {
            self.kept.push((score, to));
            if self.kept.len() > 4 * self.count {
                self.kept.select_nth_unstable_by(self.count - 1, best_first);
                self.kept.truncate(self.count);
                self.bound = self.kept[self.count - 1].0;
            }
        }
    }

    fn sorted(mut self) -> impl Iterator<Item = (f32, usize)> {
        self.kept.sort_unstable_by(best_first);
        self.kept.into_iter().take(self.count)
    }
}

fn best_first(left: &(f32, usize), right: &(f32, usize)) -> Ordering {
    right.0.total_cmp(&left.0).then(left.1.cmp(&right.1))
}

/// Jaccard overlap of two sorted neighbourhoods.
fn overlap(left: &[usize], right: &[usize]) -> f64 {
    let shared = left.iter().filter(|item| right.binary_search(item).is_ok()).count();
    // Linked points share at least one of the two; a floor keeps the link should they not.
    shared.max(1) as f64 / (left.len() + right.len() - shared) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(at: &[(f32, Option<usize>, usize)]) -> Points<'static> {
        let meaning = |(degrees, ..): &(f32, Option<usize>, usize)| {
            let angle = degrees.to_radians();
            [angle.cos(), angle.sin()]
        };
        Points {
            meanings: at.iter().flat_map(meaning).collect(),
            width: 2,
            touchpoints: at.iter().map(|(_, touchpoint, _)| *touchpoint).collect(),
            languages: at.iter().map(|(.., language)| *language).collect(),
            wordings: Wordings::of(&vec![""; at.len()]),
            topics: vec![&[]; at.len()],
        }
    }

    fn near(points: &Points, count: usize, touchpoint: f32) -> Vec<Vec<usize>> {
        nearest(points, count, Weights { touchpoint, ..Weights::default() })
    }

    #[test]
    fn the_nearest_come_first_and_the_touchpoint_counts() {
        let points = points(&[(0.0, Some(1), 0), (20.0, Some(2), 0), (30.0, Some(1), 0), (180.0, None, 0)]);
        assert_eq!(near(&points, 2, 0.0)[0], [1, 2]);
        assert_eq!(near(&points, 2, 0.25)[0], [2, 1]);
        assert_eq!(near(&points, 9, 0.0)[3].len(), 3, "never more than there are");
    }

    #[test]
    fn of_those_that_mean_about_the_same_wording_and_topic_choose() {
        let at: Vec<_> = (0..4_u8).map(|step| (f32::from(step) * 5.0, None, 0)).collect();
        let texts = ["the card was declined", "a transfer is late", "late, late transfer", "card declined again"];
        let points = Points { wordings: Wordings::of(&texts), ..points(&at) };
        let weights = Weights { wording: 0.5, ..Weights::default() };
        assert_eq!(nearest(&points, 1, Weights::default()), [[1], [0], [1], [2]]);
        assert_eq!(nearest(&points, 1, weights), [[3], [2], [1], [0]]);
        let topics: [&[f32]; 4] = [&[1.0, 0.0], &[0.0, 1.0], &[1.0, 0.0], &[0.0, 1.0]];
        let points = Points { topics: topics.to_vec(), ..points };
        let weights = Weights { topic: 0.5, ..Weights::default() };
        assert_eq!(nearest(&points, 1, weights), [[2], [3], [0], [1]]);
    }

    #[test]
    fn other_languages_are_linked_as_far_as_they_go() {
        let mut at: Vec<_> = (0..6_u8).map(|step| (f32::from(step), None, 0)).collect();
        at.extend((0..6_u8).map(|step| (90.0 + f32::from(step), None, 1)));
        let near = nearest(&points(&at), 4, Weights::default());
        assert_eq!(near[5], [4, 3, 2, 1, 6, 7], "half of all texts are in the other language, so two more are of it");
        at.truncate(7);
        assert_eq!(
            nearest(&points(&at), 3, Weights::default())[5],
            [4, 3, 2],
            "one text is not a language to be linked to"
        );
        assert_eq!(nearest(&points(&at), 3, Weights::default())[6], [5, 4, 3, 5, 4, 3]);
    }

    #[test]
    fn blocks_and_strips_hide_nobody() {
        let at: Vec<_> = (0..700_u16).map(|step| (f32::from(step * 7 % 700) * 0.25, None, 0)).collect();
        let near = nearest(&points(&at), 2, Weights::default());
        for (from, row) in near.iter().enumerate() {
            for to in row {
                assert!((at[from].0 - at[*to].0).abs() < 0.6, "{from} and {to}");
            }
        }
    }

    #[test]
    fn each_pair_is_linked_once() {
        let at: Vec<_> = (0..50_u8).map(|step| (f32::from(step) * 7.0, None, usize::from(step % 2))).collect();
        let links = links(&points(&at), 5, Weights::default());
        let mut pairs: Vec<_> = links.iter().map(|link| (link.from.min(link.to), link.from.max(link.to))).collect();
        pairs.sort_unstable();
        pairs.dedup();
        assert_eq!(pairs.len(), links.len());
        assert!(links.iter().all(|link| link.weight > 0.0 && link.weight <= 1.0));
    }
}
