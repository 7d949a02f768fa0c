//! Jobs in the metadata database: what they are, how they stand, and what may become of them.
//!
//! Claim, progress and cancel are rows, so that a job is the same after any end of the process. What a user typed or named is
//! sealed: paths, metadata set by hand, errors. Passwords are not here at all.

use super::Instant;
use crate::ingest::IngestOptions;
use crate::report::StoredReport;
use async_trait::async_trait;
use pllm_core::converter::DatasetColumns;
use pllm_core::{CollectionId, Error, Meta, Result, SourceId};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

/// Ended jobs that a collection remembers; older ones are forgotten when a new one comes.
pub const REMEMBERED_JOBS: u32 = 50;
/// And no longer than this, microseconds: with it go the bytes of files that failed, which are kept to be tried again.
pub const REMEMBERED_FOR: Instant = 30 * 24 * 3600 * 1_000_000;
/// A job whose process died so often is not begun again by itself.
pub const MOST_ATTEMPTS: u32 = 5;

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// A process is on it.
    Running,
    /// It ended well.
    Done,
    /// It ended with files that failed.
    Failed,
    /// Somebody stopped it.
    Cancelled,
    /// Its process died.
    Interrupted,
    /// It waits for its turn.
    Queued,
}

impl JobState {
    /// All, each at its number in the database.
    pub(super) const ALL: [Self; 6] =
        [Self::Running, Self::Done, Self::Failed, Self::Cancelled, Self::Interrupted, Self::Queued];

    /// The state in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
            Self::Queued => "queued",
        }
    }

    /// Whether nothing more happens unless somebody asks for it.
    #[must_use]
    pub fn is_ended(self) -> bool {
        !matches!(self, Self::Running | Self::Queued)
    }
}

/// How a file of a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// Its turn has not come.
    Waiting,
    /// It is being worked on.
    Reading,
    /// It is stored.
    Done,
    /// The same bytes, read the same way, were there already.
    Unchanged,
    /// Nothing of it was stored.
    Failed,
    /// The job was stopped before it was done.
    Cancelled,
}

impl FileState {
    /// All, each at its number in the database.
    pub(super) const ALL: [Self; 6] =
        [Self::Waiting, Self::Reading, Self::Done, Self::Unchanged, Self::Failed, Self::Cancelled];

    /// The state in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Reading => "reading",
            Self::Done => "done",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What is being done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileStage {
    /// Its text is being found.
    Convert,
    /// Its text is being split, embedded and stored.
    Index,
}

impl FileStage {
    /// All, each at its number in the database.
    pub(super) const ALL: [Self; 2] = [Self::Convert, Self::Index];

    /// The stage in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Convert => "convert",
            Self::Index => "index",
        }
    }
}

/// Why a file was not stored, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileError {
    /// The error's kind in words.
    pub kind: String,
    /// One line for people.
    pub message: String,
    /// The cure, where there is one.
    pub hint: Option<String>,
}

impl FileError {
    /// What is written down of an error.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        Self {
            kind: error.kind().name().to_owned(),
            message: error.to_string(),
            hint: error.cure().map(str::to_owned),
        }
    }
}

/// How the files of a job are read, but for passwords, which are never written down.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JobOptions {
    /// Metadata set by hand.
    pub set: Meta,
    /// Columns of a table that are its text.
    pub content: Vec<String>,
    /// Columns to filter by.
    pub meta: Vec<String>,
    /// The column that tells rows apart.
    pub id: Option<String>,
}

impl JobOptions {
    /// What is written down of how an ingest is to be done.
    pub(crate) fn of(options: &IngestOptions) -> Self {
        let columns = options.columns.clone();
        Self { set: options.set.clone(), content: columns.content, meta: columns.meta, id: columns.id }
    }

    /// For datasets.
    #[must_use]
    pub fn columns(&self) -> DatasetColumns {
        DatasetColumns { content: self.content.clone(), meta: self.meta.clone(), id: self.id.clone() }
    }
}

/// Where the bytes of a job's file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileOrigin {
    /// In the file at its path.
    Path,
    /// In a blob of this name; none when it is not kept any more.
    Incoming(Option<String>),
}

/// A file of a job about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJobFile {
    /// Its path; of an upload its label.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Where its bytes are.
    pub origin: FileOrigin,
    /// Why it cannot be read, where that is known already.
    pub error: Option<FileError>,
}

/// A job about to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Its collection.
    pub collection: CollectionId,
    /// How its files are read.
    pub options: JobOptions,
    /// Its files, in order.
    pub files: Vec<NewJobFile>,
}

/// A job that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJobRow {
    /// Its number.
    pub id: i64,
    /// Incoming blobs that no job needs any more.
    pub freed: Vec<String>,
}

/// One ingest, with its files counted.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRecord {
    /// Its number, ascending.
    pub id: i64,
    /// Its collection.
    pub collection: CollectionId,
    /// How it stands.
    pub state: JobState,
    /// How often it was begun.
    pub attempts: u32,
    /// Whether it is to be stopped.
    pub cancelling: bool,
    /// How its files are read.
    pub options: JobOptions,
    /// Files in all.
    pub files_total: u64,
    /// Files that are stored, unchanged ones among them.
    pub files_done: u64,
    /// Files that failed.
    pub files_failed: u64,
    /// Bytes of all files.
    pub bytes_total: u64,
    /// Bytes that are dealt with.
    pub bytes_done: u64,
    /// Of these, those of earlier attempts.
    pub bytes_before: u64,
    /// Documents stored.
    pub documents: u64,
    /// When it was made.
    pub created_at: Instant,
    /// When its last attempt began.
    pub started_at: Option<Instant>,
    /// When that ended.
    pub ended_at: Option<Instant>,
}

/// A file of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct JobFileRecord {
    /// Its number in the job, from 0.
    pub number: u32,
    /// Its path; of an upload its label.
    pub path: String,
    /// How it stands.
    pub state: FileState,
    /// What is being done with it.
    pub stage: Option<FileStage>,
    /// Its size.
    pub bytes: u64,
    /// Bytes that are dealt with.
    pub bytes_done: u64,
    /// Documents stored.
    pub documents: u64,
    /// The source it became.
    pub source: Option<SourceId>,
    /// Where its bytes are.
    pub origin: FileOrigin,
    /// Why it failed.
    pub error: Option<FileError>,
    /// What was read and what was not. It lies with the source, and goes with it.
    pub report: Option<StoredReport>,
}

/// How far a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileProgress {
    /// Its number in the job.
    pub number: u32,
    /// What is being done with it.
    pub stage: FileStage,
    /// Bytes that are dealt with.
    pub bytes_done: u64,
    /// Documents stored.
    pub documents: u64,
}

/// How a file ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEnd {
    /// Its number in the job.
    pub number: u32,
    /// `Done`, `Unchanged` or `Failed`.
    pub state: FileState,
    /// Documents stored.
    pub documents: u64,
    /// The source it became.
    pub source: Option<SourceId>,
    /// Why it failed.
    pub error: Option<FileError>,
}

/// How a job's run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobEnd {
    /// Every file had its turn.
    Finished,
    /// Somebody stopped it; files that were not done are cancelled.
    Cancelled,
    /// The process ends: it goes on later, with the files that were not done.
    Released,
    /// It could not go on; files that were not done failed by this.
    Failed(FileError),
}

/// What is left to do in a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenWork {
    /// Jobs that run or wait.
    pub jobs: u64,
    /// Their files that are not done.
    pub files_left: u64,
}

/// The jobs of the metadata database. Jobs of a collection that is being deleted are not there.
#[async_trait]
pub trait JobStore: Send + Sync + Debug {
    /// Makes a job that waits for its turn. Bytes of the same paths that ended jobs kept are given up, and so are the oldest
    /// ended jobs beyond [`REMEMBERED_JOBS`] and [`REMEMBERED_FOR`].
    ///
    /// # Errors
    /// `NotFound` when the collection is not there; `Overloaded` when `most_queued` jobs wait already; `Corrupt` when the
    /// database is damaged, so for every method.
    async fn submit_job(&self, job: NewJob, most_queued: u64) -> Result<NewJobRow>;

    /// Whether [`JobStore::submit_job`] would take another job.
    ///
    /// # Errors
    /// `Overloaded` when not.
    async fn check_queue(&self, most_queued: u64) -> Result<()>;

    /// Makes a job that its caller runs at once.
    ///
    /// # Errors
    /// As [`JobStore::submit_job`], but never `Overloaded`.
    async fn start_job(&self, job: NewJob) -> Result<NewJobRow>;

    /// Begins the job that waits longest, of a collection that is not `busy`.
    ///
    /// # Errors
    /// As above.
    async fn claim_job(&self, busy: Vec<CollectionId>) -> Result<Option<JobRecord>>;

    /// A job.
    ///
    /// # Errors
    /// As above.
    async fn job(&self, id: i64) -> Result<Option<JobRecord>>;

    /// The jobs of a collection or of all, newest first.
    ///
    /// # Errors
    /// As above.
    async fn jobs(&self, collection: Option<&CollectionId>) -> Result<Vec<JobRecord>>;

    /// The files of a job, in order.
    ///
    /// # Errors
    /// As above.
    async fn job_files(&self, id: i64) -> Result<Vec<JobFileRecord>>;

    /// Tells how far files are; those that ended stay as they are.
    ///
    /// # Errors
    /// As above.
    async fn job_progress(&self, id: i64, files: Vec<FileProgress>) -> Result<()>;

    /// Ends a file. The bytes of one that is stored are not needed any more.
    ///
    /// # Errors
    /// As above.
    async fn end_file(&self, id: i64, end: FileEnd) -> Result<()>;

    /// Ends a job's run.
    ///
    /// # Errors
    /// As above.
    async fn end_job(&self, id: i64, end: JobEnd) -> Result<()>;

    /// Ends a job that waits; marks one that runs as to be stopped; leaves one that ended. Gives its state.
    ///
    /// # Errors
    /// `NotFound`.
    async fn cancel_job(&self, id: i64) -> Result<JobState>;

    /// Lets a job that ended wait again, with the files that were not stored and whose bytes are there.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when it has not ended or has no such file; `Overloaded` as [`JobStore::submit_job`].
    async fn retry_job(&self, id: i64, most_queued: u64) -> Result<()>;

    /// Forgets a job that ended; gives its collection and the blobs it kept.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when it has not ended.
    async fn forget_job(&self, id: i64) -> Result<(CollectionId, Vec<String>)>;

    /// Marks every running job as interrupted, or as cancelled where that was asked for: the caller holds the data directory, so
    /// nobody is on them. Gives their number. Forgets jobs that ended longer ago than [`REMEMBERED_FOR`].
    ///
    /// # Errors
    /// As above.
    async fn interrupt_jobs(&self) -> Result<u64>;

    /// Lets interrupted jobs of uploads wait again, which were not begun [`MOST_ATTEMPTS`] times. Files of other jobs may have
    /// been changed or deleted on purpose since. Gives their number.
    ///
    /// # Errors
    /// As above.
    async fn resume_jobs(&self) -> Result<u64>;

    /// What is left to do in a collection. Cheap, for every question asks.
    ///
    /// # Errors
    /// As above.
    async fn open_work(&self, collection: &CollectionId) -> Result<OpenWork>;

    /// The incoming blobs that jobs of a collection need.
    ///
    /// # Errors
    /// As above.
    async fn incoming(&self, collection: &CollectionId) -> Result<Vec<String>>;

    /// Gives up the bytes that ended jobs keep of these paths; gives the blobs.
    ///
    /// # Errors
    /// As above.
    async fn forget_incoming(&self, collection: &CollectionId, paths: Vec<String>) -> Result<Vec<String>>;
}
