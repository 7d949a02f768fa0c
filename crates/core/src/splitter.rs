//! Contract: canonical text to Documents.

use crate::{Document, Meta, Part, Result, SourceId};
use pllm_text::Language;
use std::fmt::Debug;
use std::sync::Arc;

/// Counts the embedder's tokens, so that a chunk fits its window.
pub trait TokenCounter: Send + Sync + Debug {
    /// Tokens of `text`, special tokens not counted.
    fn count(&self, text: &str) -> usize;
    /// Most tokens a text may have, special tokens not counted.
    fn max_tokens(&self) -> usize;
}

/// What every Document of a source carries.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitterSource {
    /// The source.
    pub source: SourceId,
    /// The revision that is being made.
    pub revision: u32,
    /// Its metadata, copied into every Document.
    pub meta: Meta,
    /// Its language where it was detected reliably, else its collection's: what a Document takes when its own is unsure.
    pub language: Option<Language>,
}

/// Makes sessions.
pub trait Splitter: Send + Sync + Debug {
    /// Begins a source. The counter is the collection's embedder's.
    fn start(&self, source: Arc<SplitterSource>) -> Box<dyn SplitterSession>;
}

/// One source being split. Carries an unfinished sentence or heading path over parts.
pub trait SplitterSession: Send + Debug {
    /// The next part; gives the Documents that are finished.
    ///
    /// # Errors
    /// `Internal` only.
    fn push(&mut self, part: &Part) -> Result<Vec<Document>>;

    /// The end of the source; gives what is left. Every non-blank character of the text is now in at least one Document.
    ///
    /// # Errors
    /// `Internal` only.
    fn finish(&mut self) -> Result<Vec<Document>>;
}
