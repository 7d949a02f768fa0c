//! How an answer came about, as rows: the contract of traces.
//!
//! Text of a document is kept nowhere in a trace but by reference: source, revision and bytes, in a row that goes with the
//! revision. What may hold words of documents without being a quote (the prompt around the passages, what a language model wrote)
//! is [`Wording`], which goes with the first source of the prompt.

use super::Instant;
use async_trait::async_trait;
use pllm_core::{CollectionId, Result, SourceId};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

/// A trace without what it says of sources.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceRecord {
    /// Its number; numbers of traces that are gone do not come back.
    pub id: i64,
    /// The collection that was asked.
    pub collection: CollectionId,
    /// When the question came.
    pub created_at: Instant,
    /// The rest.
    pub head: TraceHead,
}

/// The question and everything about its answer that no document says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TraceHead {
    /// As it was typed.
    pub question: String,
    /// `hybrid`, `keyword` or `dense`.
    pub mode: String,
    /// The caller's filter, as Haystack's JSON.
    pub filter: Option<serde_json::Value>,
    /// Whether the answer was "not in your documents".
    pub abstained: bool,
    /// Belief that the answer is right, 0 to 1.
    pub confidence: f64,
    /// Best span minus "no answer".
    pub score: f64,
    /// How well "your documents do not say" fits.
    pub no_answer: f64,
    /// How much was found.
    pub found: Found,
    /// SHA-256 of all ranks, in hexadecimal.
    pub ranks: String,
    /// Changes of the index until the question; none while files were being read.
    pub index: Option<i64>,
    /// Version, embedder, generation and pipeline: what else ranks depend on.
    pub program: String,
    /// Milliseconds by component, in the order they ran.
    pub timings: Vec<(String, f64)>,
    /// What a language model did.
    pub writing: Option<TracedWriting>,
    /// The kind of error for which a language model did not write.
    pub llm_fault: Option<String>,
}

/// How much was found, and how much of it the trace has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Found {
    /// Documents by words; none where they were not looked for.
    pub keyword: Option<usize>,
    /// Documents by meaning.
    pub dense: Option<usize>,
    /// Documents after both lists were joined.
    pub joined: usize,
    /// The first ones, which were read.
    pub read: usize,
    /// Most citations of an answer.
    pub most_citations: usize,
    /// Places that the trace refers to.
    pub marks: usize,
}

/// What a language model was told and what it wrote, in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TracedWriting {
    /// The name that it was asked by.
    pub llm: String,
    /// The model's own name.
    pub model: String,
    /// The host that got the prompt.
    pub host: Option<String>,
    /// Whether it is a small model.
    pub draft: bool,
    /// Why the writing ended.
    pub finish: String,
    /// Tokens of the prompt as they were counted before it was sent.
    pub tokens: usize,
    /// Tokens of the prompt by the engine.
    pub prompt_tokens: u64,
    /// Tokens that were written.
    pub completion_tokens: u64,
    /// Most tokens that might be written.
    pub max_tokens: u32,
    /// Milliseconds to the first text.
    pub first_text_ms: Option<f64>,
    /// Passages in the prompt.
    pub passages: usize,
    /// Its sentences, without their text.
    pub sentences: Vec<TracedSentence>,
    /// Sentences that nobody was shown.
    pub withheld: usize,
}

/// A sentence that a language model wrote, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TracedSentence {
    /// `supported`, `unsupported` or `no_claim`.
    pub support: String,
    /// Numbers of its citations.
    pub citations: Vec<usize>,
}

/// What may hold words of documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// The prompt, with its passages by number.
    pub segments: Vec<TraceSegment>,
    /// The sentences that were written, in order.
    pub sentences: Vec<WordingSentence>,
}

/// A piece of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraceSegment {
    /// Begins a message of this role.
    Message(String),
    /// Text of the template, the question, labels of passages.
    Text(String),
    /// The passage with this number, from 1.
    Passage(usize),
}

/// The text of a sentence, and what of it the documents do not say: kind and words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordingSentence {
    /// As it was written.
    pub text: String,
    /// Kind and words.
    pub missing: Vec<(String, String)>,
}

/// What a trace says of one revision of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct TracePart {
    /// The source.
    pub source: SourceId,
    /// The revision.
    pub revision: u32,
    /// Whether text of it was in the prompt.
    pub in_prompt: bool,
    /// The places.
    pub marks: Vec<Mark>,
}

/// A place in a revision's text, and what it was in the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// The Document.
    pub document: String,
    /// First byte of the canonical text.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What it was.
    pub role: MarkRole,
}

/// What a place was in an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkRole {
    /// A Document that was found.
    Candidate {
        /// From 1, after both lists were joined.
        rank: usize,
        /// 0 to 1.
        score: f64,
        /// In the list by words.
        keyword: Option<Ranked>,
        /// In the list by meaning.
        dense: Option<Ranked>,
    },
    /// A range that the reader found.
    Span {
        /// From 1.
        rank: usize,
        /// Comparable with the "no answer" of the same trace.
        score: f64,
    },
    /// A citation of the answer, by its number.
    Citation(usize),
    /// A passage of the prompt, by its number.
    Passage(usize),
    /// A sentence that speaks to a language model, and was kept from it; counted from 1.
    KeptOut(usize),
    /// What is not in the prompt.
    LeftOut {
        /// From 1, best first.
        n: usize,
        /// Why, in words.
        reason: String,
    },
    /// A citation of what was written, by its number.
    Written(usize),
}

/// A place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// From 1.
    pub rank: usize,
    /// The store's own.
    pub score: f64,
}

/// A trace about to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTrace {
    /// Its number and head.
    pub record: TraceRecord,
    /// What it says of sources.
    pub parts: Vec<TracePart>,
    /// What may hold words of documents.
    pub wording: Option<Wording>,
}

/// A trace as far as its sources are there.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredTrace {
    /// Its number and head.
    pub record: TraceRecord,
    /// What it says of sources that are still there.
    pub parts: Vec<TracePart>,
    /// What may hold words of documents, as long as all sources of the prompt are there.
    pub wording: Option<Wording>,
}

/// The traces of the metadata database. Those of a collection that is being deleted are not there.
#[async_trait]
pub trait TraceStore: Send + Sync + Debug {
    /// The highest number that a trace ever had, 0 before the first.
    ///
    /// # Errors
    /// `Corrupt` when the database is damaged; so for every method.
    async fn last_trace(&self) -> Result<i64>;

    /// How often the index of a collection was changed; none while a revision of it is not finished. Cheap, for every question asks.
    ///
    /// # Errors
    /// As above.
    async fn index_changes(&self, collection: &CollectionId) -> Result<Option<i64>>;

    /// Writes a trace; of revisions that are gone since, nothing. Without effect when the collection is gone.
    ///
    /// # Errors
    /// As above.
    async fn write_trace(&self, trace: NewTrace) -> Result<()>;

    /// A trace.
    ///
    /// # Errors
    /// As above.
    async fn trace(&self, id: i64) -> Result<Option<StoredTrace>>;

    /// At most `limit` traces of a collection or of all, newest first.
    ///
    /// # Errors
    /// As above.
    async fn traces(&self, collection: Option<&CollectionId>, limit: usize) -> Result<Vec<TraceRecord>>;

    /// How many there are.
    ///
    /// # Errors
    /// As above.
    async fn count_traces(&self) -> Result<u64>;

    /// Removes the traces of a collection or of all, those `before` a time or all of them; gives their number.
    ///
    /// # Errors
    /// As above.
    async fn forget_traces(&self, collection: Option<&CollectionId>, before: Option<Instant>) -> Result<u64>;
}
