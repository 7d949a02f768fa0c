//! The use cases in the service that holds the data directory, asked for over its API.

use crate::progress::IngestBar;
use anyhow::Result;
use pllm_app::ask::AskRequest;
use pllm_app::collections::{CollectionChange, NewCollection};
use pllm_app::evaluate::set::Question;
use pllm_app::evaluate::{EvaluateOptions, Evaluation, QuestionProgress};
use pllm_app::ingest::IngestOptions;
use pllm_app::views::{
    Collection, CollectionSummary, DeletedSources, DeletedTraces, Findings, IngestSummary, Job, ListedTrace,
    Llm, Replay, SearchResult, ServedAnswer, ShownSource, Source, SourcePage, Trace,
};
use pllm_core::{CancelFlag, Error, ErrorKind, Filter, RunContext};
use pllm_runtime::LocalClient;
use pllm_runtime::local::{LocalReply, LocalRequest, target};
use pllm_server::local::{EvaluationOrder, IngestOrder, News};
use pllm_server::{ProblemDocument, RetrievalMode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::future::Future;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How soon a Ctrl-C is noticed.
const LOOK: Duration = Duration::from_millis(50);
/// Sources that are asked for at once.
const PAGE: usize = 1000;

/// A service that holds the data directory.
pub(crate) struct Remote {
    client: LocalClient,
    /// Set by Ctrl-C.
    cancel: CancelFlag,
}

impl Remote {
    pub(crate) fn new(client: LocalClient, cancel: CancelFlag) -> Self {
        Self { client, cancel }
    }

    pub(crate) async fn search(&self, collection: &str, request: &AskRequest) -> Result<SearchResult> {
        let body = json!({
            "query": request.question, "filter": request.filter.as_ref().map(Filter::to_json),
            "top_k": request.top_k, "mode": RetrievalMode::from(request.mode),
        });
        self.until_cancelled(self.post(&["api", "collections", collection, "search"], &body)).await
    }

    pub(crate) async fn ask(
        &self,
        collection: &str,
        request: &AskRequest,
        llm: Option<&str>,
    ) -> Result<ServedAnswer> {
        let left = |deadline: Instant| deadline.saturating_duration_since(Instant::now()).as_secs_f64();
        let body = json!({
            "question": request.question, "filter": request.filter.as_ref().map(Filter::to_json),
            "mode": RetrievalMode::from(request.mode), "timeout": request.deadline.map(left), "llm": llm,
        });
        self.until_cancelled(self.post(&["api", "collections", collection, "ask"], &body)).await
    }

    pub(crate) async fn trace(&self, id: i64) -> Result<Trace> {
        self.get(target(&["api", "traces", &id.to_string()], &[])).await
    }

    pub(crate) async fn replay_trace(&self, id: i64) -> Result<Replay> {
        self.until_cancelled(self.post(&["api", "traces", &id.to_string(), "replay"], &Value::Null)).await
    }

    pub(crate) async fn traces(&self, collection: Option<&str>, limit: usize) -> Result<Vec<ListedTrace>> {
        let limit = limit.to_string();
        let mut query = vec![("limit", limit.as_str())];
        query.extend(collection.map(|name| ("collection", name)));
        self.get(target(&["api", "traces"], &query)).await
    }

    pub(crate) async fn delete_traces(&self, collection: Option<&str>) -> Result<DeletedTraces> {
        let query: Vec<_> = collection.map(|name| ("collection", name)).into_iter().collect();
        read(&self.send("DELETE", target(&["api", "traces"], &query), None).await?.bytes().await?)
    }

    pub(crate) async fn llms(&self) -> Result<Vec<Llm>> {
        self.get(target(&["api", "llms"], &[])).await
    }

    pub(crate) async fn check_llm(&self, name: &str) -> Result<Llm> {
        self.until_cancelled(self.post(&["api", "llms", "check"], &json!({"name": name}))).await
    }

    pub(crate) async fn create_collection(&self, new: &NewCollection) -> Result<Collection> {
        let languages: Vec<String> = new.languages.iter().map(ToString::to_string).collect();
        let body = json!({
            "name": new.name, "languages": languages, "store": new.store, "embedder": new.embedder,
            "local_only": new.local_only,
        });
        self.post(&["api", "collections"], &body).await
    }

    pub(crate) async fn collections(&self) -> Result<Vec<Collection>> {
        self.get(target(&["api", "collections"], &[])).await
    }

    pub(crate) async fn collection(&self, name: &str) -> Result<CollectionSummary> {
        self.get(target(&["api", "collections", name], &[])).await
    }

    pub(crate) async fn change_collection(
        &self,
        name: &str,
        change: &CollectionChange,
    ) -> Result<CollectionSummary> {
        let mut body = json!({});
        if let Some(local_only) = change.local_only {
            body["local_only"] = local_only.into();
        }
        if let Some(template) = &change.prompt_template {
            body["prompt_template"] = template.as_str().into();
        }
        let target = target(&["api", "collections", name], &[]);
        read(&self.send("PATCH", target, Some(serde_json::to_vec(&body)?)).await?.bytes().await?)
    }

    pub(crate) async fn delete_collection(&self, name: &str) -> Result<()> {
        let target = target(&["api", "collections", name], &[]);
        self.send("DELETE", target, None).await?.bytes().await.map(drop).map_err(Into::into)
    }

    pub(crate) async fn sources(
        &self,
        collection: &str,
        filter: Option<&Filter>,
        rows: bool,
    ) -> Result<Vec<Source>> {
        let (filter, limit) = (filter.map(|filter| filter.to_json().to_string()), PAGE.to_string());
        let mut all = Vec::new();
        loop {
            let offset = all.len().to_string();
            let mut query = vec![("limit", limit.as_str()), ("offset", offset.as_str())];
            query.extend(filter.as_deref().map(|filter| ("filter", filter)));
            query.extend(rows.then_some(("rows", "true")));
            let page: SourcePage =
                self.get(target(&["api", "collections", collection, "sources"], &query)).await?;
            let is_last = page.sources.len() < PAGE;
            all.extend(page.sources);
            if is_last {
                return Ok(all);
            }
        }
    }

    pub(crate) async fn source(
        &self,
        collection: &str,
        name: &str,
        (text, page): (bool, Option<u32>),
    ) -> Result<ShownSource> {
        let page = page.map(|page| page.to_string());
        let mut query: Vec<(&str, &str)> = text.then_some(("text", "true")).into_iter().collect();
        query.extend(page.as_deref().map(|page| ("page", page)));
        self.get(target(&["api", "collections", collection, "sources", name], &query)).await
    }

    pub(crate) async fn delete_sources(&self, collection: &str, names: &[String]) -> Result<DeletedSources> {
        self.post(&["api", "collections", collection, "deletions"], &json!({"sources": names})).await
    }

    pub(crate) async fn doctor(&self) -> Result<Findings> {
        self.get(target(&["api", "local", "doctor"], &[])).await
    }

    /// Ctrl-C stops the job, and what became of it until then is told.
    pub(crate) async fn ingest(
        &self,
        collection: &str,
        paths: &[PathBuf],
        options: IngestOptions,
        bar: &IngestBar,
    ) -> Result<IngestSummary> {
        let (collection, paths) = (collection.to_owned(), paths.to_vec());
        let order = IngestOrder { collection, paths, options: options.into() };
        let mut orders = self.order("ingest", &order).await?;
        let (mut job, mut is_stopped) = (None, false);
        loop {
            let next = tokio::select! {
                next = orders.next() => next?,
                () = cancelled(&self.cancel), if job.is_some() && !is_stopped => {
                    is_stopped = true;
                    self.cancel_job(job).await?;
                    continue;
                }
            };
            match next {
                News::Queued(id) => job = Some(id),
                News::Begun(files, bytes) => bar.begin(files, bytes),
                News::Advanced(bytes, documents) => bar.advance(bytes, documents),
                News::File(file) => bar.file(&file),
                News::Ingested(summary) => return Ok(*summary),
                other => return Err(unexpected(&other)),
            }
        }
    }

    async fn cancel_job(&self, job: Option<i64>) -> Result<()> {
        let id = job.map(|job| job.to_string()).unwrap_or_default();
        let target = target(&["api", "jobs", &id, "cancel"], &[]);
        let bytes = self.send("POST", target, Some(Vec::new())).await?.bytes().await?;
        read::<Job>(&bytes).map(drop)
    }

    pub(crate) async fn evaluate(
        &self,
        collection: &str,
        questions: &[Question],
        options: &EvaluateOptions,
        progress: QuestionProgress<'_>,
    ) -> Result<Evaluation> {
        let order = EvaluationOrder {
            collection: collection.to_owned(),
            questions: questions.to_vec(),
            mode: options.mode.into(),
            retrieval_only: options.retrieval_only,
        };
        self.until_cancelled(async {
            let mut orders = self.order("evaluate", &order).await?;
            loop {
                match orders.next().await? {
                    News::Asked(done, total) => progress(done, total),
                    News::Evaluated(evaluation) => return Ok(*evaluation),
                    other => return Err(unexpected(&other)),
                }
            }
        })
        .await
    }

    async fn get<T: DeserializeOwned>(&self, target: String) -> Result<T> {
        read(&self.send("GET", target, None).await?.bytes().await?)
    }

    async fn post<T: DeserializeOwned>(&self, path: &[&str], body: &Value) -> Result<T> {
        read(&self.send("POST", target(path, &[]), Some(serde_json::to_vec(body)?)).await?.bytes().await?)
    }

    async fn order(&self, what: &str, order: &impl Serialize) -> Result<Orders> {
        let body = serde_json::to_vec(order).map_err(|error| {
            Error::invalid("pllm.remote", "a path is not UTF-8, and a service is told paths as text")
                .hint("name the folder that it is in, or end the service")
                .caused_by(error)
        })?;
        let reply = self.send("POST", target(&["api", "local", what], &[]), Some(body)).await?;
        Ok(Orders { reply, waiting: Vec::new(), looked: 0 })
    }

    /// The reply to a request that went well; else what the service says of it.
    async fn send(&self, method: &'static str, target: String, body: Option<Vec<u8>>) -> Result<LocalReply> {
        let reply =
            self.client.send(LocalRequest { method, target, accept: "application/json", body }).await?;
        let status = reply.status();
        if (200..300).contains(&status) {
            return Ok(reply);
        }
        let body = reply.bytes().await?;
        Err(match serde_json::from_slice::<ProblemDocument>(&body) {
            Ok(problem) => Error::from(problem).into(),
            Err(_) => strange(format!("it answered with status {status}")).into(),
        })
    }

    /// What is dropped at a Ctrl-C, and so in the service. Everything else ends, as it does here.
    async fn until_cancelled<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            done = work => done,
            () = cancelled(&self.cancel) => {
                RunContext::new(self.cancel.clone()).check()?;
                Err(strange("nobody asked to stop".to_owned()).into())
            }
        }
    }
}

/// Ready at a Ctrl-C.
async fn cancelled(cancel: &CancelFlag) {
    while !cancel.is_cancelled() {
        tokio::time::sleep(LOOK).await;
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    Ok(serde_json::from_slice(bytes).map_err(|error| strange(error.to_string()))?)
}

fn strange(why: String) -> Error {
    Error::new(ErrorKind::Internal, "pllm.remote", "the service's answer is not understood").caused_by(why)
}

fn unexpected(news: &News) -> anyhow::Error {
    let name =
        serde_json::to_value(news).ok().and_then(|news| Some(news.as_object()?.keys().next()?.clone()));
    strange(format!("{:?} is told out of turn", name.unwrap_or_default())).into()
}

/// What a service tells of an order, as it comes.
struct Orders {
    reply: LocalReply,
    waiting: Vec<u8>,
    /// So much of it has no end of a line.
    looked: usize,
}

impl Orders {
    /// The next news; an error where the order could not be carried out. Nothing is lost when it is dropped while it waits.
    async fn next(&mut self) -> Result<News> {
        loop {
            if let Some(end) = self.waiting[self.looked..].iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.waiting.drain(..=self.looked + end).collect();
                self.looked = 0;
                return match read(&line)? {
                    News::Failed(problem) => Err(Error::from(*problem).into()),
                    news => Ok(news),
                };
            }
            self.looked = self.waiting.len();
            match self.reply.chunk().await? {
                Some(bytes) => self.waiting.extend_from_slice(&bytes),
                None => {
                    let message = "the service ended before the work did";
                    let error = Error::new(ErrorKind::Unavailable, "pllm.remote", message);
                    return Err(error.hint("what was finished is stored; run the command again").into());
                }
            }
        }
    }
}
