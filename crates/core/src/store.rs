//! Contract: where Documents live and are found.

use crate::{CollectionId, Document, DocumentId, Embedding, Filter, Result};
use async_trait::async_trait;
use pllm_text::Language;
use std::fmt::Debug;
use std::sync::Arc;

/// Names one index: a collection, and the generation of its embedder and analysis.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoreKey {
    /// The collection.
    pub collection: CollectionId,
    /// From 1; a new embedder or analysis is a new generation.
    pub generation: u32,
}

/// How vectors compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Similarity {
    /// Cosine, -1 to 1.
    Cosine,
}

/// The BM25 formula: Robertson & Zaragoza 2009 (Okapi, with the idf `ln(1 + (N - n + 0.5) / (n + 0.5))`), Lv & Zhai 2011 (L, Plus).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bm25Variant {
    /// BM25 with a positive idf.
    Okapi,
    /// BM25L: long documents are not punished as much.
    L,
    /// BM25+: every match counts at least delta.
    Plus,
}

/// How keyword search scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeywordParameters {
    /// The version of the text analysis; see `pllm_text::analysis`.
    pub analysis_version: u32,
    /// The formula.
    pub variant: Bm25Variant,
    /// Saturation of term frequency, > 0.
    pub k1: f64,
    /// Share of length normalisation, 0 to 1.
    pub b: f64,
    /// Of L and Plus only.
    pub delta: f64,
}

/// What an index is made for; fixed for its life.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// Values a vector.
    pub dimension: usize,
    /// How vectors compare.
    pub similarity: Similarity,
    /// The collection's languages, main language first: a query term matches by the stems of every one of them.
    pub languages: Vec<Language>,
    /// How keyword search scores.
    pub keyword: KeywordParameters,
}

/// What to do with a Document whose id is there already (also earlier in the same batch).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DuplicatePolicy {
    /// Refuse the whole batch with `Conflict`; nothing is written.
    #[default]
    Fail,
    /// Keep the old one.
    Skip,
    /// Replace the old one; the new one moves to the end of the order.
    Overwrite,
}

/// When searches see a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visible {
    /// When `write` returns.
    OnReturn,
    /// When `flush` returns, or earlier.
    OnFlush,
}

/// What a write did; the three add up to the Documents given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WriteReport {
    /// New.
    pub written: u64,
    /// Replaced.
    pub overwritten: u64,
    /// Left alone.
    pub skipped: u64,
}

/// A search. Results are best first, at most `top_k`, ties in the order of ids; every result has a score.
#[derive(Debug, Clone)]
pub enum SearchQuery {
    /// By vector.
    Embedding {
        /// `[dimension]`.
        embedding: Embedding,
        /// Most results.
        top_k: usize,
        /// Only Documents that match, applied inside the search: `top_k` matching ones are found where they exist.
        filter: Option<Arc<Filter>>,
    },
    /// By words; only Documents with at least one word of the query are found.
    Keyword {
        /// The question as it was typed.
        text: Arc<str>,
        /// Most results.
        top_k: usize,
        /// As above.
        filter: Option<Arc<Filter>>,
    },
}

/// Where to go on fetching; opaque.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// Documents at most; 0 = the store's own page size.
    pub limit: usize,
    /// Place in the write order after which to go on; 0 = from the beginning.
    pub after: u64,
}

/// One page of a fetch.
#[derive(Debug, Clone)]
pub struct Page {
    /// In write order, with embeddings.
    pub documents: Vec<Document>,
    /// Where to go on; none at the end.
    pub next: Option<Cursor>,
}

/// What a store can do beyond the contract; declared, and tested both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// `SearchQuery::Keyword`; `Unsupported` otherwise.
    pub keyword: bool,
    /// `SearchQuery::Embedding`; `Unsupported` otherwise.
    pub embedding: bool,
}

/// What a store is and holds.
#[derive(Debug, Clone, PartialEq)]
pub struct StoreInfo {
    /// The engine's name and version.
    pub engine: String,
    /// What it can do.
    pub capabilities: Capabilities,
    /// The schema it was opened with.
    pub schema: Schema,
    /// Lowest and highest score of `SearchQuery::Embedding`.
    pub embedding_score_range: (f64, f64),
}

/// The read half: a query path that holds this cannot mutate.
#[async_trait]
pub trait DocumentSource: Send + Sync + Debug {
    /// What it is.
    fn info(&self) -> StoreInfo;

    /// Number of matching Documents.
    ///
    /// # Errors
    /// `InvalidInput` for a filter that cannot be evaluated.
    async fn count(&self, filter: Option<&Filter>) -> Result<u64>;

    /// Matching Documents in write order, a page at a time; an overwrite moves to the end. Documents written or deleted
    /// meanwhile may or may not be seen; every other one is seen exactly once.
    ///
    /// # Errors
    /// `InvalidInput` for a filter that cannot be evaluated.
    async fn fetch(&self, filter: Option<&Filter>, cursor: Cursor) -> Result<Page>;

    /// The Documents of these ids, in the order asked; unknown ids are left out.
    ///
    /// # Errors
    /// `Corrupt` when stored bytes do not open.
    async fn get(&self, ids: &[DocumentId]) -> Result<Vec<Document>>;

    /// Searches.
    ///
    /// # Errors
    /// `InvalidInput` for a filter or a dimension that does not fit, `Unsupported` as declared.
    async fn search(&self, query: &SearchQuery) -> Result<Vec<Document>>;
}

/// A store of one collection. No call reaches another one.
#[async_trait]
pub trait DocumentStore: DocumentSource {
    /// Writes all or nothing. Durable when it returns.
    ///
    /// # Errors
    /// `Conflict` by policy; `InvalidInput` for a dimension that does not fit; `Unavailable` for a full disk.
    async fn write(
        &self,
        documents: Vec<Document>,
        policy: DuplicatePolicy,
        visible: Visible,
    ) -> Result<WriteReport>;

    /// Makes every earlier write visible.
    ///
    /// # Errors
    /// `Unavailable` when the engine is away.
    async fn flush(&self) -> Result<()>;

    /// Deletes matching Documents, text and vectors and postings; gives their number. Durable when it returns.
    ///
    /// # Errors
    /// `InvalidInput` for a filter that cannot be evaluated.
    async fn delete(&self, filter: &Filter) -> Result<u64>;
}

/// What a check of an engine found.
#[derive(Debug, Clone, PartialEq)]
pub struct StoreHealth {
    /// The engine's version.
    pub version: String,
    /// A round trip, seconds.
    pub latency_seconds: f64,
    /// What is wrong, a line each with the cure; empty = well.
    pub faults: Vec<String>,
}

/// An engine that holds stores.
#[async_trait]
pub trait StoreBackend: Send + Sync + Debug {
    /// Opens a collection's store, made if it is not there. Opening twice gives the same store.
    ///
    /// # Errors
    /// `Conflict` when it was made with another schema, `Corrupt` when its files are damaged.
    async fn open(&self, key: &StoreKey, schema: &Schema) -> Result<Arc<dyn DocumentStore>>;

    /// Removes a store and everything in it; whether it was there.
    ///
    /// # Errors
    /// `Unavailable` when files cannot be removed.
    async fn drop_store(&self, key: &StoreKey) -> Result<bool>;

    /// The stores there are, sorted.
    ///
    /// # Errors
    /// `Unavailable` when the engine is away.
    async fn list(&self) -> Result<Vec<StoreKey>>;

    /// Version, latency, faults.
    ///
    /// # Errors
    /// `Unavailable` when the engine is away.
    async fn check(&self) -> Result<StoreHealth>;
}
