//! Contract: messages to written text, piece by piece.

use crate::{Error, Result, RunContext};
use async_trait::async_trait;
use std::fmt::Debug;

/// Who says a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Whoever set the model up. Goes before what the others say.
    System,
    /// Whoever asks.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// The name that chat templates and wires use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One message of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: String,
}

/// What a generator is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct GenerationRequest {
    /// The chat so far, oldest first; at least one message.
    pub messages: Vec<Message>,
    /// Most tokens to write, at least 1.
    pub max_tokens: u32,
    /// 0 = the likeliest token each time; up to 2.
    pub temperature: f32,
    /// Texts that end the writing; they are not part of it.
    pub stop: Vec<String>,
    /// Makes sampling repeatable where the engine can.
    pub seed: Option<u64>,
}

impl GenerationRequest {
    /// Refuses what no engine can do; every generator asks this first.
    ///
    /// # Errors
    /// `InvalidInput`.
    pub fn check(&self) -> Result<()> {
        let fault = |message: String| Err(Error::invalid("core.generate", message));
        if self.messages.is_empty() {
            return fault("there is no message, expected at least one".to_owned());
        }
        if self.max_tokens == 0 {
            return fault("max_tokens is 0, expected at least 1".to_owned());
        }
        if !(0.0..=2.0).contains(&self.temperature) {
            return fault(format!("temperature is {}, expected 0 to 2", self.temperature));
        }
        Ok(())
    }
}

/// What a call cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Tokens that were read.
    pub prompt_tokens: u64,
    /// Of them, tokens that the engine still knew from an earlier call.
    pub cached_tokens: u64,
    /// Tokens that were written.
    pub completion_tokens: u64,
}

/// Why the writing ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishReason {
    /// The model was done, or wrote a stop text.
    Stop,
    /// It wrote as many tokens as it may, or its context is full.
    Length,
    /// The provider's own filter ended it.
    ContentFilter,
}

impl FinishReason {
    /// OpenAI's word for it, which is everybody's.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ContentFilter => "content_filter",
        }
    }
}

/// A piece of what a generator tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GenerationEvent {
    /// More text; never empty.
    Text(String),
    /// What the call cost, where the engine says so; at most once.
    Usage(Usage),
    /// The end; exactly once, and nothing comes after it.
    Finish(FinishReason),
}

/// The events of one call, in order. To drop it is to cancel the call.
#[async_trait]
pub trait GenerationStream: Send {
    /// The next event; `None` after [`GenerationEvent::Finish`], and after an error.
    ///
    /// # Errors
    /// Those of [`Generator::generate`], when they happen in the middle.
    async fn next(&mut self) -> Result<Option<GenerationEvent>>;
}

/// What a generator is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratorInfo {
    /// The model's name, as its engine knows it.
    pub model: String,
    /// Tokens of prompt and answer together.
    pub context_tokens: usize,
    /// The host that text is sent to; none when it stays in this process and its children.
    pub host: Option<String>,
    /// Whether that host is another machine.
    pub remote: bool,
    /// A small model: what it writes is to be called a draft.
    pub draft: bool,
}

/// Writes.
#[async_trait]
pub trait Generator: Send + Sync + Debug {
    /// What it is.
    fn info(&self) -> GeneratorInfo;

    /// How many tokens of the model a text has: by its own tokenizer, or no fewer than it will have.
    ///
    /// # Errors
    /// Those of [`Generator::generate`].
    async fn count_tokens(&self, text: &str) -> Result<usize>;

    /// Begins to write. The answer in one piece is this stream collected: there is no second way.
    ///
    /// # Errors
    /// `InvalidInput` for a request that the engine refuses, `TooLarge` when the prompt is longer than the context, `Denied`
    /// for a wrong key, `NotFound` for an unknown model, `Overloaded`, `Unavailable` and `Timeout` as engine and network have
    /// it, `Cancelled` and `Timeout` from the context.
    async fn generate(
        &self,
        request: GenerationRequest,
        context: &RunContext,
    ) -> Result<Box<dyn GenerationStream>>;

    /// Whether it can be asked now, at little cost.
    ///
    /// # Errors
    /// Those of [`Generator::generate`].
    async fn check(&self) -> Result<()>;
}
