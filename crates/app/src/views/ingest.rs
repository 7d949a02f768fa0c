//! What became of files, as JSON.

use super::{ConversionReport, ErrorDetail, Report, Timings, round};
use crate::conversion;
use crate::ingest::{self, FileOutcome, FileStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an ingest did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct IngestSummary {
    /// The job.
    pub job: i64,
    /// The collection.
    pub collection: String,
    /// Documents stored.
    pub documents: u64,
    /// Files that failed.
    pub failed: usize,
    /// Whether it was stopped before the end.
    pub cancelled: bool,
    /// How long it took.
    pub seconds: f64,
    /// How long each step took, of all files together; files are read side by side.
    pub timings: Timings,
    /// Every file, in the order they ended.
    pub files: Vec<IngestedFile>,
}

impl IngestSummary {
    /// An ingest's outcome as JSON.
    #[must_use]
    pub fn new(summary: &ingest::IngestSummary, collection: &str, seconds: f64) -> Self {
        Self {
            job: summary.job,
            collection: collection.to_owned(),
            documents: summary.documents,
            failed: summary.failed(),
            cancelled: summary.cancelled,
            seconds: round(seconds),
            timings: Timings::new(&summary.timings),
            files: summary.files.iter().map(IngestedFile::new).collect(),
        }
    }
}

/// What became of a file; which fields there are depends on the status.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct IngestedFile {
    /// Its path.
    pub path: String,
    /// `ingested`, `unchanged` or `error`.
    pub status: String,
    /// The source's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The format it was read as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Documents stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<u64>,
    /// Rows of a dataset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// What was read and what was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorDetail>,
}

impl IngestedFile {
    /// A file's outcome as JSON.
    #[must_use]
    pub fn new(file: &FileOutcome) -> Self {
        let path = file.path.display().to_string();
        match &file.status {
            FileStatus::Ingested { source, format, documents, rows, report } => Self {
                path,
                status: "ingested".to_owned(),
                source: Some(source.clone()),
                format: Some(format.clone()),
                documents: Some(*documents),
                rows: Some(*rows),
                report: Some(Report::stored(report)),
                error: None,
            },
            FileStatus::Unchanged { source } => {
                Self { path, status: "unchanged".to_owned(), source: Some(source.clone()), ..Self::default() }
            }
            FileStatus::Failed(error) => Self {
                path,
                status: "error".to_owned(),
                error: Some(ErrorDetail::new(error)),
                ..Self::default()
            },
        }
    }
}

impl IngestSummary {
    /// Files with a status.
    #[must_use]
    pub fn count(&self, status: &str) -> usize {
        self.files.iter().filter(|file| file.status == status).count()
    }
}

/// The text of a file that was read without a library.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConvertedFile {
    /// Its path.
    pub file: String,
    /// `ok`, `empty`, `password` or `error`.
    pub status: String,
    /// Its text.
    pub text: String,
    /// How long reading took.
    pub seconds: f64,
    /// The most memory its reader used, MB, where the system tells.
    pub rss_mb: Option<f64>,
    /// What was read and what was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<ConversionReport>,
    /// Why it was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorDetail>,
}

impl ConvertedFile {
    /// A conversion as JSON.
    #[must_use]
    pub fn new(file: &conversion::ConvertedFile) -> Self {
        let (status, report, error) = match &file.outcome {
            Ok(report) if report.is_empty() => ("empty", Some(ConversionReport::new(report)), None),
            Ok(report) => ("ok", Some(ConversionReport::new(report)), None),
            Err(error) if file.protected => ("password", None, Some(ErrorDetail::new(error))),
            Err(error) => ("error", None, Some(ErrorDetail::new(error))),
        };
        Self {
            file: file.file.display().to_string(),
            status: status.to_owned(),
            text: file.text.clone(),
            seconds: round(file.usage.seconds),
            rss_mb: file.usage.peak_bytes.map(megabytes),
            report,
            error,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
fn megabytes(bytes: u64) -> f64 {
    (bytes as f64 / 1e5).round() / 10.0
}
