//! The functions of a transformer that work on one row at a time: softmax, GELU, layer normalisation.
//!
//! A row's result depends on that row alone. Ends of rows that do not fill a register are computed in a padded copy.

use crate::simd::{Isa, Kernel, MAX_LANES, Simd};

/// `softmax(scale * row)` in place: `exp(scale * x)` divided by the sum of all. An empty row stays empty.
///
/// `scale` must be positive. Relative error below 1e-6 for differences up to 80; smaller shares become 0 gracefully.
pub fn softmax(row: &mut [f32], scale: f32) {
    Isa::detect().run(Softmax { row, scale });
}

/// GELU in place: `x * Φ(x)` with the exact normal distribution function (not the tanh form); absolute error below 1e-6.
pub fn gelu(values: &mut [f32]) {
    Isa::detect().run(Gelu { values });
}

/// Layer normalisation of each of the contiguous `rows` in place: `(x - mean) / sqrt(variance + epsilon) * weight + bias`.
///
/// `rows`: `[n][weight.len()]`; the variance is that of the row, not an estimate. Panics if the lengths do not fit.
pub fn layer_norm(rows: &mut [f32], weight: &[f32], bias: &[f32], epsilon: f32) {
    assert_eq!(weight.len(), bias.len(), "weight and bias have one length");
    assert!(
        !weight.is_empty() && rows.len().is_multiple_of(weight.len()),
        "rows have the length of the weight"
    );
    Isa::detect().run(LayerNorm { rows, weight, bias, epsilon });
}

struct Softmax<'a> {
    row: &'a mut [f32],
    scale: f32,
}

impl Kernel for Softmax<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let largest = s.splat(row_largest(s, self.row));
        let scale = s.splat(self.scale);
        let mut sums = s.splat(0.0);
        let mut steps = self.row.chunks_exact_mut(S::LANES);
        for step in &mut steps {
            let shares = exp(s, s.mul(s.sub(s.load(step), largest), scale));
            sums = s.add(sums, shares);
            s.store(shares, step);
        }
        let mut sum = s.sum(sums);
        let tail = steps.into_remainder();
        let mut padded = padded_copy(tail, 0.0);
        s.store(exp(s, s.mul(s.sub(s.load(&padded), largest), scale)), &mut padded);
        tail.copy_from_slice(&padded[..tail.len()]);
        for share in tail {
            sum += *share;
        }
        scale_row(s, self.row, 1.0 / sum);
    }
}

#[inline(always)]
fn row_largest<S: Simd>(s: S, row: &[f32]) -> f32 {
    let mut largest = s.splat(f32::NEG_INFINITY);
    let steps = row.chunks_exact(S::LANES);
    largest = s.max(s.load(&padded_copy(steps.remainder(), f32::NEG_INFINITY)), largest);
    for step in steps {
        largest = s.max(s.load(step), largest);
    }
    s.largest(largest)
}

#[inline(always)]
fn scale_row<S: Simd>(s: S, row: &mut [f32], factor: f32) {
    let factors = s.splat(factor);
    let mut steps = row.chunks_exact_mut(S::LANES);
    for step in &mut steps {
        s.store(s.mul(s.load(step), factors), step);
    }
    for x in steps.into_remainder() {
        *x *= factor;
    }
}

struct Gelu<'a> {
    values: &'a mut [f32],
}

impl Kernel for Gelu<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let mut steps = self.values.chunks_exact_mut(S::LANES);
        for step in &mut steps {
            s.store(gelu_of(s, s.load(step)), step);
        }
        let tail = steps.into_remainder();
        let mut padded = padded_copy(tail, 0.0);
        s.store(gelu_of(s, s.load(&padded)), &mut padded);
        tail.copy_from_slice(&padded[..tail.len()]);
    }
}

/// `max(x, 0) - |x| / 2 * erfc(|x| / √2)`, which is `x / 2 * (1 + erf(x / √2))` without its cancellation.
///
/// The complementary error function is Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26.
#[inline(always)]
fn gelu_of<S: Simd>(s: S, x: S::V) -> S::V {
    let size = s.max(x, s.sub(s.splat(0.0), x));
    let z = s.mul(size, s.splat(std::f32::consts::FRAC_1_SQRT_2));
    let t = s.div(s.splat(1.0), s.mul_add(z, s.splat(0.327_591_1), s.splat(1.0)));
    let mut polynomial = s.splat(1.061_405_4);
    for coefficient in [-1.453_152, 1.421_413_7, -0.284_496_74, 0.254_829_6] {
        polynomial = s.mul_add(polynomial, t, s.splat(coefficient));
    }
    let complement = s.mul(s.mul(polynomial, t), exp(s, s.mul(s.sub(s.splat(0.0), z), z)));
    let half = s.mul(size, s.splat(-0.5));
    s.mul_add(half, complement, s.max(x, s.splat(0.0)))
}

/// `e^x` for `x <= 0` (anything below -87 counts as -87): `2^n * e^r` with `n` the nearest integer to `x / ln 2`.
///
/// Since `|r| <= ln 2 / 2`, seven terms of Taylor's series leave a relative error of 1e-8. `ln 2` is taken off in two
/// parts, the first of which is exact in few bits, so that `r` keeps its precision.
#[inline(always)]
fn exp<S: Simd>(s: S, x: S::V) -> S::V {
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = s.max(x, s.splat(-87.0));
    let n = s.round(s.mul(x, s.splat(std::f32::consts::LOG2_E)));
    let r = s.mul_add(n, s.splat(-LN_2_HIGH), x);
    let r = s.mul_add(n, s.splat(-LN_2_LOW), r);
    let mut sum = s.splat(1.0 / 5040.0);
    for term in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = s.mul_add(sum, r, s.splat(term));
    }
    s.mul(sum, s.exp2(n))
}

struct LayerNorm<'a> {
    rows: &'a mut [f32],
    weight: &'a [f32],
    bias: &'a [f32],
    epsilon: f32,
}

impl Kernel for LayerNorm<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let length = self.weight.len() as f32;
        for row in self.rows.chunks_exact_mut(self.weight.len()) {
            let mean = row_sum(s, row) / length;
            let variance = row_squares(s, row, mean) / length;
            let factor = 1.0 / (variance + self.epsilon).sqrt();
            normalise(s, row, mean, factor, self.weight, self.bias);
        }
    }
}

#[inline(always)]
fn row_sum<S: Simd>(s: S, row: &[f32]) -> f32 {
    let steps = row.chunks_exact(S::LANES);
    let mut sums = s.load(&padded_copy(steps.remainder(), 0.0));
    for step in steps {
        sums = s.add(sums, s.load(step));
    }
    s.sum(sums)
}

/// The sum of the squares of `x - mean`.
#[inline(always)]
fn row_squares<S: Simd>(s: S, row: &[f32], mean: f32) -> f32 {
    let means = s.splat(mean);
    let steps = row.chunks_exact(S::LANES);
    let first = s.sub(s.load(&padded_copy(steps.remainder(), mean)), means);
    let mut squares = s.mul(first, first);
    for step in steps {
        let difference = s.sub(s.load(step), means);
        squares = s.mul_add(difference, difference, squares);
    }
    s.sum(squares)
}

#[inline(always)]
fn normalise<S: Simd>(s: S, row: &mut [f32], mean: f32, factor: f32, weight: &[f32], bias: &[f32]) {
    let (means, factors) = (s.splat(mean), s.splat(factor));
    let mut steps = row.chunks_exact_mut(S::LANES);
    let (weights, biases) = (weight.chunks_exact(S::LANES), bias.chunks_exact(S::LANES));
    let (weight_tail, bias_tail) = (weights.remainder(), biases.remainder());
    for ((step, weight), bias) in (&mut steps).zip(weights).zip(biases) {
        let x = s.mul(s.sub(s.load(step), means), factors);
        s.store(s.mul_add(x, s.load(weight), s.load(bias)), step);
    }
    for ((x, weight), bias) in steps.into_remainder().iter_mut().zip(weight_tail).zip(bias_tail) {
        *x = (*x - mean) * factor * weight + bias;
    }
}

/// The end of a row in a buffer that fills any register; the rest is `padding`.
#[inline(always)]
fn padded_copy(tail: &[f32], padding: f32) -> [f32; MAX_LANES] {
    let mut padded = [padding; MAX_LANES];
    padded[..tail.len()].copy_from_slice(tail);
    padded
}

#[cfg(test)]
mod tests;
