//! Chance that is the same every time: a seeded generator for test data.

/// `SplitMix64` (Steele, Lea & Flood 2014): small, seeded, good enough for data; not for keys.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The sequence of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number below `end`, which must not be 0; even enough for data.
    pub fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }

    /// A number of -1 to 1: 24 random bits, which a f32 holds exactly.
    pub fn signed(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / 8_388_608.0 - 1.0
    }

    /// One of `items`, which must not be empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// `[dimension]` f32 of length 1, evenly spread over directions (each value is a sum of twelve even ones, so nearly normal).
    pub fn unit_vector(&mut self, dimension: usize) -> Vec<f32> {
        let mut values: Vec<f32> =
            (0..dimension).map(|_| (0..12).map(|_| self.signed()).sum::<f32>()).collect();
        let length = values.iter().map(|x| x * x).sum::<f32>().sqrt();
        for value in &mut values {
            *value /= length;
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_those_of_the_reference() {
        // From the reference implementation in C with seed 1234567.
        let mut random = Random::new(1_234_567);
        let first = [random.bits(), random.bits(), random.bits()];
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn vectors_have_length_one() {
        let vector = Random::new(1).unit_vector(384);
        let length: f32 = vector.iter().map(|x| x * x).sum();
        assert!((length - 1.0).abs() < 1e-5, "{length}");
    }
}
