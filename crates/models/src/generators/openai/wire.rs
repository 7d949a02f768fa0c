//! The JSON of `POST /chat/completions` and its events (OpenAI API reference), read as loosely as servers write it.

use super::dialect::Facts;
use pllm_core::{FinishReason, GenerationRequest, Usage};
use serde::Deserialize;
use serde_json::{Value, json};

/// What is sent.
pub(super) fn request(model: &str, facts: &Facts, request: &GenerationRequest) -> Value {
    let message =
        |message: &pllm_core::Message| json!({"role": message.role.name(), "content": message.content});
    let mut body = json!({
        "model": model,
        "messages": request.messages.iter().map(message).collect::<Vec<_>>(),
        "stream": true,
        "temperature": request.temperature,
    });
    body[facts.max_tokens] = request.max_tokens.into();
    if !request.stop.is_empty() {
        body["stop"] = json!(request.stop);
    }
    if let Some(seed) = request.seed {
        body["seed"] = seed.into();
    }
    if facts.usage {
        body["stream_options"] = json!({"include_usage": true});
    }
    if facts.cache_prompt {
        body["cache_prompt"] = true.into();
    }
    body
}

/// One event of the stream.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<WireUsage>,
    error: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Delta,
    finish_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Delta {
    content: Option<String>,
}

#[derive(Debug, Deserialize)]
struct WireUsage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
    prompt_tokens_details: Option<Details>,
}

#[derive(Debug, Deserialize)]
struct Details {
    cached_tokens: Option<u64>,
}

impl Chunk {
    /// The text of the first choice; we ask for one.
    pub(super) fn text(&mut self) -> Option<String> {
        self.choices.first_mut()?.delta.content.take().filter(|text| !text.is_empty())
    }

    /// Why it ended, if it did. Some servers write an empty reason until then.
    pub(super) fn finish(&self) -> Option<FinishReason> {
        match self.choices.first()?.finish_reason.as_deref()? {
            "" => None,
            "length" => Some(FinishReason::Length),
            "content_filter" => Some(FinishReason::ContentFilter),
            _ => Some(FinishReason::Stop),
        }
    }

    pub(super) fn usage(&self) -> Option<Usage> {
        let usage = self.usage.as_ref()?;
        let cached = usage.prompt_tokens_details.as_ref().and_then(|details| details.cached_tokens);
        Some(Usage {
            prompt_tokens: usage.prompt_tokens,
            cached_tokens: cached.unwrap_or(0),
            completion_tokens: usage.completion_tokens,
        })
    }

    /// What the server says went wrong in the middle.
    pub(super) fn error(&self) -> Option<String> {
        self.error.as_ref().map(|error| message(error).unwrap_or_else(|| "no reason given".to_owned()))
    }
}

/// The reason in the body of a refusal: OpenAI's `{"error": {"message"}}`, Ollama's `{"error": "…"}`, others' `detail`, `message`.
pub(super) fn refusal(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let reason = body.get("error").and_then(message).or_else(|| message(&body))?;
    // llama.cpp's server has the code under `type`.
    let code = ["code", "type"].iter().find_map(|key| body["error"].get(key)?.as_str());
    Some(code.map_or_else(|| reason.clone(), |code| format!("{reason} ({code})")))
}

/// Codes of refusals that say that the prompt is too long: OpenAI's, and llama.cpp's server's.
pub(super) const TOO_LONG: [&str; 2] = ["(context_length_exceeded)", "(exceed_context_size_error)"];

fn message(error: &Value) -> Option<String> {
    let text =
        error.as_str().or_else(|| ["message", "detail"].iter().find_map(|key| error.get(key)?.as_str()))?;
    Some(text.to_owned())
}
