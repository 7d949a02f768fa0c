//! What every generator must do: the contract of `pllm_core::generator` as cases that run over any engine, which plays scripts.
//!
//! A generator's test binary has one line for it: `trials.extend(generator_suite::trials(Fake)?)`. Each case gets an engine of its
//! own that does, call by call, what the case's scripts say.

mod cancel;
mod case;
mod failure;
mod writing;

use async_trait::async_trait;
use case::{Case, Entry};
use libtest_mimic::{Failed, Trial};
use pllm_core::{FinishReason, GenerationRequest, Generator, Result, Usage};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// A case that takes longer hangs.
const CASE_LIMIT: Duration = Duration::from_secs(60);

/// What the engine does in one call.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// What it says of the cost, where it comes to an end.
    pub usage: Usage,
    /// Texts that it sends one by one, none of them empty.
    pub pieces: Vec<String>,
    /// What it waits before each of them.
    pub pace: Duration,
    /// What it does after them.
    pub ending: Ending,
}

impl Script {
    /// Writes `pieces`, then ends as `ending` says.
    #[must_use]
    pub fn new(pieces: &[&str], ending: Ending) -> Self {
        let pieces: Vec<String> = pieces.iter().map(|piece| (*piece).to_owned()).collect();
        let usage = Usage { prompt_tokens: 11, cached_tokens: 4, completion_tokens: pieces.len() as u64 };
        Self { usage, pieces, pace: Duration::ZERO, ending }
    }
}

/// How a call ends on the engine's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As it should.
    Finish(FinishReason),
    /// The engine dies: its process, its connection.
    Crash,
    /// It sends something that is no part of what the two speak.
    Garbage,
    /// It sends nothing any more and does not end.
    Hang,
    /// It refuses the prompt as too long, before any piece.
    TooLarge,
}

/// Part of what an engine sends for [`Ending::Garbage`].
pub const GARBAGE: &str = "gar-bage";

/// A kind of generator that the suite runs over.
#[async_trait]
pub trait GeneratorFactory: Send + Sync + 'static {
    /// Its name, first part of the names of its cases.
    fn name(&self) -> &'static str;

    /// A generator whose engine plays `scripts`, one a call; the last one again and again.
    ///
    /// # Errors
    /// Whatever keeps it from starting.
    async fn start(&self, scripts: Vec<Script>) -> Result<Box<dyn Scripted>>;

    /// A generator whose engine is not there.
    ///
    /// # Errors
    /// Whatever keeps it from being made.
    async fn dead(&self) -> Result<Arc<dyn Generator>>;
}

/// A generator with its engine.
pub trait Scripted: Send + Sync {
    /// The generator.
    fn generator(&self) -> Arc<dyn Generator>;

    /// What the engine was asked, call by call.
    fn asked(&self) -> Vec<GenerationRequest>;
}

/// The cases, one trial each, named `<generator>::<module>::<case>`.
///
/// # Errors
/// When no async runtime can be built.
pub fn trials(factory: impl GeneratorFactory) -> std::io::Result<Vec<Trial>> {
    let runtime =
        Arc::new(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?);
    let factory: Arc<dyn GeneratorFactory> = Arc::new(factory);
    let modules: [(&str, &[Entry]); 3] =
        [("writing", writing::CASES), ("cancel", cancel::CASES), ("failure", failure::CASES)];
    let entries =
        modules.into_iter().flat_map(|(module, cases)| cases.iter().map(move |entry| (module, entry)));
    Ok(entries
        .map(|(module, entry)| {
            let name = format!("{}::{module}::{}", factory.name(), entry.name);
            let (factory, runtime) = (Arc::clone(&factory), Arc::clone(&runtime));
            Trial::test(name, move || run_case(factory, &runtime, entry))
        })
        .collect())
}

fn run_case(factory: Arc<dyn GeneratorFactory>, runtime: &Runtime, entry: &Entry) -> Result<(), Failed> {
    runtime.block_on(async {
        let outcome = tokio::time::timeout(CASE_LIMIT, (entry.run)(Case { factory })).await;
        outcome.map_err(|_| format!("not done after {CASE_LIMIT:?}"))?
    })
}
