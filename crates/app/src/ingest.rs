//! Files to Documents: one job that reads, splits, embeds and stores, and that may be killed at any point.
//!
//! Files of paths and uploads take the same way; only their bytes lie elsewhere. How far each is, the job's rows say.
//!
//! Order of what is durable: revision begun (pending) → texts → Documents → revision current, older ones obsolete, in one
//! transaction → obsolete Documents and texts cleared. Whatever is pending or obsolete when a process starts is cleared first.

mod dataset;
mod file;
mod meter;
mod prepare;
mod spent;
mod walk;

pub(crate) use meter::Meters;
pub use prepare::INGEST_VERSION;
pub(crate) use prepare::{Converted, check_size, name_of, read};
pub(crate) use spent::Spent;
pub(crate) use walk::{ByteSource, FoundFile, files, one_file, walk_one};

use crate::ask::Timings;
use crate::clear::Cleaner;
use crate::collections::Collection;
use crate::conversion::Conversions;
use crate::jobs::JobEvents;
use crate::metadata::{FileEnd, FileError, FileState, JobEnd, MetaStore};
use crate::pipelines::Pipelines;
use crate::report::StoredReport;
use futures::{FutureExt, StreamExt};
use pllm_core::converter::{DatasetColumns, Passwords, Record};
use pllm_core::{CancelFlag, Error, ErrorKind, Meta, Result, RunContext, SourceId};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// Sources that are worked on at the same time: enough to keep every worker of the embedder busy while others wait for the disk.
const CONCURRENT_SOURCES: usize = 4;
/// How often it is written down how far files are.
const PROGRESS_EVERY: Duration = Duration::from_millis(250);

/// What to ingest and how.
#[derive(Debug, Clone, Default)]
pub struct IngestOptions {
    /// Metadata set by hand; wins over everything found in the file.
    pub set: Meta,
    /// For datasets.
    pub columns: DatasetColumns,
    /// To try on files that are protected by one. They are not stored, and a file is the same with any of them.
    pub passwords: Passwords,
}

/// How an ingest goes on; called from many tasks.
pub trait IngestProgress: Send + Sync {
    /// It is this job now, which may have to wait for its turn.
    fn queued(&self, _job: i64) {}
    /// Work to do: files and their bytes.
    fn begin(&self, files: u64, bytes: u64);
    /// A part of the work is done: bytes of files, and Documents stored.
    fn advance(&self, bytes: u64, documents: u64);
    /// A file is finished.
    fn file(&self, outcome: &FileOutcome);
}

/// What became of a file.
#[derive(Debug)]
pub struct FileOutcome {
    /// The file.
    pub path: PathBuf,
    /// How it ended.
    pub status: FileStatus,
}

/// How a file ended.
#[derive(Debug)]
pub enum FileStatus {
    /// Stored.
    Ingested {
        /// The source's id.
        source: String,
        /// The format it was read as.
        format: String,
        /// Documents stored.
        documents: u64,
        /// Rows, for a dataset.
        rows: u64,
        /// What was read and what was not.
        report: StoredReport,
    },
    /// The same bytes, read the same way, are there already.
    Unchanged {
        /// The source's id.
        source: String,
    },
    /// Nothing of it was stored.
    Failed(pllm_core::Error),
}

/// What an ingest did.
#[derive(Debug, Default)]
pub struct IngestSummary {
    /// The job.
    pub job: i64,
    /// Every file, in the order they ended.
    pub files: Vec<FileOutcome>,
    /// Documents stored.
    pub documents: u64,
    /// Whether it was stopped before the end.
    pub cancelled: bool,
    /// How long each step took: the converter and the components of the index pipeline, of all files together.
    pub timings: Timings,
}

impl IngestSummary {
    /// Files whose status matches.
    #[must_use]
    pub fn count(&self, matches: fn(&FileStatus) -> bool) -> usize {
        self.files.iter().filter(|file| matches(&file.status)).count()
    }

    /// Files that failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.count(|status| matches!(status, FileStatus::Failed(_)))
    }
}

/// A file of a job.
#[derive(Debug, Clone)]
pub(crate) struct JobFile {
    /// Its number in the job.
    pub(crate) number: u32,
    /// The file.
    pub(crate) found: FoundFile,
}

/// Everything an ingest needs, shared by its tasks.
pub(crate) struct Job<'a> {
    pub(crate) collection: &'a Collection,
    pub(crate) pipelines: &'a Pipelines,
    pub(crate) meta: Arc<dyn MetaStore>,
    pub(crate) cleaner: Cleaner,
    pub(crate) pool: pllm_runtime::CpuPool,
    pub(crate) conversions: Conversions,
    pub(crate) options: IngestOptions,
    pub(crate) max_file_bytes: u64,
    pub(crate) progress: Arc<dyn IngestProgress>,
    pub(crate) events: JobEvents,
    /// Ends it, with the files that are being read.
    pub(crate) cancel: CancelFlag,
    /// Lets no more files begin: the process is about to end, and the job goes on after it.
    pub(crate) halt: CancelFlag,
    pub(crate) meters: Meters,
    pub(crate) documents: AtomicU64,
    pub(crate) spent: Arc<Spent>,
}

impl Job<'_> {
    pub(crate) fn context(&self) -> RunContext {
        RunContext::new(self.cancel.clone()).with_events(self.spent.clone())
    }

    /// Whether another file may begin.
    fn may_begin(&self) -> Result<()> {
        if self.halt.is_cancelled() {
            return Err(Error::new(ErrorKind::Cancelled, "app.ingest", "the process is about to end"));
        }
        self.context().check()
    }

    /// Counts Documents that were stored for `bytes` of a file.
    pub(crate) fn advance(&self, number: u32, bytes: u64, documents: u64) {
        self.documents.fetch_add(documents, Ordering::Relaxed);
        self.meters.advance(number, bytes, documents);
        self.progress.advance(bytes, documents);
    }

    /// Ingests the files of the job `id`; one that fails does not stop the others. `failed` are those that cannot even be looked at.
    pub(crate) async fn run(
        &self,
        id: i64,
        files: &[JobFile],
        failed: Vec<FileOutcome>,
    ) -> Result<IngestSummary> {
        self.progress.begin(files.len() as u64, files.iter().map(|file| file.found.bytes).sum());
        failed.iter().for_each(|outcome| self.progress.file(outcome));
        let mut outcomes = failed;
        // Whoever deletes sources meanwhile leaves alone what is not finished.
        let ingesting = self.cleaner.ingesting(&self.collection.record.id).await?;
        // Boxed and collected: a closure's type inside of a stream would keep this future from being `Send`.
        let work: Vec<_> = files.iter().map(|file| file::ingest(self, file).boxed()).collect();
        let mut running = futures::stream::iter(work).buffer_unordered(CONCURRENT_SOURCES);
        let mut ticks = tokio::time::interval(PROGRESS_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut all_had_their_turn, mut untold) = (true, None);
        loop {
            tokio::select! {
                ended = running.next() => match ended {
                    Some((_, outcome)) if is_cancelled(&outcome) => all_had_their_turn = false,
                    Some((file, outcome)) => {
                        if let Err(error) = self.end_file(id, file, &outcome).await {
                            // Nothing more can be written down; those that are being read end first, so that nobody is at work
                            // on what is cleared then.
                            self.cancel.cancel();
                            untold.get_or_insert(error);
                        }
                        outcomes.push(outcome);
                    }
                    None => break,
                },
                _ = ticks.tick() => if let Err(error) = self.tell_progress(id).await {
                    tracing::warn!(job = id, %error, "how far an ingest is could not be written down");
                },
            }
        }
        drop(ingesting);
        if let Some(error) = untold {
            self.cleaner.clear(self.collection).await?;
            return Err(error);
        }
        let end = match (all_had_their_turn, self.halt.is_cancelled()) {
            (true, _) => JobEnd::Finished,
            (false, true) => JobEnd::Released,
            (false, false) => JobEnd::Cancelled,
        };
        {
            let _room = self.cleaner.reserve.lend();
            self.meta.end_job(id, end).await?;
        }
        self.cleaner.clear(self.collection).await?;
        self.events.announce(id);
        let documents = self.documents.load(Ordering::Relaxed);
        let (cancelled, timings) = (self.cancel.is_cancelled(), self.spent.timings());
        Ok(IngestSummary { job: id, files: outcomes, documents, cancelled, timings })
    }

    async fn tell_progress(&self, id: i64) -> Result<()> {
        let news = self.meters.news();
        if !news.is_empty() {
            self.meta.job_progress(id, news).await?;
            self.events.announce(id);
        }
        Ok(())
    }

    async fn end_file(&self, id: i64, file: &JobFile, outcome: &FileOutcome) -> Result<()> {
        self.meters.end(file.number);
        let end = FileEnd {
            number: file.number,
            state: FileState::Failed,
            documents: 0,
            source: None,
            error: None,
        };
        let end = match &outcome.status {
            FileStatus::Ingested { source, documents, .. } => {
                let source = Some(SourceId::new(source)?);
                FileEnd { state: FileState::Done, documents: *documents, source, ..end }
            }
            FileStatus::Unchanged { source } => {
                FileEnd { state: FileState::Unchanged, source: Some(SourceId::new(source)?), ..end }
            }
            FileStatus::Failed(error) => FileEnd { error: Some(FileError::of(error)), ..end },
        };
        let stored = end.state != FileState::Failed;
        let _room = self.cleaner.reserve.lend();
        self.meta.end_file(id, end).await?;
        if let ByteSource::Incoming(key) = &file.found.source
            && stored
        {
            // The row does not name them any more, so what a crash leaves here is cleared at the next start.
            self.cleaner.remove_blobs(vec![key.clone()]).await?;
        }
        self.progress.file(outcome);
        self.events.announce(id);
        Ok(())
    }

    /// Ingests records as one dataset; gives their sources in order.
    pub(crate) async fn run_records(&self, name: &str, records: Vec<Record>) -> Result<Vec<SourceId>> {
        let bytes = records.iter().map(|record| record.text.len() as u64).sum();
        self.progress.begin(1, bytes);
        let dataset = prepare::source_id('f', &[name])?;
        let ids = records.iter().map(|record| prepare::source_id('r', &[dataset.as_str(), &record.key]));
        let ids = ids.collect::<Result<Vec<_>>>()?;
        dataset::store_records(self, dataset, name, records, bytes).await?;
        Ok(ids)
    }
}

fn is_cancelled(outcome: &FileOutcome) -> bool {
    matches!(&outcome.status, FileStatus::Failed(error) if error.kind() == ErrorKind::Cancelled)
}
