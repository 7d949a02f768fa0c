//! The model of the tests, and the calls that they repeat.

use anyhow::Context;
use libtest_mimic::{Completion, Failed, Trial};
use pllm_core::{
    CancelFlag, FinishReason, GenerationEvent, GenerationRequest, Generator, Message, Result, Role,
    RunContext, Usage,
};
use pllm_models::ModelCache;
use pllm_models::generators::local::{LocalConfig, LocalGenerator, command};
use pllm_runtime::CpuPool;
use pllm_testkit::presence::Presence;
use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

/// Most of what a case may take: a processor may be busy with other tests.
const CASE_LIMIT: Duration = Duration::from_secs(300);

/// A case that needs the model, with a generator of its own.
pub(crate) fn trial<F>(name: &'static str, case: fn(LocalGenerator) -> F) -> Trial
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    Trial::ignorable_test(name, move || {
        if let Err(error) = config() {
            return absent(&error);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let limited = async {
            let generator = open()?;
            tokio::time::timeout(CASE_LIMIT, case(generator)).await.context("it hangs")?
        };
        let outcome: anyhow::Result<()> = runtime.block_on(limited);
        outcome.map(|()| Completion::Completed).map_err(|error| Failed::from(format!("{error:?}")))
    })
}

fn absent(error: &anyhow::Error) -> Result<Completion, Failed> {
    let presence = Presence::Absent(format!("{error:#}"));
    Ok(presence.settle("llm")?.unwrap_or(Completion::Completed))
}

/// How the small model is run; its bytes are those of the catalogue.
pub(crate) fn config() -> anyhow::Result<LocalConfig> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    let cache = variable("PLLM_CACHE").or_else(|| Some(std::env::home_dir()?.join(".cache/pllm")));
    let models = variable("PLLM_MODELS").or_else(|| Some(cache?.join("models"))).context("no home")?;
    Ok(LocalConfig::named("smollm2-135m-instruct", &ModelCache::new(models), CpuPool::new(2, 8))?)
}

pub(crate) fn open() -> anyhow::Result<LocalGenerator> {
    let config = config()?;
    Ok(LocalGenerator::open(&config, command(&config.file))?)
}

/// One question; the likeliest answer.
pub(crate) fn ask(content: &str, max_tokens: u32) -> GenerationRequest {
    let messages = vec![Message { role: Role::User, content: content.to_owned() }];
    GenerationRequest { messages, max_tokens, temperature: 0.0, stop: Vec::new(), seed: None }
}

pub(crate) fn quiet() -> RunContext {
    RunContext::new(CancelFlag::default())
}

/// A whole answer.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) usage: Usage,
    pub(crate) finish: FinishReason,
}

pub(crate) async fn answer(generator: &LocalGenerator, request: GenerationRequest) -> anyhow::Result<Answer> {
    let mut stream = generator.generate(request, &quiet()).await?;
    let (mut text, mut usage, mut finish) = (String::new(), None, None);
    while let Some(event) = stream.next().await? {
        match event {
            GenerationEvent::Text(piece) => text.push_str(&piece),
            GenerationEvent::Usage(told) => usage = Some(told),
            GenerationEvent::Finish(reason) => finish = Some(reason),
        }
    }
    Ok(Answer { text, usage: usage.context("a usage")?, finish: finish.context("an end")? })
}

/// Text of about so many tokens.
pub(crate) fn long(tokens: usize) -> String {
    "The harbour office keeps a record of every ship that comes in. ".repeat(tokens / 13)
}
