//! How an answer came about, as JSON. Whatever stands here of documents was read from their stored text just now.

use super::{Missing, Place, Timings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How an answer came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Trace {
    /// Its number.
    pub id: i64,
    /// The collection that was asked.
    pub collection: String,
    /// As it was typed.
    pub question: String,
    /// When.
    pub asked: String,
    /// `hybrid`, `keyword` or `dense`.
    pub mode: String,
    /// The condition on documents, in its short form.
    pub filter: Option<String>,
    /// Whether the answer was "not in your documents".
    pub abstained: bool,
    /// Belief that the answer is right, 0 to 1.
    pub confidence: f64,
    /// The best span's score.
    pub best_score: Option<f64>,
    /// The score of "your documents do not say": a best span below it is no answer.
    pub no_answer_score: f64,
    /// How much was found.
    pub found: TraceFound,
    /// The best Documents, as they were ranked.
    pub candidates: Vec<TraceCandidate>,
    /// What the reader found in them, best first.
    pub spans: Vec<TraceSpan>,
    /// The answer's citations; when abstained, the nearest passages. The first is the answer.
    pub citations: Vec<TraceCitation>,
    /// What a language model was told.
    pub prompt: Option<TracePrompt>,
    /// What it wrote.
    pub generated: Option<TraceGenerated>,
    /// The kind of error for which a language model that was asked did not write.
    pub llm_fault: Option<String>,
    /// Places that were part of it and are not shown: their source was deleted or replaced since.
    pub gone: usize,
    /// How long it took.
    pub timings: Timings,
}

/// How much was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TraceFound {
    /// Documents that share words with the question; null where they were not looked for.
    pub keyword: Option<usize>,
    /// Documents with a near meaning.
    pub dense: Option<usize>,
    /// Documents after both lists were joined.
    pub joined: usize,
    /// So many of them, the best, were read.
    pub read: usize,
}

/// A place in a document, with its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TracePlace {
    /// The source's id.
    pub source: String,
    /// Its revision.
    pub revision: u32,
    /// The file's name, with the row for a table.
    pub name: String,
    /// The format it was read as.
    pub format: String,
    /// The file's path.
    pub path: String,
    /// Where in the file.
    pub place: Option<Place>,
    /// First code point of the canonical text.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The text between.
    pub text: String,
    /// The Document it is part of.
    pub document_id: String,
}

/// A Document that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TraceCandidate {
    /// After both lists were joined, from 1.
    pub rank: usize,
    /// The joined score, 0 to 1.
    pub score: f64,
    /// In the list by words, from 1; null when it is not in it.
    pub keyword_rank: Option<usize>,
    /// Its BM25 score there.
    pub keyword_score: Option<f64>,
    /// In the list by meaning, from 1; null when it is not in it.
    pub dense_rank: Option<usize>,
    /// Its cosine there.
    pub dense_score: Option<f64>,
    /// Whether the reader looked into it.
    pub read: bool,
    /// The rank of its best span.
    pub span: Option<usize>,
    /// The number of its first citation.
    pub citation: Option<usize>,
    /// What became of it, in words.
    pub outcome: String,
    /// Where it stands.
    pub at: TracePlace,
}

/// A range that the reader found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TraceSpan {
    /// From 1.
    pub rank: usize,
    /// Higher is better.
    pub score: f64,
    /// The number of the citation that it became.
    pub citation: Option<usize>,
    /// What became of it, in words.
    pub outcome: String,
    /// Where it stands.
    pub at: TracePlace,
}

/// A citation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TraceCitation {
    /// Its number, from 1.
    pub n: usize,
    /// Where it stands.
    pub at: TracePlace,
}

/// What a language model was told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TracePrompt {
    /// Its tokens, as they were counted before it was sent.
    pub tokens: usize,
    /// Most tokens that might be written.
    pub max_tokens: u32,
    /// The messages in pieces; null when a document that stood in it was deleted or replaced since.
    pub segments: Option<Vec<TraceSegment>>,
    /// Its passages, in order.
    pub passages: Vec<TracePassage>,
    /// Sentences that speak to a language model: it was not shown them.
    pub kept_out: Vec<TraceLeftOut>,
    /// What was found and is not in the prompt.
    pub left_out: Vec<TraceLeftOut>,
}

/// A piece of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TraceSegment {
    /// `message` begins one, `text`, or `passage`.
    pub kind: String,
    /// Of a message: `system` or `user`.
    pub role: Option<String>,
    /// Of a text: the template's words, the question, names of files.
    pub text: Option<String>,
    /// Of a passage: its number, from 1.
    pub passage: Option<usize>,
}

/// A passage of a prompt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TracePassage {
    /// Its number in the prompt, from 1.
    pub n: usize,
    /// Where it stands; null when its source was deleted or replaced since.
    pub at: Option<TracePlace>,
}

/// Something that is not in the prompt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TraceLeftOut {
    /// Why, in words.
    pub reason: String,
    /// Where it stands.
    pub at: TracePlace,
}

/// What a language model wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TraceGenerated {
    /// The name that it was asked by.
    pub llm: String,
    /// The model's own name.
    pub model: String,
    /// The host that got the question and the passages; null when they stayed on this computer.
    pub host: Option<String>,
    /// A small model wrote it: a draft.
    pub draft: bool,
    /// Its sentences, in order.
    pub sentences: Vec<TraceSentence>,
    /// What they rest on.
    pub citations: Vec<TraceCitation>,
    /// Sentences that the documents do not support.
    pub unsupported: usize,
    /// Sentences that nobody was shown: they followed an order in a document.
    pub withheld: usize,
    /// Why the writing ended: `stop`, `length` or `content_filter`.
    pub finish: String,
    /// Tokens of the prompt by the engine.
    pub prompt_tokens: u64,
    /// Tokens that were written.
    pub completion_tokens: u64,
    /// Milliseconds to the first word.
    pub first_text_ms: Option<f64>,
}

/// A sentence that a language model wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TraceSentence {
    /// As it was written; null when a document that stood in the prompt was deleted or replaced since.
    pub text: Option<String>,
    /// `supported`, `unsupported`, or `no_claim` for what says nothing about the documents.
    pub support: String,
    /// What of it the documents do not say.
    pub missing: Vec<Missing>,
    /// Numbers of citations.
    pub citations: Vec<usize>,
}

/// A trace in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ListedTrace {
    /// Its number.
    pub id: i64,
    /// The collection that was asked.
    pub collection: String,
    /// As it was typed.
    pub question: String,
    /// When.
    pub asked: String,
    /// Whether the answer was "not in your documents".
    pub abstained: bool,
    /// Belief that the answer is right, 0 to 1.
    pub confidence: f64,
    /// The language model that wrote.
    pub llm: Option<String>,
    /// Sentences of it that the documents do not support.
    pub unsupported: usize,
    /// Sentences of it that nobody was shown.
    pub withheld: usize,
    /// How long it took.
    pub total_ms: f64,
}

/// What was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeletedTraces {
    /// Traces, each with its question.
    pub traces: u64,
}

/// The question of a trace, asked again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Replay {
    /// The trace's number.
    pub id: i64,
    /// Whether every rank is as it was: in the joined list and in both lists it was joined from.
    pub identical: bool,
    /// Whether the index has changed since; null when it was being changed then.
    pub index_changed: Option<bool>,
    /// Whether version, embedder or pipeline are others than then.
    pub program_changed: bool,
    /// What that means, in words.
    pub note: String,
    /// Of the best Documents, those with another rank than then.
    pub moved: Vec<MovedCandidate>,
}

/// A Document with another rank than then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MovedCandidate {
    /// Its rank then; null when the trace does not have it.
    pub was: Option<usize>,
    /// Its rank now; null when it is not found any more.
    pub now: Option<usize>,
    /// The file's name, with the row for a table.
    pub name: String,
    /// Where in the file.
    pub place: Option<Place>,
    /// Its id.
    pub document_id: String,
}
