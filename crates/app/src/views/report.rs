//! Reading reports as JSON.

use crate::report::StoredReport;
use pllm_core::ReadingReport;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What of a file was read, and what was not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// Bytes of canonical text.
    pub text_bytes: u64,
    /// Rows, for a table.
    pub records: u64,
    /// Pages, for a format that has them.
    pub pages: u32,
    /// The pages, from 1, on which no text was found.
    pub pages_without_text: Vec<u32>,
    /// What was not read, for people.
    pub unread: Option<String>,
    /// Tables that were read as rows.
    pub tables: u32,
    /// What was left out.
    pub dropped: Vec<Dropped>,
    /// What went not quite right.
    pub warnings: Vec<Warning>,
}

/// Something that was left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DroppedText)]
pub struct Dropped {
    /// A word that never changes.
    pub kind: String,
    /// Its text.
    pub text: String,
    /// The pages it was left out on.
    pub pages: Vec<u32>,
    /// Why.
    pub reason: String,
}

/// Something that went not quite right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Warning {
    /// A word that never changes.
    pub code: String,
    /// Where, for people.
    pub place: Option<String>,
    /// The same for people.
    pub message: String,
}

impl Warning {
    /// The warning as people read it, with its place.
    #[must_use]
    pub fn line(&self) -> String {
        match &self.place {
            Some(place) => format!("{place}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

impl Report {
    /// A report as JSON.
    #[must_use]
    pub fn new(report: &ReadingReport) -> Self {
        let dropped = |dropped: &pllm_core::Dropped| Dropped {
            kind: dropped.kind.to_string(),
            text: dropped.text.clone(),
            pages: dropped.pages.clone(),
            reason: dropped.reason.clone(),
        };
        let warning = |warning: &pllm_core::Warning| Warning {
            code: warning.code.to_string(),
            place: warning.place.as_ref().map(pllm_core::Place::label),
            message: warning.message.clone(),
        };
        Self {
            text_bytes: report.text_bytes,
            records: report.records,
            pages: report.pages,
            pages_without_text: report.pages_without_text.clone(),
            unread: report.unread(),
            tables: report.tables,
            dropped: report.dropped.iter().map(dropped).collect(),
            warnings: report.warnings.iter().map(warning).collect(),
        }
    }

    /// A stored report as JSON.
    #[must_use]
    pub fn stored(report: &StoredReport) -> Self {
        Self::new(&report.clone().opened())
    }
}

/// A report with what was found out about the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConversionReport {
    /// What was read.
    #[serde(flatten)]
    pub report: Report,
    /// The format it was read as.
    pub format: String,
    /// The encoding it was decoded from; empty where the format has none.
    pub encoding: String,
}

impl ConversionReport {
    /// A report as JSON, with format and encoding.
    #[must_use]
    pub fn new(report: &ReadingReport) -> Self {
        Self {
            report: Report::new(report),
            format: report.format.to_string(),
            encoding: report.encoding.clone(),
        }
    }
}
