//! Which token comes next: the likeliest one, or one that chance takes, more or less daringly.

use llama_cpp_2::sampling::LlamaSampler;
use std::hash::{BuildHasher, RandomState};

/// Chance takes among so many of the likeliest tokens,
const TOP_K: i32 = 40;
/// and of these among those that share so much of the probability.
const TOP_P: f32 = 0.95;

/// A way to choose. The same `seed` makes the same choices; without one they differ from time to time.
pub(crate) fn sampler(temperature: f32, seed: Option<u64>) -> LlamaSampler {
    if temperature <= 0.0 {
        return LlamaSampler::greedy();
    }
    let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(0));
    LlamaSampler::chain_simple([
        LlamaSampler::top_k(TOP_K),
        LlamaSampler::top_p(TOP_P, 1),
        LlamaSampler::temp(temperature),
        LlamaSampler::dist(folded(seed)),
    ])
}

/// Both halves of a number count.
fn folded(seed: u64) -> u32 {
    let bytes = (seed ^ (seed >> 32)).to_le_bytes();
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}
