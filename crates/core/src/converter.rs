//! Contract: the bytes of a file to canonical text, handed over part by part.

use crate::{Meta, Place, Result};
use pllm_text::ByteRange;
use std::fmt::Debug;

/// What a conversion may use; the whole file is refused beyond it, never cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest input, bytes.
    pub max_input_bytes: u64,
    /// Most canonical text, bytes.
    pub max_text_bytes: u64,
    /// Most rows of a dataset.
    pub max_records: u64,
}

impl Default for Limits {
    /// 256 MiB in, 64 MiB of text out, a million rows.
    fn default() -> Self {
        Self { max_input_bytes: 256 << 20, max_text_bytes: 64 << 20, max_records: 1_000_000 }
    }
}

/// A piece of canonical text. A revision's canonical text is its parts, one after the other, nothing between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The text, UTF-8, line ends as `\n`.
    pub text: String,
    /// Places of ranges *of this part's text*, ascending; a new place is also a border that no chunk crosses.
    pub places: Vec<(ByteRange, Place)>,
}

/// One row of a dataset: a source of its own, with its own metadata.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What tells the row from the others of its dataset: the value of the id column, else the row's number.
    pub key: String,
    /// The whole canonical text, `column: value` lines.
    pub text: String,
    /// Its place.
    pub place: Place,
    /// Typed columns to filter by.
    pub meta: Meta,
}

/// Something the reader of a report should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Where, if at a place.
    pub place: Option<Place>,
    /// A word that never changes, such as `replaced-characters`.
    pub code: &'static str,
    /// The same for people.
    pub message: String,
}

/// What was read and what was not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadingReport {
    /// The format that was read, by its name in the table.
    pub format: &'static str,
    /// The character encoding it was decoded from.
    pub encoding: String,
    /// Metadata found in the file itself (front matter, title).
    pub meta: Meta,
    /// Rows, for a dataset.
    pub records: u64,
    /// What went not quite right.
    pub warnings: Vec<Warning>,
}

/// Takes what a converter finds, in order. An error ends the conversion.
pub trait PartSink {
    /// The next part of an ordinary file's text.
    ///
    /// # Errors
    /// The sink's own; `TooLarge` beyond the limits.
    fn part(&mut self, part: Part) -> Result<()>;

    /// The next row of a dataset.
    ///
    /// # Errors
    /// The sink's own; `TooLarge` beyond the limits.
    fn record(&mut self, record: Record) -> Result<()>;
}

/// Which columns of a dataset are what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatasetColumns {
    /// Columns whose `column: value` lines are the text; empty = all.
    pub content: Vec<String>,
    /// Columns to filter by; empty = those that are not content (all, where content is all).
    pub meta: Vec<String>,
    /// The column that tells rows apart; none = the row's number.
    pub id: Option<String>,
}

/// How to convert one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConvertOptions {
    /// What it may use.
    pub limits: Limits,
    /// For datasets.
    pub columns: DatasetColumns,
}

/// Reads one format. A plain function over the whole input: files are capped by [`Limits`], and its caller puts it on the pool.
pub trait Converter: Send + Sync + Debug {
    /// The format's name in the table, e.g. `md`.
    fn format(&self) -> &'static str;

    /// Reads `input` into `sink`.
    ///
    /// # Errors
    /// `InvalidInput` naming line or row when the file is not what it should be; `TooLarge` beyond the limits.
    fn convert(
        &self,
        input: &[u8],
        options: &ConvertOptions,
        sink: &mut dyn PartSink,
    ) -> Result<ReadingReport>;
}
