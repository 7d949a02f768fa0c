//! The contract's face of an open collection.

use super::engine::Engine;
use super::engine_name;
use async_trait::async_trait;
use pllm_core::{
    Capabilities, Cursor, Document, DocumentId, DocumentSource, DocumentStore, DuplicatePolicy, Error,
    ErrorKind, Filter, Page, Result, SearchQuery, StoreInfo, Visible, WriteReport,
};
use std::sync::Arc;

/// An open collection of a Chroma server.
#[derive(Debug)]
pub struct ChromaStore {
    engine: Arc<Engine>,
}

impl ChromaStore {
    pub(super) fn new(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    /// Work that is not left half done when its caller leaves.
    async fn to_its_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let ended = tokio::spawn(work).await;
        ended.map_err(|error| {
            Error::new(ErrorKind::Internal, "stores.write", "the write ended by a panic").caused_by(error)
        })?
    }
}

#[async_trait]
impl DocumentSource for ChromaStore {
    fn info(&self) -> StoreInfo {
        StoreInfo {
            engine: engine_name(&self.engine.version),
            capabilities: Capabilities { keyword: true, embedding: true },
            schema: self.engine.schema.clone(),
            embedding_score_range: (-1.0, 1.0),
        }
    }

    async fn count(&self, filter: Option<&Filter>) -> Result<u64> {
        self.engine.count(filter).await
    }

    async fn fetch(&self, filter: Option<&Filter>, cursor: Cursor) -> Result<Page> {
        self.engine.fetch(filter, cursor).await
    }

    async fn get(&self, ids: &[DocumentId]) -> Result<Vec<Document>> {
        self.engine.get(ids).await
    }

    async fn search(&self, query: &SearchQuery) -> Result<Vec<Document>> {
        self.engine.search(query).await
    }
}

#[async_trait]
impl DocumentStore for ChromaStore {
    /// Every write is visible when it returns, whatever is asked for.
    async fn write(
        &self,
        documents: Vec<Document>,
        policy: DuplicatePolicy,
        _: Visible,
    ) -> Result<WriteReport> {
        let engine = Arc::clone(&self.engine);
        self.to_its_end(async move { engine.write(documents, policy).await }).await
    }

    async fn flush(&self) -> Result<()> {
        let engine = Arc::clone(&self.engine);
        self.to_its_end(async move { engine.flush().await }).await
    }

    async fn delete(&self, filter: &Filter) -> Result<u64> {
        let (engine, filter) = (Arc::clone(&self.engine), filter.clone());
        self.to_its_end(async move { engine.delete(&filter).await }).await
    }
}
