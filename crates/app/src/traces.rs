//! How an answer came about: kept for a while, shown, asked again.

mod keeper;
mod ranks;
mod record;
mod replay;
mod show;

pub(crate) use keeper::TraceKeeper;
pub(crate) use record::{Answered, Draft};

use crate::app::App;
use crate::ask::{AskOutcome, AskRequest, Writing};
use crate::clock;
use crate::collections::Collection;
use crate::metadata::{CollectionRecord, StoredTrace, TraceRecord};
use crate::pipelines;
use crate::views::{DeletedTraces, ListedTrace};
use pllm_core::{CollectionId, Error, ErrorKind, Result};

/// Most traces of a list.
pub const MOST_LISTED: usize = 1000;

impl App {
    /// What a trace has to know before a question is asked; none when no traces are kept, or it cannot be had.
    /// Then the question fails by itself, by the same reason, or its answer has no trace.
    pub(crate) async fn begin_trace(&self, collection: &Collection, request: &AskRequest) -> Option<Draft> {
        if !self.traces.is_on() {
            return None;
        }
        match self.draft(collection, request).await {
            Ok(draft) => Some(draft),
            Err(error) => {
                tracing::debug!(%error, "an answer gets no trace");
                None
            }
        }
    }

    async fn draft(&self, collection: &Collection, request: &AskRequest) -> Result<Draft> {
        let id = &collection.record.id;
        let graph = self.pipelines(collection).await?.ask(request.mode).graph();
        Ok(Draft {
            collection: id.clone(),
            created_at: clock::now(),
            index: self.meta.index_changes(id).await?,
            program: program(&collection.record),
            read: graph.count("reader", "documents").unwrap_or_default(),
            most_citations: graph.count("answer_builder", "max_citations").unwrap_or_default(),
        })
    }

    /// Hands over an answer, whose trace is written when there is time; gives its number.
    pub(crate) fn keep_trace(
        &self,
        draft: Draft,
        request: &AskRequest,
        outcome: AskOutcome,
        writing: Option<Result<Writing, ErrorKind>>,
    ) -> Option<i64> {
        self.traces.keep(Answered { draft, request: request.clone(), outcome, writing })
    }

    /// Waits until the traces of all answers that were given are written: to be called before the product is closed.
    pub async fn settle_traces(&self) {
        self.traces.settle().await;
    }

    /// The traces of a collection or of all, newest first, at most `limit`.
    ///
    /// # Errors
    /// `NotFound` for an unknown collection.
    pub async fn traces(&self, collection: Option<&str>, limit: usize) -> Result<Vec<ListedTrace>> {
        self.traces.settle().await;
        let id = self.named(collection).await?;
        let names = self.collection_names().await?;
        let traces = self.meta.traces(id.as_ref(), limit.min(MOST_LISTED)).await?;
        let name = |trace: &TraceRecord| names.get(&trace.collection).cloned().unwrap_or_default();
        Ok(traces.iter().map(|trace| show::listed(trace, name(trace))).collect())
    }

    /// Removes the traces of a collection or of all, with their questions.
    ///
    /// # Errors
    /// `NotFound` for an unknown collection.
    pub async fn delete_traces(&self, collection: Option<&str>) -> Result<DeletedTraces> {
        self.traces.settle().await;
        let (id, _room) = (self.named(collection).await?, self.cleaner.reserve.lend());
        Ok(DeletedTraces { traces: self.meta.forget_traces(id.as_ref(), None).await? })
    }

    async fn named(&self, collection: Option<&str>) -> Result<Option<CollectionId>> {
        Ok(match collection {
            Some(name) => Some(self.collection_record(name).await?.id),
            None => None,
        })
    }

    /// A trace and its collection.
    async fn stored_trace(&self, id: i64) -> Result<(StoredTrace, CollectionRecord)> {
        self.traces.settle().await;
        let stored = self.meta.trace(id).await?.ok_or_else(|| missing(id, self.config.trace_days))?;
        let records = self.collections().await?.into_iter();
        let record = records.into_iter().find(|record| record.id == stored.record.collection);
        Ok((stored, record.ok_or_else(|| missing(id, self.config.trace_days))?))
    }
}

/// What ranks depend on besides the index: version, embedder, generation, pipeline.
fn program(record: &CollectionRecord) -> String {
    let (embedder, generation) = (&record.settings.embedder, record.generation);
    format!("{} {embedder} {generation} {}", env!("CARGO_PKG_VERSION"), pipelines::digest("ask"))
}

fn missing(id: i64, days: u64) -> Error {
    let hint = match days {
        0 => "no traces are kept: trace.days is 0".to_owned(),
        days => format!("traces are kept for {days} days (trace.days); `pllm trace` lists them"),
    };
    Error::new(ErrorKind::NotFound, "app.trace", format!("trace {id} is not there")).hint(hint)
}
