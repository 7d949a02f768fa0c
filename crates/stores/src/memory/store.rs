//! The contract's face of an open store: every call is done on the CPU pool, questions before documents.

use super::engine::Engine;
use super::engine_name;
use async_trait::async_trait;
use pllm_core::{
    Capabilities, Cursor, Document, DocumentId, DocumentSource, DocumentStore, DuplicatePolicy, Filter, Page,
    Result, SearchQuery, StoreInfo, Visible, WriteReport,
};
use pllm_runtime::CpuPool;
use std::sync::Arc;

/// An open store of the embedded engine.
#[derive(Debug)]
pub struct MemoryStore {
    engine: Arc<Engine>,
    pool: CpuPool,
}

impl MemoryStore {
    pub(super) fn new(engine: Arc<Engine>, pool: CpuPool) -> Self {
        Self { engine, pool }
    }

    /// Work that somebody waits for.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let engine = Arc::clone(&self.engine);
        self.pool.run_first(move || work(&engine)).await?
    }

    async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let engine = Arc::clone(&self.engine);
        self.pool.run(move || work(&engine)).await?
    }
}

#[async_trait]
impl DocumentSource for MemoryStore {
    fn info(&self) -> StoreInfo {
        StoreInfo {
            engine: engine_name(),
            capabilities: Capabilities { keyword: true, embedding: true },
            schema: self.engine.schema().clone(),
            embedding_score_range: (-1.0, 1.0),
        }
    }

    async fn count(&self, filter: Option<&Filter>) -> Result<u64> {
        let filter = filter.cloned();
        self.ask(move |engine| engine.count(filter.as_ref())).await
    }

    async fn fetch(&self, filter: Option<&Filter>, cursor: Cursor) -> Result<Page> {
        let filter = filter.cloned();
        self.ask(move |engine| engine.fetch(filter.as_ref(), cursor)).await
    }

    async fn get(&self, ids: &[DocumentId]) -> Result<Vec<Document>> {
        let ids = ids.to_vec();
        self.ask(move |engine| engine.get(&ids)).await
    }

    async fn search(&self, query: &SearchQuery) -> Result<Vec<Document>> {
        let query = query.clone();
        self.ask(move |engine| engine.search(&query)).await
    }
}

#[async_trait]
impl DocumentStore for MemoryStore {
    /// Every write is visible when it returns, whatever is asked for.
    async fn write(
        &self,
        documents: Vec<Document>,
        policy: DuplicatePolicy,
        _: Visible,
    ) -> Result<WriteReport> {
        self.change(move |engine| engine.write(documents, policy)).await
    }

    async fn flush(&self) -> Result<()> {
        Ok(())
    }

    async fn delete(&self, filter: &Filter) -> Result<u64> {
        let filter = filter.clone();
        self.change(move |engine| engine.delete(&filter)).await
    }
}
