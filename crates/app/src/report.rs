//! How the reading report of a source is written down: with its revision, and between processes.

use crate::layout::{StoredPlace, opened, stored};
use pllm_core::{Dropped, PageSize, ReadingReport, Result, Warning};
use serde::{Deserialize, Serialize};

/// A [`ReadingReport`] without what stands elsewhere: format, encoding and metadata.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoredReport {
    /// Bytes of canonical text.
    pub text_bytes: u64,
    /// Rows, for a dataset.
    pub records: u64,
    /// Pages, for a format that has them.
    pub pages: u32,
    /// The pages, from 1, on which no text was found.
    pub pages_without_text: Vec<u32>,
    /// From which page on, from 1, pages have which width and height, points. None of what an earlier version read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub page_sizes: Vec<(u32, f32, f32)>,
    /// Tables that were read as rows.
    pub tables: u32,
    /// What was left out.
    pub dropped: Vec<StoredDropped>,
    /// What went not quite right.
    pub warnings: Vec<StoredWarning>,
}

/// A [`Dropped`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredDropped {
    /// A word that never changes.
    pub kind: String,
    /// Its text.
    pub text: String,
    /// The pages it was left out on.
    pub pages: Vec<u32>,
    /// Why.
    pub reason: String,
}

/// A [`Warning`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredWarning {
    /// A word that never changes.
    pub code: String,
    /// The same for people.
    pub message: String,
    place: Option<StoredPlace>,
}

impl StoredReport {
    /// The report to write down.
    ///
    /// # Errors
    /// `Unsupported` for a kind of place that this version cannot store.
    pub fn of(report: &ReadingReport) -> Result<Self> {
        let warnings = report.warnings.iter().map(|warning| {
            Ok(StoredWarning {
                code: warning.code.to_string(),
                message: warning.message.clone(),
                place: warning.place.as_ref().map(stored).transpose()?,
            })
        });
        let dropped = report.dropped.iter().map(|dropped| StoredDropped {
            kind: dropped.kind.to_string(),
            text: dropped.text.clone(),
            pages: dropped.pages.clone(),
            reason: dropped.reason.clone(),
        });
        Ok(Self {
            text_bytes: report.text_bytes,
            records: report.records,
            pages: report.pages,
            pages_without_text: report.pages_without_text.clone(),
            page_sizes: report.page_sizes.iter().map(|size| (size.first, size.width, size.height)).collect(),
            tables: report.tables,
            dropped: dropped.collect(),
            warnings: warnings.collect::<Result<_>>()?,
        })
    }

    /// The report that was written down; format, encoding and metadata are empty.
    #[must_use]
    pub fn opened(self) -> ReadingReport {
        let dropped = |dropped: StoredDropped| Dropped {
            kind: dropped.kind.into(),
            text: dropped.text,
            pages: dropped.pages,
            reason: dropped.reason,
        };
        let warning = |warning: StoredWarning| Warning {
            place: warning.place.map(opened),
            code: warning.code.into(),
            message: warning.message,
        };
        let size = |(first, width, height)| PageSize { first, width, height };
        ReadingReport {
            text_bytes: self.text_bytes,
            records: self.records,
            pages: self.pages,
            pages_without_text: self.pages_without_text,
            page_sizes: self.page_sizes.into_iter().map(size).collect(),
            tables: self.tables,
            dropped: self.dropped.into_iter().map(dropped).collect(),
            warnings: self.warnings.into_iter().map(warning).collect(),
            ..ReadingReport::default()
        }
    }

    /// Width and height of a page, from 1, in points; `None` where they are not known.
    #[must_use]
    pub fn page_size(&self, page: u32) -> Option<(f32, f32)> {
        let next = self.page_sizes.partition_point(|(first, ..)| *first <= page);
        let (_, width, height) = *self.page_sizes.get(next.checked_sub(1)?)?;
        (width > 0.0 && height > 0.0).then_some((width, height))
    }

    /// What was not read, for people; `None` where everything was.
    #[must_use]
    pub fn unread(&self) -> Option<String> {
        self.clone().opened().unread()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pllm_core::Place;

    #[test]
    fn a_report_reads_back() -> Result<()> {
        let place = Place::Row { number: 4 };
        let report = ReadingReport {
            text_bytes: 90,
            records: 3,
            pages: 12,
            pages_without_text: vec![2, 7],
            page_sizes: vec![
                PageSize { first: 1, width: 595.5, height: 842.0 },
                PageSize { first: 3, width: 0.0, height: 0.0 },
                PageSize { first: 4, width: 842.0, height: 595.5 },
            ],
            tables: 1,
            dropped: vec![Dropped {
                kind: "header".into(),
                text: "Lease".to_owned(),
                pages: vec![1, 2, 3],
                reason: "repeated on 3 pages".to_owned(),
            }],
            warnings: vec![Warning { place: Some(place), code: "odd".into(), message: "odd row".to_owned() }],
            ..ReadingReport::default()
        };
        let json = serde_json::to_string(&StoredReport::of(&report)?).expect("it serialises");
        let read: StoredReport = serde_json::from_str(&json).expect("it reads");
        assert_eq!(read.unread().as_deref(), Some("pages 2, 7 have no text (scan?)"));
        let sizes: Vec<_> = [0, 1, 2, 3, 12].into_iter().map(|page| read.page_size(page)).collect();
        let (upright, lying) = (Some((595.5, 842.0)), Some((842.0, 595.5)));
        assert_eq!(sizes, [None, upright, upright, None, lying]);
        assert_eq!(read.opened(), report);
        assert_eq!(
            serde_json::from_str::<StoredReport>("{}").expect("all optional"),
            StoredReport::default()
        );
        Ok(())
    }
}
