//! Contract: finds in retrieved Documents the ranges that answer a question.

use crate::{Document, DocumentId, Result};
use pllm_text::ByteRange;
use std::fmt::Debug;

/// A range that may answer the question.
#[derive(Debug, Clone, PartialEq)]
pub struct ReaderSpan {
    /// The Document it stands in.
    pub document_id: DocumentId,
    /// Bytes of that Document's content, on character boundaries, not blank.
    pub range: ByteRange,
    /// Higher is better; comparable with other spans of the same call and with `Reading::no_answer`.
    pub score: f64,
}

/// What a reader found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// Best first; empty when no Document has text.
    pub spans: Vec<ReaderSpan>,
    /// How well "the Documents do not say" fits: above the best span's score means abstain.
    pub no_answer: f64,
    /// Calibrated belief that the best span answers the question, 0 to 1.
    pub confidence: f64,
}

impl Reading {
    /// Whether "not in your documents" is the better answer.
    #[must_use]
    pub fn abstains(&self) -> bool {
        self.spans.first().is_none_or(|best| best.score < self.no_answer)
    }
}

/// Reads. A plain function: its caller puts it on the pool.
pub trait Reader: Send + Sync + Debug {
    /// The best `top_k` spans of `documents`, which come best first.
    ///
    /// # Errors
    /// `Internal` when the model fails.
    fn read(&self, question: &str, documents: &[Document], top_k: usize) -> Result<Reading>;
}
