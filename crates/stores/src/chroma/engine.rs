//! One open collection: rows in Chroma, their ledger here, and how the two are kept together.
//!
//! A write is done when the ledger says so. Its rows are sent before that, as strays that no search shows; what it replaced or
//! deleted is removed after. A read asks Chroma, and leaves out what does not count by then; where it may have missed a row that
//! was replaced meanwhile, it is done again while nobody writes.

use super::client::Client;
use super::filter::{Translation, Where};
use super::ledger::Ledger;
use super::record::{self, Row, name};
use super::wire::Get;
use super::words::{Entry, Words};
use crate::check;
use crate::plan::Plan;
use pllm_core::{
    Cursor, Document, DocumentId, DuplicatePolicy, Error, ErrorKind, Filter, Page, Result, Schema,
    WriteReport,
};
use pllm_runtime::CpuPool;
use pllm_text::{Analyzer, KnownWords};
use roaring::RoaringBitmap;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

/// Documents read at once, and those of a page of a fetch that names no limit.
pub(super) const PAGE: usize = 256;
/// Rows sent at once, and bytes of their text. The server takes 40 MiB as it comes, and is quickest with hundreds of rows.
const BATCH_ROWS: usize = 500;
const BATCH_BYTES: usize = 4 << 20;
/// Rows removed at once; the server takes some 30,000.
const REMOVED: usize = 1_000;

pub(super) const TEXT: &[&str] = &["documents", "metadatas"];
const ALL: &[&str] = &["documents", "metadatas", "embeddings"];

/// An open collection.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) schema: Schema,
    pub(super) analyzer: Analyzer,
    pub(super) client: Client,
    /// Its id on the server.
    pub(super) id: String,
    /// The version of the server's API.
    pub(super) version: String,
    pub(super) pool: CpuPool,
    pub(super) words: RwLock<Words>,
    pub(super) ledger: Mutex<Ledger>,
    /// Held by the one that writes.
    pub(super) writer: tokio::sync::Mutex<()>,
    /// Held alone while rows are removed, and together by those that read: a read fails in Chroma, or hangs, that meets a row in its
    /// tables and not in its graph of vectors any more.
    pub(super) removing: tokio::sync::RwLock<()>,
    pub(super) dropped: AtomicBool,
}

/// Reads; once more while nobody writes if something was missed. (A function would take an async closure, whose future is not
/// known to be `Send`.)
macro_rules! again_if_moved {
    ($engine:expr, |$strict:ident| $read:expr) => {{
        let mut nobody_writes = None;
        loop {
            let $strict = nobody_writes.is_none();
            match $read.await {
                Err(Miss::Moved) if nobody_writes.is_none() => {
                    nobody_writes = Some($engine.writer.lock().await);
                }
                outcome => break outcome.map_err($crate::chroma::engine::failure),
            }
        }
    }};
}
pub(super) use again_if_moved;

/// Why a read did not succeed.
pub(super) enum Miss {
    /// Somebody wrote meanwhile.
    Moved,
    Failed(Error),
}

impl From<Error> for Miss {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Engine {
    pub(super) async fn count(self: &Arc<Self>, filter: Option<&Filter>) -> Result<u64> {
        check_filter(filter)?;
        again_if_moved!(self, |strict| self.matching(filter, 0, strict)).map(|found| found.len() as u64)
    }

    pub(super) async fn fetch(self: &Arc<Self>, filter: Option<&Filter>, cursor: Cursor) -> Result<Page> {
        check_filter(filter)?;
        again_if_moved!(self, |strict| self.page(filter, cursor, strict))
    }

    async fn page(
        self: &Arc<Self>,
        filter: Option<&Filter>,
        cursor: Cursor,
        strict: bool,
    ) -> Result<Page, Miss> {
        let limit = if cursor.limit == 0 { PAGE } else { cursor.limit };
        let found = self.matching(filter, cursor.after, strict).await?;
        let page = &found[..found.len().min(limit)];
        let documents = self.documents(page, true).await?;
        let last = page.last().map(|seq| seq.cast_unsigned()).filter(|_| found.len() > limit);
        Ok(Page { documents, next: last.map(|after| Cursor { limit: cursor.limit, after }) })
    }

    pub(super) async fn get(self: &Arc<Self>, ids: &[DocumentId]) -> Result<Vec<Document>> {
        again_if_moved!(self, |_strict| self.documents_of(ids))
    }

    async fn documents_of(self: &Arc<Self>, ids: &[DocumentId]) -> Result<Vec<Document>, Miss> {
        let seqs: Vec<i64> = {
            let words = self.words()?;
            let slots = ids.iter().filter_map(|id| words.slots.find(id.as_str()));
            slots.map(|slot| words.slots.seq(slot)).collect()
        };
        self.documents(&seqs, false).await
    }

    pub(super) async fn write(
        self: &Arc<Self>,
        documents: Vec<Document>,
        policy: DuplicatePolicy,
    ) -> Result<WriteReport> {
        check::check_documents(&documents, self.schema.dimension)?;
        let engine = Arc::clone(self);
        let entries = self.pool.run(move || engine.entries(documents)).await?;
        let _turn = self.writer.lock().await;
        self.remove_strays().await?;
        // Only the holder of the turn changes what counts, so the plan stays true until it is carried out.
        let plan = Plan::new(&self.words()?.slots, entries, policy)?;
        if plan.added.is_empty() {
            return Ok(plan.report);
        }
        let count = plan.added.len();
        let first = self.on_ledger(move |ledger| ledger.intend(count)).await?;
        if let Err(error) = self.send(first, plan.added.iter().map(|(_, document)| document)).await {
            self.try_to_remove_strays("a write that failed").await;
            return Err(error);
        }
        let entries: Vec<(i64, Entry)> =
            (first..).zip(plan.added.into_iter().map(|(entry, _)| entry)).collect();
        let replaces = !plan.removed.is_empty();
        self.settle(entries, plan.removed, plan.removed_seqs).await?;
        if replaces {
            self.try_to_remove_strays("what was overwritten").await;
        }
        Ok(plan.report)
    }

    /// Deletes here first: from then on nobody sees the Documents, whatever becomes of the call.
    pub(super) async fn delete(self: &Arc<Self>, filter: &Filter) -> Result<u64> {
        check_filter(Some(filter))?;
        let _turn = self.writer.lock().await;
        self.remove_strays().await?;
        let seqs = self.matching(Some(filter), 0, false).await.map_err(failure)?;
        let slots: RoaringBitmap = {
            let words = self.words()?;
            seqs.iter().filter_map(|seq| words.slots.at(*seq)).collect()
        };
        if seqs.is_empty() {
            return Ok(0);
        }
        let count = seqs.len() as u64;
        self.settle(Vec::new(), slots, seqs).await?;
        self.remove_strays().await?;
        Ok(count)
    }

    /// Removes what waits for it; every write is visible when it returns.
    pub(super) async fn flush(self: &Arc<Self>) -> Result<()> {
        let _turn = self.writer.lock().await;
        self.remove_strays().await
    }

    fn entries(&self, documents: Vec<Document>) -> Vec<(Entry, Document)> {
        let mut known = KnownWords::default();
        documents.into_iter().map(|document| (self.entry(&document, &mut known), document)).collect()
    }

    fn entry(&self, document: &Document, known: &mut KnownWords) -> Entry {
        let words = self.analyzer.count_terms(&document.indexed_text(), document.language, known);
        let (id, language) = (document.id.clone(), document.language);
        Entry { id, language, words, has_vector: document.embedding.is_some() }
    }

    /// What is kept of rows that were read.
    pub(super) fn entries_of(&self, rows: &[Row], known: &mut KnownWords) -> Vec<(i64, Entry)> {
        let entry = |row: &Row, known: &mut KnownWords| {
            let entry = self.entry(&row.document, known);
            (row.seq, Entry { has_vector: row.has_vector, ..entry })
        };
        rows.iter().map(|row| entry(row, known)).collect()
    }

    /// Sends rows in batches, the first with the number `first`.
    async fn send<'a>(&self, first: i64, documents: impl Iterator<Item = &'a Document>) -> Result<()> {
        let (mut first, mut batch, mut bytes) = (first, Vec::new(), 0);
        for document in documents {
            let size = document.content.len();
            if !batch.is_empty() && (batch.len() == BATCH_ROWS || bytes + size > BATCH_BYTES) {
                first = self.send_batch(first, std::mem::take(&mut batch)).await?;
                bytes = 0;
            }
            bytes += size;
            batch.push(document);
        }
        self.send_batch(first, batch).await.map(drop)
    }

    /// Gives the number of the row after these.
    async fn send_batch(&self, first: i64, batch: Vec<&Document>) -> Result<i64> {
        let count = i64::try_from(batch.len()).unwrap_or(i64::MAX);
        let rows = record::add(first, batch.into_iter(), self.schema.dimension)?;
        self.client.add(&self.id, rows).await?;
        Ok(first + count)
    }

    /// Makes a change count: in the ledger, then in RAM. In one piece of work, which goes on when its caller leaves.
    async fn settle(
        self: &Arc<Self>,
        added: Vec<(i64, Entry)>,
        removed: RoaringBitmap,
        removed_seqs: Vec<i64>,
    ) -> Result<()> {
        let engine = Arc::clone(self);
        let work = move || {
            let rows: Vec<(i64, &Entry)> = added.iter().map(|(seq, entry)| (*seq, entry)).collect();
            engine.lock_ledger().settle(&rows, &removed_seqs)?;
            let mut words = engine.words.write().map_err(|_| broken())?;
            words.remove(&removed);
            for (seq, entry) in added {
                words.push(seq, entry);
            }
            Ok(())
        };
        self.pool.run(work).await?
    }

    /// Removes the rows that strayed. Only the holder of the turn may.
    pub(super) async fn remove_strays(self: &Arc<Self>) -> Result<()> {
        self.check_dropped()?;
        let strays = self.on_ledger(|ledger| ledger.strays()).await?;
        for part in strays.chunks(REMOVED) {
            let names: Vec<String> = part.iter().map(|seq| name(*seq)).collect();
            {
                let _nobody_reads = self.removing.write().await;
                self.client.delete(&self.id, &names).await?;
            }
            let part = part.to_vec();
            self.on_ledger(move |ledger| ledger.forget(&part)).await?;
        }
        Ok(())
    }

    async fn try_to_remove_strays(self: &Arc<Self>, what: &str) {
        if let Err(error) = self.remove_strays().await {
            tracing::warn!(%error, "Chroma still holds {what}, unseen: the next write, flush or open removes it");
        }
    }

    pub(super) async fn on_ledger<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Ledger) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let engine = Arc::clone(self);
        self.pool.run(move || work(&mut engine.lock_ledger())).await?
    }

    pub(super) fn lock_ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rows that count.
    pub(super) fn words(&self) -> Result<RwLockReadGuard<'_, Words>> {
        self.check_dropped()?;
        self.words.read().map_err(|_| broken())
    }

    /// The numbers of the rows after `after` that match, ascending. `strict`: fails where one may have been missed.
    pub(super) async fn matching(
        self: &Arc<Self>,
        filter: Option<&Filter>,
        after: u64,
        strict: bool,
    ) -> Result<Vec<i64>, Miss> {
        let translation = filter.map(Translation::of);
        let everything = translation.as_ref().is_none_or(|it| it.exact && it.condition == Where::All);
        if everything {
            let words = self.words()?;
            let first = words.slots.first_after(after);
            let slots = words.slots.live().range(first..);
            return Ok(slots.map(|slot| words.slots.seq(slot)).collect());
        }
        let (Some(filter), Some(translation)) = (filter, translation) else { return Ok(Vec::new()) };
        let mut condition = translation.condition;
        if condition == Where::Nothing {
            return Ok(Vec::new());
        }
        if after > 0 {
            let rest = Where::Is(serde_json::json!({record::SEQ: {"$gt": after}}));
            condition = Where::and(vec![rest, condition]);
        }
        let last = self.words()?.last();
        let get = Get { filter: condition.json(), ..Get::default() };
        let got = {
            let _nothing_is_removed = self.removing.read().await;
            self.client.get(&self.id, &get).await?
        };
        let mut seqs = self.counting(&got.ids, last, strict)?;
        seqs.sort_unstable();
        if translation.exact { Ok(seqs) } else { self.confirmed(seqs, filter).await }
    }

    /// Those of the named rows that count. `last` was the last number when they were asked for: what counted then and does not
    /// now was replaced or deleted meanwhile, and is missed where that is to be told.
    pub(super) fn counting(&self, names: &[String], last: i64, strict: bool) -> Result<Vec<i64>, Miss> {
        let words = self.words()?;
        let mut seqs = Vec::with_capacity(names.len());
        for name in names {
            let seq = record::seq(name)?;
            if words.slots.at(seq).is_some() {
                seqs.push(seq);
            } else if strict && seq <= last {
                return Err(Miss::Moved);
            }
        }
        Ok(seqs)
    }

    /// Those whose Documents match: for conditions that are too wide.
    pub(super) async fn confirmed(
        self: &Arc<Self>,
        seqs: Vec<i64>,
        filter: &Filter,
    ) -> Result<Vec<i64>, Miss> {
        let mut kept = Vec::new();
        for part in seqs.chunks(PAGE) {
            let documents = self.documents(part, false).await?;
            let pairs = part.iter().zip(&documents);
            kept.extend(pairs.filter(|(_, document)| filter.matches(document)).map(|(seq, _)| *seq));
        }
        Ok(kept)
    }

    /// The Documents of these rows, in this order; `Moved` when one of them is gone.
    pub(super) async fn documents(&self, seqs: &[i64], with_vectors: bool) -> Result<Vec<Document>, Miss> {
        let mut documents = Vec::with_capacity(seqs.len());
        for part in seqs.chunks(PAGE) {
            let rows = self.rows(part, if with_vectors { ALL } else { TEXT }).await?;
            let by_seq: HashMap<i64, Document> =
                rows.into_iter().map(|row| (row.seq, row.document)).collect();
            for seq in part {
                documents.push(by_seq.get(seq).cloned().ok_or(Miss::Moved)?);
            }
        }
        Ok(documents)
    }

    /// Those of these rows that are there, in any order.
    pub(super) async fn rows(&self, seqs: &[i64], include: &'static [&'static str]) -> Result<Vec<Row>> {
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        let ids = Some(seqs.iter().map(|seq| name(*seq)).collect());
        let got = {
            let _nothing_is_removed = self.removing.read().await;
            self.client.get(&self.id, &Get { ids, include, ..Get::default() }).await?
        };
        self.pool.run_first(move || record::read(got)).await?
    }

    pub(super) fn check_dropped(&self) -> Result<()> {
        if self.dropped.load(Ordering::Acquire) {
            let message =
                format!("the store was removed from the Chroma server at {}", self.client.address());
            return Err(Error::new(ErrorKind::NotFound, super::OPEN, message));
        }
        Ok(())
    }
}

fn check_filter(filter: Option<&Filter>) -> Result<()> {
    filter.map_or(Ok(()), Filter::validate)
}

pub(super) fn failure(miss: Miss) -> Error {
    match miss {
        Miss::Failed(error) => error,
        Miss::Moved => {
            let message = "Chroma does not have rows that the ledger names";
            Error::new(ErrorKind::Corrupt, "stores.read", message)
                .hint("restart, so that the ledger is made anew from Chroma")
        }
    }
}

/// What a read that failed in Chroma missed: where rows are being added, Chroma may find one in its tables that is not in its graph
/// of vectors yet. Once more while nobody writes, then.
pub(super) fn missed(error: Error, strict: bool) -> Miss {
    if strict && error.to_string().contains("Error finding id") { Miss::Moved } else { Miss::Failed(error) }
}

/// A panic while what counts was being changed.
fn broken() -> Error {
    Error::new(ErrorKind::Internal, "stores.index", "the index was left half changed")
        .hint("restart: it is built anew from the ledger")
}
