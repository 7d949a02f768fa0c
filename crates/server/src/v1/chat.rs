//! `/v1/chat/completions`: a question to a collection.

use super::named::Named;
use super::reply::{Reply, Sources};
use super::stream::{self, Chunks};
use super::wire::{ChatBody, ChatChoice, ChatChunk, ChatCompletion, ChatHead, ChatReply};
use crate::ask::{self, Asked, RetrievalMode, Work};
use crate::extract::Json;
use crate::problem::Problem;
use crate::request::RequestId;
use crate::state::{Service, Shared};
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use pllm_app::clock;
use pllm_app::views::ServedAnswer;

/// Answer a question in OpenAI's language
///
/// The last message of a user is answered from the documents of the collection that `model` names. With `stream` the answer comes
/// as events without a name: the text sentence by sentence, each when it was checked, then the annotations, then `[DONE]`.
#[utoipa::path(post, path = "/v1/chat/completions", tag = "openai", request_body = ChatBody,
    responses((status = 200, content((ChatCompletion = "application/json"), (ChatChunk = "text/event-stream")))))]
pub(crate) async fn complete(
    State(service): State<Shared>,
    Extension(RequestId(id)): Extension<RequestId>,
    headers: HeaderMap,
    Json(body): Json<ChatBody>,
) -> Result<Response, Problem> {
    let mut asked = Asked::new(&body.question()?, None, RetrievalMode::default())?;
    let Named { collection, llm } = Named::find(&service, &body.model).await?;
    asked.let_write(&service, llm.as_deref()).map_err(|problem| problem.about("model"))?;
    let sources = Sources { origin: origin(&service, &headers), collection };
    let head = ChatHead {
        id: format!("chatcmpl-{id}"),
        object: "chat.completion",
        created: clock::now() / 1_000_000,
        model: body.model,
    };
    let permit = service.limits.ask().await?;
    if body.stream == Some(true) {
        let permits = (permit, service.limits.stream()?);
        let work = Work::begin(service, sources.collection.clone(), asked, permits).await?;
        let include_usage = body.stream_options.and_then(|options| options.include_usage) == Some(true);
        return Ok(stream::response(Chunks::new(work, head, sources, include_usage)));
    }
    let answer = ask::answer(&service, &sources.collection, &asked, None).await?;
    Ok(axum::Json(completion(head, &sources, answer)).into_response())
}

/// This service as the client calls it; the guard has looked at the name.
fn origin(service: &Service, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.map_or_else(|| format!("http://localhost:{}", service.port), |host| format!("http://{host}"))
}

fn completion(head: ChatHead, sources: &Sources, answer: ServedAnswer) -> ChatCompletion {
    let reply = Reply::new(&answer.answer, sources);
    let message = ChatReply {
        role: "assistant",
        content: reply.content,
        refusal: None,
        annotations: reply.annotations,
    };
    let choice = ChatChoice { index: 0, message, logprobs: None, finish_reason: reply.finish };
    ChatCompletion { head, choices: [choice], usage: reply.usage, pllm: answer }
}
