//! Which Documents fit a question's words best? BM25 in its three variants.
//!
//! Okapi: Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009. L and Plus: Lv & Zhai, 2011. The idf is
//! `ln(1 + (N - n + 0.5) / (n + 0.5))` for all three, which is above 0, so every Document that has a term scores above 0.

use super::best::{Hit, best};
use super::postings::Postings;
use super::slots::Slots;
use pllm_core::{Bm25Variant, KeywordParameters};
use pllm_text::analysis::QueryTerm;
use roaring::RoaringBitmap;

/// The best `top_k` of the `allowed` Documents that have at least one of the terms.
///
/// The statistics (Documents, those that have a term, mean length) are those of all live Documents, whatever is allowed. Of a
/// term's alternatives a Document's most frequent one counts.
pub(crate) fn search(
    postings: &Postings,
    slots: &Slots,
    parameters: &KeywordParameters,
    terms: &[QueryTerm],
    allowed: &RoaringBitmap,
    top_k: usize,
) -> Vec<Hit> {
    let mut scores = vec![0.0; slots.len()];
    let mut matches = Matches { frequencies: vec![0; slots.len()], slots: Vec::new() };
    let formula = Formula::new(parameters, slots.live().len(), postings.total_length());
    for term in terms {
        matches.find(postings, term);
        let weight = formula.idf(matches.slots.len()) * f64::from(term.count);
        for slot in &matches.slots {
            let index = *slot as usize;
            let saturated = formula.saturate(matches.frequencies[index], postings.lengths()[index]);
            scores[index] += weight * saturated;
        }
    }
    let found = allowed.iter().map(|slot| (scores[slot as usize], slot)).filter(|(score, _)| *score > 0.0);
    best(found.collect(), top_k, slots)
}

/// The live Documents of one term. Kept between terms, so that the wide table is made once a search.
struct Matches {
    /// Of each slot how often it has the term.
    frequencies: Vec<u16>,
    /// Where that is not 0.
    slots: Vec<u32>,
}

impl Matches {
    fn find(&mut self, postings: &Postings, term: &QueryTerm) {
        for slot in self.slots.drain(..) {
            self.frequencies[slot as usize] = 0;
        }
        let lengths = postings.lengths();
        for list in term.alternatives.iter().filter_map(|alternative| postings.list(alternative)) {
            for (slot, frequency) in list.slots.iter().zip(&list.frequencies) {
                let most = &mut self.frequencies[*slot as usize];
                if *most == 0 && lengths[*slot as usize] > 0 {
                    self.slots.push(*slot);
                    *most = *frequency;
                } else if *most > 0 {
                    *most = (*most).max(*frequency);
                }
            }
        }
    }
}

/// The parts of the formula that do not change during a search.
struct Formula {
    variant: Bm25Variant,
    k1: f64,
    delta: f64,
    documents: f64,
    /// `1 - b`.
    length_free: f64,
    /// `b` over the mean length.
    length_share: f64,
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
impl Formula {
    fn new(parameters: &KeywordParameters, documents: u64, total_length: u64) -> Self {
        let mean_length = total_length as f64 / documents.max(1) as f64;
        Self {
            variant: parameters.variant,
            k1: parameters.k1,
            delta: parameters.delta,
            documents: documents as f64,
            length_free: 1.0 - parameters.b,
            length_share: if mean_length > 0.0 { parameters.b / mean_length } else { 0.0 },
        }
    }

    fn idf(&self, containing: usize) -> f64 {
        let containing = containing as f64;
        (1.0 + (self.documents - containing + 0.5) / (containing + 0.5)).ln()
    }

    fn saturate(&self, frequency: u16, length: u32) -> f64 {
        let (k1, frequency) = (self.k1, f64::from(frequency));
        let norm = self.length_free + self.length_share * f64::from(length);
        match self.variant {
            Bm25Variant::Okapi => frequency * (k1 + 1.0) / (frequency + k1 * norm),
            Bm25Variant::Plus => frequency * (k1 + 1.0) / (frequency + k1 * norm) + self.delta,
            Bm25Variant::L => {
                let shifted = frequency / norm + self.delta;
                (k1 + 1.0) * shifted / (k1 + shifted)
            }
        }
    }
}
