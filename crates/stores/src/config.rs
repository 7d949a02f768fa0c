//! Which engine holds a collection? Configuration made into a backend.

use crate::{ChromaBackend, ChromaConfig, MemoryBackend};
use pllm_core::{Result, Seal, StoreBackend};
use pllm_runtime::CpuPool;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;

/// The engine of a collection, by its name: `{"kind": "memory"}` or `{"kind": "chroma", "url": …}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum StoreConfig {
    /// The embedded one.
    #[default]
    Memory,
    /// A Chroma server.
    Chroma(ChromaConfig),
}

/// What every engine of this process shares.
#[derive(Debug, Clone)]
pub struct StorePlace {
    /// The data directory: what an engine keeps here is below `collections/<collection>/`.
    pub root: PathBuf,
    /// Seals what is written there.
    pub seal: Arc<dyn Seal>,
    /// Does all work.
    pub pool: CpuPool,
}

impl StoreConfig {
    /// The engine. Asks no server yet.
    ///
    /// # Errors
    /// `InvalidInput` for an address, a header or a CA file that is not usable.
    pub fn backend(&self, place: &StorePlace) -> Result<Arc<dyn StoreBackend>> {
        Ok(match self {
            Self::Memory => {
                Arc::new(MemoryBackend::new(&place.root, Arc::clone(&place.seal), place.pool.clone()))
            }
            Self::Chroma(config) => Arc::new(ChromaBackend::new(config, place)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_store_is_named_by_its_kind() {
        let read = |value| serde_json::from_value::<StoreConfig>(value);
        assert_eq!(read(json!({"kind": "memory"})).ok(), Some(StoreConfig::Memory));
        let url = "http://127.0.0.1:8000";
        let chroma = StoreConfig::Chroma(ChromaConfig::new(url));
        assert_eq!(read(json!({"kind": "chroma", "url": url})).ok(), Some(chroma));
        for wrong in [
            json!({"kind": "qdrant"}),
            json!({"kind": "chroma"}),
            json!({"kind": "chroma", "url": url, "x": 1}),
        ] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
