//! What is killed: a writer of the embedded store, or one of a Chroma server, which lives on.

use super::script;
use crate::{chroma, memory};
use pllm_core::{DocumentStore, Result, StoreBackend};
use pllm_stores::{ChromaBackend, MemoryBackend};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The store of a writer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    Memory,
    /// The server's address.
    Chroma(String),
}

/// Its engine.
pub(crate) enum Backend {
    Memory(MemoryBackend),
    Chroma(Box<ChromaBackend>),
}

impl Subject {
    /// About the time of two steps.
    pub(super) fn two_steps(&self) -> Duration {
        Duration::from_millis(if *self == Self::Memory { 6 } else { 60 })
    }

    /// The engine with its files below `root`.
    pub(super) fn backend(&self, root: &Path) -> Result<Backend> {
        Ok(match self {
            Self::Memory => Backend::Memory(memory::backend(root)),
            Self::Chroma(url) => Backend::Chroma(Box::new(chroma::backend(url, root)?)),
        })
    }
}

impl Backend {
    pub(super) async fn open(&self) -> Result<Arc<dyn DocumentStore>> {
        let (key, schema) = (script::key()?, script::schema());
        match self {
            Self::Memory(backend) => backend.open(&key, &schema).await,
            Self::Chroma(backend) => backend.open(&key, &schema).await,
        }
    }

    /// In what the indexes differ from ones that are made anew.
    pub(super) async fn verify(&self) -> Result<Vec<String>> {
        match self {
            Self::Memory(backend) => backend.verify(&script::key()?).await,
            Self::Chroma(backend) => backend.verify(&script::key()?, &script::schema()).await,
        }
    }
}
