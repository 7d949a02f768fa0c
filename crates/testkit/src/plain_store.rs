//! The store contract as plainly as it can be kept: rows in a list, every search over all of them, nothing on disk. Tests of
//! callers use it as a store, and the suite runs over it to show that each of its demands can be met.

mod search;

pub(crate) use search::cosine;

use async_trait::async_trait;
use pllm_core::{
    Capabilities, Cursor, Document, DocumentId, DocumentSource, DocumentStore, DuplicatePolicy, Error,
    ErrorKind, Filter, Page, Result, Schema, SearchQuery, StoreBackend, StoreHealth, StoreInfo, StoreKey,
    Visible, WriteReport,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Stores that live as long as this value.
#[derive(Debug)]
pub struct PlainStores {
    capabilities: Capabilities,
    stores: Mutex<BTreeMap<StoreKey, Arc<PlainStore>>>,
}

/// One of them.
#[derive(Debug)]
struct PlainStore {
    capabilities: Capabilities,
    schema: Schema,
    rows: Mutex<Rows>,
}

/// Documents in write order, each with its place in it, which is never used twice.
#[derive(Debug, Clone, Default)]
struct Rows {
    last: u64,
    rows: Vec<(u64, Document)>,
}

impl PlainStores {
    /// No stores yet; those made later can do `capabilities`.
    #[must_use]
    pub fn new(capabilities: Capabilities) -> Self {
        Self { capabilities, stores: Mutex::default() }
    }
}

#[async_trait]
impl StoreBackend for PlainStores {
    async fn open(&self, key: &StoreKey, schema: &Schema) -> Result<Arc<dyn DocumentStore>> {
        let mut stores = lock(&self.stores);
        let store = stores.entry(key.clone()).or_insert_with(|| {
            let rows = Mutex::default();
            Arc::new(PlainStore { capabilities: self.capabilities, schema: schema.clone(), rows })
        });
        if store.schema != *schema {
            let message = format!("store {key:?} was made with another schema");
            return Err(Error::new(ErrorKind::Conflict, "plain_store.open", message));
        }
        Ok(Arc::clone(store) as Arc<dyn DocumentStore>)
    }

    async fn drop_store(&self, key: &StoreKey) -> Result<bool> {
        Ok(lock(&self.stores).remove(key).is_some())
    }

    async fn list(&self) -> Result<Vec<StoreKey>> {
        Ok(lock(&self.stores).keys().cloned().collect())
    }

    async fn check(&self) -> Result<StoreHealth> {
        Ok(StoreHealth { version: "1".to_owned(), latency_seconds: 0.0, faults: Vec::new() })
    }
}

#[async_trait]
impl DocumentSource for PlainStore {
    fn info(&self) -> StoreInfo {
        StoreInfo {
            engine: "plain 1".to_owned(),
            capabilities: self.capabilities,
            schema: self.schema.clone(),
            embedding_score_range: (-1.0, 1.0),
        }
    }

    async fn count(&self, filter: Option<&Filter>) -> Result<u64> {
        Ok(self.matching(filter)?.len() as u64)
    }

    async fn fetch(&self, filter: Option<&Filter>, cursor: Cursor) -> Result<Page> {
        let limit = if cursor.limit == 0 { 100 } else { cursor.limit };
        let mut rows = self.matching(filter)?;
        rows.retain(|(place, _)| *place > cursor.after);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next =
            rows.last().filter(|_| more).map(|(after, _)| Cursor { limit: cursor.limit, after: *after });
        Ok(Page { documents: rows.into_iter().map(|(_, document)| document).collect(), next })
    }

    async fn get(&self, ids: &[DocumentId]) -> Result<Vec<Document>> {
        let rows = lock(&self.rows);
        let find = |id: &DocumentId| rows.rows.iter().find(|(_, document)| document.id == *id);
        Ok(ids.iter().filter_map(find).map(|(_, document)| document.clone()).collect())
    }

    async fn search(&self, query: &SearchQuery) -> Result<Vec<Document>> {
        search::search(self, query)
    }
}

#[async_trait]
impl DocumentStore for PlainStore {
    async fn write(
        &self,
        documents: Vec<Document>,
        policy: DuplicatePolicy,
        _: Visible,
    ) -> Result<WriteReport> {
        let mut rows = lock(&self.rows);
        // Worked out on a copy, so that a refusal leaves everything as it was.
        let mut after = rows.clone();
        let mut report = WriteReport::default();
        for document in documents {
            let dimension = document.embedding.as_ref().map(pllm_core::Embedding::dimension);
            if dimension.is_some_and(|dimension| dimension != self.schema.dimension) {
                let message = format!("embedding of {} has the wrong dimension", document.id);
                return Err(Error::invalid("plain_store.write", message));
            }
            after.write(document, policy, &mut report)?;
        }
        *rows = after;
        Ok(report)
    }

    async fn flush(&self) -> Result<()> {
        Ok(())
    }

    async fn delete(&self, filter: &Filter) -> Result<u64> {
        filter.validate()?;
        let mut rows = lock(&self.rows);
        let before = rows.rows.len();
        rows.rows.retain(|(_, document)| !filter.matches(document));
        Ok((before - rows.rows.len()) as u64)
    }
}

impl PlainStore {
    fn matching(&self, filter: Option<&Filter>) -> Result<Vec<(u64, Document)>> {
        filter.map_or(Ok(()), Filter::validate)?;
        let mut rows = lock(&self.rows).rows.clone();
        rows.retain(|(_, document)| filter.is_none_or(|filter| filter.matches(document)));
        Ok(rows)
    }
}

impl Rows {
    fn write(&mut self, document: Document, policy: DuplicatePolicy, report: &mut WriteReport) -> Result<()> {
        if let Some(at) = self.rows.iter().position(|(_, row)| row.id == document.id) {
            match policy {
                DuplicatePolicy::Fail => {
                    let message = format!("document {} is there already", document.id);
                    return Err(Error::new(ErrorKind::Conflict, "plain_store.write", message));
                }
                DuplicatePolicy::Skip => {
                    report.skipped += 1;
                    return Ok(());
                }
                DuplicatePolicy::Overwrite => {
                    self.rows.remove(at);
                    report.overwritten += 1;
                }
            }
        } else {
            report.written += 1;
        }
        self.last += 1;
        self.rows.push((self.last, Document { score: None, ..document }));
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
