//! The events of one answer as its caller sees them.

use crate::generators::stopped::until_stopped;
use async_trait::async_trait;
use pllm_core::{GenerationEvent, GenerationStream, Result, RunContext};
use tokio::sync::mpsc::UnboundedReceiver;

/// What the engine sends of one answer. To drop it stops the engine before its next step.
#[derive(Debug)]
pub(super) struct LocalStream {
    events: Option<UnboundedReceiver<Result<GenerationEvent>>>,
    context: RunContext,
}

impl LocalStream {
    pub(super) fn new(events: UnboundedReceiver<Result<GenerationEvent>>, context: RunContext) -> Self {
        Self { events: Some(events), context }
    }
}

#[async_trait]
impl GenerationStream for LocalStream {
    async fn next(&mut self) -> Result<Option<GenerationEvent>> {
        let Some(events) = &mut self.events else { return Ok(None) };
        let next = until_stopped(&self.context, async { Ok(events.recv().await) }).await;
        let outcome = next.and_then(Option::transpose);
        if !matches!(outcome, Ok(Some(GenerationEvent::Text(_) | GenerationEvent::Usage(_)))) {
            self.events = None;
        }
        outcome
    }
}
