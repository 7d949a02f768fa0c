//! What is the dot product of two vectors of floats? Sums in a fixed number of lanes, so the bits are the same on every
//! path: the compiler may use wide registers for the lanes, but never another order of additions.

/// The dot product of two vectors of one length. Panics if the lengths differ.
pub fn dot_f32(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len(), "vectors of one dot product have one length");
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the instructions were found on this processor just above.
        return unsafe { dot_f32_avx2(a, b) };
    }
    dot_f32_lanes(a, b)
}

/// The dot product of two vectors of one length. Panics if the lengths differ.
pub fn dot_f64(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "vectors of one dot product have one length");
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the instructions were found on this processor just above.
        return unsafe { dot_f64_avx2(a, b) };
    }
    dot_f64_lanes(a, b)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn dot_f32_avx2(a: &[f32], b: &[f32]) -> f32 {
    dot_f32_lanes(a, b)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn dot_f64_avx2(a: &[f64], b: &[f64]) -> f64 {
    dot_f64_lanes(a, b)
}

/// Always inlined, so that it is compiled with the instructions of its caller.
#[inline(always)]
fn dot_f32_lanes(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 32;
    let mut sums = [0_f32; LANES];
    let (a_steps, b_steps) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let tail: f32 = a_steps.remainder().iter().zip(b_steps.remainder()).map(|(x, y)| x * y).sum();
    for (a, b) in a_steps.zip(b_steps) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + tail
}

/// Always inlined, so that it is compiled with the instructions of its caller.
#[inline(always)]
fn dot_f64_lanes(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 16;
    let mut sums = [0_f64; LANES];
    let (a_steps, b_steps) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let tail: f64 = a_steps.remainder().iter().zip(b_steps.remainder()).map(|(x, y)| x * y).sum();
    for (a, b) in a_steps.zip(b_steps) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + tail
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Against the plain loop in a wider type (f32), or within the rounding of any order of additions (f64).
    fn check(a: &[f64], b: &[f64]) {
        let expected: f64 = a.iter().zip(b).map(|(x, y)| x * y).sum();
        let size: f64 = a.iter().zip(b).map(|(x, y)| (x * y).abs()).sum();
        assert!((dot_f64(a, b) - expected).abs() <= size * 1e-14);
        assert_eq!(dot_f64(a, b).to_bits(), dot_f64_lanes(a, b).to_bits());

        let (a, b): (Vec<f32>, Vec<f32>) = a.iter().zip(b).map(|(&x, &y)| (x as f32, y as f32)).unzip();
        let expected: f64 = a.iter().zip(&b).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum();
        assert!((f64::from(dot_f32(&a, &b)) - expected).abs() <= size * 1e-5);
        assert_eq!(dot_f32(&a, &b).to_bits(), dot_f32_lanes(&a, &b).to_bits());
    }

    #[test]
    fn empty_is_zero() {
        assert_eq!(dot_f32(&[], &[]), 0.0);
        assert_eq!(dot_f64(&[], &[]), 0.0);
    }

    proptest! {
        #[test]
        fn any_length(pairs in prop::collection::vec((-10.0..10.0_f64, -10.0..10.0_f64), 0..200)) {
            let (a, b): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            check(&a, &b);
        }

        #[test]
        fn the_place_in_memory_does_not_matter(a in prop::collection::vec(-1.0..1.0_f32, 100), shift in 0_usize..16) {
            let mut moved = vec![0.0; shift];
            moved.extend(&a);
            prop_assert_eq!(dot_f32(&a, &a).to_bits(), dot_f32(&moved[shift..], &moved[shift..]).to_bits());
        }
    }
}
