//! Jobs as JSON, and how an upload says to be read.

use super::{ErrorDetail, Report, round};
use crate::clock;
use crate::ingest::IngestOptions;
use crate::jobs::{self, JobStatus};
use crate::metadata::{FileError, JobFileRecord, OpenWork};
use pllm_core::Meta;
use pllm_core::converter::{DatasetColumns, Passwords};
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// A job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// Its number, ascending.
    pub id: i64,
    /// The name of its collection.
    pub collection: String,
    /// What it does: `ingest`.
    pub kind: String,
    /// `queued`, `running`, `done`, `failed`, `cancelled` or `interrupted`.
    pub state: String,
    /// How often it was begun.
    pub attempts: u32,
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
    /// Documents stored.
    pub documents: u64,
    /// How fast the last attempt is or was; 0 before anything is done.
    pub bytes_per_second: f64,
    /// What is left takes so long at that rate; none unless it is running and something is done.
    pub seconds_left: Option<f64>,
    /// When it was made.
    pub created_at: String,
    /// When its last attempt began.
    pub started_at: Option<String>,
    /// When that ended.
    pub ended_at: Option<String>,
    /// Its files, in order; not in a list of jobs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<JobFile>>,
}

/// A file of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct JobFile {
    /// What its sender calls it, cleaned; a relative path where it came with one.
    pub name: String,
    /// The path of its source.
    pub path: String,
    /// `waiting`, `reading`, `done`, `unchanged`, `failed` or `cancelled`.
    pub state: String,
    /// What is being done with it: `convert` or `index`.
    pub stage: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// Bytes that are dealt with.
    pub bytes_done: u64,
    /// Documents stored.
    pub documents: u64,
    /// The id of the source it became.
    pub source: Option<String>,
    /// Why it failed.
    pub error: Option<ErrorDetail>,
    /// What was read and what was not.
    pub report: Option<Report>,
}

impl Job {
    /// A job with its files as JSON.
    #[must_use]
    pub fn new(status: &JobStatus) -> Self {
        Self { files: Some(status.files.iter().map(JobFile::new).collect()), ..Self::listed(status) }
    }

    /// A job of a list as JSON.
    #[must_use]
    pub fn listed(status: &JobStatus) -> Self {
        let record = &status.record;
        Self {
            id: record.id,
            collection: status.collection.clone(),
            kind: "ingest".to_owned(),
            state: record.state.name().to_owned(),
            attempts: record.attempts,
            files_total: record.files_total,
            files_done: record.files_done,
            files_failed: record.files_failed,
            bytes_total: record.bytes_total,
            bytes_done: record.bytes_done,
            documents: record.documents,
            bytes_per_second: round(status.bytes_per_second().unwrap_or(0.0)),
            seconds_left: status.seconds_left().map(round),
            created_at: clock::iso(record.created_at),
            started_at: record.started_at.map(clock::iso),
            ended_at: record.ended_at.map(clock::iso),
            files: None,
        }
    }
}

impl JobFile {
    fn new(record: &JobFileRecord) -> Self {
        Self {
            name: jobs::file_name(record).to_owned(),
            path: record.path.clone(),
            state: record.state.name().to_owned(),
            stage: record.stage.map(|stage| stage.name().to_owned()),
            bytes: record.bytes,
            bytes_done: record.bytes_done,
            documents: record.documents,
            source: record.source.as_ref().map(ToString::to_string),
            error: record.error.clone().map(ErrorDetail::from),
            report: record.report.as_ref().map(Report::stored),
        }
    }
}

impl From<FileError> for ErrorDetail {
    fn from(error: FileError) -> Self {
        Self { kind: error.kind, message: error.message, hint: error.hint }
    }
}

/// What is still to be read in a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reading {
    /// Jobs that run or wait.
    pub jobs: u64,
    /// Their files that are not done.
    pub files_left: u64,
}

impl From<OpenWork> for Reading {
    fn from(work: OpenWork) -> Self {
        Self { jobs: work.jobs, files_left: work.files_left }
    }
}

/// How the files of an upload are to be read; everything may be left out.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UploadOptions {
    /// Columns of a table whose `column: value` lines are the text; none = all.
    pub content: Vec<String>,
    /// Columns to filter by; none = those that are not content.
    pub meta: Vec<String>,
    /// The column that tells rows apart.
    pub id: Option<String>,
    /// Metadata that wins over everything found in the files.
    #[schema(value_type = Object)]
    pub set: Meta,
    /// To try on files that are protected by one. They are not stored.
    pub passwords: Vec<String>,
}

impl fmt::Debug for UploadOptions {
    /// As that of the options they become, which does not show passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        IngestOptions::from(self.clone()).fmt(f)
    }
}

impl From<IngestOptions> for UploadOptions {
    fn from(options: IngestOptions) -> Self {
        let DatasetColumns { content, meta, id } = options.columns;
        Self { content, meta, id, set: options.set, passwords: options.passwords.0 }
    }
}

impl From<UploadOptions> for IngestOptions {
    fn from(options: UploadOptions) -> Self {
        Self {
            set: options.set,
            columns: DatasetColumns { content: options.content, meta: options.meta, id: options.id },
            passwords: Passwords(options.passwords),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_may_be_left_out_and_none_is_unknown() {
        let read = |json: &str| serde_json::from_str::<UploadOptions>(json);
        assert_eq!(read("{}").ok(), Some(UploadOptions::default()));
        let options = read(r#"{"content": ["a"], "id": "k", "set": {"year": 2024}}"#).expect("it reads");
        let ingest = IngestOptions::from(options);
        assert_eq!(
            (ingest.columns.content.as_slice(), ingest.columns.id.as_deref()),
            (&["a".to_owned()][..], Some("k"))
        );
        assert_eq!(ingest.set.get("year"), Some(&pllm_core::MetaValue::Int(2024)));
        assert!(read(r#"{"passwort": []}"#).is_err());
    }
}
