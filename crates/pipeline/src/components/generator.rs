//! Lets the language model write, and checks every sentence before anybody sees it.

mod writing;

use super::bound;
use super::texts::Texts;
use crate::parameter::{Parameter, ParameterDefault, ParameterType};
use crate::registry::{Generators, Kind, Setup};
use async_trait::async_trait;
use pllm_core::{
    Component, Error, ErrorKind, Event, FinishReason, Generated, GeneratedSentence, GenerationEvent,
    GenerationRequest, GeneratorInfo, Prompt, Result, RunContext, Socket, SocketType, Sockets, TextSource,
    Usage, Value, Values,
};
use std::sync::Arc;
use std::time::{Duration, Instant};
use writing::{Writing, Written};

const SOCKETS: Sockets = Sockets {
    inputs: &[
        Socket::new("query", SocketType::Text),
        Socket::new("prompt", SocketType::Prompt),
        Socket::new("llm", SocketType::Text),
    ],
    outputs: &[Socket::new("generated", SocketType::Generated)],
};

pub(super) fn kind() -> Kind {
    let temperature = Parameter {
        name: "temperature",
        kind: ParameterType::Number(0.0..=2.0),
        default: ParameterDefault::Number(0.0),
        doc: "0 = the likeliest words, which invent least",
    };
    Kind {
        name: "pllm.Generator",
        doc: "lets the language model write an answer, and checks its sentences against the passages",
        sockets: SOCKETS,
        parameters: vec![bound("generator", "whose language models"), temperature],
        build,
    }
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Component>> {
    Ok(Arc::new(Generator {
        name: setup.name.into(),
        generators: Arc::clone(&setup.bindings.generators),
        texts: Arc::clone(&setup.bindings.texts),
        temperature: setup.parameters.number("temperature")?,
    }))
}

#[derive(Debug)]
struct Generator {
    name: Arc<str>,
    generators: Arc<dyn Generators>,
    texts: Arc<dyn TextSource>,
    temperature: f64,
}

#[async_trait]
impl Component for Generator {
    fn sockets(&self) -> Sockets {
        SOCKETS
    }

    async fn run(&self, inputs: Values, context: &RunContext) -> Result<Values> {
        let (question, prompt) = (inputs.text("query")?, inputs.prompt("prompt")?);
        let generator = self.generators.get(&inputs.text("llm")?)?;
        let mut answer = Checked {
            component: self,
            prompt: &prompt,
            texts: Texts::new(&*self.texts),
            context,
            sentences: Vec::new(),
            withheld: 0,
        };
        let mut writing = Writing::new(&question, &prompt);
        let began = Instant::now();
        let mut call = Call::default();
        let mut stream = generator.generate(self.request(&prompt), context).await?;
        while let Some(event) = stream.next().await? {
            match event {
                GenerationEvent::Text(piece) => {
                    call.first_text.get_or_insert_with(|| began.elapsed());
                    answer.take(writing.push(&piece)).await?;
                }
                GenerationEvent::Usage(usage) => call.usage = usage,
                GenerationEvent::Finish(finish) => call.finish = Some(finish),
            }
        }
        answer.take(writing.end()).await?;
        let generated = answer.generated(generator.info(), &call)?;
        Ok(Values::new().with("generated", Value::Generated(Arc::new(generated))))
    }
}

impl Generator {
    #[expect(clippy::cast_possible_truncation, reason = "a temperature from 0 to 2 is as good in f32")]
    fn request(&self, prompt: &Prompt) -> GenerationRequest {
        GenerationRequest {
            messages: prompt.messages.clone(),
            max_tokens: prompt.max_tokens,
            temperature: self.temperature as f32,
            stop: Vec::new(),
            seed: Some(0),
        }
    }
}

/// What a call tells besides its text.
#[derive(Debug, Default)]
struct Call {
    usage: Usage,
    finish: Option<FinishReason>,
    first_text: Option<Duration>,
}

/// The answer so far.
struct Checked<'a> {
    component: &'a Generator,
    prompt: &'a Prompt,
    texts: Texts<'a>,
    context: &'a RunContext,
    sentences: Vec<GeneratedSentence>,
    withheld: usize,
}

impl Checked<'_> {
    /// Cites what sentences rest on and tells them.
    async fn take(&mut self, written: Vec<Written>) -> Result<()> {
        for written in written {
            let Some(support) = written.support else {
                self.withheld += 1;
                continue;
            };
            let mut citations = Vec::new();
            for evidence in written.evidence {
                let Some(passage) = self.prompt.passages.get(evidence.passage) else { continue };
                let range = evidence.range.shift(passage.range.start());
                citations.extend(self.texts.cite(&passage.document, range).await?);
            }
            let sentence = GeneratedSentence { text: written.text, support, citations };
            let (component, told) = (Arc::clone(&self.component.name), Arc::new(sentence.clone()));
            self.context.emit(Event::Sentence { component, sentence: told });
            self.sentences.push(sentence);
        }
        Ok(())
    }

    fn generated(self, info: GeneratorInfo, call: &Call) -> Result<Generated> {
        let finish = call.finish.ok_or_else(|| {
            Error::new(ErrorKind::Internal, "pipeline.generate", "the generator ended without an end")
        })?;
        Ok(Generated {
            model: info.model,
            draft: info.draft,
            sentences: self.sentences,
            withheld: self.withheld,
            finish,
            usage: call.usage,
            first_text: call.first_text,
        })
    }
}
