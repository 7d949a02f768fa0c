//! How does a vector of floats become signed bytes? Symmetrically, with one scale for the vector.

/// Quantises `vector` into `out` and returns the scale: `vector[i] ≈ out[i] * scale`, at most half a scale apart.
///
/// The largest magnitude becomes ±127; -128 never occurs. A vector of zeros, or one whose largest magnitude is not
/// finite, gives zeros and the scale 0. Panics if the lengths differ.
pub fn quantize_i8(vector: &[f32], out: &mut [i8]) -> f32 {
    assert_eq!(vector.len(), out.len(), "one output for each value");
    let largest = vector.iter().fold(0_f32, |largest, x| largest.max(x.abs()));
    let scale = largest / 127.0;
    let inverse = 127.0 / largest;
    // Below the smallest normal scale the inverse overflows; such a vector is zero for any use.
    if !scale.is_finite() || !inverse.is_finite() {
        out.fill(0);
        return 0.0;
    }
    for (x, byte) in vector.iter().zip(out) {
        *byte = (x * inverse).round_ties_even() as i8;
    }
    scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(vector: &[f32], expected: &[i8], expected_scale: f32) {
        let mut bytes = vec![1; vector.len()];
        assert_eq!(quantize_i8(vector, &mut bytes), expected_scale);
        assert_eq!(bytes, expected);
    }

    #[test]
    fn fixed_cases() {
        check(&[], &[], 0.0);
        check(&[0.0, -0.0], &[0, 0], 0.0);
        check(&[127.0, -127.0, 1.4, -1.6], &[127, -127, 1, -2], 1.0);
        check(&[-2.0, 1.0], &[-127, 64], 2.0 / 127.0);
        check(&[1e-44, 0.0], &[0, 0], 0.0);
        check(&[f32::INFINITY, 1.0], &[0, 0], 0.0);
    }

    proptest! {
        #[test]
        fn comes_back_within_half_a_scale(vector in prop::collection::vec(-3.0..3.0_f32, 0..99)) {
            let mut bytes = vec![0; vector.len()];
            let scale = quantize_i8(&vector, &mut bytes);
            for (x, &byte) in vector.iter().zip(&bytes) {
                prop_assert!((x - f32::from(byte) * scale).abs() <= scale * 0.5001);
            }
        }
    }
}
