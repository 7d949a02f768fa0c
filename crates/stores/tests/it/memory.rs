//! The embedded store as the suite starts and restarts it: a folder of its own for each case, nothing left but the folder.

use async_trait::async_trait;
use pllm_core::{Capabilities, IdentitySeal, Result, StoreBackend};
use pllm_runtime::CpuPool;
use pllm_stores::MemoryBackend;
use pllm_testkit::store_suite::{Engine, StoreFactory};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// The embedded store.
pub(crate) struct Memory;

struct MemoryEngine {
    folder: TempDir,
    backend: Arc<MemoryBackend>,
}

/// The engine over the files below `root`, with workers of its own.
pub(crate) fn backend(root: &Path) -> MemoryBackend {
    MemoryBackend::new(root, Arc::new(IdentitySeal), CpuPool::new(2, 64))
}

#[async_trait]
impl StoreFactory for Memory {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { keyword: true, embedding: true }
    }

    async fn start(&self) -> Result<Box<dyn Engine>> {
        let folder = tempfile::tempdir()
            .map_err(|error| pllm_runtime::files::failed("make", &std::env::temp_dir(), error))?;
        let backend = Arc::new(backend(folder.path()));
        Ok(Box::new(MemoryEngine { folder, backend }))
    }
}

#[async_trait]
impl Engine for MemoryEngine {
    fn backend(&self) -> Arc<dyn StoreBackend> {
        Arc::clone(&self.backend) as Arc<dyn StoreBackend>
    }

    async fn restart(&mut self) -> Result<()> {
        assert_eq!(Arc::strong_count(&self.backend), 1, "a case holds on to the engine");
        self.backend = Arc::new(backend(self.folder.path()));
        Ok(())
    }
}
