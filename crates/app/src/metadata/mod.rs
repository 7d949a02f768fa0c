//! What the product knows about collections, sources, revisions, jobs and traces: the contract of the metadata database.
//!
//! One method = one transaction; no SQL type in a signature. Names, paths, metadata and errors are sealed columns, in the
//! clear are only ids, states, times and sizes.

mod job_rows;
mod jobs;
mod migrate;
mod readers;
mod rows;
mod sqlite;
mod trace_rows;
mod traces;

pub(crate) use job_rows::missing as missing_job;
pub use jobs::{
    FileEnd, FileError, FileOrigin, FileProgress, FileStage, FileState, JobEnd, JobFileRecord, JobOptions,
    JobRecord, JobState, JobStore, MOST_ATTEMPTS, NewJob, NewJobFile, NewJobRow, OpenWork, REMEMBERED_FOR,
    REMEMBERED_JOBS,
};
pub use sqlite::SqliteMetaStore;
pub use traces::{
    Found, Mark, MarkRole, NewTrace, Ranked, StoredTrace, TraceHead, TracePart, TraceRecord, TraceSegment,
    TraceStore, TracedSentence, TracedWriting, Wording, WordingSentence,
};

use crate::report::StoredReport;
use async_trait::async_trait;
use pllm_core::{CollectionId, Meta, Result, SourceId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt::Debug;

/// Microseconds since 1970, UTC.
pub type Instant = i64;

/// The owner of everything, until there are accounts.
pub const LOCAL_OWNER: &str = "local";

/// What a collection was made with, fixed for its generation, and what of it can be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CollectionSettings {
    /// The kind of its document store.
    pub store: String,
    /// The name of its embedder.
    pub embedder: String,
    /// Values a vector of that embedder.
    pub dimension: usize,
    /// Its languages by code, main language first; empty = told by its documents.
    pub languages: Vec<String>,
    /// Whether its text is sent to no model on another machine.
    #[serde(default)]
    pub local_only: bool,
    /// What a language model is told, in place of the shipped template; was checked when it was set.
    #[serde(default)]
    pub prompt_template: Option<String>,
}

/// A collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionRecord {
    /// Names its directory.
    pub id: CollectionId,
    /// What people call it.
    pub name: String,
    /// What it was made with.
    pub settings: CollectionSettings,
    /// Its index's generation, from 1.
    pub generation: u32,
    /// Whether a delete has begun.
    pub deleting: bool,
    /// When it was made.
    pub created_at: Instant,
}

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A file with a text of its own.
    File,
    /// A table; its rows are sources of their own.
    Dataset,
    /// A row of a dataset.
    Row,
}

impl SourceKind {
    /// The kind in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Dataset => "dataset",
            Self::Row => "row",
        }
    }
}

/// What people know of a revision; sealed as a whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RevisionDetail {
    /// File name, or `name, row 7`.
    pub name: String,
    /// Where the file was read from.
    pub path: String,
    /// The format it was read as.
    pub format: String,
    /// The encoding it was decoded from.
    pub encoding: String,
    /// Metadata its Documents carry.
    pub meta: Meta,
    /// What was read and what was not.
    #[serde(default)]
    pub report: StoredReport,
}

/// A revision about to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRevision {
    /// The source; made if it is not there.
    pub source: SourceId,
    /// What it is.
    pub kind: SourceKind,
    /// The dataset of a row.
    pub parent: Option<SourceId>,
    /// SHA-256 of the bytes and of everything else the result depends on.
    pub fingerprint: String,
    /// Bytes of the original.
    pub bytes: u64,
    /// What people know of it.
    pub detail: RevisionDetail,
}

/// A revision that is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedRevision {
    /// The source.
    pub source: SourceId,
    /// The revision.
    pub revision: u32,
    /// Bytes of canonical text.
    pub text_bytes: u64,
    /// Documents made of it.
    pub documents: u64,
    /// Its language, where it was told reliably.
    pub language: Option<String>,
}

/// A source as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceRecord {
    /// Its id.
    pub id: SourceId,
    /// What it is.
    pub kind: SourceKind,
    /// The dataset of a row.
    pub parent: Option<SourceId>,
    /// The current revision.
    pub revision: u32,
    /// See [`NewRevision::fingerprint`].
    pub fingerprint: String,
    /// Bytes of the original.
    pub bytes: u64,
    /// Bytes of canonical text.
    pub text_bytes: u64,
    /// Documents made of it.
    pub documents: u64,
    /// Its language, where it was told reliably.
    pub language: Option<String>,
    /// When the current revision was made.
    pub updated_at: Instant,
    /// What people know of it.
    pub detail: RevisionDetail,
}

/// Which sources of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceScope {
    /// Files and datasets.
    Top,
    /// The rows of a dataset.
    RowsOf(SourceId),
    /// Files and rows: whatever has text of its own.
    WithText,
    /// One of any kind.
    One(SourceId),
}

/// The rows of a dataset, added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowTotals {
    /// How many there are.
    pub rows: u64,
    /// Their bytes of canonical text.
    pub text_bytes: u64,
    /// Documents made of them.
    pub documents: u64,
}

/// Why a revision has to be cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftoverKind {
    /// It was begun and never finished.
    Pending,
    /// A newer one took its place, or its source is being deleted.
    Obsolete,
}

/// A revision that must go: its Documents, blobs and row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// The collection.
    pub collection: CollectionId,
    /// The source.
    pub source: SourceId,
    /// The revision.
    pub revision: u32,
    /// Why.
    pub kind: LeftoverKind,
}

/// The metadata database; its jobs are [`JobStore`], its traces [`TraceStore`].
#[async_trait]
pub trait MetaStore: JobStore + TraceStore {
    /// Adds a collection.
    ///
    /// # Errors
    /// `Conflict` when the name is taken.
    async fn create_collection(&self, record: CollectionRecord) -> Result<()>;

    /// All collections, by name.
    ///
    /// # Errors
    /// `Corrupt` when the database is damaged; so for every method.
    async fn collections(&self) -> Result<Vec<CollectionRecord>>;

    /// Replaces the settings of a collection.
    ///
    /// # Errors
    /// `NotFound`.
    async fn set_settings(&self, id: &CollectionId, settings: CollectionSettings) -> Result<()>;

    /// Marks a collection as being deleted: it is gone for users from now on.
    ///
    /// # Errors
    /// `NotFound`.
    async fn begin_collection_delete(&self, id: &CollectionId) -> Result<()>;

    /// Removes a collection with its sources, revisions, jobs and traces.
    ///
    /// # Errors
    /// As above.
    async fn remove_collection(&self, id: &CollectionId) -> Result<()>;

    /// Begins revisions, all or none; gives their numbers in order.
    ///
    /// # Errors
    /// As above.
    async fn begin_revisions(
        &self,
        collection: &CollectionId,
        revisions: Vec<NewRevision>,
    ) -> Result<Vec<u32>>;

    /// Makes revisions current and older ones obsolete, and marks `gone` sources for deletion, all in one transaction.
    ///
    /// # Errors
    /// `NotFound` when one was not begun.
    async fn finish_revisions(
        &self,
        collection: &CollectionId,
        finished: Vec<FinishedRevision>,
        gone: Vec<SourceId>,
    ) -> Result<()>;

    /// Replaces what people know of current revisions: the same text, found at another place of its file.
    ///
    /// # Errors
    /// As above.
    async fn describe(&self, collection: &CollectionId, sources: Vec<SourceRecord>) -> Result<()>;

    /// Sources with a current revision that are not being deleted, by path and then row order.
    ///
    /// # Errors
    /// As above.
    async fn sources(&self, collection: &CollectionId, scope: SourceScope) -> Result<Vec<SourceRecord>>;

    /// The rows of every dataset, added up.
    ///
    /// # Errors
    /// As above.
    async fn row_totals(&self, collection: &CollectionId) -> Result<HashMap<SourceId, RowTotals>>;

    /// Those of `ids` that have a current revision and are not being deleted.
    ///
    /// # Errors
    /// As above.
    async fn sources_of(&self, collection: &CollectionId, ids: Vec<SourceId>) -> Result<Vec<SourceRecord>>;

    /// How many of the sources with text are in each language that was told.
    ///
    /// # Errors
    /// As above.
    async fn languages(&self, collection: &CollectionId) -> Result<Vec<(String, u64)>>;

    /// Marks sources, and the rows of datasets among them, for deletion; gives how many sources of any kind. The dataset of a
    /// deleted row counts as changed from now on, so that its next ingest brings the row back.
    ///
    /// # Errors
    /// As above.
    async fn begin_source_delete(&self, collection: &CollectionId, sources: Vec<SourceId>) -> Result<u64>;

    /// What has to be cleared, of one collection or of all.
    ///
    /// # Errors
    /// As above.
    async fn leftovers(&self, collection: Option<&CollectionId>) -> Result<Vec<Leftover>>;

    /// Of the leftovers of a collection those that were never finished. Cheap, for every question asks.
    ///
    /// # Errors
    /// As above.
    async fn pending(&self, collection: &CollectionId) -> Result<Vec<Leftover>>;

    /// Forgets revisions whose Documents and blobs are gone, what traces say of them, and sources without any.
    ///
    /// # Errors
    /// As above.
    async fn forget(&self, cleared: Vec<Leftover>) -> Result<()>;
}
