//! The assembled product: the one place that turns configuration into stores, models and components.

use crate::clear::Cleaner;
use crate::collections::{Collection, OpenCollections};
use crate::config::Config;
use crate::conversion::Conversions;
use crate::gates::Gates;
use crate::ingest::{
    FileOutcome, FileStatus, FoundFile, IngestOptions, IngestProgress, IngestSummary, Job, JobFile, Meters,
    files,
};
use crate::jobs::{Given, Jobs};
use crate::llms::Llms;
use crate::metadata::{
    FileError, FileOrigin, JobOptions, MetaStore, NewJob, NewJobFile, NewJobRow, SqliteMetaStore,
};
use crate::models::Models;
use crate::pipelines::Pipelines;
use crate::traces::TraceKeeper;
use pllm_core::converter::Record;
use pllm_core::{BlobStore, CancelFlag, IdentitySeal, Result, Seal, SourceId, StoreBackend};
use pllm_runtime::lock::{Access, Service};
use pllm_runtime::{CpuPool, DirectoryLock, LocalBlobs, Reserve};
use pllm_stores::MemoryBackend;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

/// How long a command waits for another one that holds the data directory.
const LOCK_WAIT: Duration = Duration::from_secs(2);
/// Pieces of work that may wait for the pool.
const QUEUE: usize = 1024;
/// Bytes that are kept free for deletes: SQLite needs about as many as it deletes before it gives any back.
const RESERVE: u64 = 8 << 20;

/// The product, on one data directory that no other process uses meanwhile.
#[derive(Debug)]
pub struct App {
    /// The settings.
    pub config: Config,
    pub(crate) pool: CpuPool,
    pub(crate) conversions: Conversions,
    pub(crate) meta: Arc<dyn MetaStore>,
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) memory: Arc<MemoryBackend>,
    pub(crate) stores: Arc<dyn StoreBackend>,
    pub(crate) cleaner: Cleaner,
    pub(crate) models: Models,
    pub(crate) llms: Arc<Llms>,
    pub(crate) open: OpenCollections,
    pub(crate) jobs: Jobs,
    pub(crate) traces: TraceKeeper,
    // Last, so that the directory is given up after everything else is closed.
    lock: DirectoryLock,
}

/// The product, or the service that has it.
#[derive(Debug)]
pub enum Opened {
    /// This process holds the data directory.
    Here(Box<App>),
    /// A service does.
    Served(Service),
}

impl App {
    /// Opens the data directory for `command`, made if it is not there, and clears what a killed process left.
    ///
    /// # Errors
    /// `Conflict` when another process holds it; `Unavailable` when it cannot be written; `Corrupt` when it is damaged.
    pub async fn open(config: Config, command: &str) -> Result<Self> {
        pllm_runtime::files::create_private_dir_all(&config.data_dir)?;
        let lock = DirectoryLock::acquire(&config.data_dir, command, LOCK_WAIT)?;
        Self::open_locked(config, lock).await
    }

    /// The same, unless a service holds the data directory: then where that is.
    ///
    /// # Errors
    /// As [`App::open`]; `Conflict` when another process holds it that is no service.
    pub async fn open_or_find(config: Config, command: &str) -> Result<Opened> {
        pllm_runtime::files::create_private_dir_all(&config.data_dir)?;
        match DirectoryLock::acquire_or_find(&config.data_dir, command, LOCK_WAIT)? {
            Access::Own(lock) => Ok(Opened::Here(Box::new(Self::open_locked(config, lock).await?))),
            Access::Served(service) => Ok(Opened::Served(service)),
        }
    }

    async fn open_locked(config: Config, lock: DirectoryLock) -> Result<Self> {
        let reserve = Reserve::new(&config.data_dir, RESERVE);
        // To open a database takes room as well, and so may what is done below to recover.
        let room = reserve.lend();
        let seal: Arc<dyn Seal> = Arc::new(IdentitySeal);
        let pool = CpuPool::new(config.threads, QUEUE);
        let database = config.data_dir.join("pllm.sqlite");
        let meta: Arc<dyn MetaStore> =
            Arc::new(SqliteMetaStore::open(&database, Arc::clone(&seal), pool.clone())?);
        let blobs = LocalBlobs::new(&config.data_dir, Arc::clone(&seal));
        blobs.sweep()?;
        let blobs: Arc<dyn BlobStore> = Arc::new(blobs);
        let memory = Arc::new(MemoryBackend::new(&config.data_dir, seal, pool.clone()));
        let stores: Arc<dyn StoreBackend> = memory.clone();
        let cleaner = Cleaner {
            meta: Arc::clone(&meta),
            stores: Arc::clone(&stores),
            blobs: Arc::clone(&blobs),
            pool: pool.clone(),
            collections_dir: collections_dir(&config.data_dir),
            gates: Gates::default(),
            reserve,
        };
        let models = Models::new(&config);
        let llms = Arc::new(Llms::new(&config, &models));
        let open = OpenCollections::default();
        let conversions = Conversions::new(&config);
        let traces = TraceKeeper::start(&meta, Arc::clone(&cleaner.reserve), config.trace_days).await?;
        let app = Self {
            config,
            pool,
            conversions,
            meta,
            blobs,
            memory,
            stores,
            cleaner,
            models,
            llms,
            open,
            jobs: Jobs::default(),
            traces,
            lock,
        };
        app.recover().await?;
        drop(room);
        Ok(app)
    }

    /// Tells commands that this process is a service, which listens already.
    ///
    /// # Errors
    /// `Unavailable` when the lock file cannot be written.
    pub fn announce(&self, service: &Service) -> Result<()> {
        self.lock.announce(service)
    }

    /// Takes that back: commands wait for the data directory from now on.
    ///
    /// # Errors
    /// As [`App::announce`].
    pub fn withdraw(&self) -> Result<()> {
        self.lock.withdraw()
    }

    /// Ends what a killed process began: deletes go on, unfinished revisions are cleared, its jobs are told apart.
    async fn recover(&self) -> Result<()> {
        let interrupted = self.meta.interrupt_jobs().await?;
        if interrupted > 0 {
            tracing::info!(interrupted, "an earlier ingest did not end; what it left unfinished is cleared");
        }
        for record in self.meta.collections().await? {
            if record.deleting {
                self.cleaner.remove_collection(&record.id).await?;
                continue;
            }
            self.cleaner.sweep_incoming(&record.id).await?;
            if !self.meta.leftovers(Some(&record.id)).await?.is_empty() {
                let collection = self.open_collection(record).await?;
                self.cleaner.clear(&collection).await?;
            }
        }
        Ok(())
    }

    /// Loads the models and the index of every collection, so that the first question waits for neither. A collection that does
    /// not open is told of when it is asked.
    ///
    /// # Errors
    /// `NotFound` when the models are not here, `Corrupt` when their bytes are not what the catalogue says.
    pub async fn warm(&self) -> Result<()> {
        let (models, indexes) = tokio::join!(self.models.get(), self.open_all());
        indexes?;
        models.map(|_| ())
    }

    async fn open_all(&self) -> Result<()> {
        for record in self.collections().await? {
            let id = record.id.clone();
            if let Err(error) = self.open_record(record).await {
                tracing::warn!(%error, collection = %id, "a collection does not open");
            }
        }
        Ok(())
    }

    /// Ingests files and folders into a collection, which is made if it is not there. Where jobs are being worked on, it is one
    /// of them, and waits for its turn.
    ///
    /// # Errors
    /// What stops all of it; a file that fails is part of the summary.
    pub async fn ingest(
        &self,
        collection: &str,
        paths: &[PathBuf],
        options: IngestOptions,
        progress: Arc<dyn IngestProgress>,
        cancel: CancelFlag,
    ) -> Result<IngestSummary> {
        let collection = self.collection_or_new(collection).await?;
        let pipelines = self.pipelines(&collection).await?;
        let paths = paths.to_vec();
        let (found, failed) = self.pool.run(move || files(&paths)).await??;
        let id = &collection.record.id;
        let job = NewJob {
            collection: id.clone(),
            options: JobOptions::of(&options),
            files: rows(&found, &failed),
        };
        let files: Vec<JobFile> = (0..).zip(found).map(|(number, found)| JobFile { number, found }).collect();
        if self.jobs.are_worked_on() {
            return self.hand_in(job, options.passwords, Given { files, failed, progress, cancel }).await;
        }
        let NewJobRow { id: number, freed } = self.meta.start_job(job).await?;
        self.cleaner.remove_incoming(id, freed).await?;
        let _running = self.jobs.run(number, id, cancel.clone());
        let stops = (cancel, CancelFlag::default());
        let job = self.ingest_job(&collection, pipelines, options, progress, stops);
        let summary = job.run(number, &files, failed).await;
        self.reopen(&collection).await?;
        summary
    }

    /// Ingests records as a dataset named `name`; gives their sources in order. What `eval` fills its collection with.
    pub(crate) async fn ingest_records(
        &self,
        collection: &str,
        name: &str,
        records: Vec<Record>,
        progress: Arc<dyn IngestProgress>,
        cancel: CancelFlag,
    ) -> Result<Vec<SourceId>> {
        let collection = self.collection(collection).await?;
        let pipelines = self.pipelines(&collection).await?;
        let options = IngestOptions::default();
        let stops = (cancel, CancelFlag::default());
        let job = self.ingest_job(&collection, pipelines, options, progress, stops);
        let sources = job.run_records(name, records).await;
        self.reopen(&collection).await?;
        sources
    }

    /// An ingest; it is ended by the first of the flags, and begins no more files by the second.
    pub(crate) fn ingest_job<'a>(
        &self,
        collection: &'a Collection,
        pipelines: &'a Pipelines,
        options: IngestOptions,
        progress: Arc<dyn IngestProgress>,
        (cancel, halt): (CancelFlag, CancelFlag),
    ) -> Job<'a> {
        Job {
            collection,
            pipelines,
            meta: Arc::clone(&self.meta),
            cleaner: self.cleaner.clone(),
            pool: self.pool.clone(),
            conversions: self.conversions.clone(),
            options,
            max_file_bytes: self.config.max_file_bytes,
            progress,
            events: self.jobs.events(),
            cancel,
            halt,
            meters: Meters::default(),
            documents: AtomicU64::new(0),
            spent: Arc::default(),
        }
    }

    /// Bytes that the disk of the data directory has left for this user.
    ///
    /// # Errors
    /// `Unavailable` when the system does not tell.
    pub async fn disk_free_bytes(&self) -> Result<u64> {
        let folder = self.config.data_dir.clone();
        self.pool.run_first(move || pllm_runtime::files::free_bytes(&folder)).await?
    }

    /// The folder of all collections.
    #[must_use]
    pub fn collections_dir(&self) -> PathBuf {
        collections_dir(&self.config.data_dir)
    }
}

/// The rows of an ingest's files, those that can be read first.
fn rows(found: &[FoundFile], failed: &[FileOutcome]) -> Vec<NewJobFile> {
    let new = |path: &Path, bytes, error| {
        let path = path.display().to_string();
        NewJobFile { path, bytes, origin: FileOrigin::Path, error }
    };
    let unread = failed.iter().map(|outcome| match &outcome.status {
        FileStatus::Failed(error) => new(&outcome.path, 0, Some(FileError::of(error))),
        _ => new(&outcome.path, 0, None),
    });
    found.iter().map(|file| new(&file.path, file.bytes, None)).chain(unread).collect()
}

fn collections_dir(data_dir: &Path) -> PathBuf {
    data_dir.join("collections")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collections::NewCollection;
    use crate::config::Layers;

    #[tokio::test]
    async fn indexes_are_warm_before_the_first_question() -> Result<()> {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name).display().to_string();
        let flags = [("data_dir", at("data")), ("models_dir", at("models"))].into();
        let (config, _) = Config::load(&Layers { flags, ..Layers::default() })?;
        let app = App::open(config.clone(), "test").await?;
        let records = [
            app.create_collection(&NewCollection::named("one")).await?,
            app.create_collection(&NewCollection::named("two")).await?,
        ];
        drop(app);
        let app = App::open(config, "test").await?;
        let are_open = || records.iter().filter(|record| app.open.get(&record.id).is_some()).count();
        assert_eq!(are_open(), 0);
        let missing = app.warm().await.expect_err("there are no models");
        assert_eq!((missing.kind(), are_open()), (pllm_core::ErrorKind::NotFound, 2));
        Ok(())
    }
}
