//! Which vectors are nearest to a question's? Exact search: every row is scored in bytes, the best are scored again in f16.

use crate::words::best::{Hit, best};
use crate::words::slots::{Renumbering, Slots};
use pllm_kernels::{dot_f16, f16_to_f32, f32_to_f16, quantize_i8, scan_i8};
use roaring::RoaringBitmap;

/// Rows that are scored again, for each one wanted; and at least so many.
const RESCORED_PER_RESULT: usize = 10;
const RESCORED_AT_LEAST: usize = 100;

/// The vectors of the index, one row a slot.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Vectors {
    dimension: usize,
    /// `[slots][dimension]`; a row times its scale is the vector.
    bytes: Vec<i8>,
    scales: Vec<f32>,
    /// `[slots][dimension]` f16, the same as on disk.
    halves: Vec<u16>,
    /// Live slots that have a vector.
    present: RoaringBitmap,
}

/// A Document's vector, ready for the index.
#[derive(Debug, Clone)]
pub(super) struct Quantised {
    bytes: Vec<i8>,
    scale: f32,
    halves: Vec<u16>,
}

impl Quantised {
    /// From the stored form. The bytes are made from it too, so that an index after a write equals one after a restart.
    pub(super) fn from_halves(halves: Vec<u16>) -> Self {
        let mut values = vec![0.0; halves.len()];
        f16_to_f32(&halves, &mut values);
        let mut bytes = vec![0; halves.len()];
        let scale = quantize_i8(&values, &mut bytes);
        Self { bytes, scale, halves }
    }

    /// The stored form.
    pub(super) fn halves(&self) -> &[u16] {
        &self.halves
    }
}

/// The stored form of an embedding: length 1, in f16. A vector of zeros stays one.
pub(super) fn to_halves(values: &[f32]) -> Vec<u16> {
    let mut halves = vec![0; values.len()];
    f32_to_f16(&normalised(values), &mut halves);
    halves
}

/// The embedding that a stored form stands for.
pub(super) fn from_halves(halves: &[u16]) -> Vec<f32> {
    let mut values = vec![0.0; halves.len()];
    f16_to_f32(halves, &mut values);
    values
}

/// The values over their length; zeros stay zeros.
#[expect(clippy::cast_possible_truncation, reason = "a component of a vector of length 1 is at most 1")]
fn normalised(values: &[f32]) -> Vec<f32> {
    let length = values.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt();
    if length == 0.0 {
        return vec![0.0; values.len()];
    }
    values.iter().map(|x| (f64::from(*x) / length) as f32).collect()
}

impl Vectors {
    pub(super) fn new(dimension: usize) -> Self {
        Self {
            dimension,
            bytes: Vec::new(),
            scales: Vec::new(),
            halves: Vec::new(),
            present: RoaringBitmap::new(),
        }
    }

    /// Adds the vector of the next slot; without one its row is zeros and never found.
    pub(super) fn push(&mut self, slot: u32, vector: Option<&Quantised>) {
        match vector {
            Some(vector) => {
                self.bytes.extend_from_slice(&vector.bytes);
                self.halves.extend_from_slice(&vector.halves);
                self.present.insert(slot);
            }
            None => {
                self.bytes.resize(self.bytes.len() + self.dimension, 0);
                self.halves.resize(self.halves.len() + self.dimension, 0);
            }
        }
        self.scales.push(vector.map_or(0.0, |vector| vector.scale));
    }

    /// Removes the vector of a slot.
    pub(super) fn remove(&mut self, slot: u32) {
        self.present.remove(slot);
    }

    pub(super) fn renumber(&mut self, renumbering: &Renumbering) {
        renumbering.retain_rows(&mut self.bytes, self.dimension);
        renumbering.retain_rows(&mut self.halves, self.dimension);
        renumbering.retain(&mut self.scales);
        self.present = renumbering.bitmap(&self.present);
    }

    /// The `top_k` nearest of the `allowed` Documents, by cosine.
    pub(super) fn search(
        &self,
        query: &[f32],
        slots: &Slots,
        allowed: &RoaringBitmap,
        top_k: usize,
    ) -> Vec<Hit> {
        let query = normalised(query);
        let count = RESCORED_AT_LEAST.max(top_k.saturating_mul(RESCORED_PER_RESULT));
        let candidates = self.candidates(&query, &(allowed & &self.present), count);
        let rescored = candidates.into_iter().map(|slot| {
            let start = slot as usize * self.dimension;
            let score = dot_f16(&query, &self.halves[start..start + self.dimension]);
            (f64::from(score.clamp(-1.0, 1.0)), slot)
        });
        best(rescored.collect(), top_k, slots)
    }

    /// The best `count` by the scores of the bytes, in no order. Of equal scores the older Document is taken.
    #[expect(clippy::cast_precision_loss, reason = "an approximate score")]
    fn candidates(&self, query: &[f32], allowed: &RoaringBitmap, count: usize) -> Vec<u32> {
        let mut bytes = vec![0; self.dimension];
        // The query's own scale changes no order.
        quantize_i8(query, &mut bytes);
        let mut hits: Vec<(f32, u32)> = Vec::with_capacity(usize::try_from(allowed.len()).unwrap_or(0));
        let mut dots = Vec::new();
        let mut slots = allowed.iter();
        while let Some(run) = slots.next_range() {
            let (start, end) = (*run.start() as usize, *run.end() as usize + 1);
            dots.resize(end - start, 0);
            let rows = &self.bytes[start * self.dimension..end * self.dimension];
            scan_i8(&bytes, rows, self.dimension, &mut dots);
            let scales = &self.scales[start..end];
            hits.extend(run.zip(&dots).zip(scales).map(|((slot, dot), scale)| (*dot as f32 * scale, slot)));
        }
        if hits.len() > count {
            hits.select_nth_unstable_by(count, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            hits.truncate(count);
        }
        hits.into_iter().map(|(_, slot)| slot).collect()
    }
}
