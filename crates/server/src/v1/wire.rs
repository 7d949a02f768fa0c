//! The JSON of `/v1/chat/completions` (OpenAI API reference, "Chat Completions"): what is asked, and what is answered.

use crate::problem::Problem;
use pllm_app::views;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// What is asked. Fields that are not named here are taken and not used: sampling and length are the pipeline's.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ChatBody {
    /// A collection; `COLLECTION@LLM` lets that language model write, `COLLECTION@` none.
    pub(super) model: String,
    /// The last message of a user is the question. Earlier ones are not used yet, and a system's never.
    #[schema(min_items = 1)]
    messages: Vec<ChatMessage>,
    /// Whether the answer comes as events, sentence by sentence.
    pub(super) stream: Option<bool>,
    /// Of a stream.
    pub(super) stream_options: Option<StreamOptions>,
    /// One answer.
    #[schema(minimum = 1, maximum = 1)]
    n: Option<u64>,
    /// None can be called.
    #[schema(value_type = Option<Vec<Object>>, max_items = 0)]
    tools: Option<Vec<Value>>,
    /// Text.
    response_format: Option<ResponseFormat>,
    /// There are none.
    logprobs: Option<bool>,
}

/// One message.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ChatMessage {
    /// Who says it.
    role: ChatRole,
    /// What is said.
    content: Option<ChatContent>,
}

/// Who says a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ChatRole {
    /// Set the model up; not used.
    System,
    /// The same under a newer name.
    Developer,
    /// Asks.
    User,
    /// Answered.
    Assistant,
    /// A result; not used.
    Tool,
    /// The same under an older name.
    Function,
}

/// What is said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged, expecting = "expected a text or a list of parts")]
pub(crate) enum ChatContent {
    /// As one text.
    Text(String),
    /// In parts.
    Parts(Vec<ChatPart>),
}

/// A part of a message.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ChatPart {
    /// `text`; others are refused in a question.
    #[serde(rename = "type")]
    kind: String,
    /// The text.
    text: Option<String>,
}

/// What else a stream tells.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct StreamOptions {
    /// Whether the usage comes as the last event.
    pub(super) include_usage: Option<bool>,
}

/// The form of the answer.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ResponseFormat {
    /// `text`; others are refused.
    #[serde(rename = "type")]
    kind: String,
}

impl ChatBody {
    /// The question; a problem for what would change what an answer is, and cannot be done.
    pub(super) fn question(&self) -> Result<String, Problem> {
        let refused = |part, why: &str| Err(Problem::of("invalid-input", why).about(part));
        if self.n.is_some_and(|n| n != 1) {
            return refused("n", "n is not usable, expected 1: there is one answer");
        }
        if self.tools.as_ref().is_some_and(|tools| !tools.is_empty()) {
            return refused("tools", "tools are not called, expected none");
        }
        if self.response_format.as_ref().is_some_and(|format| format.kind != "text") {
            return refused("response_format", "an answer is quotes and text, expected the type \"text\"");
        }
        if self.logprobs == Some(true) {
            return refused("logprobs", "there are no logprobs, expected false");
        }
        let last = self.messages.iter().rev().find(|message| message.role == ChatRole::User);
        let Some(content) = last.and_then(|message| message.content.as_ref()) else {
            return refused("messages", "there is no message of a user, expected one with the question");
        };
        let question = content.text()?;
        if question.trim().is_empty() {
            return refused("messages", "the question is empty, expected a text");
        }
        Ok(question)
    }
}

impl ChatContent {
    fn text(&self) -> Result<String, Problem> {
        let parts = match self {
            Self::Text(text) => return Ok(text.clone()),
            Self::Parts(parts) => parts,
        };
        let text = |part: &ChatPart| match (part.kind.as_str(), &part.text) {
            ("text", Some(text)) => Ok(text.clone()),
            (kind, _) => {
                let detail = format!("a part of the question is {kind:?}, expected text");
                Err(Problem::of("invalid-input", detail).about("messages"))
            }
        };
        Ok(parts.iter().map(text).collect::<Result<Vec<_>, _>>()?.join("\n"))
    }
}

/// What names an answer; the same in every event of a stream.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ChatHead {
    /// With the id of the request, which the log has too.
    pub(super) id: String,
    /// `chat.completion`, or `chat.completion.chunk` for an event.
    pub(super) object: &'static str,
    /// Seconds since 1970.
    pub(super) created: i64,
    /// As it was asked.
    pub(super) model: String,
}

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChatCompletion {
    #[serde(flatten)]
    pub(super) head: ChatHead,
    /// One.
    pub(super) choices: [ChatChoice; 1],
    /// What the language model read and wrote; zeros where none wrote.
    pub(super) usage: ChatUsage,
    /// The answer as `/api` has it: confidence, citations, each sentence with its verdict.
    pub(super) pllm: views::ServedAnswer,
}

/// One answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChatChoice {
    /// 0.
    pub(super) index: u32,
    /// The answer.
    pub(super) message: ChatReply,
    /// Always null.
    #[schema(required, value_type = Option<Object>)]
    pub(super) logprobs: Option<Value>,
    /// `stop`, `length` or `content_filter`.
    pub(super) finish_reason: String,
}

/// The answer as a message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChatReply {
    /// `assistant`.
    pub(super) role: &'static str,
    /// What a language model wrote, if one did; else the sentence of the documents that answers. A sentence that the documents
    /// do not support is marked.
    pub(super) content: String,
    /// Always null.
    #[schema(required)]
    pub(super) refusal: Option<String>,
    /// What the text rests on, in its order.
    pub(super) annotations: Vec<ChatAnnotation>,
}

/// A citation.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct ChatAnnotation {
    /// `url_citation`.
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// As every client knows it.
    pub(super) url_citation: UrlCitation,
    /// What else is known.
    pub(super) pllm: CitedPlace,
}

/// A range of the text, and the page of this service that shows what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct UrlCitation {
    /// First code point of the text.
    pub(super) start_index: usize,
    /// One past the last.
    pub(super) end_index: usize,
    /// The file and the place.
    pub(super) title: String,
    /// The source, with the quote marked.
    pub(super) url: String,
}

/// The quote with its place in a file.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct CitedPlace {
    /// `quote` where the text is the quote itself, `further` for what else answers; of a sentence that was written, its verdict:
    /// `supported` or `unsupported`.
    pub(super) support: String,
    #[serde(flatten)]
    pub(super) citation: views::Citation,
}

/// What an answer cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ChatUsage {
    /// Tokens that were read.
    pub(super) prompt_tokens: u64,
    /// Tokens that were written.
    pub(super) completion_tokens: u64,
    /// Both.
    pub(super) total_tokens: u64,
}

/// One event of a stream. The last one of the answer has its annotations, and the answer as `/api` has it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChatChunk {
    #[serde(flatten)]
    pub(super) head: ChatHead,
    /// One; none beside the usage.
    pub(super) choices: Vec<ChunkChoice>,
    /// Where it was asked for: null until the last event.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ChatUsage>)]
    pub(super) usage: Option<Option<ChatUsage>>,
    /// The answer as `/api` has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pllm: Option<Box<views::ServedAnswer>>,
}

/// A piece of the answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChunkChoice {
    /// 0.
    pub(super) index: u32,
    /// What is new.
    pub(super) delta: ChatDelta,
    /// Always null.
    #[schema(required, value_type = Option<Object>)]
    pub(super) logprobs: Option<Value>,
    /// Why it ended; null until then.
    #[schema(required)]
    pub(super) finish_reason: Option<String>,
}

/// What is new.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct ChatDelta {
    /// `assistant`, in the first event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<&'static str>,
    /// More text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content: Option<String>,
    /// In the last event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) annotations: Option<Vec<ChatAnnotation>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn question(body: &Value) -> Result<String, &'static str> {
        let body: ChatBody = serde_json::from_value(body.clone()).map_err(|_| "json")?;
        body.question().map_err(|problem| problem.part.unwrap_or_default())
    }

    #[test]
    fn the_last_message_of_a_user_is_the_question() {
        let check = |messages: Value, expected: Result<&str, &str>| {
            let found = question(&json!({"model": "m", "messages": messages, "temperature": 0.3}));
            assert_eq!(found.as_deref(), expected.as_ref().map(|text| *text), "{messages}");
        };
        let (user, text) = (|content: Value| json!({"role": "user", "content": content}), json!("Why?"));
        check(json!([user(text.clone())]), Ok("Why?"));
        let system = json!({"role": "system", "content": "Be a pirate."});
        let answer = json!({"role": "assistant", "content": null, "tool_calls": []});
        check(json!([system, user(json!("When?")), answer, user(text), answer]), Ok("Why?"));
        check(
            json!([user(json!([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]))]),
            Ok("a\nb"),
        );
        check(json!([user(json!([{"type": "image_url", "image_url": {"url": "x"}}]))]), Err("messages"));
        check(json!([system]), Err("messages"));
        check(json!([user(json!("  "))]), Err("messages"));
        check(json!([user(json!(3))]), Err("json"));
        check(json!([{"role": "wizard", "content": "x"}]), Err("json"));
    }

    #[test]
    fn what_would_change_the_answer_is_refused() {
        let check = |name: &'static str, fine: Value, wrong: Value| {
            let with = |value: &Value| {
                let mut body = json!({"model": "m", "messages": [{"role": "user", "content": "Why?"}]});
                body[name] = value.clone();
                question(&body)
            };
            assert_eq!(with(&fine).as_deref(), Ok("Why?"), "{name}");
            assert_eq!(with(&Value::Null).as_deref(), Ok("Why?"), "{name}");
            assert_eq!(with(&wrong), Err(name));
        };
        check("n", json!(1), json!(2));
        check("tools", json!([]), json!([{"type": "function"}]));
        check("response_format", json!({"type": "text"}), json!({"type": "json_object"}));
        check("logprobs", json!(false), json!(true));
    }
}
