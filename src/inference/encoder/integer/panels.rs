//! A matrix in integers of 8 bits, in the order in which products read it.

use std::ops::Range;

/// Outputs of a tile.
pub(super) const OUTPUTS_A_TILE: usize = 32;

/// Neighbouring inputs that lie in one word.
pub(super) const INPUTS_A_STEP: usize = size_of::<u32>();

/// The largest number of a matrix.
const LARGEST: f32 = 127.0;

/// Some neighbouring inputs of each output of a tile: a word an output.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Step(pub(super) [u32; OUTPUTS_A_TILE]);

/// A matrix, tile by tile and within it step by step; what pads it is 0.
#[derive(Default)]
pub(super) struct Panels {
    steps: Vec<Step>,
    steps_a_tile: usize,
    outputs: usize,
}

/// A part of a matrix.
#[derive(Clone)]
pub(super) struct View<'panels> {
    panels: &'panels Panels,
    tiles: Range<usize>,
    steps: Range<usize>,
}

/// What a step is worth where the largest magnitude is `largest`.
#[inline(always)]
pub(super) fn scale(largest: f32) -> f32 {
    (largest / LARGEST).max(f32::MIN_POSITIVE)
}

impl Panels {
    /// From a matrix of `outputs × inputs`.
    pub(super) fn new(matrix: &[i8], inputs: usize) -> Self {
        let mut panels = Self::default();
        panels.clear(inputs, matrix.len() / inputs);
        for (output, row) in matrix.chunks_exact(inputs).enumerate() {
            panels.set(output, row);
        }
        panels
    }

    /// Makes all of it 0, in another size.
    pub(super) fn clear(&mut self, inputs: usize, outputs: usize) {
        self.steps_a_tile = inputs.div_ceil(INPUTS_A_STEP);
        self.outputs = outputs;
        self.steps.clear();
        self.steps.resize(self.steps_a_tile * outputs.div_ceil(OUTPUTS_A_TILE), Step([0; OUTPUTS_A_TILE]));
    }

    /// Writes an output's inputs.
    #[inline(always)]
    pub(super) fn set(&mut self, output: usize, inputs: &[i8]) {
        let steps = self.steps[output / OUTPUTS_A_TILE * self.steps_a_tile..].iter_mut();
        let (words, rest) = inputs.as_chunks::<INPUTS_A_STEP>();
        let mut last = [0; INPUTS_A_STEP];
        last[..rest.len()].copy_from_slice(rest);
        let words = words.iter().chain((!rest.is_empty()).then_some(&last));
        for (step, word) in steps.zip(words) {
            step.0[output % OUTPUTS_A_TILE] = u32::from_ne_bytes(word.map(i8::cast_unsigned));
        }
    }

    /// Writes a step of all outputs.
    #[inline(always)]
    pub(super) fn set_step(&mut self, step: usize, words: &[u32]) {
        let tiles = self.steps.chunks_exact_mut(self.steps_a_tile);
        let (whole, rest) = words.as_chunks();
        let mut last = [0; OUTPUTS_A_TILE];
        last[..rest.len()].copy_from_slice(rest);
        tiles.zip(whole.iter().chain([&last])).for_each(|(tile, words)| tile[step].0 = *words);
    }

    /// All of it.
    pub(super) fn all(&self) -> View<'_> {
        View { panels: self, tiles: 0..self.steps.len() / self.steps_a_tile, steps: 0..self.steps_a_tile }
    }

    /// Some of the inputs, which begin and end with steps.
    pub(super) fn inputs(&self, inputs: Range<usize>) -> View<'_> {
        View { steps: inputs.start / INPUTS_A_STEP..inputs.end / INPUTS_A_STEP, ..self.all() }
    }

    /// The tiles that some of the outputs are in.
    pub(super) fn outputs(&self, outputs: Range<usize>) -> View<'_> {
        View { tiles: outputs.start / OUTPUTS_A_TILE..outputs.end.div_ceil(OUTPUTS_A_TILE), ..self.all() }
    }
}

impl<'panels> View<'panels> {
    /// The steps of each tile, with the tile's first output.
    pub(super) fn tiles(self) -> impl Iterator<Item = (usize, &'panels [Step])> {
        let Self { panels, tiles, steps } = self;
        tiles.map(move |tile| (tile * OUTPUTS_A_TILE, &panels.steps[tile * panels.steps_a_tile..][steps.clone()]))
    }

    /// The steps of each tile that are in it.
    pub(super) fn steps(&self) -> Range<usize> {
        self.steps.clone()
    }

    /// Outputs of the whole matrix.
    pub(super) fn outputs(&self) -> usize {
        self.panels.outputs
    }
}
