//! The matrix product on each instruction set, against the plain loop; and that rows do not depend on each other.

use super::*;
use proptest::prelude::*;

/// A fixed stream of floats in -1.0..1.0.
fn floats(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

fn packed(isa: Isa, weights: &[f32], depth: usize) -> Matrix {
    let mut matrix = Matrix { isa, ..Matrix::default() };
    matrix.pack_outputs(Rows::contiguous(weights, depth));
    matrix
}

/// Against the plain loop in `f64`, replacing and adding, with strides larger than the rows.
fn check(rows: usize, columns: usize, depth: usize) {
    let (weights, bias) = (floats(columns * depth, 1), floats(columns, 2));
    let (x, before) = (floats(rows * (depth + 3), 3), floats(rows * (columns + 5), 4));
    for isa in Isa::all_here() {
        let matrix = packed(isa, &weights, depth);
        for (write, bias) in [(Write::Replace, None), (Write::Add, Some(&bias[..]))] {
            let mut out = before.clone();
            let x_rows = Rows::new(&x, rows, depth, depth + 3);
            matrix.multiply(x_rows, bias, RowsMut::new(&mut out, rows, columns, columns + 5), write);
            for (i, (out, before)) in out.chunks(columns + 5).zip(before.chunks(columns + 5)).enumerate() {
                for j in 0..columns {
                    let products = (0..depth)
                        .map(|k| f64::from(x[i * (depth + 3) + k]) * f64::from(weights[j * depth + k]));
                    let start = if write == Write::Add { before[j] } else { 0.0 };
                    let wanted =
                        products.sum::<f64>() + f64::from(start) + f64::from(bias.map_or(0.0, |b| b[j]));
                    assert!(
                        (f64::from(out[j]) - wanted).abs() < 1e-4,
                        "{isa:?} {rows}x{columns}x{depth} {i},{j}"
                    );
                }
                assert_eq!(out[columns..], before[columns..], "what is between the rows stays");
            }
        }
    }
}

#[test]
fn odd_sizes() {
    for rows in [0, 1, 2, 3, 5, 7, 11, 12, 13, 25] {
        for (columns, depth) in [(1, 1), (7, 3), (16, 8), (17, 1), (33, 40), (64, 5)] {
            check(rows, columns, depth);
        }
    }
}

#[test]
fn depths_are_outputs_transposed() {
    let (columns, depth) = (37, 11);
    let weights = floats(columns * depth, 1);
    let transposed: Vec<f32> =
        (0..depth * columns).map(|i| weights[i % columns * depth + i / columns]).collect();
    let mut matrix = Matrix::from_outputs(Rows::contiguous(&floats(900, 5), 30));
    matrix.pack_depths(Rows::contiguous(&transposed, columns));
    assert_eq!((matrix.columns(), matrix.depth()), (columns, depth));
    assert_eq!(matrix.panels[..], Matrix::from_outputs(Rows::contiguous(&weights, depth)).panels[..]);
}

proptest! {
    #[test]
    fn a_row_does_not_depend_on_the_others(rows in 1_usize..40, columns in 1_usize..80, depth in 1_usize..90) {
        let (weights, x) = (floats(columns * depth, 6), floats(rows * depth, 7));
        for isa in Isa::all_here() {
            let matrix = packed(isa, &weights, depth);
            let mut together = vec![0.0; rows * columns];
            let out = RowsMut::contiguous(&mut together, columns);
            matrix.multiply(Rows::contiguous(&x, depth), None, out, Write::Replace);
            for (x, together) in x.chunks(depth).zip(together.chunks(columns)) {
                let mut alone = vec![0.0; columns];
                let out = RowsMut::contiguous(&mut alone, columns);
                matrix.multiply(Rows::contiguous(x, depth), None, out, Write::Replace);
                prop_assert!(alone.iter().zip(together).all(|(a, b)| a.to_bits() == b.to_bits()));
            }
        }
    }
}
