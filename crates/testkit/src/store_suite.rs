//! What every document store must do: the contract of `pllm_core::store` as cases that run over any engine.
//!
//! A store's test binary has one line for it: `trials.extend(store_suite::trials(MemoryStores)?)`. Each case gets an engine of
//! its own (or at least store keys that no other case uses), so cases run side by side. What an engine declares it cannot do is
//! tested as a refusal, and the cases that need it are reported as ignored with that reason.

mod capability;
mod case;
mod concurrent;
mod embedding;
mod filter;
mod filter_corpus;
mod keyword;
mod life;
mod paging;
mod round_trip;
mod sample;
mod server;
mod write;

use crate::presence::Presence;
use async_trait::async_trait;
use case::{Case, Entry, Needs};
use libtest_mimic::{Completion, Failed, Trial};
use pllm_core::{Capabilities, Error, ErrorKind, Result, StoreBackend};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// A case that takes longer hangs.
const CASE_LIMIT: Duration = Duration::from_secs(180);

/// A kind of store that the suite runs over.
#[async_trait]
pub trait StoreFactory: Send + Sync + 'static {
    /// The store's name, first part of the names of its cases.
    fn name(&self) -> &'static str;

    /// Whether it can be tested here.
    fn presence(&self) -> Presence {
        Presence::Here
    }

    /// What it declares to be able to do.
    fn capabilities(&self) -> Capabilities;

    /// Whether there is a server that can be away while its callers are not; then [`Engine::stop`] and [`Engine::resume`] work.
    fn has_server(&self) -> bool {
        false
    }

    /// An engine for one case, without stores; where engines share a server, store keys tell cases apart.
    ///
    /// # Errors
    /// Whatever keeps it from starting.
    async fn start(&self) -> Result<Box<dyn Engine>>;
}

/// A running engine.
#[async_trait]
pub trait Engine: Send + Sync {
    /// It.
    fn backend(&self) -> Arc<dyn StoreBackend>;

    /// Ends and starts it, so that only what is durable is left. The case has dropped its stores before.
    ///
    /// # Errors
    /// Whatever keeps it from starting again.
    async fn restart(&mut self) -> Result<()>;

    /// Ends the server at once, in the middle of whatever it does; its stores stay open.
    ///
    /// # Errors
    /// `Unsupported` where there is no server.
    async fn stop(&mut self) -> Result<()> {
        Err(no_server())
    }

    /// Starts the server again, at the same address and with what it had made durable.
    ///
    /// # Errors
    /// As [`Engine::stop`]; whatever keeps it from starting.
    async fn resume(&mut self) -> Result<()> {
        Err(no_server())
    }
}

fn no_server() -> Error {
    Error::new(ErrorKind::Unsupported, "testkit.engine", "there is no server")
}

/// The cases, one trial each, named `<store>::<module>::<case>`.
///
/// # Errors
/// When no async runtime can be built.
pub fn trials(factory: impl StoreFactory) -> std::io::Result<Vec<Trial>> {
    let runtime = Arc::new(tokio::runtime::Builder::new_multi_thread().enable_all().build()?);
    let factory: Arc<dyn StoreFactory> = Arc::new(factory);
    let modules: [(&str, &[Entry]); 10] = [
        ("write", write::CASES),
        ("filter", filter::CASES),
        ("paging", paging::CASES),
        ("keyword", keyword::CASES),
        ("embedding", embedding::CASES),
        ("round_trip", round_trip::CASES),
        ("life", life::CASES),
        ("concurrent", concurrent::CASES),
        ("capability", capability::CASES),
        ("server", server::CASES),
    ];
    let entries =
        modules.into_iter().flat_map(|(module, cases)| cases.iter().map(move |entry| (module, entry)));
    Ok(entries
        .map(|(module, entry)| {
            let name = format!("{}::{module}::{}", factory.name(), entry.name);
            let (factory, runtime) = (Arc::clone(&factory), Arc::clone(&runtime));
            Trial::ignorable_test(name, move || run_case(factory.as_ref(), &runtime, entry))
        })
        .collect())
}

fn run_case(factory: &dyn StoreFactory, runtime: &Runtime, entry: &Entry) -> Result<Completion, Failed> {
    if let Some(ending) = factory.presence().settle(factory.name())? {
        return Ok(ending);
    }
    let able = factory.capabilities();
    let missing = match entry.needs {
        Needs::Keyword if !able.keyword => Some("declares no keyword search; its refusal is tested"),
        Needs::Embedding if !able.embedding => Some("declares no embedding search; its refusal is tested"),
        Needs::Server if !factory.has_server() => Some("has no server that could be away"),
        _ => None,
    };
    if let Some(missing) = missing {
        return Ok(Completion::ignored_with(format!("{} {missing}", factory.name())));
    }
    runtime.block_on(async {
        let mut case = Case::new(factory.start().await?, entry.name, able);
        let outcome = tokio::time::timeout(CASE_LIMIT, (entry.run)(&mut case)).await;
        outcome.map_err(|_| format!("not done after {CASE_LIMIT:?}"))??;
        Ok(Completion::Completed)
    })
}
