//! One open store: rows on disk, indexes in RAM, and how the two are kept together. Plain functions that block.
//!
//! A write prepares everything, commits the rows, then changes the index: the index may be a commit behind the rows for a
//! moment, never before them. Searches read the index under a lock that is held for changing it only, never while a commit
//! waits for the disk; where they meet a row that is gone already, they are done again while nobody writes.

use super::filter;
use super::index::{Entry, Index};
use super::rebuild::rebuild;
use super::record::Row;
use super::rows::{Rows, Writer};
use super::vectors;
use crate::check;
use crate::plan::Plan;
use crate::words::best::Hit;
use pllm_core::{
    CollectionId, Cursor, Document, DocumentId, DuplicatePolicy, Embedding, Error, ErrorKind, Filter, Page,
    Result, Schema, Seal, SearchQuery, WriteReport,
};
use pllm_text::{Analyzer, KnownWords};
use roaring::RoaringBitmap;
use std::path::Path;
use std::sync::{Arc, RwLock, RwLockReadGuard};

/// Documents read at once, and those of a page of a fetch that names no limit.
const PAGE: usize = 256;

/// An open store.
#[derive(Debug)]
pub(super) struct Engine {
    schema: Schema,
    analyzer: Analyzer,
    rows: Rows,
    index: RwLock<Index>,
}

/// Why a read did not succeed.
enum Miss {
    /// A row that the index names is gone: somebody wrote meanwhile.
    Moved,
    Failed(Error),
}

impl From<Error> for Miss {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Engine {
    /// Opens the file at `path`, made if it is not there, and builds the indexes.
    pub(super) fn open(
        path: &Path,
        collection: &CollectionId,
        schema: &Schema,
        seal: Arc<dyn Seal>,
    ) -> Result<Self> {
        check::check_schema(schema)?;
        let rows = Rows::open(path, collection, schema, seal)?;
        let analyzer = Analyzer::new(&schema.languages);
        let index = rebuild(&rows, &rows.writer()?, schema, &analyzer)?;
        Ok(Self { schema: schema.clone(), analyzer, rows, index: RwLock::new(index) })
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    pub(super) fn count(&self, filter: Option<&Filter>) -> Result<u64> {
        check_filter(filter)?;
        self.consistent(|| Ok(self.matching(&*self.index()?, filter)?.len()))
    }

    pub(super) fn fetch(&self, filter: Option<&Filter>, cursor: Cursor) -> Result<Page> {
        check_filter(filter)?;
        let limit = if cursor.limit == 0 { PAGE } else { cursor.limit };
        let (rows, more) = self.consistent(|| {
            let seqs = {
                let index = self.index()?;
                let mut allowed = index.slots.live().clone();
                allowed.remove_range(..index.slots.first_after(cursor.after));
                let found = self.matching_within(&index, filter, &allowed)?;
                let first = found.iter().take(limit.saturating_add(1));
                first.map(|slot| index.slots.seq(slot)).collect::<Vec<_>>()
            };
            let page = &seqs[..seqs.len().min(limit)];
            Ok((self.rows.read(page, true)?.ok_or(Miss::Moved)?, seqs.len() > limit))
        })?;
        let last = rows.last().map(|row| row.seq.cast_unsigned());
        let next = last.filter(|_| more).map(|after| Cursor { limit: cursor.limit, after });
        Ok(Page { documents: rows.into_iter().map(with_embedding).collect::<Result<_>>()?, next })
    }

    pub(super) fn get(&self, ids: &[DocumentId]) -> Result<Vec<Document>> {
        self.consistent(|| {
            let seqs: Vec<i64> = {
                let index = self.index()?;
                let slots = ids.iter().filter_map(|id| index.slots.find(id.as_str()));
                slots.map(|slot| index.slots.seq(slot)).collect()
            };
            self.rows.documents(&seqs)?.ok_or(Miss::Moved)
        })
    }

    pub(super) fn search(&self, query: &SearchQuery) -> Result<Vec<Document>> {
        let (SearchQuery::Embedding { filter, .. } | SearchQuery::Keyword { filter, .. }) = query;
        let filter = filter.as_deref();
        check_filter(filter)?;
        self.check_query(query)?;
        self.consistent(|| {
            let (scores, seqs): (Vec<f64>, Vec<i64>) = {
                let index = self.index()?;
                let allowed = self.matching(&index, filter)?;
                let hits = self.hits(&index, query, &allowed);
                hits.into_iter().map(|(score, slot)| (score, index.slots.seq(slot))).unzip()
            };
            let mut documents = self.rows.documents(&seqs)?.ok_or(Miss::Moved)?;
            for (document, score) in documents.iter_mut().zip(scores) {
                document.score = Some(score);
            }
            Ok(documents)
        })
    }

    fn check_query(&self, query: &SearchQuery) -> Result<()> {
        match query {
            SearchQuery::Embedding { embedding, .. } if embedding.dimension() != self.schema.dimension => {
                let (found, expected) = (embedding.dimension(), self.schema.dimension);
                let message = format!("embedding has {found} dimensions, the store expects {expected}");
                Err(Error::invalid("stores.search", message)
                    .hint("ask with the embedder that the collection was indexed with"))
            }
            _ => Ok(()),
        }
    }

    fn hits(&self, index: &Index, query: &SearchQuery, allowed: &RoaringBitmap) -> Vec<Hit> {
        match query {
            SearchQuery::Embedding { embedding, top_k, .. } => {
                index.search_vectors(embedding.values(), allowed, *top_k)
            }
            SearchQuery::Keyword { text, top_k, .. } => {
                index.search_words(text, &self.analyzer, &self.schema.keyword, allowed, *top_k)
            }
        }
    }

    pub(super) fn write(&self, documents: Vec<Document>, policy: DuplicatePolicy) -> Result<WriteReport> {
        check::check_documents(&documents, self.schema.dimension)?;
        let mut known = KnownWords::default();
        let entries = documents.into_iter().map(|document| self.entry(document, &mut known)).collect();
        let mut writer = self.rows.writer()?;
        // Only the holder of the writer changes the index, so the plan stays true until it is carried out.
        let plan = Plan::new(&self.index()?.slots, entries, policy)?;
        let added: Vec<_> = plan.added.iter().map(|entry| (entry.document(), entry.halves())).collect();
        let seqs = writer.replace(&plan.removed_seqs, &added)?;
        let mut index = self.index.write().map_err(|_| broken())?;
        index.remove(&plan.removed);
        for (seq, entry) in seqs.into_iter().zip(plan.added) {
            index.push(seq, entry);
        }
        Ok(plan.report)
    }

    fn entry(&self, mut document: Document, known: &mut KnownWords) -> Entry {
        let embedding = document.embedding.take();
        let halves = embedding.map(|embedding| vectors::to_halves(embedding.values()));
        Entry::new(document, halves, &self.analyzer, known)
    }

    pub(super) fn delete(&self, filter: &Filter) -> Result<u64> {
        check_filter(Some(filter))?;
        let mut writer = self.rows.writer()?;
        let (slots, seqs) = {
            let index = self.index()?;
            let slots = self.matching(&index, Some(filter)).map_err(|miss| self.failure(miss))?;
            let seqs: Vec<i64> = slots.iter().map(|slot| index.slots.seq(slot)).collect();
            (slots, seqs)
        };
        if seqs.is_empty() {
            return Ok(0);
        }
        writer.replace(&seqs, &[])?;
        self.index.write().map_err(|_| broken())?.remove(&slots);
        Ok(slots.len())
    }

    /// In what the indexes differ from ones built anew from the rows, and what SQLite finds wrong with the file; empty when all
    /// is well. Nobody can write meanwhile.
    pub(super) fn verify(&self) -> Result<Vec<String>> {
        let writer = self.rows.writer()?;
        let mut faults = writer.integrity_faults()?;
        let fresh = rebuild(&self.rows, &writer, &self.schema, &self.analyzer)?;
        let mut present = self.index()?.clone();
        present.compact();
        let differences = present.differences(&fresh);
        faults
            .extend(differences.iter().map(|part| format!("the index does not agree with the file: {part}")));
        Ok(faults)
    }

    /// Refuses every later call.
    pub(super) fn close(&self) -> Result<()> {
        let writer: Writer<'_> = self.rows.writer()?;
        writer.forbid();
        Ok(())
    }

    fn index(&self) -> Result<RwLockReadGuard<'_, Index>> {
        self.rows.check_dropped()?;
        self.index.read().map_err(|_| broken())
    }

    fn matching(&self, index: &Index, filter: Option<&Filter>) -> Result<RoaringBitmap, Miss> {
        self.matching_within(index, filter, index.slots.live())
    }

    fn matching_within(
        &self,
        index: &Index,
        filter: Option<&Filter>,
        within: &RoaringBitmap,
    ) -> Result<RoaringBitmap, Miss> {
        let Some(filter) = filter else { return Ok(within.clone()) };
        filter::compile(filter, index, within, &mut |slots, comparison| {
            let mut found = RoaringBitmap::new();
            for slots in slots.iter().collect::<Vec<_>>().chunks(PAGE) {
                let seqs: Vec<i64> = slots.iter().map(|slot| index.slots.seq(*slot)).collect();
                let documents = self.rows.documents(&seqs)?.ok_or(Miss::Moved)?;
                let pairs = slots.iter().zip(&documents);
                found
                    .extend(pairs.filter(|(_, document)| comparison.matches(document)).map(|(slot, _)| slot));
            }
            Ok(found)
        })
    }

    /// Reads; once more while nobody writes if a row was gone.
    fn consistent<T>(&self, read: impl Fn() -> Result<T, Miss>) -> Result<T> {
        match read() {
            Err(Miss::Moved) => {
                let _nobody_writes = self.rows.writer()?;
                read().map_err(|miss| self.failure(miss))
            }
            other => other.map_err(|miss| self.failure(miss)),
        }
    }

    fn failure(&self, miss: Miss) -> Error {
        match miss {
            Miss::Failed(error) => error,
            Miss::Moved => {
                let message = format!("the index names rows that are not in {}", self.rows.path().display());
                Error::new(ErrorKind::Corrupt, "stores.read", message)
                    .hint("restart, so that the index is built anew")
            }
        }
    }
}

fn check_filter(filter: Option<&Filter>) -> Result<()> {
    filter.map_or(Ok(()), Filter::validate)
}

fn with_embedding(row: Row) -> Result<Document> {
    let mut document = row.document;
    if let Some(halves) = row.vector {
        document.embedding = Some(Embedding::new(vectors::from_halves(&halves))?);
    }
    Ok(document)
}

/// A panic while the index was being changed.
fn broken() -> Error {
    Error::new(ErrorKind::Internal, "stores.index", "the index was left half changed")
        .hint("restart: it is built anew from the file")
}

#[cfg(test)]
impl Engine {
    /// Makes the file's disk look full beyond so many pages.
    pub(super) fn limit_pages(&self, pages: u32) {
        let writer = self.rows.writer().expect("a writer");
        writer.connection().pragma_update(None, "max_page_count", pages).expect("a limit");
    }

    /// How long a write waits for readers when it empties the log.
    pub(super) fn wait_for_readers(&self, limit: std::time::Duration) {
        self.rows.writer().expect("a writer").connection().busy_timeout(limit).expect("a limit");
    }
}
