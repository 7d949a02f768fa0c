//! The Chroma store as the suite starts and restarts it: a server of its own for each case, the real one, and a folder for its
//! ledgers.

mod ledger;
mod proxy;
pub(crate) mod server;

use async_trait::async_trait;
use libtest_mimic::Trial;
use pllm_core::{Capabilities, Error, ErrorKind, IdentitySeal, Result, StoreBackend};
use pllm_runtime::CpuPool;
use pllm_stores::{ChromaBackend, ChromaConfig, StorePlace};
use pllm_testkit::presence::Presence;
use pllm_testkit::store_suite::{Engine, StoreFactory};
use server::Server;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// What only this store has to do.
pub(crate) fn trials() -> Vec<Trial> {
    ledger::trials().into_iter().chain(proxy::trials()).collect()
}

/// The Chroma store.
pub(crate) struct Chroma;

struct ChromaEngine {
    server: Server,
    ledgers: TempDir,
    backend: Arc<ChromaBackend>,
}

/// The engine over the server at `url`, with ledgers below `root` and workers of its own.
pub(crate) fn backend(url: &str, root: &Path) -> Result<ChromaBackend> {
    let place = StorePlace { root: root.to_owned(), seal: Arc::new(IdentitySeal), pool: CpuPool::new(2, 64) };
    ChromaBackend::new(&ChromaConfig::new(url), &place)
}

#[async_trait]
impl StoreFactory for Chroma {
    fn name(&self) -> &'static str {
        "chroma"
    }

    fn presence(&self) -> Presence {
        server::presence()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { keyword: true, embedding: true }
    }

    fn has_server(&self) -> bool {
        true
    }

    async fn start(&self) -> Result<Box<dyn Engine>> {
        let (server, ledgers) = (Server::start().map_err(failed)?, tempfile::tempdir().map_err(failed)?);
        let backend = Arc::new(backend(server.url(), ledgers.path())?);
        Ok(Box::new(ChromaEngine { server, ledgers, backend }))
    }
}

#[async_trait]
impl Engine for ChromaEngine {
    fn backend(&self) -> Arc<dyn StoreBackend> {
        Arc::clone(&self.backend) as Arc<dyn StoreBackend>
    }

    async fn restart(&mut self) -> Result<()> {
        assert_eq!(Arc::strong_count(&self.backend), 1, "a case holds on to the engine");
        self.stop().await?;
        self.resume().await?;
        self.backend = Arc::new(backend(self.server.url(), self.ledgers.path())?);
        Ok(())
    }

    async fn stop(&mut self) -> Result<()> {
        self.server.kill().map_err(failed)
    }

    async fn resume(&mut self) -> Result<()> {
        self.server.resume().map_err(failed)
    }
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Unavailable, "tests.chroma", error.to_string())
}
