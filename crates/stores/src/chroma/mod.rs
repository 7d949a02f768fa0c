//! The Chroma store: Documents and vectors in collections of a Chroma server (1.x), and beside each a ledger here, which says
//! which rows count and holds the postings of keyword search.
//!
//! What was learned of the server, and why the store is as it is, stands in `docs/decisions/0010-chroma.md`.

mod client;
mod config;
mod engine;
mod error;
mod fields;
mod filter;
mod ledger;
mod opening;
mod record;
mod search;
mod store;
mod wire;
mod words;

pub use config::ChromaConfig;
pub use store::ChromaStore;

use crate::StorePlace;
use crate::schema;
use crate::sqlite::paths;
use async_trait::async_trait;
use client::Client;
use engine::Engine;
use pllm_core::{CollectionId, DocumentStore, Result, Schema, StoreBackend, StoreHealth, StoreKey};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::Mutex as AsyncMutex;

/// The operation of calls that are about a whole store.
const OPEN: &str = "stores.chroma";
/// What the names of the ledgers begin with.
const PREFIX: &str = "chroma";

/// Our collections of one Chroma server.
#[derive(Debug)]
pub struct ChromaBackend {
    client: Client,
    prefix: String,
    place: StorePlace,
    /// What is open. The inner lock is held while a store is opened or removed, so that neither happens twice at once.
    open: Mutex<HashMap<StoreKey, Arc<AsyncMutex<Weak<Engine>>>>>,
}

impl ChromaBackend {
    /// The server of `config`, with ledgers below `place`, at `collections/<collection>/chroma.<generation>.sqlite`. Asks
    /// nothing yet.
    ///
    /// # Errors
    /// `InvalidInput` for an address, a header, a prefix or a CA file that is not usable.
    pub fn new(config: &ChromaConfig, place: &StorePlace) -> Result<Self> {
        config.check_prefix()?;
        let client = Client::new(config, place.pool.clone())?;
        Ok(Self { client, prefix: config.prefix.clone(), place: place.clone(), open: Mutex::default() })
    }

    /// Compares a store's ledger with one made anew from Chroma. Gives what differs, a line each; nothing when all is well.
    /// Writes wait meanwhile.
    ///
    /// # Errors
    /// As [`StoreBackend::open`].
    pub async fn verify(&self, key: &StoreKey, schema: &Schema) -> Result<Vec<String>> {
        let engine = self.engine(key, schema).await?;
        let _nobody_writes = engine.writer.lock().await;
        opening::verify(&engine).await
    }

    async fn engine(&self, key: &StoreKey, schema: &Schema) -> Result<Arc<Engine>> {
        let handle = self.handle(key);
        let mut handle = handle.lock().await;
        if let Some(engine) = handle.upgrade() {
            schema::same(&engine.schema, schema)?;
            return Ok(engine);
        }
        let engine = opening::open(self, key, schema).await?;
        *handle = Arc::downgrade(&engine);
        Ok(engine)
    }

    fn handle(&self, key: &StoreKey) -> Arc<AsyncMutex<Weak<Engine>>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(open.entry(key.clone()).or_default())
    }

    /// The name of a collection on the server.
    fn name(&self, key: &StoreKey) -> String {
        format!("{}.{}.g{}", self.prefix, key.collection, key.generation)
    }

    /// The store that a collection of the server holds, if it is one of ours.
    fn key(&self, name: &str) -> Option<StoreKey> {
        let rest = name.strip_prefix(&self.prefix)?.strip_prefix('.')?;
        let (collection, generation) = rest.rsplit_once(".g")?;
        let key = StoreKey {
            collection: CollectionId::new(collection).ok()?,
            generation: generation.parse().ok()?,
        };
        (self.name(&key) == name).then_some(key)
    }

    fn file(&self, key: &StoreKey) -> PathBuf {
        paths::store_file(&self.place.root, PREFIX, key)
    }
}

#[async_trait]
impl StoreBackend for ChromaBackend {
    async fn open(&self, key: &StoreKey, schema: &Schema) -> Result<Arc<dyn DocumentStore>> {
        Ok(Arc::new(ChromaStore::new(self.engine(key, schema).await?)))
    }

    /// Removes the collection of the server first: a ledger alone is made anew, or removed by the next call.
    async fn drop_store(&self, key: &StoreKey) -> Result<bool> {
        let handle = self.handle(key);
        let mut handle = handle.lock().await;
        let open = std::mem::take(&mut *handle).upgrade();
        let _nobody_writes = match &open {
            Some(engine) => Some(engine.writer.lock().await),
            None => None,
        };
        let was_there = match self.client.remove(&self.name(key)).await {
            Ok(was_there) => was_there,
            Err(error) => {
                *handle = open.as_ref().map(Arc::downgrade).unwrap_or_default();
                return Err(error);
            }
        };
        if let Some(engine) = &open {
            engine.dropped.store(true, Ordering::Release);
        }
        let file = self.file(key);
        let had_ledger = self.place.pool.run(move || paths::remove(&file)).await??;
        Ok(was_there || had_ledger)
    }

    async fn list(&self) -> Result<Vec<StoreKey>> {
        let collections = self.client.collections().await?;
        let root = self.place.root.clone();
        // A ledger without its collection is what is left of a store that was being removed.
        let mut keys = self.place.pool.run(move || paths::list(&root, PREFIX)).await??;
        keys.extend(collections.iter().filter_map(|collection| self.key(&collection.name)));
        keys.sort();
        keys.dedup();
        Ok(keys)
    }

    async fn check(&self) -> Result<StoreHealth> {
        let latency_seconds = self.client.heartbeat().await?.as_secs_f64();
        let version = engine_name(&self.client.version().await?);
        let mut faults = Vec::new();
        for collection in self.client.collections().await? {
            if let Some(key) = self.key(&collection.name)
                && let Err(fault) = opening::schema_of(&collection)
            {
                let cure = fault.cure().map(|cure| format!("; {cure}")).unwrap_or_default();
                faults.push(format!(
                    "collection {} generation {}: {fault}{cure}",
                    key.collection, key.generation
                ));
            }
        }
        Ok(StoreHealth { version, latency_seconds, faults })
    }
}

fn engine_name(version: &str) -> String {
    format!("chroma (API {version})")
}
