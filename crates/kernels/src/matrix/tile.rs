//! The innermost loops of the matrix product: one tile of sums, held in registers.

use super::{Rows, RowsMut, Write};
use crate::simd::{Kernel, MAX_LANES, Simd};

/// Registers that a panel is wide.
pub(super) const REGISTERS: usize = 2;

/// The product of [`super::Matrix::multiply`].
pub(super) struct Multiply<'a> {
    pub(super) panels: &'a [f32],
    pub(super) x: Rows<'a>,
    pub(super) bias: Option<&'a [f32]>,
    pub(super) out: RowsMut<'a>,
    pub(super) write: Write,
}

impl Kernel for Multiply<'_> {
    type Output = ();

    /// Panels outside, tiles inside: the weights are read once, the rows of `x` stay in the nearer cache.
    #[inline(always)]
    fn run<S: Simd>(mut self, s: S) {
        let width = REGISTERS * S::LANES;
        let depth = self.x.width();
        for panel in 0..self.out.width().div_ceil(width) {
            let factors = &self.panels[panel * width * depth..][..width * depth];
            let mut row = 0;
            while row < self.x.count() {
                let rows = S::TILE_ROWS.min(self.x.count() - row);
                self.tile(s, factors, panel * width, row, rows);
                row += rows;
            }
        }
    }
}

impl Multiply<'_> {
    /// One tile of `rows` rows, by a loop that is compiled for just that number.
    #[inline(always)]
    fn tile<S: Simd>(&mut self, s: S, factors: &[f32], column: usize, row: usize, rows: usize) {
        match rows {
            12 => self.tile_of::<S, 12>(s, factors, column, row),
            11 => self.tile_of::<S, 11>(s, factors, column, row),
            10 => self.tile_of::<S, 10>(s, factors, column, row),
            9 => self.tile_of::<S, 9>(s, factors, column, row),
            8 => self.tile_of::<S, 8>(s, factors, column, row),
            7 => self.tile_of::<S, 7>(s, factors, column, row),
            6 => self.tile_of::<S, 6>(s, factors, column, row),
            5 => self.tile_of::<S, 5>(s, factors, column, row),
            4 => self.tile_of::<S, 4>(s, factors, column, row),
            3 => self.tile_of::<S, 3>(s, factors, column, row),
            2 => self.tile_of::<S, 2>(s, factors, column, row),
            _ => self.tile_of::<S, 1>(s, factors, column, row),
        }
    }

    #[inline(always)]
    fn tile_of<S: Simd, const ROWS: usize>(&mut self, s: S, factors: &[f32], column: usize, row: usize) {
        let x: [&[f32]; ROWS] = std::array::from_fn(|i| self.x.row(row + i));
        let sums = sums(s, factors, x);
        let width = (REGISTERS * S::LANES).min(self.out.width() - column);
        let bias = self.bias.map_or([0.0; PANEL], |bias| padded(&bias[column..][..width]));
        for (i, sums) in sums.into_iter().enumerate() {
            let out = &mut self.out.row(row + i)[column..][..width];
            if width == REGISTERS * S::LANES {
                finish(s, sums, &bias, out, self.write);
            } else {
                let mut whole = padded(out);
                finish(s, sums, &bias, &mut whole, self.write);
                out.copy_from_slice(&whole[..width]);
            }
        }
    }
}

/// The widest panel of any instruction set.
const PANEL: usize = REGISTERS * MAX_LANES;

/// The last columns, in a buffer that a whole panel fits into.
#[inline(always)]
fn padded(columns: &[f32]) -> [f32; PANEL] {
    let mut padded = [0.0; PANEL];
    padded[..columns.len()].copy_from_slice(columns);
    padded
}

/// Writes the sums of one row, with their bias, to `out`.
#[inline(always)]
fn finish<S: Simd>(s: S, sums: [S::V; REGISTERS], bias: &[f32; PANEL], out: &mut [f32], write: Write) {
    for (register, sum) in sums.into_iter().enumerate() {
        let out = &mut out[register * S::LANES..];
        let product = s.add(sum, s.load(&bias[register * S::LANES..]));
        let value = match write {
            Write::Replace => product,
            Write::Add => s.add(s.load(out), product),
        };
        s.store(value, out);
    }
}

/// The sums of one tile, the products of one depth after the other.
///
/// The factors are asked for a while before they are needed: with few rows their way from memory is what takes the time
/// (measured with 12 rows: 1.3 times as fast as with the processor's own prefetching).
#[inline(always)]
fn sums<S: Simd, const ROWS: usize>(s: S, factors: &[f32], x: [&[f32]; ROWS]) -> [[S::V; REGISTERS]; ROWS] {
    const AHEAD: usize = 16;
    let width = REGISTERS * S::LANES;
    let mut sums = [[s.splat(0.0); REGISTERS]; ROWS];
    for (k, factors) in factors.chunks_exact(width).enumerate() {
        s.prefetch(factors.as_ptr().wrapping_add(AHEAD * width));
        let (first, second) = (s.load(factors), s.load(&factors[S::LANES..]));
        for row in 0..ROWS {
            // SAFETY: `Matrix::multiply` has checked that rows of `x` are as long as the matrix is deep.
            let x = s.splat(unsafe { *x[row].get_unchecked(k) });
            sums[row][0] = s.mul_add(x, first, sums[row][0]);
            sums[row][1] = s.mul_add(x, second, sums[row][1]);
        }
    }
    sums
}
