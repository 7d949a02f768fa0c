//! Makes the prompt: the question and the passages that fit into the generator's window, best first.

mod fit;
mod passages;

use super::bound;
use crate::parameter::{Parameter, ParameterDefault, ParameterType};
use crate::prompt::{PromptTemplate, messages};
use crate::registry::{Generators, Kind, Setup};
use async_trait::async_trait;
use fit::{Room, fit};
use pllm_core::meta::{self, MetaValue};
use pllm_core::{
    Component, Document, Error, ErrorKind, Generator, Message, Passage, Prompt, Result, RunContext, Segment,
    Socket, SocketType, Sockets, Value, Values,
};
use std::sync::Arc;

const SOCKETS: Sockets = Sockets {
    inputs: &[
        Socket::new("query", SocketType::Text),
        Socket::new("documents", SocketType::Documents),
        Socket::new("reading", SocketType::Reading),
        Socket::new("llm", SocketType::Text),
    ],
    outputs: &[Socket::new("prompt", SocketType::Prompt)],
};

/// Tokens that a chat template adds around messages, and what a count piece by piece is off.
const MARGIN: usize = 48;

pub(super) fn kind() -> Kind {
    let count = |name, range, default, doc| Parameter {
        name,
        kind: ParameterType::Count(range),
        default: ParameterDefault::Count(default),
        doc,
    };
    Kind {
        name: "pllm.PromptBuilder",
        doc: "makes the prompt out of the question and the passages that fit",
        sockets: SOCKETS,
        parameters: vec![
            bound("template", "whose template"),
            count(
                "passage_tokens",
                64..=1_000_000,
                3000,
                "most tokens of all passages, where the window has as many",
            ),
            count(
                "answer_tokens",
                16..=100_000,
                400,
                "most tokens of the answer; at most a quarter of the window",
            ),
            count("sentences_around", 0..=10, 1, "sentences before and after what the reader found"),
        ],
        build,
    }
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Component>> {
    Ok(Arc::new(PromptBuilder {
        template: setup.bindings.template.clone(),
        generators: Arc::clone(&setup.bindings.generators),
        passage_tokens: setup.parameters.count("passage_tokens")?,
        answer_tokens: setup.parameters.count("answer_tokens")?,
        sentences_around: setup.parameters.count("sentences_around")?,
    }))
}

#[derive(Debug)]
struct PromptBuilder {
    template: PromptTemplate,
    generators: Arc<dyn Generators>,
    passage_tokens: usize,
    answer_tokens: usize,
    sentences_around: usize,
}

#[async_trait]
impl Component for PromptBuilder {
    fn sockets(&self) -> Sockets {
        SOCKETS
    }

    async fn run(&self, inputs: Values, _: &RunContext) -> Result<Values> {
        let (question, documents) = (inputs.text("query")?, inputs.documents("documents")?);
        let generator = self.generators.get(&inputs.text("llm")?)?;
        let window = generator.info().context_tokens;
        let answer = self.answer_tokens.min(window / 4).max(1);
        let empty = messages(&self.template.render(&question, &[])?, &[]);
        let taken = count(&*generator, &empty).await? + answer + MARGIN;
        let free = window.checked_sub(taken).ok_or_else(|| too_long(window, taken))?;
        let (found, kept_out) =
            passages::candidates(&documents, &*inputs.reading("reading")?, self.sentences_around);
        let fitted = fit(&*generator, found, Room::new(free.min(self.passage_tokens))).await?;
        let labels: Vec<String> = fitted.passages.iter().map(|passage| label(&passage.document)).collect();
        let segments = self.template.render(&question, &labels)?;
        let prompt = self.prompt(&*generator, segments, (fitted, kept_out), answer).await?;
        Ok(Values::new().with("prompt", Value::Prompt(Arc::new(prompt))))
    }
}

impl PromptBuilder {
    async fn prompt(
        &self,
        generator: &dyn Generator,
        segments: Vec<Segment>,
        (fitted, kept_out): (fit::Fitted, Vec<Passage>),
        answer: usize,
    ) -> Result<Prompt> {
        let messages = messages(&segments, &fitted.passages);
        Ok(Prompt {
            tokens: count(generator, &messages).await?,
            max_tokens: u32::try_from(answer).unwrap_or(u32::MAX),
            messages,
            segments,
            passages: fitted.passages,
            kept_out,
            left_out: fitted.left_out,
        })
    }
}

async fn count(generator: &dyn Generator, messages: &[Message]) -> Result<usize> {
    let mut tokens = 0;
    for message in messages {
        tokens += generator.count_tokens(&message.content).await?;
    }
    Ok(tokens)
}

/// What a passage is called in the prompt: the file's title and the headings above it.
fn label(document: &Document) -> String {
    let title = document.meta.get(meta::TITLE).and_then(MetaValue::as_str).unwrap_or_default();
    let headings = match document.meta.get(meta::HEADINGS) {
        Some(MetaValue::List(headings)) => headings.as_slice(),
        _ => &[],
    };
    let parts = std::iter::once(title).chain(headings.iter().filter_map(MetaValue::as_str));
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" > ")
}

fn too_long(window: usize, taken: usize) -> Error {
    let message = format!(
        "question, template and answer need {taken} tokens or more, the language model's window has {window}"
    );
    Error::new(ErrorKind::TooLarge, "pipeline.prompt", message)
        .hint("ask a shorter question, or choose a model with a larger window")
}

/// A passage of a Document.
fn passage(document: &Arc<Document>, range: pllm_text::ByteRange) -> Passage {
    Passage { document: Arc::clone(document), range }
}
