//! How fast is our matrix product beside the `gemm` crate's?
//!
//! `cargo run --release --manifest-path crates/kernels/benches/peer/Cargo.toml`.
//! One thread; the sizes of MiniLM's layers. Rounds are paired (one of each, alternating); medians are printed.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::hint::black_box;
use std::time::Instant;

use pllm_kernels::{Matrix, Rows, RowsMut, Write};

const ROUNDS: usize = 11;

fn main() {
    println!("rows columns depth | ours GFLOP/s | gemm GFLOP/s | ratio");
    for rows in [1, 4, 12, 24, 96, 186, 512] {
        for (columns, depth) in [(1152, 384), (384, 384), (1536, 384), (384, 1536)] {
            compare(rows, columns, depth);
        }
    }
}

fn compare(rows: usize, columns: usize, depth: usize) {
    // Enough copies of the weights that, as in a model, they do not all stay in the nearest cache.
    let copies = 6;
    let weights = vec![0.25_f32; columns * depth];
    let matrices: Vec<Matrix> =
        (0..copies).map(|_| Matrix::from_outputs(Rows::contiguous(&weights, depth))).collect();
    let plain: Vec<Vec<f32>> = (0..copies).map(|_| weights.clone()).collect();
    let x = vec![0.5_f32; rows * depth];
    let mut out = vec![0.0_f32; rows * columns];
    let work = 2.0 * (rows * columns * depth * copies) as f64;
    let repeats = (1e8 / work).ceil() as usize;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for matrix in (0..repeats).flat_map(|_| &matrices) {
            let x = Rows::contiguous(black_box(&x), depth);
            matrix.multiply(x, None, RowsMut::contiguous(&mut out, columns), Write::Replace);
        }
        ours.push(work * repeats as f64 / start.elapsed().as_secs_f64() / 1e9);
        let start = Instant::now();
        for weights in (0..repeats).flat_map(|_| &plain) {
            gemm_product(black_box(&x), weights, &mut out, (rows, columns, depth));
        }
        theirs.push(work * repeats as f64 / start.elapsed().as_secs_f64() / 1e9);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!("{rows:4} {columns:5} {depth:5} | {ours:6.1} | {theirs:6.1} | {:.2}", ours / theirs);
}

fn gemm_product(x: &[f32], weights: &[f32], out: &mut [f32], (rows, columns, depth): (usize, usize, usize)) {
    let (row, column) = (depth as isize, columns as isize);
    // SAFETY: the pointers and strides describe the slices, whose sizes `compare` made from the same numbers.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            depth,
            out.as_mut_ptr(),
            1,
            column,
            false,
            x.as_ptr(),
            1,
            row,
            weights.as_ptr(),
            row,
            1,
            0.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
