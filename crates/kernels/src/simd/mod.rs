//! How is one kernel written once and run with the widest registers of this processor? A kernel is generic over
//! [`Simd`]; [`Isa::run`] compiles it for each instruction set and enters the one that was detected.
//!
//! A value of a `Simd` type is the proof that its instructions exist here: only [`Isa::run`] makes one, after the
//! run-time check, so kernels themselves are safe code. Everything a kernel calls must be `#[inline(always)]`,
//! else it is compiled without the instructions of its caller.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

use portable::Portable;

/// A computation that can be compiled for any instruction set.
pub(crate) trait Kernel {
    /// What the computation gives.
    type Output;

    /// Runs it. Implementations carry `#[inline(always)]`.
    fn run<S: Simd>(self, simd: S) -> Self::Output;
}

/// Vectors of `f32` in one instruction set.
pub(crate) trait Simd: Copy {
    /// One register.
    type V: Copy;
    /// Values in a register.
    const LANES: usize;
    /// Rows of a matrix tile whose sums stay in registers, two registers a row.
    const TILE_ROWS: usize;

    /// Asks for the cache lines of two registers at `from`; any address will do, also one that is nobody's.
    fn prefetch(self, from: *const f32);
    fn splat(self, x: f32) -> Self::V;
    /// The first `LANES` values; panics if there are fewer.
    fn load(self, from: &[f32]) -> Self::V;
    /// Writes the first `LANES` values; panics if there is less room.
    fn store(self, v: Self::V, to: &mut [f32]);
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    fn mul(self, a: Self::V, b: Self::V) -> Self::V;
    fn div(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a * b + c`, rounded once where the processor can.
    fn mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    fn max(self, a: Self::V, b: Self::V) -> Self::V;
    /// To the nearest integer, for magnitudes below 2^22.
    fn round(self, v: Self::V) -> Self::V;
    /// `2^v` for integers `v` in -126..=127.
    fn exp2(self, v: Self::V) -> Self::V;
    /// The sum of all lanes.
    fn sum(self, v: Self::V) -> f32;
    /// The largest lane.
    fn largest(self, v: Self::V) -> f32;
}

/// The widest register of any instruction set, in values.
pub(crate) const MAX_LANES: usize = 16;

/// The instruction sets that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Isa {
    /// What every processor of the target has.
    Portable,
    /// AVX2 with fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 Foundation.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Isa {
    /// The widest set that this processor has.
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            if avx2 && is_x86_feature_detected!("avx512f") {
                return Self::Avx512;
            }
            if avx2 {
                return Self::Avx2;
            }
        }
        Self::Portable
    }

    /// Every set that this processor has, for tests.
    #[cfg(test)]
    pub(crate) fn all_here() -> Vec<Self> {
        #[cfg(target_arch = "x86_64")]
        let known = [Self::Portable, Self::Avx2, Self::Avx512];
        #[cfg(not(target_arch = "x86_64"))]
        let known = [Self::Portable];
        known.into_iter().filter(|&isa| isa <= Self::detect()).collect()
    }

    /// Lanes of a register of this set.
    pub(crate) fn lanes(self) -> usize {
        match self {
            Self::Portable => Portable::LANES,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::Avx2::LANES,
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => avx512::Avx512::LANES,
        }
    }

    /// Runs `kernel` with this set, or with the widest one here if this set is missing.
    #[inline]
    pub(crate) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        match self.min(Self::detect()) {
            Self::Portable => kernel.run(Portable),
            // SAFETY: `detect` found the instructions of this set, or of a wider one, on this processor.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { avx2::run(kernel) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { avx512::run(kernel) },
        }
    }
}

#[cfg(test)]
mod tests;
