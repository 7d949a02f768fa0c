//! What parent and child say to each other: a question and its reply, as JSON, one of each at a time. A [`Ask::Step`] is one
//! computation of the engine, so between any two of them the parent decides whether there is a next one.

use pllm_core::{Error, ErrorKind, FinishReason, GenerationRequest, Message, Result, Role};
use serde::{Deserialize, Serialize};

/// Tokens that are read in one step, at most.
pub const STEP_TOKENS: usize = 128;

/// What the child is to do.
#[derive(Debug, Serialize, Deserialize)]
pub enum Ask {
    /// Load the model; once, before anything else. Replied by [`Reply::Done`].
    Load(Load),
    /// Count the tokens of a text, as text: nothing in it is a control token. Replied by [`Reply::Counted`].
    Count(String),
    /// Begin an answer; one that was under way is forgotten. Replied by [`Reply::Begun`].
    Begin(Begin),
    /// Go on: read so many tokens of the prompt, or write one. Replied by [`Reply::Stepped`].
    Step,
}

/// How to load.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Load {
    /// Tokens of prompt and answer together.
    pub context_tokens: usize,
    /// Threads that compute.
    pub threads: usize,
}

/// What to answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct Begin {
    /// Role and content of each message.
    pub messages: Vec<(String, String)>,
    /// Most tokens to write.
    pub max_tokens: u32,
    /// 0 = the likeliest token each time.
    pub temperature: f32,
    /// Texts that end the writing.
    pub stop: Vec<String>,
    /// Where chance begins.
    pub seed: Option<u64>,
}

impl Begin {
    /// What a request says.
    #[must_use]
    pub fn new(request: GenerationRequest) -> Self {
        let message = |Message { role, content }: Message| (Role::name(role).to_owned(), content);
        Self {
            messages: request.messages.into_iter().map(message).collect(),
            max_tokens: request.max_tokens,
            temperature: request.temperature,
            stop: request.stop,
            seed: request.seed,
        }
    }
}

/// What the child says.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    /// It is done.
    Done,
    /// So many tokens.
    Counted(usize),
    /// The prompt is understood.
    Begun {
        /// Its tokens.
        prompt_tokens: u64,
        /// Of them, those that need not be read again.
        cached_tokens: u64,
    },
    /// A step was done.
    Stepped {
        /// What is certain of the text since the last step: whole characters, and no beginning of a stop text.
        text: String,
        /// Tokens written since the last step.
        tokens: u64,
        /// Why it is over, when it is.
        end: Option<End>,
    },
    /// It cannot.
    Failed {
        /// The name of the error's kind.
        kind: String,
        /// What the matter is.
        message: String,
        /// What helps.
        hint: Option<String>,
    },
}

/// Why an answer is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// The model was done, or wrote a stop text.
    Stop,
    /// As many tokens as it may, or the context is full.
    Length,
}

impl From<End> for FinishReason {
    fn from(end: End) -> Self {
        match end {
            End::Stop => Self::Stop,
            End::Length => Self::Length,
        }
    }
}

impl Reply {
    /// The reply that says an error.
    #[must_use]
    pub fn failed(error: &Error) -> Self {
        Self::Failed {
            kind: error.kind().name().to_owned(),
            message: error.message().to_owned(),
            hint: error.cure().map(str::to_owned),
        }
    }

    /// Reads a reply; none when it is no such thing.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// The reply, unless it says an error.
    pub(super) fn checked(self) -> Result<Self> {
        let Self::Failed { kind, message, hint } = self else { return Ok(self) };
        let kind = ErrorKind::named(&kind).unwrap_or(ErrorKind::Internal);
        let error = Error::new(kind, "models.local", message);
        Err(match hint {
            Some(hint) => error.hint(hint),
            None => error,
        })
    }
}

/// A child that keeps no rule.
pub(super) fn nonsense(what: &str) -> Error {
    Error::new(ErrorKind::Internal, "models.local", format!("the local model replied nonsense: {what}"))
}
