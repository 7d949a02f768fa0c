//! How do the tokens of one text look at each other? Scaled dot-product attention, head by head.
//!
//! Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.2.

use pllm_kernels::{Matrix, Rows, RowsMut, Write, softmax};

/// Attention over one text.
///
/// `projected`: `[tokens][3 * hidden]`, query, key and value side by side, each with its heads side by side; `context`:
/// `[tokens][hidden]`, replaced by the values, weighted by `softmax(query · key / √head_width)`.
pub(super) fn attend(projected: &[f32], context: &mut [f32], hidden: usize, head_width: usize) {
    let stride = 3 * hidden;
    let tokens = projected.len() / stride;
    let mut weights = vec![0.0; tokens * tokens];
    let (mut keys, mut values) = (Matrix::default(), Matrix::default());
    let scale = 1.0 / (head_width as f32).sqrt();
    for head in (0..hidden).step_by(head_width) {
        let part = |offset: usize| Rows::new(&projected[offset + head..], tokens, head_width, stride);
        keys.pack_outputs(part(hidden));
        keys.multiply(part(0), None, RowsMut::contiguous(&mut weights, tokens), Write::Replace);
        weights.chunks_exact_mut(tokens).for_each(|row| softmax(row, scale));
        values.pack_depths(part(2 * hidden));
        let out = RowsMut::new(&mut context[head..], tokens, head_width, hidden);
        values.multiply(Rows::contiguous(&weights, tokens), None, out, Write::Replace);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition in `f64`.
    fn plain(projected: &[f32], tokens: usize, hidden: usize, head_width: usize) -> Vec<f64> {
        let at = |token: usize, offset: usize| f64::from(projected[token * 3 * hidden + offset]);
        let mut context = vec![0.0; tokens * hidden];
        for head in (0..hidden).step_by(head_width) {
            for query in 0..tokens {
                let dot =
                    |key| (head..head + head_width).map(|i| at(query, i) * at(key, hidden + i)).sum::<f64>();
                let shares: Vec<f64> =
                    (0..tokens).map(|key| (dot(key) / (head_width as f64).sqrt()).exp()).collect();
                let sum: f64 = shares.iter().sum();
                for i in head..head + head_width {
                    let value =
                        shares.iter().enumerate().map(|(key, share)| share / sum * at(key, 2 * hidden + i));
                    context[query * hidden + i] = value.sum();
                }
            }
        }
        context
    }

    fn check(tokens: usize, hidden: usize, head_width: usize) {
        let value = |i: usize| ((i * 7919 + 13) % 1009) as f32 / 500.0 - 1.0;
        let projected: Vec<f32> = (0..tokens * 3 * hidden).map(value).collect();
        let mut context = vec![f32::NAN; tokens * hidden];
        attend(&projected, &mut context, hidden, head_width);
        for (found, expected) in context.iter().zip(plain(&projected, tokens, hidden, head_width)) {
            assert!((f64::from(*found) - expected).abs() < 1e-5, "{found} is not {expected}");
        }
    }

    #[test]
    fn agrees_with_the_definition() {
        check(1, 8, 8);
        check(2, 12, 4);
        check(13, 64, 32);
        check(40, 30, 10);
    }
}
