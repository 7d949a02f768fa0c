//! The question of a trace asked again: are the ranks what they were?

use super::{program, ranks, record::MOST_CANDIDATES};
use crate::app::App;
use crate::ask::{AskRequest, Mode};
use crate::metadata::TraceHead;
use crate::views::{MovedCandidate, Place, Replay, TraceCandidate};
use pllm_core::{Document, Filter, Result};
use std::collections::HashMap;

impl App {
    /// Asks the question of a trace again and compares all ranks. On the same index they are identical.
    ///
    /// # Errors
    /// `NotFound` when there is no such trace; as [`App::search`].
    pub async fn replay_trace(&self, id: i64) -> Result<Replay> {
        let (stored, record) = self.stored_trace(id).await?;
        let collection = self.open_record(record).await?;
        let index = self.meta.index_changes(&collection.record.id).await?;
        let head = stored.record.head.clone();
        let (documents, lists) = self.retrieve_lists(&collection, &request(&head)?).await?;
        let identical = ranks::digest(&documents, &lists) == head.ranks;
        let index_changed = head.index.map(|then| index != Some(then));
        let program_changed = head.program != program(&collection.record);
        let then = self.shown_trace(&collection, stored).await?.candidates;
        let moved = if identical { Vec::new() } else { moved(&then, &documents) };
        let mut shown = Vec::new();
        for one in moved {
            shown.push(match one {
                Moved::Known(candidate, now) => MovedCandidate {
                    was: Some(candidate.rank),
                    now,
                    name: candidate.at.name.clone(),
                    place: candidate.at.place.clone(),
                    document_id: candidate.at.document_id.clone(),
                },
                Moved::New(document, now) => {
                    let found = self.found(&collection, vec![document.clone()]).await?.pop();
                    MovedCandidate {
                        was: None,
                        now: Some(now),
                        name: found.as_ref().map(|found| found.name.clone()).unwrap_or_default(),
                        place: found.and_then(|found| found.place.as_ref().map(Place::new)),
                        document_id: document.id.to_string(),
                    }
                }
            });
        }
        let note = note(identical, index_changed, program_changed).to_owned();
        Ok(Replay { id, identical, index_changed, program_changed, note, moved: shown })
    }
}

fn request(head: &TraceHead) -> Result<AskRequest> {
    Ok(AskRequest {
        filter: head.filter.as_ref().map(Filter::from_json).transpose()?,
        mode: Mode::named(&head.mode).unwrap_or_default(),
        ..AskRequest::new(&head.question)
    })
}

/// A Document with another rank than then.
enum Moved<'a> {
    /// One that the trace has, and its rank now.
    Known(&'a TraceCandidate, Option<usize>),
    /// One that it does not have.
    New(&'a Document, usize),
}

fn moved<'a>(then: &'a [TraceCandidate], documents: &'a [Document]) -> Vec<Moved<'a>> {
    let now: HashMap<&str, usize> =
        documents.iter().zip(1..).map(|(document, rank)| (document.id.as_str(), rank)).collect();
    let known = then.iter().filter_map(|candidate| {
        let rank = now.get(candidate.at.document_id.as_str()).copied();
        (rank != Some(candidate.rank)).then_some(Moved::Known(candidate, rank))
    });
    let is_new = |document: &Document| then.iter().all(|known| known.at.document_id != document.id.as_str());
    let new = documents.iter().zip(1..).take(MOST_CANDIDATES).filter(|(document, _)| is_new(document));
    known.chain(new.map(|(document, rank)| Moved::New(document, rank))).collect()
}

/// What it means.
fn note(identical: bool, index_changed: Option<bool>, program_changed: bool) -> &'static str {
    match (identical, index_changed, program_changed) {
        (true, Some(false), _) => "every rank is as it was, on the same index",
        (true, ..) => "every rank is as it was, although the index has changed since",
        (false, Some(true), _) => {
            "ranks differ: the index has changed since; files were read, replaced or deleted"
        }
        (false, None, _) => "ranks differ: files were being read when the question was asked",
        (false, Some(false), true) => "ranks differ: version, embedder or pipeline are others than then",
        (false, Some(false), false) => {
            "ranks differ, and nothing that they depend on has changed; please report it"
        }
    }
}
