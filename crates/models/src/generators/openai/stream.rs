//! The events of a call, out of the body of its answer.

use super::wire::{self, Chunk};
use crate::generators::stopped::until_stopped;
use async_trait::async_trait;
use pllm_core::{
    Error, ErrorKind, FinishReason, GenerationEvent, GenerationStream, Result, RunContext, Usage,
};
use pllm_runtime::{HttpBody, SseDecoder, SseEvent};
use std::collections::VecDeque;

/// Reads the body as it comes. Dropped, it closes the connection, and the server stops.
pub(super) struct OpenAiStream {
    /// None once the end was told.
    body: Option<HttpBody>,
    decoder: SseDecoder,
    context: RunContext,
    ready: VecDeque<GenerationEvent>,
    /// Why it broke off; told after what came before.
    fault: Option<Error>,
    usage: Option<Usage>,
    finish: Option<FinishReason>,
}

impl OpenAiStream {
    pub(super) fn new(body: HttpBody, context: RunContext) -> Self {
        Self {
            body: Some(body),
            decoder: SseDecoder::default(),
            context,
            ready: VecDeque::new(),
            fault: None,
            usage: None,
            finish: None,
        }
    }

    /// Takes the next piece of the body into events.
    async fn read(&mut self) -> Result<()> {
        let Some(body) = &mut self.body else { return Ok(()) };
        let Some(piece) = until_stopped(&self.context, body.chunk()).await? else {
            return self.end();
        };
        for event in self.decoder.push(&piece)? {
            if self.body.is_none() {
                break;
            }
            self.take(&event)?;
        }
        Ok(())
    }

    fn take(&mut self, event: &SseEvent) -> Result<()> {
        if event.data.trim() == "[DONE]" {
            // Some servers never give a reason; that they are done is one.
            self.finish.get_or_insert(FinishReason::Stop);
            return self.end();
        }
        let mut chunk: Chunk = serde_json::from_str(&event.data).map_err(|error| {
            broken("the server sent an event that is not a piece of an answer").caused_by(error)
        })?;
        if let Some(reason) = chunk.error() {
            return Err(broken(format!("the server gave up in the middle: {reason}")));
        }
        self.ready.extend(chunk.text().map(GenerationEvent::Text));
        self.usage = chunk.usage().or(self.usage);
        self.finish = chunk.finish().or(self.finish);
        Ok(())
    }

    /// Usage and end, in this order whatever order the server has.
    fn end(&mut self) -> Result<()> {
        self.body = None;
        let Some(finish) = self.finish else {
            return Err(broken("the connection ended in the middle of the answer"));
        };
        self.ready.extend(self.usage.map(GenerationEvent::Usage));
        self.ready.push_back(GenerationEvent::Finish(finish));
        Ok(())
    }
}

#[async_trait]
impl GenerationStream for OpenAiStream {
    async fn next(&mut self) -> Result<Option<GenerationEvent>> {
        while self.ready.is_empty() && self.body.is_some() {
            if let Err(error) = self.read().await {
                self.body = None;
                self.fault = Some(error);
            }
        }
        match self.ready.pop_front() {
            Some(event) => Ok(Some(event)),
            None => self.fault.take().map_or(Ok(None), Err),
        }
    }
}

fn broken(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Unavailable, "models.openai", message).hint("ask again, or choose another model")
}

/// The reason of a refusal, for the HTTP client.
pub(super) fn explain(body: &[u8]) -> Option<String> {
    wire::refusal(body)
}
