//! Each row function on each instruction set, against its formula in `f64`.

use super::*;
use proptest::prelude::*;

fn softmax_plain(row: &[f32], scale: f32) -> Vec<f64> {
    let largest = row.iter().fold(f64::NEG_INFINITY, |largest, &x| largest.max(f64::from(x)));
    let shares: Vec<f64> = row.iter().map(|&x| ((f64::from(x) - largest) * f64::from(scale)).exp()).collect();
    let sum: f64 = shares.iter().sum();
    shares.iter().map(|share| share / sum).collect()
}

fn layer_norm_plain(row: &[f32], weight: &[f32], bias: &[f32], epsilon: f64) -> Vec<f64> {
    let length = row.len() as f64;
    let mean = row.iter().map(|&x| f64::from(x)).sum::<f64>() / length;
    let variance = row.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / length;
    let scaled = row.iter().map(|&x| (f64::from(x) - mean) / (variance + epsilon).sqrt());
    scaled.zip(weight.iter().zip(bias)).map(|(x, (&w, &b))| x * f64::from(w) + f64::from(b)).collect()
}

/// The error function by its Maclaurin series, which is enough for |z| < 4; beyond that it is 1 within 2e-8.
fn erf_plain(z: f64) -> f64 {
    if z.abs() >= 4.0 {
        return z.signum();
    }
    let (mut term, mut sum) = (z, z);
    for n in 1..200 {
        term *= -z * z / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    sum * 2.0 / std::f64::consts::PI.sqrt()
}

fn gelu_plain(x: f32) -> f64 {
    let x = f64::from(x);
    x / 2.0 * (1.0 + erf_plain(x / std::f64::consts::SQRT_2))
}

fn assert_close(found: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (&x, &y) in found.iter().zip(expected) {
        assert!((f64::from(x) - y).abs() <= tolerance, "{x} is not {y}");
    }
}

#[test]
fn gelu_is_exact_to_a_millionth() {
    let values: Vec<f32> =
        (-12_000..=12_000).map(|i| i as f32 / 1000.0).chain([-50.0, 50.0, -1e4, 1e4]).collect();
    let expected: Vec<f64> = values.iter().map(|&x| gelu_plain(x)).collect();
    for isa in Isa::all_here() {
        let mut found = values.clone();
        isa.run(Gelu { values: &mut found });
        assert_close(&found, &expected, 1e-6);
    }
}

#[test]
fn softmax_of_extremes() {
    for isa in Isa::all_here() {
        let mut row = vec![0.0, 1e4, -1e4, 1e4];
        isa.run(Softmax { row: &mut row, scale: 1.0 });
        assert_close(&row, &[0.0, 0.5, 0.0, 0.5], 1e-7);
        isa.run(Softmax { row: &mut [], scale: 1.0 });
    }
}

proptest! {
    #[test]
    fn softmax_of_any_length(row in prop::collection::vec(-30.0..30.0_f32, 1..70), scale in 0.1..1.5_f32) {
        for isa in Isa::all_here() {
            let mut found = row.clone();
            isa.run(Softmax { row: &mut found, scale });
            assert_close(&found, &softmax_plain(&row, scale), 1e-6);
        }
    }

    #[test]
    fn layer_norm_of_any_length(row in prop::collection::vec((-5.0..5.0_f32, -2.0..2.0_f32), 2..70)) {
        let (row, weight): (Vec<f32>, Vec<f32>) = row.into_iter().unzip();
        let bias: Vec<f32> = weight.iter().map(|w| w * 0.5 - 0.1).collect();
        let expected = layer_norm_plain(&row, &weight, &bias, 1e-2);
        for isa in Isa::all_here() {
            let mut found = row.repeat(3);
            isa.run(LayerNorm { rows: &mut found, weight: &weight, bias: &bias, epsilon: 1e-2 });
            assert_close(&found, &expected.repeat(3), 2e-5);
        }
    }

    #[test]
    fn gelu_of_any_length(values in prop::collection::vec(-6.0..6.0_f32, 0..50)) {
        let expected: Vec<f64> = values.iter().map(|&x| gelu_plain(x)).collect();
        for isa in Isa::all_here() {
            let mut found = values.clone();
            isa.run(Gelu { values: &mut found });
            assert_close(&found, &expected, 1e-6);
        }
    }
}
