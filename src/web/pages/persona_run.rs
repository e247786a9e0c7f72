//! What a look at all customers came to, in the reader's words.

use chrono::{DateTime, Utc};

use super::format;
use super::page::Page;
use crate::personas::{Refusal, Run, Tried};

/// What the last look at all customers came to, in the reader's words.
#[derive(Debug)]
pub struct RunView {
    /// How many customers were told apart by how many records.
    pub told_apart: String,
    /// How many were left out.
    pub left_out: Option<String>,
    /// How many records name nobody.
    pub anonymous: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Why there are no personas.
    pub refusal: Option<RefusalView>,
    /// How well each number of groups did.
    pub tried: Vec<TriedView>,
}

/// Why there are none.
#[derive(Debug)]
pub struct RefusalView {
    /// Its name.
    pub reason: &'static str,
    /// What there is and what is needed.
    pub missing: String,
}

/// How well a number of groups did.
#[derive(Debug)]
pub struct TriedView {
    /// How many groups.
    pub groups: u64,
    /// Agreement with bootstraps, 0 to 1.
    pub stability: f64,
    /// That of the weakest group, 0 to 1.
    pub weakest: f64,
    /// Customers in the smallest.
    pub smallest: u64,
    /// How probable by chance, 0 to 1.
    pub chance: Option<f64>,
}

impl RunView {
    /// The run in the reader's words.
    #[must_use]
    pub fn new(page: &Page, run: &Run) -> Self {
        let (population, count) = (&run.population, |count: usize| count as u64);
        let some = |id, number: usize| (number > 0).then(|| page.n(id, &count(number)));
        Self {
            told_apart: page.two("personas-of", &count(population.customers), &count(population.records)),
            left_out: some("personas-left-out", population.with_too_few),
            anonymous: some("personas-anonymous", population.anonymous),
            at: run.at,
            refusal: run.refusal.as_ref().map(|refusal| RefusalView::new(page, refusal)),
            tried: run.tried.iter().map(TriedView::new).collect(),
        }
    }
}

impl RunView {
    /// What was looked at and, if there are none, why, in a few sentences.
    #[must_use]
    pub fn summary(&self, page: &Page) -> String {
        let mut sentences = vec![self.told_apart.clone()];
        sentences.extend(self.left_out.clone());
        sentences.extend(self.anonymous.clone());
        if let Some(refusal) = &self.refusal {
            sentences.extend([page.name("personas-refused", refusal.reason), refusal.missing.clone()]);
        }
        sentences.join(" ")
    }
}

impl RefusalView {
    fn new(page: &Page, refusal: &Refusal) -> Self {
        let hundredth = |value: f64| format::number(page.locale, (value * 100.0).round());
        let missing = match refusal {
            Refusal::TooFewCustomers { customers, needed } | Refusal::TooSmall { customers, needed } => {
                page.two(&format!("personas-missing-{}", message(refusal)), &(*customers as u64), &(*needed as u64))
            }
            Refusal::OneCloud { chance } => page.about("personas-missing-one-cloud", &page.percent(chance)),
            Refusal::Unstable { stability, needed } => {
                page.two_texts("personas-missing-unstable", &hundredth(*stability), &hundredth(*needed))
            }
        };
        Self { reason: refusal.name(), missing }
    }
}

/// The end of the names of a refusal's messages.
fn message(refusal: &Refusal) -> String {
    refusal.name().replace('_', "-")
}

impl TriedView {
    fn new(tried: &Tried) -> Self {
        Self {
            groups: tried.groups as u64,
            stability: tried.stability.max(0.0),
            weakest: tried.weakest,
            smallest: tried.smallest as u64,
            chance: tried.chance,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::locale::Locale;

    #[test]
    fn every_refusal_is_told_with_what_is_missing_in_every_language() {
        for locale in Locale::ALL.iter().copied() {
            let page = Page::sample(locale, "/personas");
            for refusal in [
                Refusal::TooFewCustomers { customers: 12, needed: 60 },
                Refusal::OneCloud { chance: 0.4 },
                Refusal::Unstable { stability: 0.41, needed: 0.75 },
                Refusal::TooSmall { customers: 3, needed: 15 },
            ] {
                let run = Run { refusal: Some(refusal), ..super::super::persona_samples::persona_story().run };
                let told = RunView::new(&page, &run).summary(&page);
                let advice = page.name("personas-advice", run.refusal.as_ref().map_or("", Refusal::name));
                assert!(!told.contains('⟦') && !advice.contains('⟦'), "{told} {advice}");
            }
        }
    }
}
