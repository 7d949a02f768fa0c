//! An answer as the rows of its trace: what is kept of it, and that document text is kept by reference alone.

use super::ranks;
use crate::ask::{AskOutcome, AskRequest, Timings, Writing};
use crate::metadata::{
    Found, Instant, Mark, MarkRole, NewTrace, Ranked, TraceHead, TracePart, TraceRecord, TraceSegment,
    TracedSentence, TracedWriting, Wording, WordingSentence,
};
use pllm_core::{
    CollectionId, Document, DocumentId, ErrorKind, GeneratedSentence, Prompt, Segment, SourceId, Span,
    Support,
};
use pllm_text::ByteRange;
use std::collections::{BTreeMap, HashMap};

/// Best Documents that a trace has; of the rest it has the number and, for a replay, a digest of the ranks.
pub(super) const MOST_CANDIDATES: usize = 50;

/// What is known before a question is asked.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(super) collection: CollectionId,
    pub(super) created_at: Instant,
    /// See [`TraceHead::index`].
    pub(super) index: Option<i64>,
    /// See [`TraceHead::program`].
    pub(super) program: String,
    /// Documents that the reader takes at most.
    pub(super) read: usize,
    pub(super) most_citations: usize,
}

/// An answer that a trace is to be made of.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(super) draft: Draft,
    pub(super) request: AskRequest,
    pub(super) outcome: AskOutcome,
    /// What a language model wrote, or the kind of error for which it did not.
    pub(super) writing: Option<Result<Writing, ErrorKind>>,
}

impl Answered {
    /// The rows, under a number.
    pub(super) fn rows(self, id: i64) -> NewTrace {
        let mut marks = Marks::new(&self.outcome.documents);
        marks.of_outcome(&self.outcome);
        let writing = self.writing.as_ref().and_then(|writing| writing.as_ref().ok());
        if let Some(writing) = writing {
            marks.of_writing(writing);
        }
        let parts = marks.parts();
        let count = parts.iter().map(|part| part.marks.len()).sum();
        let record = TraceRecord {
            id,
            collection: self.draft.collection.clone(),
            created_at: self.draft.created_at,
            head: self.head(count),
        };
        NewTrace { record, wording: writing.map(wording), parts }
    }

    fn head(&self, marks: usize) -> TraceHead {
        let Self { draft, request, outcome, writing } = self;
        let (answer, reading) = (&outcome.answer, &outcome.reading);
        let written = writing.as_ref().and_then(|writing| writing.as_ref().ok());
        let mut timings = milliseconds(&outcome.timings);
        timings.extend(written.iter().flat_map(|writing| milliseconds(&writing.timings)));
        TraceHead {
            question: request.question.clone(),
            mode: request.mode.name().to_owned(),
            filter: request.filter.as_ref().map(pllm_core::Filter::to_json),
            abstained: answer.abstained,
            confidence: answer.confidence,
            score: answer.score,
            no_answer: reading.no_answer,
            found: Found {
                keyword: outcome.lists.keyword.as_ref().map(|list| list.len()),
                dense: outcome.lists.dense.as_ref().map(|list| list.len()),
                joined: outcome.documents.len(),
                read: outcome.documents.len().min(draft.read),
                most_citations: draft.most_citations,
                marks,
            },
            ranks: ranks::digest(&outcome.documents, &outcome.lists),
            index: draft.index,
            program: draft.program.clone(),
            timings,
            writing: written.map(traced),
            llm_fault: writing.as_ref().and_then(|writing| Some(writing.as_ref().err()?.name().to_owned())),
        }
    }
}

fn milliseconds(timings: &Timings) -> Vec<(String, f64)> {
    timings.iter().map(|(component, elapsed)| (component.clone(), elapsed.as_secs_f64() * 1000.0)).collect()
}

fn traced(writing: &Writing) -> TracedWriting {
    let (generated, prompt) = (&writing.generated, &writing.prompt);
    TracedWriting {
        llm: writing.llm.clone(),
        model: generated.model.clone(),
        host: writing.host.clone(),
        draft: generated.draft,
        finish: generated.finish.name().to_owned(),
        tokens: prompt.tokens,
        prompt_tokens: generated.usage.prompt_tokens,
        completion_tokens: generated.usage.completion_tokens,
        max_tokens: prompt.max_tokens,
        first_text_ms: generated.first_text.map(|time| time.as_secs_f64() * 1000.0),
        passages: prompt.passages.len(),
        sentences: generated.sentences.iter().map(|sentence| traced_sentence(writing, sentence)).collect(),
        withheld: generated.withheld,
    }
}

fn traced_sentence(writing: &Writing, sentence: &GeneratedSentence) -> TracedSentence {
    let support = match sentence.support {
        Support::Supported => "supported",
        Support::Unsupported(_) => "unsupported",
        Support::NoClaim => "no_claim",
    };
    let number = |citation: &pllm_core::Citation| {
        writing.citations.iter().position(|named| named.citation == *citation)
    };
    let citations = sentence.citations.iter().filter_map(number).map(|at| at + 1).collect();
    TracedSentence { support: support.to_owned(), citations }
}

fn wording(writing: &Writing) -> Wording {
    let segment = |segment: &Segment| match segment {
        Segment::Message(role) => TraceSegment::Message((*role).to_owned()),
        Segment::Literal(text) => TraceSegment::Text(text.clone()),
        Segment::Passage(index) => TraceSegment::Passage(index + 1),
    };
    let sentence = |sentence: &GeneratedSentence| {
        let missing = match &sentence.support {
            Support::Unsupported(missing) => missing.as_slice(),
            Support::Supported | Support::NoClaim => &[],
        };
        let missing = missing.iter().map(|what| (what.kind.to_owned(), what.text.clone()));
        WordingSentence { text: sentence.text.clone(), missing: missing.collect() }
    };
    Wording {
        segments: writing.prompt.segments.iter().map(segment).collect(),
        sentences: writing.generated.sentences.iter().map(sentence).collect(),
    }
}

/// Places by the source that they are in.
struct Marks<'a> {
    documents: HashMap<&'a DocumentId, &'a Document>,
    parts: BTreeMap<(SourceId, u32), TracePart>,
}

impl<'a> Marks<'a> {
    fn new(documents: &'a [Document]) -> Self {
        let documents = documents.iter().map(|document| (&document.id, document)).collect();
        Self { documents, parts: BTreeMap::new() }
    }

    fn of_outcome(&mut self, outcome: &AskOutcome) {
        let (keyword, dense) =
            (ranked(outcome.lists.keyword.as_deref()), ranked(outcome.lists.dense.as_deref()));
        for (rank, document) in (1..).zip(outcome.documents.iter().take(MOST_CANDIDATES)) {
            let role = MarkRole::Candidate {
                rank,
                score: document.score.unwrap_or_default(),
                keyword: keyword.get(&document.id).copied(),
                dense: dense.get(&document.id).copied(),
            };
            self.add(document, ByteRange::new(0, document.content.len()), role);
        }
        for (rank, span) in (1..).zip(&outcome.reading.spans) {
            self.add_known(&span.document_id, span.range, MarkRole::Span { rank, score: span.score });
        }
        for (n, citation) in (1..).zip(&outcome.answer.citations) {
            self.cite(citation, MarkRole::Citation(n));
        }
    }

    fn of_writing(&mut self, writing: &Writing) {
        let Prompt { passages, kept_out, left_out, .. } = &*writing.prompt;
        for (n, passage) in (1..).zip(passages) {
            self.add(&passage.document, passage.range, MarkRole::Passage(n));
        }
        for (n, passage) in (1..).zip(kept_out) {
            self.add(&passage.document, passage.range, MarkRole::KeptOut(n));
        }
        for (n, left) in (1..).zip(left_out) {
            let role = MarkRole::LeftOut { n, reason: left.reason.to_owned() };
            self.add_known(&left.document_id, left.range, role);
        }
        for (n, named) in (1..).zip(&writing.citations) {
            self.cite(&named.citation, MarkRole::Written(n));
        }
    }

    /// A range of the content of a Document that was found.
    fn add_known(&mut self, id: &DocumentId, range: ByteRange, role: MarkRole) {
        if let Some(document) = self.documents.get(id).copied() {
            self.add(document, range, role);
        }
    }

    /// A range of a Document's content; a Document without a source has no text that could be shown later.
    fn add(&mut self, document: &Document, range: ByteRange, role: MarkRole) {
        if let Some(Span { source, revision, range: whole }) = &document.span {
            self.put((source, *revision), &document.id, range.shift(whole.start()), role);
        }
    }

    fn cite(&mut self, citation: &pllm_core::Citation, role: MarkRole) {
        let revision = (citation.source(), citation.revision());
        self.put(revision, citation.document_id(), citation.range(), role);
    }

    fn put(
        &mut self,
        (source, revision): (&SourceId, u32),
        document: &DocumentId,
        range: ByteRange,
        role: MarkRole,
    ) {
        let part = self.parts.entry((source.clone(), revision)).or_insert_with(|| TracePart {
            source: source.clone(),
            revision,
            in_prompt: false,
            marks: Vec::new(),
        });
        part.in_prompt |= matches!(role, MarkRole::Passage(_));
        part.marks.push(Mark {
            document: document.to_string(),
            start: range.start(),
            end: range.end(),
            role,
        });
    }

    fn parts(self) -> Vec<TracePart> {
        self.parts.into_values().collect()
    }
}

/// Where each Document of a list stands in it.
fn ranked(list: Option<&Vec<Document>>) -> HashMap<&DocumentId, Ranked> {
    let documents = list.map(Vec::as_slice).unwrap_or_default();
    let ranked = (1..)
        .zip(documents)
        .map(|(rank, document)| (&document.id, Ranked { rank, score: document.score.unwrap_or_default() }));
    ranked.collect()
}
