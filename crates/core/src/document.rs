//! What is stored and found: a Document, which for files is a chunk of a source's canonical text.

use crate::meta::{self, Meta, MetaValue};
use crate::{DocumentId, Embedding, SourceId};
use pllm_text::{ByteRange, Language};

/// Where a Document's content stands: bytes of one revision of one source's canonical text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Span {
    /// The source.
    pub source: SourceId,
    /// Its revision, from 1.
    pub revision: u32,
    /// Bytes of that revision's canonical text; the Document's content is byte-equal to them.
    pub range: ByteRange,
}

/// One unit of retrieval, in Haystack's word. A chunk *is* a Document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Unique in its collection.
    pub id: DocumentId,
    /// The citable text.
    pub content: String,
    /// What filters see, and the title and headings that are indexed with the content.
    pub meta: Meta,
    /// The language it is treated as: its own where detected reliably, else its source's, else its collection's.
    pub language: Option<Language>,
    /// The vector of [`Document::indexed_text`]; stores return Documents without it unless asked.
    pub embedding: Option<Embedding>,
    /// Set by a search: higher is better; the range is in the store's info.
    pub score: Option<f64>,
    /// Where the content stands, unless the Document came from elsewhere than a source.
    pub span: Option<Span>,
}

impl Document {
    /// A Document with nothing but an id and its content.
    #[must_use]
    pub fn new(id: DocumentId, content: impl Into<String>) -> Self {
        let content = content.into();
        Self { id, content, meta: Meta::new(), language: None, embedding: None, score: None, span: None }
    }

    /// What keyword search and embedder see: title, heading path and content, a line each. Only the content is ever cited.
    #[must_use]
    pub fn indexed_text(&self) -> String {
        let mut text = String::with_capacity(self.content.len() + 64);
        if let Some(title) =
            self.meta.get(meta::TITLE).and_then(MetaValue::as_str).filter(|title| !title.is_empty())
        {
            text.push_str(title);
            text.push('\n');
        }
        if let Some(MetaValue::List(headings)) = self.meta.get(meta::HEADINGS) {
            for heading in headings.iter().filter_map(MetaValue::as_str) {
                text.push_str(heading);
                text.push('\n');
            }
        }
        text.push_str(&self.content);
        text
    }
}
