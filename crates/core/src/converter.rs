//! Contract: the bytes of a file to canonical text, handed over part by part.

use crate::{Meta, PageSize, Place, Result};
use pllm_text::ByteRange;
use std::borrow::Cow;
use std::fmt::{self, Debug};

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
    /// Places of ranges *of this part's text*, ascending. A new place is also a border that no chunk crosses; that of a line
    /// on a page is one only if its headings are others than those of the line before.
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
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// Where, if at a place.
    pub place: Option<Place>,
    /// A word that never changes, such as `replaced-characters`.
    pub code: Cow<'static, str>,
    /// The same for people.
    pub message: String,
}

/// Text of a file that was left out on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// A word that never changes: `header`, `footer`, `page-number`, `navigation`, `hidden`.
    pub kind: Cow<'static, str>,
    /// Its text, of repeated ones the first.
    pub text: String,
    /// The pages it was left out on, from 1, ascending; empty for a file without pages.
    pub pages: Vec<u32>,
    /// Why, for people, e.g. `repeated on 12 pages`.
    pub reason: String,
}

/// What was read and what was not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadingReport {
    /// The format that was read, by its name in the table.
    pub format: Cow<'static, str>,
    /// The character encoding it was decoded from; empty where the format has none.
    pub encoding: String,
    /// Metadata found in the file itself (front matter, title).
    pub meta: Meta,
    /// Bytes of canonical text.
    pub text_bytes: u64,
    /// Rows, for a dataset.
    pub records: u64,
    /// Pages, for a format that has them.
    pub pages: u32,
    /// The pages, from 1, on which no text was found.
    pub pages_without_text: Vec<u32>,
    /// How large the pages are, where that is known: ascending.
    pub page_sizes: Vec<PageSize>,
    /// Tables that were read as rows, for a format that is not itself a table.
    pub tables: u32,
    /// The columns of a table, where they were asked for.
    pub columns: Vec<TableColumn>,
    /// What was left out.
    pub dropped: Vec<Dropped>,
    /// What went not quite right.
    pub warnings: Vec<Warning>,
}

impl ReadingReport {
    /// Whether the file has no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text_bytes == 0
    }

    /// What was not read, for people: `page 3 has no text (scan?)`. `None` where everything was.
    #[must_use]
    pub fn unread(&self) -> Option<String> {
        match self.pages_without_text.as_slice() {
            [] => None,
            [page] => Some(format!("page {page} has no text (scan?)")),
            pages if pages.len() as u64 == u64::from(self.pages) => {
                Some(format!("none of the {} pages has text (scan?)", self.pages))
            }
            pages => Some(format!("pages {} have no text (scan?)", page_list(pages))),
        }
    }
}

/// `1, 3–5, 9`.
fn page_list(pages: &[u32]) -> String {
    let runs = pages.chunk_by(|page, next| page + 1 == *next);
    let run = |run: &[u32]| match run {
        [first, .., last] => format!("{first}–{last}"),
        other => other.iter().map(ToString::to_string).collect(),
    };
    runs.map(run).collect::<Vec<_>>().join(", ")
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

/// Passwords to try on files that are protected. Debug output does not show them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Passwords(pub Vec<String>);

impl Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passwords({})", self.0.len())
    }
}

/// What becomes of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TableReading {
    /// A record a row.
    #[default]
    Records,
    /// Where it names its columns, one text, a line a row, and no records: for those who only want the text.
    Text,
    /// Nothing of it goes out; the report tells its columns.
    Columns,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Its name.
    pub name: String,
    /// Some of its values, the first that differ, cut where they are long.
    pub samples: Vec<String>,
    /// Whether rows can be filtered by it where nobody chooses columns.
    pub is_meta: bool,
}

/// How to convert one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConvertOptions {
    /// What it may use.
    pub limits: Limits,
    /// For datasets.
    pub columns: DatasetColumns,
    /// For files that are protected by one.
    pub passwords: Passwords,
    /// What becomes of a table.
    pub tables: TableReading,
}

/// Reads one format. A plain function over the whole input: files are capped by [`Limits`], and its caller puts it on the pool.
pub trait Converter: Send + Sync + Debug {
    /// The format's name in the table, e.g. `md`.
    fn format(&self) -> &'static str;

    /// Reads `input` into `sink`.
    ///
    /// # Errors
    /// `InvalidInput` naming page, line or row when the file is not what it should be; `TooLarge` beyond the limits; `Denied`
    /// when it is protected and no password opens it, and only then.
    fn convert(
        &self,
        input: &[u8],
        options: &ConvertOptions,
        sink: &mut dyn PartSink,
    ) -> Result<ReadingReport>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unread_is_said_by_page() {
        let check = |pages, without: &[u32], expected: Option<&str>| {
            let report =
                ReadingReport { pages, pages_without_text: without.to_vec(), ..ReadingReport::default() };
            assert_eq!(report.unread().as_deref(), expected);
        };
        check(9, &[], None);
        check(9, &[3], Some("page 3 has no text (scan?)"));
        check(9, &[1, 3, 4, 5, 9], Some("pages 1, 3–5, 9 have no text (scan?)"));
        check(2, &[1, 2], Some("none of the 2 pages has text (scan?)"));
    }

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(format!("{:?}", Passwords(vec!["secret".to_owned()])), "Passwords(1)");
    }
}
