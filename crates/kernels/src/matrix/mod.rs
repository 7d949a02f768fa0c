//! How are rows of activations multiplied with a matrix, at full speed and so that a row's result never depends on the
//! rows beside it?
//!
//! The matrix is packed once into panels two registers wide, in the order in which the innermost loop reads them. That
//! loop keeps the sums of one tile (a few rows by one panel) in registers and adds the products of one depth after the
//! other. So every sum has the same order, whether its row comes first, last or alone, which a general matrix product
//! does not promise (`docs/decisions/0002-own-matrix-kernel.md`).

mod rows;
mod tile;

pub use rows::{Rows, RowsMut};

use crate::aligned::AlignedFloats;
use crate::simd::Isa;
use tile::Multiply;

/// A matrix packed for [`Matrix::multiply`]: each of its `columns` is a sum over `depth` products.
#[derive(Debug)]
pub struct Matrix {
    isa: Isa,
    columns: usize,
    depth: usize,
    /// `[panel][depth][panel width]`; columns behind the last are zero.
    panels: AlignedFloats,
}

/// What becomes of the floats that a product is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// They are replaced.
    Replace,
    /// The product is added to them (a residual connection).
    Add,
}

impl Default for Matrix {
    /// A matrix of no columns, to be filled by one of the `pack` calls.
    fn default() -> Self {
        Self { isa: Isa::detect(), columns: 0, depth: 0, panels: AlignedFloats::default() }
    }
}

impl Matrix {
    /// The weights of a linear layer as frameworks store them, `[columns][depth]`: row `j` holds the factors of output `j`.
    pub fn from_outputs(weights: Rows<'_>) -> Self {
        let mut matrix = Self::default();
        matrix.pack_outputs(weights);
        matrix
    }

    /// Fills this matrix anew as [`Matrix::from_outputs`] does; the memory is used again.
    pub fn pack_outputs(&mut self, weights: Rows<'_>) {
        self.clear(weights.count(), weights.width());
        let panel_width = self.panel_width();
        for (index, panel) in self.panels.chunks_exact_mut(self.depth.max(1) * panel_width).enumerate() {
            let first = index * panel_width;
            for column in first..(first + panel_width).min(self.columns) {
                let lane = column - first;
                for (step, factor) in panel.chunks_exact_mut(panel_width).zip(weights.row(column)) {
                    step[lane] = *factor;
                }
            }
        }
    }

    /// Fills this matrix anew from `[depth][columns]`: row `k` holds the factors of depth `k`; the memory is used again.
    pub fn pack_depths(&mut self, factors: Rows<'_>) {
        self.clear(factors.width(), factors.count());
        let panel_width = self.panel_width();
        for (index, panel) in self.panels.chunks_exact_mut(self.depth.max(1) * panel_width).enumerate() {
            let first = index * panel_width;
            let valid = panel_width.min(self.columns - first);
            for (k, step) in panel.chunks_exact_mut(panel_width).enumerate() {
                step[..valid].copy_from_slice(&factors.row(k)[first..first + valid]);
            }
        }
    }

    /// Number of sums a row gives.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Number of products in a sum.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// `out[i][j] = bias[j] + Σ_k x[i][k] * matrix[k][j]`, or that added to `out`; no `bias` counts as zeros.
    ///
    /// A row of `out` depends on the same row of `x` alone, bit for bit on one machine. Panics if the sizes do not fit.
    pub fn multiply(&self, x: Rows<'_>, bias: Option<&[f32]>, out: RowsMut<'_>, write: Write) {
        assert_eq!(x.width(), self.depth, "rows of x are as long as the matrix is deep");
        assert_eq!(out.width(), self.columns, "rows of the product are as long as the matrix has columns");
        assert_eq!(x.count(), out.count(), "one row of the product for each row of x");
        assert!(bias.is_none_or(|bias| bias.len() == self.columns), "one bias for each column");
        self.isa.run(Multiply { panels: &self.panels, x, bias, out, write });
    }

    fn panel_width(&self) -> usize {
        tile::REGISTERS * self.isa.lanes()
    }

    fn clear(&mut self, columns: usize, depth: usize) {
        (self.columns, self.depth) = (columns, depth);
        let width = self.panel_width();
        self.panels.resize(columns.div_ceil(width) * width * depth);
        self.panels.fill(0.0);
    }
}

#[cfg(test)]
mod tests;
