//! Room to work in that is kept from one pass to the next, so that a warm engine allocates nothing in its layers.

use std::sync::{Mutex, PoisonError};

use super::attention::{Desk, Sight};
use super::rows::Rows;

/// What all layers of an encoder share.
#[derive(Default)]
pub(in crate::inference) struct Space {
    pub(super) wholes: Shelf<Whole>,
    pub(super) blocks: Shelf<Block>,
}

/// What a batch needs.
#[derive(Default)]
pub(super) struct Whole {
    /// Queries, keys and values of all rows.
    pub(super) projected: Vec<f32>,
    /// What tokens of each sequence may look at.
    pub(super) sights: Vec<Sight>,
}

/// What a block of rows needs.
#[derive(Default)]
pub(super) struct Block {
    /// What is multiplied.
    pub(super) rows: Rows,
    /// What each row saw, then the inner step's outputs after GELU.
    pub(super) values: Vec<f32>,
    pub(super) desk: Desk,
}

/// Things that are lent; as many are made as are in use at a time.
#[derive(Default)]
pub(super) struct Shelf<Thing>(Mutex<Vec<Thing>>);

impl<Thing: Default> Shelf<Thing> {
    pub(super) fn lend<Result>(&self, work: impl FnOnce(&mut Thing) -> Result) -> Result {
        let mut thing = self.things().pop().unwrap_or_default();
        let result = work(&mut thing);
        self.things().push(thing);
        result
    }

    fn things(&self) -> std::sync::MutexGuard<'_, Vec<Thing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
