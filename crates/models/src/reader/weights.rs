//! How much each piece of evidence counts, and what is made of it. The numbers are set by hand until they are fitted.

use super::SentenceEvidence;
use super::evidence::{EVIDENCE_KINDS, LexicalEvidence};

/// The weights of one way of scoring.
#[derive(Debug)]
struct Weights {
    /// In the order of [`LexicalEvidence`].
    lexical: LexicalEvidence,
    /// Of the cosine of question and sentence.
    cosine: f64,
}

/// For sentences in a language that the embedder declares.
const WITH_VECTORS: Weights =
    Weights { lexical: [4.0, 1.0, 1.0, 1.0, 0.5, 1.0, -1.0, 0.5, 0.5, -1.5], cosine: 5.0 };
/// For all others, and for the choice of the sentences that get a vector.
const LEXICAL: Weights =
    Weights { lexical: [5.0, 1.5, 1.5, 1.5, 1.0, 1.0, -1.0, 1.0, 0.5, -1.5], cosine: 0.0 };

/// The score of a sentence; comparable with others of the same question.
pub(super) fn score(evidence: &LexicalEvidence, cosine: Option<f64>) -> f64 {
    let weights = if cosine.is_some() { &WITH_VECTORS } else { &LEXICAL };
    let lexical: f64 = (0..EVIDENCE_KINDS).map(|kind| weights.lexical[kind] * evidence[kind]).sum();
    lexical + weights.cosine * cosine.unwrap_or_default()
}

/// What the best sentence makes of the question as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Judgement {
    pub(super) no_answer: f64,
    pub(super) confidence: f64,
}

/// `found`: best first.
pub(super) fn judge(found: &[SentenceEvidence]) -> Judgement {
    let Some(best) = found.first() else { return Judgement { no_answer: 0.0, confidence: 0.0 } };
    let covered: f64 = best.lexical[..TERM_SHARES].iter().sum();
    let logit = JUDGE_BIAS + JUDGE_SCORE * best.score + JUDGE_COVERED * covered;
    Judgement { no_answer: best.score - (logit - LEAST_LOGIT), confidence: 1.0 / (1.0 + (-logit).exp()) }
}
const TERM_SHARES: usize = 5;
const JUDGE_BIAS: f64 = -6.0;
const JUDGE_SCORE: f64 = 0.6;
const JUDGE_COVERED: f64 = 2.0;
const LEAST_LOGIT: f64 = -2.0;
