//! What a generator is told, with the text of documents by reference.

use crate::{Document, DocumentId, Message};
use pllm_text::ByteRange;
use std::sync::Arc;

/// A passage of the documents that stands in a prompt under a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// The Document it is a slice of.
    pub document: Arc<Document>,
    /// Bytes of the Document's content, on character boundaries, not blank.
    pub range: ByteRange,
}

impl Passage {
    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        // Whoever made the passage took the range from this content.
        self.range.slice(&self.document.content).unwrap_or_default()
    }
}

/// A piece of a message, for the trace: deleting a document leaves no copy of it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Begins a message of this role.
    Message(&'static str),
    /// Text of the template and of the question.
    Literal(String),
    /// The passage of this index in [`Prompt::passages`].
    Passage(usize),
}

/// What was found and does not stand in the prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The Document.
    pub document_id: DocumentId,
    /// Bytes of its content.
    pub range: ByteRange,
    /// Why, in words for people.
    pub reason: &'static str,
}

/// A prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// What the generator gets.
    pub messages: Vec<Message>,
    /// The same in pieces.
    pub segments: Vec<Segment>,
    /// The numbered passages; number 1 is the first.
    pub passages: Vec<Passage>,
    /// Sentences that speak to a language model: kept from it, and what it writes is held against them.
    pub kept_out: Vec<Passage>,
    /// What did not fit.
    pub left_out: Vec<LeftOut>,
    /// Tokens of all messages, as the generator counts them.
    pub tokens: usize,
    /// Most tokens that may be written.
    pub max_tokens: u32,
}
