//! What is the dot product of two vectors of signed bytes? The scan of the embedded store: exact integers, so every
//! path (plain, AVX2, AVX-512 VNNI) gives the same number.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

/// Longest vector whose dot product always fits an `i32`: `2^31 / (128 * 128)`, less one.
const MAX_DIMENSION: usize = 131_071;

/// The dot product of `a` and `b`, exact.
///
/// Panics if the lengths differ or exceed 131,071 (beyond that the sum may not fit).
pub fn dot_i8(a: &[i8], b: &[i8]) -> i32 {
    let mut out = [0];
    assert_eq!(a.len(), b.len(), "vectors of one dot product have one length");
    if !a.is_empty() {
        scan_i8(a, b, a.len(), &mut out);
    }
    out[0]
}

/// The dot products of `query` with each of the contiguous `rows`, exact, into `out`.
///
/// `query`: `[dimension]`; `rows`: `[out.len()][dimension]`, row by row. Panics if the lengths do not fit together, or
/// if `dimension` is 0 or above 131,071.
pub fn scan_i8(query: &[i8], rows: &[i8], dimension: usize, out: &mut [i32]) {
    assert!((1..=MAX_DIMENSION).contains(&dimension), "dimension {dimension} is not in 1..={MAX_DIMENSION}");
    assert_eq!(query.len(), dimension, "the query has the dimension of the rows");
    assert_eq!(rows.len(), dimension * out.len(), "one output for each row");
    #[cfg(target_arch = "x86_64")]
    {
        if has_vnni() {
            // SAFETY: the instructions were found on this processor just above.
            return unsafe { scan_vnni(query, rows, out) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the instructions were found on this processor just above.
            return unsafe { scan_avx2(query, rows, out) };
        }
    }
    scan_plain(query, rows, out);
}

fn scan_plain(query: &[i8], rows: &[i8], out: &mut [i32]) {
    for (row, dot) in rows.chunks_exact(query.len()).zip(out) {
        *dot = dot_plain(query, row);
    }
}

fn dot_plain(a: &[i8], b: &[i8]) -> i32 {
    a.iter().zip(b).map(|(&x, &y)| i32::from(x) * i32::from(y)).sum()
}

#[cfg(target_arch = "x86_64")]
fn has_vnni() -> bool {
    is_x86_feature_detected!("avx512vnni") && is_x86_feature_detected!("avx512bw")
}

/// Widens both sides to 16 bits, then multiplies and adds pairs: no step can saturate.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn scan_avx2(query: &[i8], rows: &[i8], out: &mut [i32]) {
    const STEP: usize = 16;
    for (row, dot) in rows.chunks_exact(query.len()).zip(out) {
        let mut sums = _mm256_setzero_si256();
        for (a, b) in query.chunks_exact(STEP).zip(row.chunks_exact(STEP)) {
            // SAFETY: each chunk holds the 16 bytes that one unaligned load reads.
            let (a, b) = unsafe { (_mm_loadu_si128(a.as_ptr().cast()), _mm_loadu_si128(b.as_ptr().cast())) };
            let products = _mm256_madd_epi16(_mm256_cvtepi8_epi16(a), _mm256_cvtepi8_epi16(b));
            sums = _mm256_add_epi32(sums, products);
        }
        let halves = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256::<1>(sums));
        let pairs = _mm_add_epi32(halves, _mm_shuffle_epi32::<0b01_00_11_10>(halves));
        let sum = _mm_add_epi32(pairs, _mm_shuffle_epi32::<0b10_11_00_01>(pairs));
        let tail = query.len() - query.len() % STEP;
        *dot = _mm_cvtsi128_si32(sum) + dot_plain(&query[tail..], &row[tail..]);
    }
}

/// `vpdpbusd` multiplies unsigned by signed bytes, so 128 is added to each byte of the row (by flipping its top bit) and
/// `128 * sum(query)` is taken off at the end; the sums wrap in between, and the true result always fits.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn scan_vnni(query: &[i8], rows: &[i8], out: &mut [i32]) {
    const STEP: usize = 64;
    let whole = query.len() - query.len() % STEP;
    let tail_mask = (1_u64 << (query.len() % STEP)) - 1;
    let top_bit = _mm512_set1_epi8(i8::MIN);
    let offset = query.iter().map(|&x| i32::from(x)).sum::<i32>().wrapping_mul(128);
    for (row, dot) in rows.chunks_exact(query.len()).zip(out) {
        let mut sums = _mm512_setzero_si512();
        for (a, b) in query[..whole].chunks_exact(STEP).zip(row.chunks_exact(STEP)) {
            // SAFETY: each chunk holds the 64 bytes that one unaligned load reads.
            let (a, b) = unsafe { (_mm512_loadu_epi8(a.as_ptr()), _mm512_loadu_epi8(b.as_ptr())) };
            sums = _mm512_dpbusd_epi32(sums, _mm512_xor_si512(b, top_bit), a);
        }
        if tail_mask != 0 {
            // SAFETY: the mask selects exactly the bytes behind the last whole step; the others are not read.
            let (a, b) = unsafe {
                (
                    _mm512_maskz_loadu_epi8(tail_mask, query[whole..].as_ptr()),
                    _mm512_maskz_loadu_epi8(tail_mask, row[whole..].as_ptr()),
                )
            };
            sums = _mm512_dpbusd_epi32(sums, _mm512_xor_si512(b, top_bit), a);
        }
        *dot = _mm512_reduce_add_epi32(sums).wrapping_sub(offset);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every path that this processor has, against the plain loop.
    fn check(query: &[i8], rows: &[i8]) {
        let count = rows.len() / query.len();
        let expected: Vec<i32> = rows.chunks_exact(query.len()).map(|row| dot_plain(query, row)).collect();
        let mut found = vec![0; count];
        scan_i8(query, rows, query.len(), &mut found);
        assert_eq!(found, expected);
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            found.fill(0);
            // SAFETY: the instructions were found on this processor just above.
            unsafe { scan_avx2(query, rows, &mut found) };
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn odd_lengths_and_extremes() {
        for length in [1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 384, 385, 1000] {
            check(&vec![i8::MIN; length], &vec![i8::MIN; length * 3]);
            check(&vec![i8::MAX; length], &vec![i8::MIN; length * 2]);
        }
        check(&vec![i8::MIN; MAX_DIMENSION], &vec![i8::MIN; MAX_DIMENSION]);
        assert_eq!(dot_i8(&[], &[]), 0);
        assert_eq!(dot_i8(&[1, -2, 3], &[4, 5, -6]), -24);
    }

    proptest! {
        #[test]
        fn any_row_at_any_place(query in prop::collection::vec(any::<i8>(), 1..300), seed in any::<u64>(), count in 0_usize..9) {
            let byte = |i: usize| (seed.wrapping_mul(i as u64 * 2 + 1) >> 37) as i8;
            let rows: Vec<i8> = (0..query.len() * count).map(byte).collect();
            check(&query, &rows);
        }
    }
}
