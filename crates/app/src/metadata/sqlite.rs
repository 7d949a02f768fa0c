//! The metadata database on SQLite: connection, format, and the contract's transactions.

use super::rows::{self, Sealed};
use super::{
    CollectionRecord, FinishedRevision, JobRecord, JobState, Leftover, MetaStore, NewRevision, SourceRecord,
    SourceScope,
};
use async_trait::async_trait;
use pllm_core::{CollectionId, Error, ErrorKind, Result, Seal, SourceId};
use pllm_runtime::CpuPool;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Tables, and what each column is.
const SCHEMA: &str = include_str!("schema.sql");
/// The format this binary writes.
const FORMAT: u32 = 1;

/// The metadata database in one SQLite file, durable after every method.
#[derive(Debug, Clone)]
pub struct SqliteMetaStore {
    connection: Arc<Mutex<Connection>>,
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
        migrate(&mut connection, seal.as_ref()).map_err(|error| error.with("file", path.display()))?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), seal, pool })
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
        let connection = Arc::clone(&self.connection);
        let run = move || {
            let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(database_error)
        };
        self.pool.run(run).await?
    }
}

fn migrate(connection: &mut Connection, seal: &dyn Seal) -> Result<()> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(database_error)?;
    let known: i64 = transaction
        .query_row("SELECT count(*) FROM sqlite_master WHERE name = 'format'", [], |row| row.get(0))
        .map_err(database_error)?;
    if known == 0 {
        transaction.execute_batch(SCHEMA).map_err(database_error)?;
        let header = seal.header(FORMAT);
        transaction
            .execute(
                "INSERT INTO format VALUES (?1, ?2, ?3)",
                (header.format, header.version, header.key_id.cast_signed()),
            )
            .map_err(database_error)?;
    }
    let version: u32 =
        transaction.query_row("SELECT version FROM format", [], |row| row.get(0)).map_err(database_error)?;
    if version > FORMAT {
        let message =
            format!("the metadata database has format {version}, this version of pllm reads up to {FORMAT}");
        return Err(Error::new(ErrorKind::Unsupported, "app.metadata", message).hint("use a newer pllm"));
    }
    transaction.commit().map_err(database_error)
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
        self.transaction(rows::collections).await
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
        self.transaction(move |sealed| rows::sources(sealed, &collection, &scope)).await
    }

    async fn languages(&self, collection: &CollectionId) -> Result<Vec<(String, u64)>> {
        let collection = collection.clone();
        self.transaction(move |sealed| rows::languages(sealed, &collection)).await
    }

    async fn begin_source_delete(&self, collection: &CollectionId, sources: Vec<SourceId>) -> Result<u64> {
        let collection = collection.clone();
        let work = move |sealed: &Sealed<'_>| {
            sources.iter().try_for_each(|source| rows::dataset_changed(sealed, &collection, source))?;
            sources.iter().map(|source| rows::mark_deleting(sealed, &collection, source)).sum()
        };
        self.transaction(work).await
    }

    async fn leftovers(&self, collection: Option<&CollectionId>) -> Result<Vec<Leftover>> {
        let collection = collection.cloned();
        self.transaction(move |sealed| rows::leftovers(sealed, collection.as_ref())).await
    }

    async fn pending(&self, collection: &CollectionId) -> Result<Vec<Leftover>> {
        let collection = collection.clone();
        self.transaction(move |sealed| rows::pending(sealed, &collection)).await
    }

    async fn forget(&self, cleared: Vec<Leftover>) -> Result<()> {
        self.transaction(move |sealed| {
            cleared.iter().try_for_each(|leftover| rows::forget(sealed, leftover))
        })
        .await?;
        self.checkpoint().await
    }

    async fn start_job(&self, collection: &CollectionId, total: u64) -> Result<i64> {
        let collection = collection.clone();
        self.transaction(move |sealed| rows::start_job(sealed, &collection, total)).await
    }

    async fn job_progress(&self, id: i64, done: u64) -> Result<()> {
        self.transaction(move |sealed| rows::job_progress(sealed, id, done)).await
    }

    async fn end_job(&self, id: i64, state: JobState, errors: Vec<String>) -> Result<()> {
        self.transaction(move |sealed| rows::end_job(sealed, id, state, &errors)).await
    }

    async fn jobs(&self, collection: &CollectionId) -> Result<Vec<JobRecord>> {
        let collection = collection.clone();
        self.transaction(move |sealed| rows::jobs(sealed, &collection)).await
    }

    async fn interrupt_jobs(&self) -> Result<u64> {
        self.transaction(rows::interrupt_jobs).await
    }
}
