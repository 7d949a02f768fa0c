//! The use cases on a data directory, wherever it is open: in this process, or in the service that holds it. Both give the same.

use crate::progress::IngestBar;
use crate::remote::Remote;
use anyhow::Result;
use pllm_app::App;
use pllm_app::ask::AskRequest;
use pllm_app::collections::{CollectionChange, NewCollection};
use pllm_app::evaluate::set::Question;
use pllm_app::evaluate::{EvaluateOptions, Evaluation, QuestionProgress};
use pllm_app::ingest::IngestOptions;
use pllm_app::llms::ListedLlm;
use pllm_app::views::{
    Collection, CollectionSummary, DeletedSources, DeletedTraces, Findings, IngestSummary, ListedTrace, Llm,
    Replay, SearchResult, ServedAnswer, ShownSource, Source, Trace,
};
use pllm_core::{CancelFlag, Filter};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// What is in a data directory.
pub(crate) enum Library {
    /// This process holds it.
    Here(Box<App>),
    /// A service does.
    There(Remote),
}

impl Library {
    pub(crate) async fn ingest(
        &self,
        collection: &str,
        paths: &[PathBuf],
        options: IngestOptions,
        bar: Arc<IngestBar>,
        cancel: CancelFlag,
    ) -> Result<IngestSummary> {
        let began = Instant::now();
        match self {
            Self::Here(app) => {
                let summary = app.ingest(collection, paths, options, bar, cancel).await?;
                Ok(IngestSummary::new(&summary, collection, began.elapsed().as_secs_f64()))
            }
            Self::There(remote) => remote.ingest(collection, paths, options, &bar).await,
        }
    }

    pub(crate) async fn search(&self, collection: &str, request: &AskRequest) -> Result<SearchResult> {
        match self {
            Self::Here(app) => {
                let (found, timings) = app.search(collection, request).await?;
                Ok(SearchResult::new(&request.question, &found, &timings))
            }
            Self::There(remote) => remote.search(collection, request).await,
        }
    }

    /// `llm` names a language model that writes under the answer; without it the configured one, empty = none.
    pub(crate) async fn ask(
        &self,
        collection: &str,
        request: &AskRequest,
        llm: Option<&str>,
    ) -> Result<ServedAnswer> {
        match self {
            Self::Here(app) => {
                let answer = app.answer(collection, request, app.chosen_llm(llm), None).await?;
                Ok(ServedAnswer { answer, reading: None })
            }
            Self::There(remote) => remote.ask(collection, request, llm).await,
        }
    }

    /// Waits until the trace of the answer is written, where this process has to.
    pub(crate) async fn settle(&self) {
        if let Self::Here(app) = self {
            app.settle_traces().await;
        }
    }

    pub(crate) async fn trace(&self, id: i64) -> Result<Trace> {
        match self {
            Self::Here(app) => Ok(app.trace(id).await?),
            Self::There(remote) => remote.trace(id).await,
        }
    }

    pub(crate) async fn replay_trace(&self, id: i64) -> Result<Replay> {
        match self {
            Self::Here(app) => Ok(app.replay_trace(id).await?),
            Self::There(remote) => remote.replay_trace(id).await,
        }
    }

    pub(crate) async fn traces(&self, collection: Option<&str>, limit: usize) -> Result<Vec<ListedTrace>> {
        match self {
            Self::Here(app) => Ok(app.traces(collection, limit).await?),
            Self::There(remote) => remote.traces(collection, limit).await,
        }
    }

    pub(crate) async fn delete_traces(&self, collection: Option<&str>) -> Result<DeletedTraces> {
        match self {
            Self::Here(app) => Ok(app.delete_traces(collection).await?),
            Self::There(remote) => remote.delete_traces(collection).await,
        }
    }

    pub(crate) async fn llms(&self) -> Result<Vec<Llm>> {
        match self {
            Self::Here(app) => {
                Ok(app.llms().iter().map(|listed| Llm::new(listed, &app.config.ask_llm)).collect())
            }
            Self::There(remote) => remote.llms().await,
        }
    }

    pub(crate) async fn check_llm(&self, name: &str) -> Result<Llm> {
        match self {
            Self::Here(app) => {
                let info = Some(app.check_llm(name).await?);
                let listed = ListedLlm { name: name.to_owned(), info, fault: None };
                Ok(Llm::new(&listed, &app.config.ask_llm))
            }
            Self::There(remote) => remote.check_llm(name).await,
        }
    }

    pub(crate) async fn create_collection(&self, new: &NewCollection) -> Result<Collection> {
        match self {
            Self::Here(app) => Ok(Collection::new(&app.create_collection(new).await?)),
            Self::There(remote) => remote.create_collection(new).await,
        }
    }

    pub(crate) async fn collections(&self) -> Result<Vec<Collection>> {
        match self {
            Self::Here(app) => Ok(app.collections().await?.iter().map(Collection::new).collect()),
            Self::There(remote) => remote.collections().await,
        }
    }

    pub(crate) async fn collection(&self, name: &str) -> Result<CollectionSummary> {
        match self {
            Self::Here(app) => Ok(CollectionSummary::new(&app.collection_summary(name).await?)),
            Self::There(remote) => remote.collection(name).await,
        }
    }

    pub(crate) async fn change_collection(
        &self,
        name: &str,
        change: &CollectionChange,
    ) -> Result<CollectionSummary> {
        match self {
            Self::Here(app) => Ok(CollectionSummary::new(&app.change_collection(name, change).await?)),
            Self::There(remote) => remote.change_collection(name, change).await,
        }
    }

    pub(crate) async fn delete_collection(&self, name: &str) -> Result<()> {
        match self {
            Self::Here(app) => Ok(app.delete_collection(name).await?),
            Self::There(remote) => remote.delete_collection(name).await,
        }
    }

    pub(crate) async fn sources(
        &self,
        collection: &str,
        filter: Option<&Filter>,
        rows: bool,
    ) -> Result<Vec<Source>> {
        match self {
            Self::Here(app) => {
                let listed = app.sources_and_rows(collection, filter, rows).await?;
                Ok(listed.iter().map(Source::new).collect())
            }
            Self::There(remote) => remote.sources(collection, filter, rows).await,
        }
    }

    /// A source with its whole text, or with one page.
    pub(crate) async fn source(
        &self,
        collection: &str,
        name: &str,
        (text, page): (bool, Option<u32>),
    ) -> Result<ShownSource> {
        match self {
            Self::Here(app) => Ok(app.shown_source(collection, name, (text, page)).await?),
            Self::There(remote) => remote.source(collection, name, (text, page)).await,
        }
    }

    pub(crate) async fn delete_sources(&self, collection: &str, names: &[String]) -> Result<DeletedSources> {
        match self {
            Self::Here(app) => Ok(DeletedSources::new(&app.delete_sources(collection, names).await?)),
            Self::There(remote) => remote.delete_sources(collection, names).await,
        }
    }

    pub(crate) async fn evaluate(
        &self,
        collection: &str,
        questions: &[Question],
        options: &EvaluateOptions,
        progress: QuestionProgress<'_>,
    ) -> Result<Evaluation> {
        match self {
            Self::Here(app) => Ok(app.evaluate_own(collection, questions, options, progress).await?),
            Self::There(remote) => remote.evaluate(collection, questions, options, progress).await,
        }
    }

    pub(crate) async fn doctor(&self) -> Result<Findings> {
        match self {
            Self::Here(app) => Ok(Findings::new(app.doctor().await?)),
            Self::There(remote) => remote.doctor().await,
        }
    }
}
