//! An answer as the events of `chat.completion.chunk`.

use super::problem::ErrorBody;
use super::reply::{Reply, Sources, Text};
use super::wire::{ChatChunk, ChatDelta, ChatHead, ChatUsage, ChunkChoice};
use crate::ask::{Told, Work};
use crate::problem::Problem;
use axum::response::Response;
use axum::response::sse::Event;
use pllm_app::views::{ErrorDetail, ServedAnswer};
use pllm_core::{Error, ErrorKind};
use serde::Serialize;
use std::collections::VecDeque;
use std::convert::Infallible;

/// The events of one answer.
pub(super) struct Chunks {
    work: Work,
    head: ChatHead,
    sources: Sources,
    include_usage: bool,
    /// What was told so far.
    text: Text,
    ready: VecDeque<Event>,
    ended: bool,
}

/// The response that these events are.
pub(super) fn response(chunks: Chunks) -> Response {
    let events = futures::stream::unfold(chunks, |mut chunks| async move {
        let event = chunks.next().await?;
        Some((Ok::<_, Infallible>(event), chunks))
    });
    crate::stream::response(events)
}

impl Chunks {
    pub(super) fn new(work: Work, head: ChatHead, sources: Sources, include_usage: bool) -> Self {
        let head = ChatHead { object: "chat.completion.chunk", ..head };
        let (text, ready) = (Text::default(), VecDeque::new());
        let mut chunks = Self { work, head, sources, include_usage, text, ready, ended: false };
        chunks.tell(
            ChatDelta { role: Some("assistant"), content: Some(String::new()), ..ChatDelta::default() },
            None,
            None,
        );
        chunks
    }

    async fn next(&mut self) -> Option<Event> {
        while self.ready.is_empty() && !self.ended {
            match self.work.next().await {
                Told::Stage { .. } | Told::First(_) => {}
                Told::Sentence(sentence) => {
                    let before = self.text.as_str().len();
                    self.text.push(&sentence.sentence);
                    let added = self.text.as_str().get(before..).unwrap_or_default().to_owned();
                    self.tell_text(added);
                }
                Told::Answer(answer) => self.end(answer),
                Told::Failed(problem) => self.fail(&problem),
            }
        }
        self.ready.pop_front()
    }

    fn end(&mut self, answer: Box<ServedAnswer>) {
        let told_some = !self.text.as_str().is_empty();
        if let Some(fault) = answer.answer.llm_fault.as_ref().filter(|_| told_some) {
            // What the reader found would be another answer.
            return self.fail(&problem(fault));
        }
        let reply = Reply::new(&answer.answer, &self.sources);
        if !told_some {
            self.tell_text(reply.content);
        }
        let delta = ChatDelta { annotations: Some(reply.annotations), ..ChatDelta::default() };
        self.tell(delta, Some(reply.finish), Some(answer));
        if self.include_usage {
            self.put(Vec::new(), Some(reply.usage), None);
        }
        self.ready.push_back(Event::default().data("[DONE]"));
        self.ended = true;
    }

    fn fail(&mut self, problem: &Problem) {
        if let Some(cause) = &problem.cause {
            tracing::error!(error = %cause, request = self.head.id, "a stream failed");
        }
        self.ready.push_back(event(&ErrorBody::from(problem)));
        self.ended = true;
    }

    fn tell_text(&mut self, text: String) {
        if !text.is_empty() {
            self.tell(ChatDelta { content: Some(text), ..ChatDelta::default() }, None, None);
        }
    }

    fn tell(&mut self, delta: ChatDelta, finish_reason: Option<String>, answer: Option<Box<ServedAnswer>>) {
        let choice = ChunkChoice { index: 0, delta, logprobs: None, finish_reason };
        self.put(vec![choice], None, answer);
    }

    fn put(
        &mut self,
        choices: Vec<ChunkChoice>,
        usage: Option<ChatUsage>,
        answer: Option<Box<ServedAnswer>>,
    ) {
        let usage = self.include_usage.then_some(usage);
        self.ready.push_back(event(&ChatChunk { head: self.head.clone(), choices, usage, pllm: answer }));
    }
}

/// An event without a name.
fn event(data: &impl Serialize) -> Event {
    // Ours always serialise; were it otherwise, the event still comes.
    Event::default().json_data(data).unwrap_or_default()
}

/// Why a language model stopped in the middle.
fn problem(fault: &ErrorDetail) -> Problem {
    let kind = ErrorKind::named(&fault.kind).unwrap_or(ErrorKind::Internal);
    let error = Error::new(kind, "server.v1", fault.message.clone());
    match &fault.hint {
        Some(hint) => error.hint(hint.clone()).into(),
        None => error.into(),
    }
}
