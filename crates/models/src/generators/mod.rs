//! Language models that write: in a child on this computer, or behind HTTP.

pub mod local;
mod openai;
mod stopped;

pub use openai::{ApiKey, Dialect, OpenAiConfig, OpenAiGenerator};
