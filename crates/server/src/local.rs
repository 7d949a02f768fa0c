//! What is for the command line of the data's owner alone, who shows the token of the lock file: it names paths of this computer,
//! or takes long. No part of the described API, for nobody else can call it and both sides are of one version.

use crate::ask::RetrievalMode;
use crate::extract::Json;
use crate::guard::Owner;
use crate::limits::Permit;
use crate::problem::{Problem, ProblemDocument};
use crate::request::RequestId;
use crate::state::Shared;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use pllm_app::evaluate::set::Question;
use pllm_app::evaluate::{EvaluateOptions, Evaluation};
use pllm_app::ingest::{FileOutcome, IngestProgress};
use pllm_app::views::{Findings, IngestSummary, IngestedFile, UploadOptions};
use pllm_core::{CancelFlag, Error, ErrorKind};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How often an ingest tells of its parts.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// What `pllm ingest` asks for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IngestOrder {
    /// The collection, made if it is not there.
    pub collection: String,
    /// Files and folders of this computer, absolute.
    pub paths: Vec<PathBuf>,
    /// How to read them.
    pub options: UploadOptions,
}

/// What `pllm eval` asks for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluationOrder {
    /// The collection.
    pub collection: String,
    /// The questions.
    pub questions: Vec<Question>,
    /// How to retrieve.
    pub mode: RetrievalMode,
    /// Whether only retrieval is measured.
    pub retrieval_only: bool,
}

/// What is told while an order is carried out. `Ingested`, `Evaluated` and `Failed` come last.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// The ingest is this job.
    Queued(i64),
    /// Its turn has come: files and their bytes.
    Begun(u64, u64),
    /// A part is done: bytes, and Documents stored.
    Advanced(u64, u64),
    /// A file is finished.
    File(Box<IngestedFile>),
    /// The ingest is over.
    Ingested(Box<IngestSummary>),
    /// Questions that are done, of how many.
    Asked(u64, u64),
    /// The evaluation is over.
    Evaluated(Box<Evaluation>),
    /// It could not be carried out.
    Failed(Box<ProblemDocument>),
}

/// The routes, below `/api/local`. A list of files, or of questions, may have any length.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/ingest", post(ingest))
        .route("/evaluate", post(evaluate))
        .route("/doctor", get(doctor))
        .layer(DefaultBodyLimit::disable())
}

async fn doctor(_: Owner, State(service): State<Shared>) -> Result<axum::Json<Findings>, Problem> {
    Ok(axum::Json(Findings::new(service.app.doctor().await?)))
}

async fn ingest(
    _: Owner,
    State(service): State<Shared>,
    Extension(RequestId(id)): Extension<RequestId>,
    Json(order): Json<IngestOrder>,
) -> Result<Response, Problem> {
    if let Some(path) = order.paths.iter().find(|path| !path.is_absolute()) {
        let detail = format!("the path {} is relative, expected an absolute one", path.display());
        return Err(Problem::of("invalid-input", detail));
    }
    let permit = service.limits.stream()?;
    let (news, told) = unbounded_channel();
    tokio::spawn(carry_out_ingest(service, order, Teller::new(news, id)));
    Ok(response(told, vec![permit]))
}

/// An ingest goes on without its caller only as far as to its next check.
async fn carry_out_ingest(service: Shared, order: IngestOrder, teller: Teller) {
    let (teller, cancel) = (Arc::new(teller), CancelFlag::default());
    let IngestOrder { collection, paths, options } = order;
    let began = Instant::now();
    let mut work =
        pin!(service.app.ingest(&collection, &paths, options.into(), teller.clone(), cancel.clone()));
    let ended = tokio::select! {
        ended = &mut work => Some(ended),
        () = stopped(&service, &teller) => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            cancel.cancel();
            if let Some(job) = teller.job.get()
                && let Err(error) = service.app.cancel_job(*job).await
            {
                tracing::warn!(%error, job, "an ingest whose caller left is not stopped");
            }
            work.await.and_then(|_| Err(ending()))
        }
    };
    let seconds = began.elapsed().as_secs_f64();
    teller.end(
        ended.map(|summary| News::Ingested(Box::new(IngestSummary::new(&summary, &collection, seconds)))),
    );
}

async fn evaluate(
    _: Owner,
    State(service): State<Shared>,
    Extension(RequestId(id)): Extension<RequestId>,
    Json(order): Json<EvaluationOrder>,
) -> Result<Response, Problem> {
    let permits = vec![service.limits.ask().await?, service.limits.stream()?];
    let (news, told) = unbounded_channel();
    tokio::spawn(carry_out_evaluation(service, order, Teller::new(news, id)));
    Ok(response(told, permits))
}

async fn carry_out_evaluation(service: Shared, order: EvaluationOrder, teller: Teller) {
    let EvaluationOrder { collection, questions, mode, retrieval_only } = order;
    let cancel = CancelFlag::default();
    let options = EvaluateOptions { mode: mode.into(), retrieval_only, given: false, cancel: cancel.clone() };
    let progress = |done, total| teller.tell(News::Asked(done, total));
    let mut work = pin!(service.app.evaluate_own(&collection, &questions, &options, &progress));
    let ended = tokio::select! {
        ended = &mut work => ended,
        () = stopped(&service, &teller) => {
            cancel.cancel();
            work.await.and_then(|_| Err(ending()))
        }
    };
    teller.end(ended.map(|evaluation| News::Evaluated(Box::new(evaluation))));
}

/// Ready when the caller has left, or the service is told to end.
async fn stopped(service: &Shared, teller: &Teller) {
    let mut stopping = service.stopping.subscribe();
    tokio::select! {
        () = teller.news.closed() => {}
        // The sender lives as long as the service.
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
}

fn ending() -> Error {
    Error::new(ErrorKind::Unavailable, "server.local", "the service ended before the work did")
        .hint("what was finished is stored; run the command again")
}

/// A line of JSON for each piece of news, as it comes.
fn response(told: UnboundedReceiver<News>, permits: Vec<Permit>) -> Response {
    let lines = futures::stream::unfold((told, permits), |(mut told, permits)| async move {
        let mut line = serde_json::to_vec(&told.recv().await?).unwrap_or_default();
        line.push(b'\n');
        Some((Ok::<_, Infallible>(line), (told, permits)))
    });
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response()
}

/// Tells a caller how it goes.
struct Teller {
    news: UnboundedSender<News>,
    request_id: String,
    job: OnceLock<i64>,
    /// Bytes and Documents that were not told yet, and when some were.
    parts: Mutex<(u64, u64, Instant)>,
}

impl Teller {
    fn new(news: UnboundedSender<News>, request_id: String) -> Self {
        Self { news, request_id, job: OnceLock::new(), parts: Mutex::new((0, 0, Instant::now())) }
    }

    fn tell(&self, news: News) {
        // A caller that left hears nothing more.
        let _ = self.news.send(news);
    }

    fn end(&self, ended: Result<News, Error>) {
        let news = ended.unwrap_or_else(|error| {
            let mut problem = Problem::from(error);
            problem.tell_all();
            News::Failed(Box::new(problem.document(&self.request_id)))
        });
        self.tell(news);
    }

    fn flush(&self, before: Duration) {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let (bytes, documents, told) = *parts;
        if told.elapsed() >= before {
            *parts = (0, 0, Instant::now());
            self.tell(News::Advanced(bytes, documents));
        }
    }
}

impl IngestProgress for Teller {
    fn queued(&self, job: i64) {
        // An ingest is one job.
        let _ = self.job.set(job);
        self.tell(News::Queued(job));
    }

    fn begin(&self, files: u64, bytes: u64) {
        self.tell(News::Begun(files, bytes));
    }

    fn advance(&self, bytes: u64, documents: u64) {
        {
            let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
            (parts.0, parts.1) = (parts.0 + bytes, parts.1 + documents);
        }
        self.flush(TELL_EVERY);
    }

    fn file(&self, outcome: &FileOutcome) {
        self.flush(Duration::ZERO);
        self.tell(News::File(Box::new(IngestedFile::new(outcome))));
    }
}
