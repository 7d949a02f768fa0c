//! How much each piece of evidence counts: the one table of fitted numbers, and what is made of them.
//!
//! Fitted with `training/sentence_reader` (its README has commands, data and figures): the sentence weights as those of a
//! softmax over the sentences of a question, the judge as a logistic regression on "the best sentence answers".

use super::SentenceEvidence;
use super::evidence::LexicalEvidence;
use super::vectors::Closeness;

/// The weights of one way of scoring.
#[derive(Debug)]
struct Weights {
    /// In the order of [`LexicalEvidence`].
    lexical: LexicalEvidence,
    /// In the order of [`Closeness`].
    closeness: Closeness,
    judge: Judge,
}

/// `bias + score · (score of the best sentence) + terms · (share of the question's terms in it)` are the log odds that it
/// answers the question.
#[derive(Debug)]
struct Judge {
    bias: f64,
    score: f64,
    terms: f64,
}

/// For sentences in a language that the model knows.
const WITH_VECTORS: Weights = Weights {
    lexical: [2.49, 1.53, 1.86, 0.20, -2.00, -0.54, 3.95],
    closeness: [4.49, 3.48, -2.29],
    judge: Judge { bias: -8.83, score: 0.92, terms: -0.15 },
};

/// For all others, and for the choice of the sentences that get vectors.
const BY_WORDS: Weights = Weights {
    lexical: [5.14, 1.70, 1.57, 0.82, -2.12, -0.46, 4.86],
    closeness: [0.0; 3],
    judge: Judge { bias: -3.29, score: 0.25, terms: 4.12 },
};

/// Below these log odds the Documents are said not to have the answer: with this threshold few answerable questions are
/// declined.
const LEAST_LOG_ODDS: f64 = -1.95;

fn weights(closeness: Option<Closeness>) -> &'static Weights {
    if closeness.is_some() { &WITH_VECTORS } else { &BY_WORDS }
}

/// The score of a sentence; comparable with others of the same question.
pub(super) fn score(lexical: &LexicalEvidence, closeness: Option<Closeness>) -> f64 {
    let weights = weights(closeness);
    let closeness = closeness.unwrap_or_default();
    dot(&weights.lexical, lexical) + dot(&weights.closeness, &closeness)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// What the best sentence makes of the question as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Judgement {
    /// See [`pllm_core::Reading::no_answer`].
    pub(super) no_answer: f64,
    /// See [`pllm_core::Reading::confidence`].
    pub(super) confidence: f64,
}

/// `best`: the best sentence, if there is any.
pub(super) fn judge(best: Option<&SentenceEvidence>) -> Judgement {
    let Some(best) = best else { return Judgement { no_answer: 0.0, confidence: 0.0 } };
    let Judge { bias, score, terms } = weights(best.closeness).judge;
    let log_odds = bias + score * best.score + terms * best.terms;
    Judgement {
        no_answer: best.score - (log_odds - LEAST_LOG_ODDS),
        confidence: 1.0 / (1.0 + (-log_odds).exp()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pllm_text::ByteRange;

    #[test]
    fn the_more_a_sentence_has_the_better_it_is_and_the_surer_the_answer() {
        let mut last = f64::NEG_INFINITY;
        for share in [0.0, 0.3, 0.6, 1.0] {
            let lexical = [share, 0.0, 0.0, 0.0, 1.0 - share, 0.0, share];
            for closeness in [None, Some([share, share, share / 2.0])] {
                let evidence = SentenceEvidence {
                    document: 0,
                    range: ByteRange::new(0, 1),
                    lexical,
                    closeness,
                    terms: share,
                    score: score(&lexical, closeness),
                };
                let judgement = judge(Some(&evidence));
                assert!((0.0..=1.0).contains(&judgement.confidence));
                let sure = 1.0 / (1.0 + (-LEAST_LOG_ODDS).exp());
                assert_eq!(judgement.confidence < sure, evidence.score < judgement.no_answer, "{share}");
            }
            let score = score(&lexical, None);
            assert!(score > last);
            last = score;
        }
    }
}
