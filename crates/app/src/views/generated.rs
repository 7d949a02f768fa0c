//! What a language model wrote, as JSON.

use super::{Citation, round};
use crate::ask::{NamedCitation, Writing};
use pllm_core::{self as core, GeneratedSentence};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a language model wrote, sentence by sentence, with what each one rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Generated {
    /// The name that it was asked by.
    pub llm: String,
    /// The model's own name.
    pub model: String,
    /// The host that got the question and the passages; null when they stayed on this computer.
    pub host: Option<String>,
    /// A small model wrote it: a draft.
    pub draft: bool,
    /// All sentences.
    pub text: String,
    /// The sentences, in order.
    pub sentences: Vec<Sentence>,
    /// What they rest on, numbered from 1.
    pub citations: Vec<Citation>,
    /// Sentences that the documents do not support.
    pub unsupported: usize,
    /// Sentences that nobody is shown: they followed an order in a document.
    pub withheld: usize,
    /// Why the writing ended: `stop`, `length` or `content_filter`.
    pub finish: String,
    /// Tokens of the prompt.
    pub prompt_tokens: u64,
    /// Tokens that were written.
    pub completion_tokens: u64,
    /// Milliseconds to the first word.
    pub first_text_ms: Option<f64>,
}

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sentence {
    /// As it was written, with the white space before it.
    pub text: String,
    /// `supported`, `unsupported`, or `no_claim` for what says nothing about the documents.
    pub support: String,
    /// What of it the documents do not say.
    pub missing: Vec<Missing>,
    /// Numbers of citations.
    pub citations: Vec<usize>,
}

/// A sentence while others are still being written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WrittenSentence {
    /// The sentence.
    #[serde(flatten)]
    pub sentence: Sentence,
    /// The citations that it is the first to use, with their numbers.
    pub cited: Vec<Citation>,
}

/// Something that the documents do not say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Missing {
    /// What it is: `number`, `unit`, `date`, `name`, `role`, `negation`, or `evidence` for the sentence as a whole.
    pub kind: String,
    /// The words; empty for the sentence as a whole.
    pub text: String,
}

impl Sentence {
    /// A sentence as JSON, without its citations.
    #[must_use]
    pub fn new(sentence: &GeneratedSentence) -> Self {
        let (support, missing) = match &sentence.support {
            core::Support::Supported => ("supported", &[][..]),
            core::Support::NoClaim => ("no_claim", &[][..]),
            core::Support::Unsupported(missing) => ("unsupported", missing.as_slice()),
        };
        let missing =
            missing.iter().map(|what| Missing { kind: what.kind.to_owned(), text: what.text.clone() });
        Self {
            text: sentence.text.clone(),
            support: support.to_owned(),
            missing: missing.collect(),
            citations: Vec::new(),
        }
    }

    /// What stands after it wherever it is shown, if the documents do not say it: ` [not in your documents: 5 %]`.
    #[must_use]
    pub fn mark(&self) -> Option<String> {
        if self.support != "unsupported" {
            return None;
        }
        let missing = self.missing.iter().map(|what| what.text.as_str()).filter(|text| !text.is_empty());
        let missing: Vec<&str> = missing.collect();
        Some(match missing.as_slice() {
            [] => " [not in your documents]".to_owned(),
            missing => format!(" [not in your documents: {}]", missing.join(", ")),
        })
    }
}

impl Generated {
    /// What was written as JSON.
    #[must_use]
    pub fn new(writing: &Writing) -> Self {
        let generated = &writing.generated;
        let number = |citation: &core::Citation| {
            let is_it = |named: &NamedCitation| named.citation == *citation;
            writing.citations.iter().position(is_it).map(|at| at + 1)
        };
        let sentence = |sentence: &GeneratedSentence| Sentence {
            citations: sentence.citations.iter().filter_map(number).collect(),
            ..Sentence::new(sentence)
        };
        Self {
            llm: writing.llm.clone(),
            model: generated.model.clone(),
            host: writing.host.clone(),
            draft: generated.draft,
            text: generated.text(),
            sentences: generated.sentences.iter().map(sentence).collect(),
            citations: writing
                .citations
                .iter()
                .enumerate()
                .map(|(n, named)| Citation::new(n + 1, named))
                .collect(),
            unsupported: generated.unsupported(),
            withheld: generated.withheld,
            finish: generated.finish.name().to_owned(),
            prompt_tokens: generated.usage.prompt_tokens,
            completion_tokens: generated.usage.completion_tokens,
            first_text_ms: generated.first_text.map(|time| round(time.as_secs_f64() * 1000.0)),
        }
    }
}

/// A language model that can be asked, or could be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Llm {
    /// What it is asked by.
    pub name: String,
    /// The model's own name.
    pub model: Option<String>,
    /// The host that gets questions and passages; null when they stay on this computer.
    pub host: Option<String>,
    /// Whether that host is another computer.
    pub remote: bool,
    /// A small model: what it writes is a draft.
    pub draft: bool,
    /// Tokens of prompt and answer together.
    pub context_tokens: Option<usize>,
    /// Why it cannot be asked.
    pub fault: Option<String>,
    /// Whether it writes where a question names none.
    pub default: bool,
}

impl Llm {
    /// A language model as JSON; `default` is the name of the one that writes where none is named.
    #[must_use]
    pub fn new(listed: &crate::llms::ListedLlm, default: &str) -> Self {
        let info = listed.info.as_ref();
        Self {
            name: listed.name.clone(),
            model: info.map(|info| info.model.clone()),
            host: info.and_then(|info| info.host.clone()),
            remote: info.is_some_and(|info| info.remote),
            draft: info.is_some_and(|info| info.draft),
            context_tokens: info.map(|info| info.context_tokens),
            fault: listed.fault.clone(),
            default: listed.name == default,
        }
    }
}
