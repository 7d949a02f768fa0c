//! What the words and the place of a sentence say for it, in numbers from 0 to 1.

use super::candidate::Candidate;
use super::question::{Question, TermSet};

/// How many numbers a [`LexicalEvidence`] has.
pub const EVIDENCE_KINDS: usize = 7;

/// What speaks for a sentence but for its vectors, from 0 to 1. Shares are of the weight of those terms of the question that
/// any of the sentences has, so that words which the Documents put differently do not hide the others.
///
/// 0. share of terms in the sentence
/// 1. share that the sentence before it adds
/// 2. share that title and headings of the Document add to both
/// 3. share that is in it as a part of a word only
/// 4. how much it lacks of the sort of answer that the question wants
/// 5. whether it is a question, which seldom answers one
/// 6. the score of its Document as a share of the best Document's; 1 where Documents have no scores
pub type LexicalEvidence = [f64; EVIDENCE_KINDS];

/// The terms of a question, weighed by how few sentences have them.
#[derive(Debug)]
pub(super) struct TermWeights {
    /// `ln(1 + (n + 1) / (n_t + 1))` for a term in `n_t` of `n` sentences: the usual idf, damped, since a few retrieved
    /// sentences are all there is to count in.
    weights: Vec<f64>,
    /// Of all terms.
    all: f64,
    /// Of those that a sentence has, or its title, or in part.
    present: f64,
}

impl TermWeights {
    pub(super) fn of(question: &Question, candidates: &[Candidate]) -> Self {
        let total = candidates.len() as f64 + 1.0;
        let weight = |term| {
            let having = candidates.iter().filter(|candidate| candidate.own.contains(term)).count();
            (1.0 + total / (having as f64 + 1.0)).ln()
        };
        let weights: Vec<f64> = (0..question.terms).map(weight).collect();
        let sets = candidates.iter().flat_map(|candidate| [candidate.own, candidate.titles, candidate.parts]);
        let present = sum(&weights, sets.fold(TermSet::default(), TermSet::and));
        Self { all: weights.iter().sum(), present, weights }
    }

    /// The share that the terms of `set` have of all terms of the question; 0 if it has none.
    pub(super) fn share_of_all(&self, set: TermSet) -> f64 {
        ratio(sum(&self.weights, set), self.all)
    }

    fn share_of_present(&self, set: TermSet) -> f64 {
        ratio(sum(&self.weights, set), self.present)
    }
}

fn sum(weights: &[f64], set: TermSet) -> f64 {
    weights.iter().enumerate().filter(|(term, _)| set.contains(*term)).map(|(_, weight)| weight).sum()
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// See [`LexicalEvidence`]. `place` is the last of its numbers.
pub(super) fn evidence(candidate: &Candidate, weights: &TermWeights, place: f64) -> LexicalEvidence {
    let with_before = candidate.own.and(candidate.before);
    [
        weights.share_of_present(candidate.own),
        weights.share_of_present(candidate.before.without(candidate.own)),
        weights.share_of_present(candidate.titles.without(with_before)),
        weights.share_of_present(candidate.parts.without(candidate.own)),
        candidate.lack,
        f64::from(u8::from(candidate.asks)),
        place,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::candidate::candidates;
    use pllm_core::{Document, DocumentId};

    #[test]
    fn rare_terms_weigh_more_and_absent_ones_count_only_in_the_whole() {
        let id = DocumentId::new("d").expect("a safe name");
        let documents = [Document::new(id, "The roof leaks. The roof has a drain.")];
        let question = Question::of("Which roof drain whistles?", &documents);
        let candidates = candidates(&question, &documents);
        let weights = TermWeights::of(&question, &candidates);
        let (roof, drain, whistles) = (2.0_f64.ln(), 2.5_f64.ln(), 4.0_f64.ln());
        let check = |index: usize, of_present: f64, of_all: f64| {
            let shares = [
                evidence(&candidates[index], &weights, 1.0)[0] - of_present,
                weights.share_of_all(candidates[index].own) - of_all,
            ];
            assert!(shares.iter().all(|difference| difference.abs() < 1e-12), "{shares:?}");
        };
        check(0, roof / (roof + drain), roof / (roof + drain + whistles));
        check(1, 1.0, (roof + drain) / (roof + drain + whistles));
    }
}
