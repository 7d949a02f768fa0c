//! How do the vectors of a text's tokens become one vector? Their mean, scaled to length 1.

use super::batch::TokenBatch;

/// One vector of `hidden` values and length 1 for each text of the batch.
///
/// `x`: `[tokens][hidden]`, the output of the last layer; special tokens count as any other. A mean of zero stays zero.
pub fn mean_pooled(batch: &TokenBatch, x: &[f32], hidden: usize) -> Vec<Vec<f32>> {
    batch.texts().map(|text| normalised_mean(&x[text.start * hidden..text.end * hidden], hidden)).collect()
}

fn normalised_mean(rows: &[f32], hidden: usize) -> Vec<f32> {
    let mut mean = vec![0.0; hidden];
    for row in rows.chunks_exact(hidden) {
        mean.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
    }
    // The number of tokens cancels out when the length becomes 1, so the sum will do.
    let length = mean.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt();
    if length > 0.0 {
        mean.iter_mut().for_each(|x| *x = (f64::from(*x) / length) as f32);
    }
    mean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_of_length_one() {
        let batch: TokenBatch = [&[1, 2][..], &[3], &[4, 5]].into_iter().collect();
        let x = [1.0, 3.0, 5.0, 5.0, 0.0, -2.0, 1.0, -1.0, -1.0, 1.0];
        assert_eq!(mean_pooled(&batch, &x, 2), [vec![0.6, 0.8], vec![0.0, -1.0], vec![0.0, 0.0]]);
    }
}
