//! How are vectors kept in 16-bit floats, and how are they scored? IEEE 754 binary16, held as their bits (`u16`).

use half::f16;
use half::slice::{HalfBitsSliceExt, HalfFloatSliceExt};

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

/// Converts `from` to the bits of 16-bit floats, rounding to nearest even; what is too large becomes an infinity.
///
/// Uses F16C where the processor has it. Panics if the lengths differ.
pub fn f32_to_f16(from: &[f32], out: &mut [u16]) {
    assert_eq!(from.len(), out.len(), "one output for each value");
    out.reinterpret_cast_mut::<f16>().convert_from_f32_slice(from);
}

/// Converts the bits of 16-bit floats to `f32`, exactly.
///
/// Uses F16C where the processor has it. Panics if the lengths differ.
pub fn f16_to_f32(from: &[u16], out: &mut [f32]) {
    assert_eq!(from.len(), out.len(), "one output for each value");
    from.reinterpret_cast::<f16>().convert_to_f32_slice(out);
}

/// The dot product of `query` with a `row` of 16-bit floats (their bits), computed in `f32`.
///
/// Panics if the lengths differ.
pub fn dot_f16(query: &[f32], row: &[u16]) -> f32 {
    assert_eq!(query.len(), row.len(), "vectors of one dot product have one length");
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") && is_x86_feature_detected!("f16c")
    {
        // SAFETY: the instructions were found on this processor just above.
        return unsafe { dot_f16c(query, row) };
    }
    dot_plain(query, row)
}

fn dot_plain(query: &[f32], row: &[u16]) -> f32 {
    query.iter().zip(row).map(|(x, &bits)| x * f16::from_bits(bits).to_f32()).sum()
}

/// Two running sums of eight lanes; what is behind the last sixteen values goes through the plain loop.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
fn dot_f16c(query: &[f32], row: &[u16]) -> f32 {
    const STEP: usize = 16;
    let (mut low, mut high) = (_mm256_setzero_ps(), _mm256_setzero_ps());
    for (a, b) in query.chunks_exact(STEP).zip(row.chunks_exact(STEP)) {
        // SAFETY: the chunks hold 16 floats and 16 half floats: two unaligned loads of eight each.
        let (a0, a1, b0, b1) = unsafe {
            (
                _mm256_loadu_ps(a.as_ptr()),
                _mm256_loadu_ps(a.as_ptr().add(8)),
                _mm_loadu_si128(b.as_ptr().cast()),
                _mm_loadu_si128(b.as_ptr().add(8).cast()),
            )
        };
        low = _mm256_fmadd_ps(a0, _mm256_cvtph_ps(b0), low);
        high = _mm256_fmadd_ps(a1, _mm256_cvtph_ps(b1), high);
    }
    let mut lanes = [0_f32; 8];
    // SAFETY: `lanes` holds the eight floats that are stored.
    unsafe { _mm256_storeu_ps(lanes.as_mut_ptr(), _mm256_add_ps(low, high)) };
    let tail = query.len() - query.len() % STEP;
    lanes.iter().sum::<f32>() + dot_plain(&query[tail..], &row[tail..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(query: &[f32], values: &[f32]) {
        let mut row = vec![0; values.len()];
        f32_to_f16(values, &mut row);
        let expected: f64 =
            query.iter().zip(&row).map(|(&x, &y)| f64::from(x) * f16::from_bits(y).to_f64()).sum();
        for found in [dot_f16(query, &row), dot_plain(query, &row)] {
            assert!((f64::from(found) - expected).abs() < 1e-5, "{found} is not {expected}");
        }
    }

    #[test]
    fn every_half_float_survives_the_way_there_and_back() {
        let all: Vec<u16> = (0..=u16::MAX).filter(|&bits| !f16::from_bits(bits).is_nan()).collect();
        let (mut floats, mut back) = (vec![0.0; all.len()], vec![0; all.len()]);
        f16_to_f32(&all, &mut floats);
        f32_to_f16(&floats, &mut back);
        assert_eq!(back, all);
        assert!(
            floats.iter().zip(&all).all(|(&x, &bits)| x.to_bits() == f16::from_bits(bits).to_f32().to_bits())
        );
    }

    #[test]
    fn rounds_to_nearest_even_and_overflows_to_infinity() {
        let mut bits = [0; 4];
        f32_to_f16(&[2049.0, 2051.0, 1e6, -1e6], &mut bits);
        assert_eq!(
            bits.map(|b| f16::from_bits(b).to_f32()),
            [2048.0, 2052.0, f32::INFINITY, f32::NEG_INFINITY]
        );
    }

    proptest! {
        #[test]
        fn any_length(pairs in prop::collection::vec((-1.0..1.0_f32, -1.0..1.0_f32), 0..100)) {
            let (query, values): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            check(&query, &values);
        }
    }
}
