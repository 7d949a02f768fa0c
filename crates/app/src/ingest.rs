//! Files to Documents: one job that reads, splits, embeds and stores, and that may be killed at any point.
//!
//! Order of what is durable: revision begun (pending) → texts → Documents → revision current, older ones obsolete, in one
//! transaction → obsolete Documents and texts cleared. Whatever is pending or obsolete when a process starts is cleared first.

mod dataset;
mod file;
mod prepare;
mod walk;

pub use prepare::INGEST_VERSION;
pub(crate) use prepare::{Converted, name_of, read};
pub(crate) use walk::{FoundFile, walk_one};

use crate::clear::Cleaner;
use crate::collections::Collection;
use crate::conversion::Conversions;
use crate::metadata::{JobState, MetaStore};
use crate::pipelines::Pipelines;
use crate::report::StoredReport;
use futures::{FutureExt, StreamExt};
use pllm_core::converter::{DatasetColumns, Passwords, Record};
use pllm_core::{CancelFlag, ErrorKind, Meta, Result, RunContext, SourceId};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Sources that are worked on at the same time: enough to keep every worker of the embedder busy while others wait for the disk.
const CONCURRENT_SOURCES: usize = 4;

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
    pub(crate) cancel: CancelFlag,
    pub(crate) documents: AtomicU64,
}

impl Job<'_> {
    pub(crate) fn context(&self) -> RunContext {
        RunContext::new(self.cancel.clone())
    }

    /// Counts Documents that were stored for `bytes` of a file.
    pub(crate) fn advance(&self, bytes: u64, documents: u64) {
        self.documents.fetch_add(documents, Ordering::Relaxed);
        self.progress.advance(bytes, documents);
    }

    /// Ingests `paths`; a file that fails does not stop the others.
    pub(crate) async fn run(&self, paths: &[PathBuf]) -> Result<IngestSummary> {
        let (files, mut outcomes) = walk::files(paths)?;
        self.progress.begin(files.len() as u64, files.iter().map(|file| file.bytes).sum());
        outcomes.iter().for_each(|outcome| self.progress.file(outcome));
        let id = self.meta.start_job(&self.collection.record.id, files.len() as u64).await?;
        // Boxed and collected: a closure's type inside of a stream would keep this future from being `Send`.
        let work: Vec<_> = files.iter().map(|file| file::ingest(self, file).boxed()).collect();
        let mut running = futures::stream::iter(work).buffer_unordered(CONCURRENT_SOURCES);
        while let Some(outcome) = running.next().await {
            let cancelled =
                matches!(&outcome.status, FileStatus::Failed(error) if error.kind() == ErrorKind::Cancelled);
            if !cancelled {
                self.progress.file(&outcome);
                outcomes.push(outcome);
                self.meta.job_progress(id, outcomes.len() as u64).await?;
            }
        }
        let documents = self.documents.load(Ordering::Relaxed);
        let summary =
            IngestSummary { job: id, files: outcomes, documents, cancelled: self.cancel.is_cancelled() };
        self.end(&summary).await?;
        Ok(summary)
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

    async fn end(&self, summary: &IngestSummary) -> Result<()> {
        let errors = summary.files.iter().filter_map(|file| match &file.status {
            FileStatus::Failed(error) => Some(format!("{}: {error}", file.path.display())),
            _ => None,
        });
        let errors: Vec<String> = errors.collect();
        let state = match (summary.cancelled, errors.is_empty()) {
            (true, _) => JobState::Cancelled,
            (false, true) => JobState::Done,
            (false, false) => JobState::Failed,
        };
        self.meta.end_job(summary.job, state, errors).await?;
        self.cleaner.clear(self.collection).await
    }
}
