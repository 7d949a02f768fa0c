//! The embedded store: one SQLite file a collection and generation, indexes in RAM.
//!
//! The file is the truth: what is written is synced when `write` returns, and after any end of the process the next open finds
//! exactly the acknowledged writes (and perhaps one that was never acknowledged, whole). Keyword, vector and filter indexes are
//! built from it at every open.

mod columns;
mod engine;
mod filter;
mod format;
mod index;
mod rebuild;
mod record;
mod rows;
mod store;
mod vectors;

#[cfg(test)]
mod tests;

use crate::schema;
use crate::sqlite::{failed, paths};
use async_trait::async_trait;
use engine::Engine;
use pllm_core::{DocumentStore, Error, ErrorKind, Result, Schema, Seal, StoreBackend, StoreHealth, StoreKey};
use pllm_runtime::CpuPool;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;
use tokio::sync::Mutex as AsyncMutex;

pub use store::MemoryStore;

/// What the names of its files begin with.
const PREFIX: &str = "chunks";

/// The embedded engine: the stores below one folder.
#[derive(Debug)]
pub struct MemoryBackend {
    root: PathBuf,
    seal: Arc<dyn Seal>,
    pool: CpuPool,
    /// What is open. The inner lock is held while a store is opened or removed, so that neither happens twice at once.
    open: Mutex<HashMap<StoreKey, Arc<AsyncMutex<Handles>>>>,
}

/// An open store, as long as somebody uses it. Work that goes on after its caller has left holds the engine alone.
#[derive(Debug, Default)]
struct Handles {
    store: Weak<MemoryStore>,
    engine: Weak<Engine>,
}

impl MemoryBackend {
    /// The engine whose files are below `root`, at `collections/<collection>/chunks.<generation>.sqlite`, sealed by `seal`. All
    /// work is done on `pool`. Makes nothing yet.
    #[must_use]
    pub fn new(root: &Path, seal: Arc<dyn Seal>, pool: CpuPool) -> Self {
        Self { root: root.to_owned(), seal, pool, open: Mutex::default() }
    }

    /// Compares a store's indexes, those in use if it is open, with ones built anew from its file, and checks the file itself.
    /// Gives what differs, a line each; nothing when all is well. Writes wait meanwhile.
    ///
    /// # Errors
    /// `NotFound` when there is no such store; otherwise as [`StoreBackend::open`].
    pub async fn verify(&self, key: &StoreKey) -> Result<Vec<String>> {
        let handles = self.handles(key);
        let handles = handles.lock().await;
        let engine = match handles.engine.upgrade() {
            Some(engine) => engine,
            None => Arc::new(self.open_as_made(key).await?),
        };
        self.pool.run(move || engine.verify()).await?
    }

    /// Opens a store with the schema that its file states.
    async fn open_as_made(&self, key: &StoreKey) -> Result<Engine> {
        let (path, collection, seal) = (self.file(key), key.collection.clone(), Arc::clone(&self.seal));
        let work = move || {
            let schema = stored_schema(&path, &*seal)?;
            Engine::open(&path, &collection, &schema, seal)
        };
        self.pool.run(work).await?
    }

    fn file(&self, key: &StoreKey) -> PathBuf {
        paths::store_file(&self.root, PREFIX, key)
    }

    fn handles(&self, key: &StoreKey) -> Arc<AsyncMutex<Handles>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(open.entry(key.clone()).or_default())
    }

    fn store(&self, handles: &mut Handles, engine: Arc<Engine>) -> Arc<MemoryStore> {
        handles.engine = Arc::downgrade(&engine);
        let store = Arc::new(MemoryStore::new(engine, self.pool.clone()));
        handles.store = Arc::downgrade(&store);
        store
    }
}

#[async_trait]
impl StoreBackend for MemoryBackend {
    async fn open(&self, key: &StoreKey, schema: &Schema) -> Result<Arc<dyn DocumentStore>> {
        let handles = self.handles(key);
        let mut handles = handles.lock().await;
        if let Some(engine) = handles.engine.upgrade() {
            schema::same(engine.schema(), schema)?;
            let store = handles.store.upgrade();
            return Ok(store.unwrap_or_else(|| self.store(&mut handles, engine)));
        }
        let (path, collection, seal) = (self.file(key), key.collection.clone(), Arc::clone(&self.seal));
        let schema = schema.clone();
        let engine = self.pool.run(move || Engine::open(&path, &collection, &schema, seal)).await??;
        Ok(self.store(&mut handles, Arc::new(engine)))
    }

    async fn drop_store(&self, key: &StoreKey) -> Result<bool> {
        let handles = self.handles(key);
        let mut handles = handles.lock().await;
        let engine = std::mem::take(&mut *handles).engine.upgrade();
        let path = self.file(key);
        let work = move || {
            if let Some(engine) = engine {
                engine.close()?;
            }
            paths::remove(&path)
        };
        self.pool.run(work).await?
    }

    async fn list(&self) -> Result<Vec<StoreKey>> {
        let root = self.root.clone();
        self.pool.run(move || paths::list(&root, PREFIX)).await?
    }

    async fn check(&self) -> Result<StoreHealth> {
        let (root, seal) = (self.root.clone(), Arc::clone(&self.seal));
        let work = move || {
            let start = Instant::now();
            let keys = paths::list(&root, PREFIX)?;
            let latency_seconds = start.elapsed().as_secs_f64();
            let faults = keys.iter().filter_map(|key| {
                let fault = stored_schema(&paths::store_file(&root, PREFIX, key), &*seal).err()?;
                let cure = fault.cure().map(|cure| format!("; {cure}")).unwrap_or_default();
                Some(format!("collection {} generation {}: {fault}{cure}", key.collection, key.generation))
            });
            Ok(StoreHealth { version: engine_name(), latency_seconds, faults: faults.collect() })
        };
        self.pool.run(work).await?
    }
}

/// The schema that a store's file was made for.
fn stored_schema(path: &Path, seal: &dyn Seal) -> Result<Schema> {
    if !path.exists() {
        let message = format!("there is no store at {}", path.display());
        return Err(Error::new(ErrorKind::NotFound, "stores.open", message));
    }
    let reader = rows::open_reader(path).map_err(|error| failed("stores.open", path, error))?;
    format::stored_schema(&reader, path, seal.header(format::FORMAT))
}

fn engine_name() -> String {
    format!("memory (SQLite {})", rusqlite::version())
}
