//! Rows of features of one length.

/// Row-major numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Matrix {
    columns: usize,
    values: Vec<f32>,
}

impl Matrix {
    /// No row yet; each row to come has `columns` numbers.
    pub(super) const fn new(columns: usize) -> Self {
        Self { columns, values: Vec::new() }
    }

    /// Rows of one length.
    pub(super) fn of<Row: AsRef<[f32]>>(rows: impl IntoIterator<Item = Row>) -> Self {
        let mut matrix = Self::default();
        for row in rows {
            matrix.columns = row.as_ref().len();
            matrix.push(row.as_ref().iter().copied());
        }
        matrix
    }

    /// Appends a row.
    pub(super) fn push(&mut self, row: impl IntoIterator<Item = f32>) {
        self.values.extend(row);
        debug_assert_eq!(self.values.len() % self.columns, 0, "a row of another length");
    }

    /// Numbers in a row.
    pub(super) const fn columns(&self) -> usize {
        self.columns
    }

    /// One row.
    pub(super) fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.columns..(index + 1) * self.columns]
    }
}
