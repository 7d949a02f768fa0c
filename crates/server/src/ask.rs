//! Search and ask; an answer as one document, or as events while it is being found.

use crate::extract::{Json, Path};
use crate::limits::Permit;
use crate::problem::Problem;
use crate::request::RequestId;
use crate::state::{Service, Shared};
use crate::stream::{self, StreamEvent, event};
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response};
use pllm_app::answer::AnswerListener;
use pllm_app::ask::{AskRequest, Mode};
use pllm_app::views;
use pllm_core::{self as core, CancelFlag, EventSink, Filter};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use utoipa::ToSchema;

/// After this time nobody waits for an answer any more.
const DEADLINE: Duration = Duration::from_secs(60);
/// The same where a language model writes.
const WRITING_DEADLINE: Duration = Duration::from_secs(600);

/// How to retrieve.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RetrievalMode {
    /// By words and by meaning.
    #[default]
    Hybrid,
    /// By words alone.
    Keyword,
    /// By meaning alone.
    Dense,
}

impl From<RetrievalMode> for Mode {
    fn from(mode: RetrievalMode) -> Self {
        match mode {
            RetrievalMode::Hybrid => Self::Hybrid,
            RetrievalMode::Keyword => Self::Keyword,
            RetrievalMode::Dense => Self::Dense,
        }
    }
}

/// Which Documents.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum FilterBody {
    /// `year >= 2020 and topic = "tax"`.
    Text(String),
    /// Haystack's form: `{"field": "meta.year", "operator": ">=", "value": 2020}`.
    #[schema(value_type = Object)]
    Rules(Map<String, Value>),
}

impl From<Mode> for RetrievalMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Hybrid => Self::Hybrid,
            Mode::Keyword => Self::Keyword,
            Mode::Dense => Self::Dense,
        }
    }
}

impl FilterBody {
    fn parse(self) -> Result<Option<Filter>, Problem> {
        match self {
            Self::Text(text) if text.trim().is_empty() => Ok(None),
            Self::Text(text) => Ok(Some(Filter::parse(&text)?)),
            Self::Rules(rules) => Ok(Some(Filter::parse(&Value::Object(rules).to_string())?)),
        }
    }
}

/// What to look for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchBody {
    /// A question or words.
    #[schema(pattern = r"\S")]
    query: String,
    /// Only Documents that match.
    filter: Option<FilterBody>,
    /// Most Documents; without it as configured.
    #[schema(minimum = 1, maximum = 100)]
    top_k: Option<usize>,
    /// How to retrieve.
    #[serde(default)]
    mode: RetrievalMode,
}

/// What to answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskBody {
    /// The question.
    #[schema(pattern = r"\S")]
    question: String,
    /// Only from Documents that match.
    filter: Option<FilterBody>,
    /// How to retrieve.
    #[serde(default)]
    mode: RetrievalMode,
    /// Seconds after which the answer is of no use any more; at most, and without it, 60, or 600 where a language model writes.
    #[schema(minimum = 0)]
    timeout: Option<f64>,
    /// The language model that writes under the answer; without it the configured one, empty = none.
    llm: Option<String>,
}

/// The passages that fit a question best
#[utoipa::path(post, path = "/api/collections/{name}/search", tag = "ask",
    params(("name" = String, Path, description = "The collection")), request_body = SearchBody,
    responses((status = 200, body = views::SearchResult)))]
pub(crate) async fn search(
    State(service): State<Shared>,
    Path(name): Path<String>,
    Json(body): Json<SearchBody>,
) -> Result<axum::Json<views::SearchResult>, Problem> {
    if let Some(top_k) = body.top_k.filter(|top_k| !(1..=100).contains(top_k)) {
        return Err(Problem::of("invalid-input", format!("top_k {top_k} is not usable, expected 1 to 100")));
    }
    let mut asked = Asked::new(&body.query, body.filter, body.mode)?;
    asked.request.top_k = body.top_k;
    let _permit = service.limits.ask().await?;
    let (found, timings) = service.app.search(&name, &asked.request).await?;
    Ok(axum::Json(views::SearchResult::new(&body.query, &found, &timings)))
}

/// Answer a question from the documents
///
/// With `Accept: text/event-stream` the answer comes as events: `stage` for each component that ended, then `answer` with the
/// whole answer or `error` with a problem, then `done`. Where a language model writes, `answer` comes without its text, then
/// `sentence` for each sentence that was written and checked (a sentence of `generated`, with `cited`: the citations that it is the
/// first to use), then `answer` once more, whole.
#[utoipa::path(post, path = "/api/collections/{name}/ask", tag = "ask",
    params(("name" = String, Path, description = "The collection")), request_body = AskBody,
    responses((status = 200, content((views::ServedAnswer = "application/json"), (StreamEvent = "text/event-stream")))))]
pub(crate) async fn ask(
    State(service): State<Shared>,
    Path(name): Path<String>,
    Extension(RequestId(id)): Extension<RequestId>,
    headers: HeaderMap,
    Json(body): Json<AskBody>,
) -> Result<Response, Problem> {
    let mut asked = Asked::new(&body.question, body.filter, body.mode)?;
    let longest = asked.let_write(&service, body.llm.as_deref())?;
    let timeout = body.timeout.map_or(Ok(longest), duration)?;
    asked.request.deadline = Some(Instant::now() + timeout.min(longest));
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let permit = service.limits.ask().await?;
    if accept.contains("text/event-stream") {
        let permits = (permit, service.limits.stream()?);
        return streamed(service, name, asked, permits, id).await;
    }
    Ok(axum::Json(answer(&service, &name, &asked, None).await?).into_response())
}

fn duration(seconds: f64) -> Result<Duration, Problem> {
    let detail = || format!("timeout {seconds} is not a number of seconds");
    Duration::try_from_secs_f64(seconds).map_err(|_| Problem::of("invalid-input", detail()))
}

/// A question that is dropped when its asker leaves: what works on it stops at its next check.
pub(crate) struct Asked {
    request: AskRequest,
    llm: Option<String>,
}

impl Asked {
    pub(crate) fn new(
        question: &str,
        filter: Option<FilterBody>,
        mode: RetrievalMode,
    ) -> Result<Self, Problem> {
        let mut request = AskRequest::new(question);
        request.filter = filter.map(FilterBody::parse).transpose()?.flatten();
        request.mode = mode.into();
        request.deadline = Some(Instant::now() + DEADLINE);
        request.cancel = CancelFlag::default();
        Ok(Self { request, llm: None })
    }

    /// Lets the named language model write, or the configured one; gives how long that may take.
    pub(crate) fn let_write(&mut self, service: &Service, named: Option<&str>) -> Result<Duration, Problem> {
        self.llm = service.app.chosen_llm(named).map(str::to_owned);
        let Some(llm) = &self.llm else { return Ok(DEADLINE) };
        service.app.listed_llm(llm)?;
        self.request.deadline = Some(Instant::now() + WRITING_DEADLINE);
        Ok(WRITING_DEADLINE)
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.request.cancel.cancel();
    }
}

pub(crate) async fn answer(
    service: &Service,
    collection: &str,
    asked: &Asked,
    listener: Option<Arc<dyn AnswerListener>>,
) -> Result<views::ServedAnswer, core::Error> {
    // Before the question is looked into: what ends meanwhile may not be in the answer.
    let reading = service.app.reading(collection).await?.map(views::Reading::from);
    let answer = service.app.answer(collection, &asked.request, asked.llm.as_deref(), listener).await?;
    Ok(views::ServedAnswer { answer, reading })
}

/// What the stream is told.
pub(crate) enum Told {
    Stage {
        component: Arc<str>,
        elapsed: Duration,
    },
    /// The reader's answer, while a language model still writes.
    First(Box<views::Answer>),
    Sentence(Box<views::WrittenSentence>),
    Answer(Box<views::ServedAnswer>),
    Failed(Problem),
}

/// Passes on what happens.
struct Stages(UnboundedSender<Told>);

impl EventSink for Stages {
    fn emit(&self, event: core::Event) {
        if let core::Event::Finished { component, elapsed } = event {
            // A client that left hears nothing more.
            let _ = self.0.send(Told::Stage { component, elapsed });
        }
    }
}

impl AnswerListener for Stages {
    fn answered(&self, answer: &views::Answer) {
        let _ = self.0.send(Told::First(Box::new(answer.clone())));
    }

    fn wrote(&self, sentence: views::WrittenSentence) {
        let _ = self.0.send(Told::Sentence(Box::new(sentence)));
    }

    fn events(self: Arc<Self>) -> Arc<dyn EventSink> {
        self
    }
}

/// Ends the work when the stream is dropped.
pub(crate) struct Work {
    told: UnboundedReceiver<Told>,
    /// What was told first.
    first: Option<Told>,
    task: JoinHandle<()>,
    _permits: (Permit, Permit),
}

impl Work {
    /// Begins to answer. What fails before anything happened is a problem like any other.
    pub(crate) async fn begin(
        service: Shared,
        collection: String,
        asked: Asked,
        permits: (Permit, Permit),
    ) -> Result<Self, Problem> {
        let (sender, told) = unbounded_channel();
        let task = tokio::spawn(async move {
            let stages = Arc::new(Stages(sender.clone()));
            let outcome = answer(&service, &collection, &asked, Some(stages)).await;
            let last = match outcome {
                Ok(answer) => Told::Answer(Box::new(answer)),
                Err(error) => Told::Failed(error.into()),
            };
            // A client that left hears nothing more.
            let _ = sender.send(last);
        });
        let mut work = Self { told, first: None, task, _permits: permits };
        match work.told.recv().await {
            Some(Told::Failed(problem)) => return Err(problem),
            first => work.first = first,
        }
        Ok(work)
    }

    /// What happened next; an answer or a failure is the last.
    pub(crate) async fn next(&mut self) -> Told {
        let told = match self.first.take() {
            Some(first) => Some(first),
            None => self.told.recv().await,
        };
        let none = || Told::Failed(Problem::of("internal", "the work on the answer ended without one"));
        told.unwrap_or_else(none)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The answer as events.
async fn streamed(
    service: Shared,
    collection: String,
    asked: Asked,
    permits: (Permit, Permit),
    request_id: String,
) -> Result<Response, Problem> {
    let work = Work::begin(service, collection, asked, permits).await?;
    let state = Stream { work, request_id, ended: false, done: false };
    let events = futures::stream::unfold(state, |mut state| async move {
        let event = state.next().await?;
        Some((Ok::<_, Infallible>(event), state))
    });
    Ok(stream::response(events))
}

struct Stream {
    work: Work,
    request_id: String,
    /// The answer or an error was told.
    ended: bool,
    /// So was `done`.
    done: bool,
}

impl Stream {
    async fn next(&mut self) -> Option<Event> {
        if self.done {
            return None;
        }
        if self.ended {
            self.done = true;
            return Some(event("done", &json!({})));
        }
        Some(match self.work.next().await {
            Told::Stage { component, elapsed } => {
                let ms = (elapsed.as_secs_f64() * 1e6).round() / 1000.0;
                event("stage", &json!({"component": &*component, "ms": ms}))
            }
            Told::First(answer) => event("answer", &answer),
            Told::Sentence(sentence) => event("sentence", &sentence),
            Told::Answer(answer) => self.end("answer", &answer),
            Told::Failed(problem) => self.failed(&problem),
        })
    }

    fn failed(&mut self, problem: &Problem) -> Event {
        if let Some(cause) = &problem.cause {
            tracing::error!(error = %cause, request = self.request_id, "a stream failed");
        }
        let document = problem.document(&self.request_id);
        self.end("error", &document)
    }

    fn end(&mut self, name: &str, data: &impl Serialize) -> Event {
        self.ended = true;
        event(name, data)
    }
}
