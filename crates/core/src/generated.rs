//! What a generator wrote, sentence by sentence, with what each one rests on.

use crate::{Citation, FinishReason, Usage};
use std::time::Duration;

/// Something a sentence says that its sources do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported {
    /// What kind of thing, in words for people: `number`, `date`, `name`.
    pub kind: &'static str,
    /// The words, as they were written; empty when it is the sentence as a whole.
    pub text: String,
}

/// Whether the sources say what a sentence says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Support {
    /// They do, where its citations stand.
    Supported,
    /// They do not, or not all of it.
    Unsupported(Vec<Unsupported>),
    /// It claims nothing about the documents.
    NoClaim,
}

/// One sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratedSentence {
    /// As it was written, with the white space after it; numbers in brackets that the model wrote are taken out.
    pub text: String,
    /// Whether the sources say so.
    pub support: Support,
    /// What it rests on, best first.
    pub citations: Vec<Citation>,
}

/// A generated answer. What was withheld is counted and not kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Generated {
    /// The model's name.
    pub model: String,
    /// A small model wrote it: it is to be called a draft.
    pub draft: bool,
    /// Its sentences, in order.
    pub sentences: Vec<GeneratedSentence>,
    /// Sentences that rested on orders to the model, or carried what was planted.
    pub withheld: usize,
    /// Why the writing ended.
    pub finish: FinishReason,
    /// What it cost.
    pub usage: Usage,
    /// From the request to the first text.
    pub first_text: Option<Duration>,
}

impl Generated {
    /// The text that may be shown.
    #[must_use]
    pub fn text(&self) -> String {
        self.sentences.iter().map(|sentence| sentence.text.as_str()).collect::<String>().trim().to_owned()
    }

    /// Sentences that the sources do not support.
    #[must_use]
    pub fn unsupported(&self) -> usize {
        let unsupported = |s: &&GeneratedSentence| matches!(s.support, Support::Unsupported(_));
        self.sentences.iter().filter(unsupported).count()
    }
}
