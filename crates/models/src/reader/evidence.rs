//! What speaks for a sentence, in numbers from 0 to 1.

use super::candidate::Candidate;
use super::question::{Question, TermSet};

/// How many kinds of evidence there are besides the vector's.
pub const EVIDENCE_KINDS: usize = 10;

/// What speaks for a sentence, in this order; all from 0 to 1. A share of terms is one of their weights, see `TermWeights`.
///
/// 0. share of the question's terms that stand in the sentence
/// 1. share that the sentence before adds
/// 2. share that the rest of its line adds
/// 3. share that title and headings add
/// 4. share that the rest of the Document adds
/// 5. share of neighbouring terms of the question that stand close together
/// 6. whether it lacks the sort of answer that the question wants
/// 7. one divided by the rank of its Document
/// 8. words that the question has not, eight or more being 1
/// 9. whether it is a question or heading, which answers nothing
pub type LexicalEvidence = [f64; EVIDENCE_KINDS];

/// How much each term of a question tells: `ln(1 + (n + 1) / (n_t + 1))` with `n_t` of `n` sentences that have it. The
/// usual idf, damped, since a few retrieved sentences are all there is to count in.
#[derive(Debug)]
pub(super) struct TermWeights(Vec<f64>);

impl TermWeights {
    pub(super) fn of(question: &Question, candidates: &[Candidate]) -> Self {
        let total = candidates.len() as f64 + 1.0;
        let weight = |term| {
            let having = candidates.iter().filter(|candidate| candidate.own.contains(term)).count();
            (1.0 + total / (having as f64 + 1.0)).ln()
        };
        Self((0..question.terms).map(weight).collect())
    }

    /// The share that the terms of `set` have of all; 0 for a question without terms.
    pub(super) fn share(&self, set: TermSet) -> f64 {
        share(&self.0, set)
    }

    /// The same of pairs, which weigh what their terms do.
    fn share_of_pairs(&self, pairs: TermSet) -> f64 {
        let weights: Vec<f64> = self.0.windows(2).map(|pair| pair[0] + pair[1]).collect();
        share(&weights, pairs)
    }
}

fn share(weights: &[f64], set: TermSet) -> f64 {
    let all: f64 = weights.iter().sum();
    let inside: f64 =
        weights.iter().enumerate().filter(|(term, _)| set.contains(*term)).map(|(_, w)| w).sum();
    if all > 0.0 { inside / all } else { 0.0 }
}

/// See [`LexicalEvidence`].
pub(super) fn evidence(candidate: &Candidate, weights: &TermWeights) -> LexicalEvidence {
    let with_before = candidate.own.and(candidate.before);
    let with_line = with_before.and(candidate.line);
    let with_titles = with_line.and(candidate.titles);
    [
        weights.share(candidate.own),
        weights.share(candidate.before.without(candidate.own)),
        weights.share(candidate.line.without(with_before)),
        weights.share(candidate.titles.without(with_line)),
        weights.share(candidate.around.without(with_titles)),
        weights.share_of_pairs(candidate.pairs),
        f64::from(u8::from(candidate.lacks_answer)),
        1.0 / (candidate.document as f64 + 1.0),
        candidate.new_words.min(MANY_NEW_WORDS) as f64 / MANY_NEW_WORDS as f64,
        f64::from(u8::from(!candidate.states)),
    ]
}

const MANY_NEW_WORDS: usize = 8;
