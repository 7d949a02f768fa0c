//! The metadata database on SQLite: connection, format, and the contract's transactions.

use super::migrate::migrate;
use super::readers::Readers;
use super::rows::{self, Sealed};
use super::{
    CollectionRecord, CollectionSettings, FileEnd, FileProgress, FinishedRevision, JobEnd, JobFileRecord,
    JobRecord, JobState, JobStore, Leftover, MetaStore, NewJob, NewJobRow, NewRevision, NewTrace, OpenWork,
    RowTotals, SourceRecord, SourceScope, StoredTrace, TraceRecord, TraceStore, job_rows, trace_rows,
};
use async_trait::async_trait;
use pllm_core::{CollectionId, Error, ErrorKind, Result, Seal, SourceId};
use pllm_runtime::CpuPool;
use rusqlite::{Connection, TransactionBehavior};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The metadata database in one SQLite file, durable after every method. One connection writes, and what only reads does not wait
/// for it.
#[derive(Debug, Clone)]
pub struct SqliteMetaStore {
    connection: Arc<Mutex<Connection>>,
    readers: Arc<Readers>,
    seal: Arc<dyn Seal>,
    pool: CpuPool,
}

impl SqliteMetaStore {
    /// Opens the file, made if it is not there.
    ///
    /// # Errors
    /// `Unsupported` when a newer version wrote it, `Corrupt` when it is damaged, `Unavailable` when it cannot be written.
    pub fn open(path: &Path, seal: Arc<dyn Seal>, pool: CpuPool) -> Result<Self> {
        let failed = |error| database_error(error).with("file", path.display());
        let mut connection = Connection::open(path).map_err(failed)?;
        connection
            .execute_batch(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
            )
            .map_err(failed)?;
        migrate(&mut connection, path, seal.as_ref()).map_err(|error| error.with("file", path.display()))?;
        let readers = Arc::new(Readers::new(path));
        Ok(Self { connection: Arc::new(Mutex::new(connection)), readers, seal, pool })
    }

    /// Runs `work`, which changes nothing, on the pool, before what is being ingested: somebody waits for it.
    async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Sealed<'_>) -> Result<T> + Send + 'static,
    {
        let (readers, seal) = (Arc::clone(&self.readers), Arc::clone(&self.seal));
        let run = move || readers.read(|transaction| work(&Sealed { transaction, seal: seal.as_ref() }));
        self.pool.run_first(run).await?
    }

    /// Runs `work` in one transaction on the pool.
    async fn transaction<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Sealed<'_>) -> Result<T> + Send + 'static,
    {
        let (connection, seal) = (Arc::clone(&self.connection), Arc::clone(&self.seal));
        let run = move || {
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(database_error)?;
            let value = work(&Sealed { transaction: &transaction, seal: seal.as_ref() })?;
            transaction.commit().map_err(database_error)?;
            Ok(value)
        };
        self.pool.run(run).await?
    }

    /// Moves what was deleted out of the write-ahead log, so that no byte of it stays.
    async fn checkpoint(&self) -> Result<()> {
        let (connection, readers) = (Arc::clone(&self.connection), Arc::clone(&self.readers));
        let run = move || {
            let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let empty = || connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            readers.alone(empty).map_err(database_error)
        };
        self.pool.run(run).await?
    }
}

/// SQLite's error as what the caller can do about it.
pub(super) fn database_error(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    let (kind, hint) = match error.sqlite_error_code() {
        Some(Code::DatabaseCorrupt | Code::NotADatabase) => {
            (ErrorKind::Corrupt, "restore the data directory from a backup")
        }
        Some(Code::DiskFull) => (ErrorKind::Unavailable, "free some disk space"),
        Some(Code::ReadOnly | Code::CannotOpen | Code::PermissionDenied) => {
            (ErrorKind::Unavailable, "make the data directory writable")
        }
        Some(Code::DatabaseBusy | Code::DatabaseLocked) => {
            (ErrorKind::Unavailable, "stop other programs that use the file")
        }
        _ => (ErrorKind::Internal, ""),
    };
    let error = Error::new(kind, "app.metadata", "the metadata database failed").caused_by(error);
    if hint.is_empty() { error } else { error.hint(hint) }
}

#[async_trait]
impl MetaStore for SqliteMetaStore {
    async fn create_collection(&self, record: CollectionRecord) -> Result<()> {
        self.transaction(move |sealed| rows::insert_collection(sealed, &record)).await
    }

    async fn collections(&self) -> Result<Vec<CollectionRecord>> {
        self.read(rows::collections).await
    }

    async fn set_settings(&self, id: &CollectionId, settings: CollectionSettings) -> Result<()> {
        let id = id.clone();
        self.transaction(move |sealed| rows::set_settings(sealed, &id, &settings)).await
    }

    async fn begin_collection_delete(&self, id: &CollectionId) -> Result<()> {
        let id = id.clone();
        self.transaction(move |sealed| rows::begin_collection_delete(sealed, &id)).await
    }

    async fn remove_collection(&self, id: &CollectionId) -> Result<()> {
        let id = id.clone();
        self.transaction(move |sealed| rows::remove_collection(sealed, &id)).await?;
        self.checkpoint().await
    }

    async fn begin_revisions(
        &self,
        collection: &CollectionId,
        revisions: Vec<NewRevision>,
    ) -> Result<Vec<u32>> {
        let collection = collection.clone();
        let work = move |sealed: &Sealed<'_>| {
            rows::index_changed(sealed, &collection)?;
            revisions.iter().map(|revision| rows::begin_revision(sealed, &collection, revision)).collect()
        };
        self.transaction(work).await
    }

    async fn finish_revisions(
        &self,
        collection: &CollectionId,
        finished: Vec<FinishedRevision>,
        gone: Vec<SourceId>,
    ) -> Result<()> {
        let collection = collection.clone();
        let work = move |sealed: &Sealed<'_>| {
            rows::index_changed(sealed, &collection)?;
            finished.iter().try_for_each(|revision| rows::finish_revision(sealed, &collection, revision))?;
            gone.iter().try_for_each(|source| rows::mark_deleting(sealed, &collection, source).map(|_| ()))
        };
        self.transaction(work).await
    }

    async fn describe(&self, collection: &CollectionId, sources: Vec<SourceRecord>) -> Result<()> {
        let collection = collection.clone();
        let work = move |sealed: &Sealed<'_>| {
            sources.iter().try_for_each(|source| rows::describe(sealed, &collection, source))
        };
        self.transaction(work).await
    }

    async fn sources(&self, collection: &CollectionId, scope: SourceScope) -> Result<Vec<SourceRecord>> {
        let collection = collection.clone();
        self.read(move |sealed| rows::sources(sealed, &collection, &scope)).await
    }

    async fn sources_of(&self, collection: &CollectionId, ids: Vec<SourceId>) -> Result<Vec<SourceRecord>> {
        let collection = collection.clone();
        let work = move |sealed: &Sealed<'_>| {
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                found.extend(rows::sources(sealed, &collection, &SourceScope::One(id))?);
            }
            Ok(found)
        };
        self.read(work).await
    }

    async fn row_totals(&self, collection: &CollectionId) -> Result<HashMap<SourceId, RowTotals>> {
        let collection = collection.clone();
        self.read(move |sealed| rows::row_totals(sealed, &collection)).await
    }

    async fn languages(&self, collection: &CollectionId) -> Result<Vec<(String, u64)>> {
        let collection = collection.clone();
        self.read(move |sealed| rows::languages(sealed, &collection)).await
    }

    async fn begin_source_delete(&self, collection: &CollectionId, sources: Vec<SourceId>) -> Result<u64> {
        let collection = collection.clone();
        let work = move |sealed: &Sealed<'_>| {
            rows::index_changed(sealed, &collection)?;
            sources.iter().try_for_each(|source| rows::dataset_changed(sealed, &collection, source))?;
            sources.iter().map(|source| rows::mark_deleting(sealed, &collection, source)).sum()
        };
        self.transaction(work).await
    }

    async fn leftovers(&self, collection: Option<&CollectionId>) -> Result<Vec<Leftover>> {
        let collection = collection.cloned();
        self.read(move |sealed| rows::leftovers(sealed, collection.as_ref())).await
    }

    async fn pending(&self, collection: &CollectionId) -> Result<Vec<Leftover>> {
        let collection = collection.clone();
        self.read(move |sealed| rows::pending(sealed, &collection)).await
    }

    async fn forget(&self, cleared: Vec<Leftover>) -> Result<()> {
        self.transaction(move |sealed| {
            let collections: BTreeSet<&CollectionId> = cleared.iter().map(|one| &one.collection).collect();
            collections.into_iter().try_for_each(|id| rows::index_changed(sealed, id))?;
            cleared.iter().try_for_each(|leftover| rows::forget(sealed, leftover))
        })
        .await?;
        self.checkpoint().await
    }
}

#[async_trait]
impl JobStore for SqliteMetaStore {
    async fn submit_job(&self, job: NewJob, most_queued: u64) -> Result<NewJobRow> {
        self.transaction(move |sealed| job_rows::submit(sealed, &job, most_queued)).await
    }

    async fn check_queue(&self, most_queued: u64) -> Result<()> {
        self.read(move |sealed| job_rows::check_queue(sealed, most_queued)).await
    }

    async fn start_job(&self, job: NewJob) -> Result<NewJobRow> {
        self.transaction(move |sealed| job_rows::start(sealed, &job)).await
    }

    async fn claim_job(&self, busy: Vec<CollectionId>) -> Result<Option<JobRecord>> {
        self.transaction(move |sealed| job_rows::claim(sealed, &busy)).await
    }

    async fn job(&self, id: i64) -> Result<Option<JobRecord>> {
        self.read(move |sealed| job_rows::job(sealed, id)).await
    }

    async fn jobs(&self, collection: Option<&CollectionId>) -> Result<Vec<JobRecord>> {
        let collection = collection.cloned();
        self.read(move |sealed| job_rows::jobs(sealed, collection.as_ref())).await
    }

    async fn job_files(&self, id: i64) -> Result<Vec<JobFileRecord>> {
        self.read(move |sealed| job_rows::files(sealed, id)).await
    }

    async fn job_progress(&self, id: i64, files: Vec<FileProgress>) -> Result<()> {
        let work =
            move |sealed: &Sealed<'_>| files.iter().try_for_each(|file| job_rows::progress(sealed, id, file));
        self.transaction(work).await
    }

    async fn end_file(&self, id: i64, end: FileEnd) -> Result<()> {
        self.transaction(move |sealed| job_rows::end_file(sealed, id, &end)).await
    }

    async fn end_job(&self, id: i64, end: JobEnd) -> Result<()> {
        self.transaction(move |sealed| job_rows::end(sealed, id, &end)).await
    }

    async fn cancel_job(&self, id: i64) -> Result<JobState> {
        self.transaction(move |sealed| job_rows::cancel(sealed, id)).await
    }

    async fn retry_job(&self, id: i64, most_queued: u64) -> Result<()> {
        self.transaction(move |sealed| job_rows::retry(sealed, id, most_queued)).await
    }

    async fn forget_job(&self, id: i64) -> Result<(CollectionId, Vec<String>)> {
        self.transaction(move |sealed| job_rows::forget(sealed, id)).await
    }

    async fn interrupt_jobs(&self) -> Result<u64> {
        self.transaction(job_rows::interrupt).await
    }

    async fn resume_jobs(&self) -> Result<u64> {
        self.transaction(job_rows::resume).await
    }

    async fn open_work(&self, collection: &CollectionId) -> Result<OpenWork> {
        let collection = collection.clone();
        self.read(move |sealed| job_rows::open_work(sealed, &collection)).await
    }

    async fn incoming(&self, collection: &CollectionId) -> Result<Vec<String>> {
        let collection = collection.clone();
        self.read(move |sealed| job_rows::incoming(sealed, &collection)).await
    }

    async fn forget_incoming(&self, collection: &CollectionId, paths: Vec<String>) -> Result<Vec<String>> {
        let collection = collection.clone();
        let paths = paths.into_iter().collect();
        self.transaction(move |sealed| job_rows::forget_incoming(sealed, &collection, &paths)).await
    }
}

#[async_trait]
impl TraceStore for SqliteMetaStore {
    async fn last_trace(&self) -> Result<i64> {
        self.read(trace_rows::last).await
    }

    async fn index_changes(&self, collection: &CollectionId) -> Result<Option<i64>> {
        let collection = collection.clone();
        self.read(move |sealed| trace_rows::index_changes(sealed, &collection)).await
    }

    async fn write_trace(&self, trace: NewTrace) -> Result<()> {
        self.transaction(move |sealed| trace_rows::write(sealed, &trace)).await
    }

    async fn trace(&self, id: i64) -> Result<Option<StoredTrace>> {
        self.read(move |sealed| trace_rows::trace(sealed, id)).await
    }

    async fn traces(&self, collection: Option<&CollectionId>, limit: usize) -> Result<Vec<TraceRecord>> {
        let collection = collection.cloned();
        self.read(move |sealed| trace_rows::traces(sealed, collection.as_ref(), limit)).await
    }

    async fn count_traces(&self) -> Result<u64> {
        self.read(trace_rows::count).await
    }

    async fn forget_traces(
        &self,
        collection: Option<&CollectionId>,
        before: Option<super::Instant>,
    ) -> Result<u64> {
        let collection = collection.cloned();
        let work = move |sealed: &Sealed<'_>| trace_rows::forget(sealed, collection.as_ref(), before);
        let gone = self.transaction(work).await?;
        if gone > 0 {
            self.checkpoint().await?;
        }
        Ok(gone)
    }
}
