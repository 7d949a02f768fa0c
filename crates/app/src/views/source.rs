//! Sources and their pages as JSON.

use super::{PageArea, Report};
use crate::clock;
use crate::pages;
use crate::sources::{self, ListedSource};
use pllm_core::Meta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A file, a table or a row of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Source {
    /// Its id.
    pub id: String,
    /// `file`, `dataset` or `row`.
    pub kind: String,
    /// The dataset of a row.
    pub dataset: Option<String>,
    /// File name, or `name, row 7`.
    pub name: String,
    /// Where the file was read from.
    pub path: String,
    /// The format it was read as.
    pub format: String,
    /// The encoding it was decoded from; empty where the format has none.
    pub encoding: String,
    /// The current revision, from 1.
    pub revision: u32,
    /// Bytes of the original.
    pub bytes: u64,
    /// Bytes of canonical text; of a dataset, those of its rows.
    pub text_bytes: u64,
    /// Documents made of it; of a dataset, those of its rows.
    pub documents: u64,
    /// Rows of a dataset.
    pub rows: u64,
    /// Its language, where it was told reliably.
    pub language: Option<String>,
    /// When the current revision was made.
    pub ingested: String,
    /// Metadata its Documents carry.
    #[schema(value_type = Object)]
    pub meta: Meta,
    /// What was read and what was not.
    pub report: Report,
}

impl Source {
    /// A source as JSON.
    #[must_use]
    pub fn new(listed: &ListedSource) -> Self {
        let source = &listed.source;
        Self {
            id: source.id.to_string(),
            kind: source.kind.name().to_owned(),
            dataset: source.parent.as_ref().map(ToString::to_string),
            name: source.detail.name.clone(),
            path: source.detail.path.clone(),
            format: source.detail.format.clone(),
            encoding: source.detail.encoding.clone(),
            revision: source.revision,
            bytes: source.bytes,
            text_bytes: source.text_bytes,
            documents: source.documents,
            rows: listed.rows,
            language: source.language.clone(),
            ingested: clock::iso(source.updated_at),
            meta: source.detail.meta.clone(),
            report: Report::stored(&source.detail.report),
        }
    }
}

/// Some of the sources of a collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SourcePage {
    /// Those that were asked for, in order.
    pub sources: Vec<Source>,
    /// How many match in all.
    pub total: usize,
}

/// A source with as much of its text as was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ShownSource {
    /// The source.
    #[serde(flatten)]
    pub source: Source,
    /// One page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<PageText>,
    /// The whole canonical text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A page as it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PageText {
    /// The page, from 1.
    pub page: u32,
    /// First code point of the canonical text.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The text between.
    pub text: String,
    /// Its lines, in the order of the text.
    pub lines: Vec<PageLine>,
}

/// A line on a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PageLine {
    /// First code point of the canonical text.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Where it stands.
    pub area: PageArea,
}

impl PageText {
    /// A page as JSON.
    #[must_use]
    pub fn new(page: &pages::PageText) -> Self {
        let line = |line: &pages::PageLine| PageLine {
            start: line.chars.start(),
            end: line.chars.end(),
            area: PageArea::new(&line.area),
        };
        Self {
            page: page.page,
            start: page.chars.start(),
            end: page.chars.end(),
            text: page.text.clone(),
            lines: page.lines.iter().map(line).collect(),
        }
    }
}

/// What a delete removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeletedSources {
    /// Sources that were named.
    pub sources: u64,
    /// Rows of datasets among them.
    pub rows: u64,
    /// Documents.
    pub documents: u64,
}

impl DeletedSources {
    /// A delete's outcome as JSON.
    #[must_use]
    pub fn new(deleted: &sources::DeletedSources) -> Self {
        Self {
            sources: deleted.sources,
            rows: deleted.with_rows - deleted.sources,
            documents: deleted.documents,
        }
    }
}
