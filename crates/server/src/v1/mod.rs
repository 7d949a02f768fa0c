//! OpenAI's language under `/v1`, as its stock clients speak it: the same use cases in other words. A collection is a model.
//!
//! The shapes are those of the OpenAI API reference (chat completions, models, embeddings). What is ours stands under the key
//! `pllm`, where clients keep what they do not know. `docs/openai-clients.md` shows both stock clients.

pub(crate) mod chat;
pub(crate) mod embeddings;
pub(crate) mod models;
mod named;
mod problem;
mod reply;
mod stream;
mod wire;

use crate::problem::Problem;

pub(crate) use problem::ErrorBody;

/// Whether an address speaks this language, errors too.
pub(crate) fn speaks(path: &str) -> bool {
    path == "/v1" || path.starts_with("/v1/")
}

/// An address below `/v1` that is none.
pub(crate) fn unknown(path: &str) -> Problem {
    Problem::of("not-found", format!("{path} is not here"))
        .hint("there are /v1/chat/completions, /v1/models and /v1/embeddings")
}
