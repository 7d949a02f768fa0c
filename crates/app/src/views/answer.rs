//! Answers and found Documents as JSON.

use super::{ErrorDetail, Generated, Place, Reading, round};
use crate::ask::{self, AskOutcome, NamedCitation, Writing};
use indexmap::IndexMap;
use pllm_core::Meta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Milliseconds by component, `<component>_ms`, in the order they ran, and their sum, `total_ms`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(value_type = std::collections::HashMap<String, f64>)]
pub struct Timings(pub IndexMap<String, f64>);

impl Timings {
    /// Timings as JSON.
    #[must_use]
    pub fn new(timings: &ask::Timings) -> Self {
        let (mut map, mut total) = (IndexMap::new(), 0.0);
        for (component, elapsed) in timings {
            let ms = elapsed.as_secs_f64() * 1000.0;
            total += ms;
            map.insert(format!("{component}_ms"), round(ms));
        }
        map.insert("total_ms".to_owned(), round(total));
        Self(map)
    }
}

/// What a question got.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// As it was typed.
    pub question: String,
    /// The sentences that answer; empty when abstained.
    pub answer: String,
    /// Whether the documents do not say.
    pub abstained: bool,
    /// Belief that the answer is right, 0 to 1.
    pub confidence: f64,
    /// What the reader should know: that the best file was not read as a whole.
    pub note: Option<String>,
    /// What the answer rests on, best first; when abstained, the nearest passages.
    pub citations: Vec<Citation>,
    /// What a language model wrote about the question, where one was asked.
    pub generated: Option<Generated>,
    /// Why a language model that was asked did not write.
    pub llm_fault: Option<ErrorDetail>,
    /// How long it took.
    pub timings: Timings,
    /// The number of its trace, which tells how it came about; null where none is kept, and while a language model writes.
    pub trace: Option<i64>,
}

impl Answer {
    /// What people read when the documents do not say.
    pub const NOT_THERE: &'static str = "Not in your documents";

    /// An answer as JSON.
    #[must_use]
    pub fn new(question: &str, outcome: &AskOutcome, citations: &[NamedCitation]) -> Self {
        Self {
            question: question.to_owned(),
            answer: outcome.answer.text.clone(),
            abstained: outcome.answer.abstained,
            confidence: round(outcome.answer.confidence),
            note: ask::unread_note(citations),
            citations: citations.iter().enumerate().map(|(n, named)| Citation::new(n + 1, named)).collect(),
            generated: None,
            llm_fault: None,
            timings: Timings::new(&outcome.timings),
            trace: None,
        }
    }

    /// With what a language model wrote.
    #[must_use]
    pub fn with(mut self, writing: &Writing) -> Self {
        self.generated = Some(Generated::new(writing));
        self
    }
}

/// An answer of a service, in which files may be read while questions are answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ServedAnswer {
    /// The answer, from what was there.
    #[serde(flatten)]
    pub answer: Answer,
    /// What was still to be read in the collection when the question came.
    pub reading: Option<Reading>,
}

/// A quote with its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Citation {
    /// Its number, from 1.
    pub n: usize,
    /// The source's id.
    pub source: String,
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
    pub quote: String,
    /// The Document it was found in.
    pub document_id: String,
    /// What of the file was not read, for people.
    pub unread: Option<String>,
}

impl Citation {
    pub(crate) fn new(n: usize, named: &NamedCitation) -> Self {
        let citation = &named.citation;
        Self {
            n,
            source: citation.source().to_string(),
            name: named.name.clone(),
            format: named.format.clone(),
            path: named.path.clone(),
            place: citation.place().map(Place::new),
            start: citation.chars().start(),
            end: citation.chars().end(),
            quote: citation.quote().to_owned(),
            document_id: citation.document_id().to_string(),
            unread: named.unread.clone(),
        }
    }
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SearchResult {
    /// As it was typed.
    pub query: String,
    /// The Documents, best first.
    pub documents: Vec<FoundDocument>,
    /// How long it took.
    pub timings: Timings,
}

impl SearchResult {
    /// A search's result as JSON.
    #[must_use]
    pub fn new(query: &str, found: &[ask::FoundDocument], timings: &ask::Timings) -> Self {
        let documents = found.iter().enumerate().map(|(n, found)| FoundDocument::new(n + 1, found));
        Self { query: query.to_owned(), documents: documents.collect(), timings: Timings::new(timings) }
    }
}

/// A Document with its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FoundDocument {
    /// Its rank, from 1.
    pub rank: usize,
    /// Its id.
    pub id: String,
    /// Higher is better.
    pub score: Option<f64>,
    /// The citable text.
    pub content: String,
    /// The source's id.
    pub source: Option<String>,
    /// The file's name, with the row for a table.
    pub name: String,
    /// The file's path.
    pub path: String,
    /// Where in the file.
    pub place: Option<Place>,
    /// First code point of the canonical text.
    pub start: Option<usize>,
    /// One past the last.
    pub end: Option<usize>,
    /// The language it is treated as.
    pub language: Option<String>,
    /// Its metadata.
    #[schema(value_type = Object)]
    pub meta: Meta,
}

impl FoundDocument {
    fn new(rank: usize, found: &ask::FoundDocument) -> Self {
        let document = &found.document;
        Self {
            rank,
            id: document.id.to_string(),
            score: document.score.map(|score| round(score * 1000.0) / 1000.0),
            content: document.content.clone(),
            source: document.span.as_ref().map(|span| span.source.to_string()),
            name: found.name.clone(),
            path: found.path.clone(),
            place: found.place.as_ref().map(Place::new),
            start: found.chars.map(|chars| chars.start()),
            end: found.chars.map(|chars| chars.end()),
            language: document.language.map(|language| language.to_string()),
            meta: document.meta.clone(),
        }
    }
}
