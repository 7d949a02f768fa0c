//! A trace as it is shown: its places with the text that stands there now.

use crate::app::App;
use crate::clock;
use crate::collections::Collection;
use crate::metadata::{Mark, MarkRole, StoredTrace, TraceHead, TraceRecord, TraceSegment as Stored, Wording};
use crate::views::{
    ListedTrace, Missing, Place, Timings, Trace, TraceCandidate, TraceCitation, TraceFound, TraceGenerated,
    TraceLeftOut, TracePassage, TracePlace, TracePrompt, TraceSegment, TraceSentence, TraceSpan,
};
use pllm_core::{Filter, Result};
use pllm_text::ByteRange;
use std::time::Duration;

impl App {
    /// How an answer came about.
    ///
    /// # Errors
    /// `NotFound` when there is no such trace, or none any more.
    pub async fn trace(&self, id: i64) -> Result<Trace> {
        let (stored, record) = self.stored_trace(id).await?;
        let collection = self.open_record(record).await?;
        self.shown_trace(&collection, stored).await
    }

    pub(super) async fn shown_trace(&self, collection: &Collection, stored: StoredTrace) -> Result<Trace> {
        let StoredTrace { record, parts, wording } = stored;
        let details = self.details(collection, parts.iter().map(|part| &part.source)).await?;
        let mut places = Vec::new();
        for part in parts {
            let Some(detail) = details.get(&part.source) else { continue };
            let ranges = part.marks.iter().map(|mark| ByteRange::new(mark.start, mark.end)).collect();
            let excerpts = collection.texts.excerpts(part.source.clone(), part.revision, ranges).await?;
            for (mark, excerpt) in part.marks.into_iter().zip(excerpts) {
                let at = TracePlace {
                    source: part.source.to_string(),
                    revision: part.revision,
                    name: detail.name.clone(),
                    format: detail.format.clone(),
                    path: detail.path.clone(),
                    place: excerpt.place.as_ref().map(Place::new),
                    start: excerpt.chars.start(),
                    end: excerpt.chars.end(),
                    text: excerpt.text,
                    document_id: mark.document.clone(),
                };
                places.push(Seen { mark, at });
            }
        }
        Ok(Shown { places, head: &record.head }.trace(&record, &collection.record.name, wording.as_ref()))
    }
}

/// A place that is still there.
struct Seen {
    mark: Mark,
    at: TracePlace,
}

/// A trace with the places that are still there.
struct Shown<'a> {
    head: &'a TraceHead,
    places: Vec<Seen>,
}

impl Shown<'_> {
    fn trace(&self, record: &TraceRecord, collection: &str, wording: Option<&Wording>) -> Trace {
        let head = self.head;
        let spans = self.spans();
        let filter = head.filter.as_ref().and_then(|filter| Filter::from_json(filter).ok());
        Trace {
            id: record.id,
            collection: collection.to_owned(),
            question: head.question.clone(),
            asked: clock::iso(record.created_at),
            mode: head.mode.clone(),
            filter: filter.map(|filter| filter.to_string()),
            abstained: head.abstained,
            confidence: round(head.confidence),
            best_score: (head.found.read > 0).then(|| round(head.score + head.no_answer)),
            no_answer_score: round(head.no_answer),
            found: TraceFound {
                keyword: head.found.keyword,
                dense: head.found.dense,
                joined: head.found.joined,
                read: head.found.read,
            },
            candidates: self.candidates(&spans),
            citations: self.numbered(|role| match role {
                MarkRole::Citation(n) => Some(*n),
                _ => None,
            }),
            spans,
            prompt: self.prompt(wording),
            generated: self.generated(wording),
            llm_fault: head.llm_fault.clone(),
            gone: head.found.marks.saturating_sub(self.places.len()),
            timings: timings(head),
        }
    }

    fn candidates(&self, spans: &[TraceSpan]) -> Vec<TraceCandidate> {
        let mut candidates: Vec<TraceCandidate> =
            self.places.iter().filter_map(|seen| self.candidate(seen, spans)).collect();
        candidates.sort_by_key(|candidate| candidate.rank);
        candidates
    }

    fn candidate(&self, seen: &Seen, spans: &[TraceSpan]) -> Option<TraceCandidate> {
        let MarkRole::Candidate { rank, score, keyword, dense } = &seen.mark.role else { return None };
        let found = self.head.found;
        let of_it = |span: &&TraceSpan| span.at.document_id == seen.mark.document;
        let span = spans.iter().find(of_it).map(|span| span.rank);
        let citation = spans.iter().filter(of_it).find_map(|span| span.citation);
        let outcome = match (citation, span) {
            _ if *rank > found.read => format!("not read: only the best {} are", found.read),
            (Some(n), _) => format!("read, and shown as [{n}]"),
            (None, Some(rank)) => format!("read; its best place came in at {rank}"),
            (None, None) => "read; no place in it was among the best".to_owned(),
        };
        Some(TraceCandidate {
            rank: *rank,
            score: round(*score),
            keyword_rank: keyword.map(|ranked| ranked.rank),
            keyword_score: keyword.map(|ranked| round(ranked.score)),
            dense_rank: dense.map(|ranked| ranked.rank),
            dense_score: dense.map(|ranked| round(ranked.score)),
            read: *rank <= found.read,
            span,
            citation,
            outcome,
            at: seen.at.clone(),
        })
    }

    fn spans(&self) -> Vec<TraceSpan> {
        let span = |seen: &Seen| match seen.mark.role {
            MarkRole::Span { rank, score } => {
                let (citation, outcome) = self.outcome(seen, score);
                Some(TraceSpan { rank, score: round(score), citation, outcome, at: seen.at.clone() })
            }
            _ => None,
        };
        let mut spans: Vec<TraceSpan> = self.places.iter().filter_map(span).collect();
        spans.sort_by_key(|span| span.rank);
        spans
    }

    /// The citation that a span became, and what became of it in words.
    fn outcome(&self, span: &Seen, score: f64) -> (Option<usize>, String) {
        let cited = self.places.iter().filter_map(|seen| match seen.mark.role {
            MarkRole::Citation(n) if seen.at.source == span.at.source => Some((n, seen)),
            _ => None,
        });
        let overlapping =
            |(_, seen): &(usize, &Seen)| seen.mark.start < span.mark.end && span.mark.start < seen.mark.end;
        let same = |seen: &Seen| {
            (seen.mark.start, seen.mark.end) == (span.mark.start, span.mark.end)
                && seen.mark.document == span.mark.document
        };
        let below = if score < self.head.no_answer {
            ", below \u{201c}your documents do not say\u{201d}"
        } else {
            ""
        };
        match cited.filter(overlapping).min_by_key(|(n, _)| *n) {
            Some((n, seen)) if same(seen) => (Some(n), format!("shown as [{n}]{below}")),
            Some((n, _)) => (None, format!("not shown: it overlaps [{n}]")),
            None => (None, format!("not shown: only the best {} are{below}", self.head.found.most_citations)),
        }
    }

    /// Places with a number, in its order.
    fn numbered(&self, number: impl Fn(&MarkRole) -> Option<usize>) -> Vec<TraceCitation> {
        let numbered = |seen: &Seen| Some(TraceCitation { n: number(&seen.mark.role)?, at: seen.at.clone() });
        let mut numbered: Vec<TraceCitation> = self.places.iter().filter_map(numbered).collect();
        numbered.sort_by_key(|citation| citation.n);
        numbered
    }

    fn prompt(&self, wording: Option<&Wording>) -> Option<TracePrompt> {
        let writing = self.head.writing.as_ref()?;
        let there = self.numbered(|role| match role {
            MarkRole::Passage(n) => Some(*n),
            _ => None,
        });
        let passage = |n| TracePassage {
            n,
            at: there.iter().find(|passage| passage.n == n).map(|passage| passage.at.clone()),
        };
        Some(TracePrompt {
            tokens: writing.tokens,
            max_tokens: writing.max_tokens,
            segments: wording.map(|wording| wording.segments.iter().map(segment).collect()),
            passages: (1..=writing.passages).map(passage).collect(),
            kept_out: self.left_out(|role| match role {
                MarkRole::KeptOut(n) => Some((*n, "it speaks to a language model")),
                _ => None,
            }),
            left_out: self.left_out(|role| match role {
                MarkRole::LeftOut { n, reason } => Some((*n, reason)),
                _ => None,
            }),
        })
    }

    /// What is not in the prompt, by number and reason.
    fn left_out(&self, why: impl Fn(&MarkRole) -> Option<(usize, &str)>) -> Vec<TraceLeftOut> {
        let left = |seen: &Seen| {
            let (n, reason) = why(&seen.mark.role)?;
            Some((n, TraceLeftOut { reason: reason.to_owned(), at: seen.at.clone() }))
        };
        let mut all: Vec<_> = self.places.iter().filter_map(left).collect();
        all.sort_by_key(|(n, _)| *n);
        all.into_iter().map(|(_, left)| left).collect()
    }

    fn generated(&self, wording: Option<&Wording>) -> Option<TraceGenerated> {
        let writing = self.head.writing.as_ref()?;
        let sentences = writing.sentences.iter().enumerate().map(|(index, sentence)| {
            let words = wording.and_then(|wording| wording.sentences.get(index));
            let missing = words.iter().flat_map(|words| &words.missing);
            TraceSentence {
                text: words.map(|words| words.text.clone()),
                support: sentence.support.clone(),
                missing: missing
                    .map(|(kind, text)| Missing { kind: kind.clone(), text: text.clone() })
                    .collect(),
                citations: sentence.citations.clone(),
            }
        });
        Some(TraceGenerated {
            llm: writing.llm.clone(),
            model: writing.model.clone(),
            host: writing.host.clone(),
            draft: writing.draft,
            sentences: sentences.collect(),
            citations: self.numbered(|role| match role {
                MarkRole::Written(n) => Some(*n),
                _ => None,
            }),
            unsupported: unsupported(self.head),
            withheld: writing.withheld,
            finish: writing.finish.clone(),
            prompt_tokens: writing.prompt_tokens,
            completion_tokens: writing.completion_tokens,
            first_text_ms: writing.first_text_ms.map(round),
        })
    }
}

/// A trace in a list.
pub(super) fn listed(record: &TraceRecord, collection: String) -> ListedTrace {
    let head = &record.head;
    ListedTrace {
        id: record.id,
        collection,
        question: head.question.clone(),
        asked: clock::iso(record.created_at),
        abstained: head.abstained,
        confidence: round(head.confidence),
        llm: head.writing.as_ref().map(|writing| writing.llm.clone()),
        unsupported: unsupported(head),
        withheld: head.writing.as_ref().map_or(0, |writing| writing.withheld),
        total_ms: round(head.timings.iter().map(|(_, ms)| ms).sum()),
    }
}

fn unsupported(head: &TraceHead) -> usize {
    let sentences = head.writing.iter().flat_map(|writing| &writing.sentences);
    sentences.filter(|sentence| sentence.support == "unsupported").count()
}

fn segment(stored: &Stored) -> TraceSegment {
    let empty = TraceSegment { kind: String::new(), role: None, text: None, passage: None };
    match stored {
        Stored::Message(role) => TraceSegment { kind: "message".into(), role: Some(role.clone()), ..empty },
        Stored::Text(text) => TraceSegment { kind: "text".into(), text: Some(text.clone()), ..empty },
        Stored::Passage(n) => TraceSegment { kind: "passage".into(), passage: Some(*n), ..empty },
    }
}

fn timings(head: &TraceHead) -> Timings {
    let duration = |ms: f64| Duration::try_from_secs_f64(ms / 1000.0).unwrap_or_default();
    Timings::new(&head.timings.iter().map(|(component, ms)| (component.clone(), duration(*ms))).collect())
}

/// To four digits after the point: scores of neighbours differ by little.
fn round(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}
