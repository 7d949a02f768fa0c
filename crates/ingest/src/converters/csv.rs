//! CSV and TSV (RFC 4180, and what spreadsheets make of it): a header row, then a record a row.

mod separator;

use crate::dataset::{self, Rows, TableRead};
use crate::decode::decode;
use crate::warnings::Warnings;
use ::csv::{ReaderBuilder, StringRecord};
use pllm_core::converter::{ConvertOptions, TableReading};
use pllm_core::{Converter, Error, Meta, MetaValue, PartSink, Place, ReadingReport, Result};
use std::collections::HashSet;

/// Reads tables of separated values.
#[derive(Debug)]
pub(crate) struct Csv {
    format: &'static str,
    /// The byte between cells; none = found from the first lines.
    separator: Option<u8>,
}

impl Csv {
    /// Comma, semicolon, tab or bar, whichever the file uses.
    pub(crate) fn any_separator() -> Self {
        Self { format: "csv", separator: None }
    }

    /// Tabs only.
    pub(crate) fn tabs() -> Self {
        Self { format: "tsv", separator: Some(b'\t') }
    }
}

impl Converter for Csv {
    fn format(&self) -> &'static str {
        self.format
    }

    fn convert(
        &self,
        input: &[u8],
        options: &ConvertOptions,
        sink: &mut dyn PartSink,
    ) -> Result<ReadingReport> {
        let decoded = decode(input)?;
        let mut warnings = decoded.warnings();
        let separator = self.separator.unwrap_or_else(|| separator::find(&decoded.text));
        let table = Table::open(&decoded.text, separator, &mut warnings)?;
        let TableRead { records, columns } = dataset::read(&table, options, sink, &mut warnings)?;
        Ok(ReadingReport {
            format: self.format.into(),
            encoding: decoded.encoding.to_owned(),
            records,
            columns,
            tables: u32::from(options.tables == TableReading::Text),
            warnings: warnings.finish(),
            ..ReadingReport::default()
        })
    }
}

struct Table<'a> {
    text: &'a str,
    separator: u8,
    /// One name a column of the widest row, all different.
    names: Vec<String>,
}

impl<'a> Table<'a> {
    /// Reads the header and checks the rows: those with too few or too many cells are warned of.
    fn open(text: &'a str, separator: u8, warnings: &mut Warnings) -> Result<Self> {
        let mut header = StringRecord::new();
        let (mut widest, mut last) = (0, LastRow::default());
        each_record(text, separator, &mut |number, row| {
            if number == 0 {
                header = row.clone();
            } else if row.len() != header.len() {
                let message = format!("{} cells, the header has {}", row.len(), header.len());
                warnings.add("uneven-row", Some(Place::Row { number }), message);
            }
            widest = widest.max(row.len());
            last = LastRow::of(row);
            Ok(())
        })?;
        last.check_quotes(text)?;
        Ok(Self { text, separator, names: unique_names(&header, widest) })
    }

    /// The cells that the row has; the names of those that it lacks would cost more than a short row.
    fn value(&self, row: &StringRecord) -> MetaValue {
        let cells = row.iter().map(|cell| match cell.trim() {
            "" => MetaValue::Null,
            text => MetaValue::String(text.to_owned()),
        });
        MetaValue::Object(self.names.iter().cloned().zip(cells).collect::<Meta>())
    }
}

impl Rows for Table<'_> {
    fn each(&self, visit: &mut dyn FnMut(u64, MetaValue) -> Result<()>) -> Result<()> {
        each_record(self.text, self.separator, &mut |number, row| {
            // Spreadsheets write rows of nothing but separators where a row is empty.
            if number > 0 && row.iter().any(|cell| !cell.trim().is_empty()) {
                visit(number, self.value(row))?;
            }
            Ok(())
        })
    }

    fn header(&self) -> &[String] {
        &self.names
    }

    fn untyped(&self) -> bool {
        true
    }
}

/// Calls `visit` for the header, which has number 0, and each row. One record is used for all: a copy takes as long as the
/// widest row so far.
fn each_record(
    text: &str,
    separator: u8,
    visit: &mut dyn FnMut(u64, &StringRecord) -> Result<()>,
) -> Result<()> {
    let mut options = ReaderBuilder::new();
    let mut reader =
        options.has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let (mut record, mut number) = (StringRecord::new(), 0);
    while reader.read_record(&mut record).map_err(unreadable)? {
        visit(number, &record)?;
        number += 1;
    }
    Ok(())
}

/// What has to be known of a row in case it is the last.
#[derive(Default)]
struct LastRow {
    /// Where it begins in the text.
    start: usize,
    /// Whether a cell has more than one line.
    has_lines: bool,
}

impl LastRow {
    fn of(row: &StringRecord) -> Self {
        let start = row.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
        Self { start, has_lines: row.iter().any(|cell| cell.contains('\n')) }
    }

    /// Refuses a quotation mark that is never closed: all that follows it has become one cell of the last row.
    fn check_quotes(&self, text: &str) -> Result<()> {
        let (before, row) = text.split_at_checked(self.start).unwrap_or((text, ""));
        if self.has_lines && !row.matches('"').count().is_multiple_of(2) {
            let line = before.matches('\n').count() + 1;
            let message = format!("a quotation mark in the row of line {line} is never closed");
            return Err(Error::invalid(OPERATION, message));
        }
        Ok(())
    }
}

/// Names of `widest` columns: the header's, with a number behind those that occur twice, and `column N` for those without.
fn unique_names(header: &StringRecord, widest: usize) -> Vec<String> {
    let own: Vec<String> = header.iter().map(name_of).collect();
    let (given, mut taken) = (own.iter().collect::<HashSet<_>>(), HashSet::new());
    // Never goes back, so that names made to clash take no longer than others.
    let mut number = 0;
    (0..widest)
        .map(|index| {
            number = number.max(index);
            let name = own.get(index).map_or("", String::as_str);
            if !name.is_empty() && taken.insert(name.to_owned()) {
                return name.to_owned();
            }
            let base = if name.is_empty() { "column" } else { name };
            loop {
                number += 1;
                let name = format!("{base} {number}");
                if !given.contains(&name) && taken.insert(name.clone()) {
                    return name;
                }
            }
        })
        .collect()
}

/// A header's cell as a name: on one line, and not longer than a name may be that stands in every row.
fn name_of(cell: &str) -> String {
    cell.trim().replace('\n', " ").chars().take(MAX_NAME_CHARS).collect()
}

const MAX_NAME_CHARS: usize = 200;

const OPERATION: &str = "ingest.csv";

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn unreadable(error: ::csv::Error) -> Error {
    Error::invalid(OPERATION, format!("not a table: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let check = |header: &[&str], widest: usize, expected: &[&str]| {
            assert_eq!(unique_names(&StringRecord::from(header.to_vec()), widest), expected, "{header:?}");
        };
        check(&["a", "b"], 2, &["a", "b"]);
        check(&["A", "A", "A"], 3, &["A", "A 2", "A 3"]);
        check(&["Stanley Cups", "", " "], 4, &["Stanley Cups", "column 2", "column 3", "column 4"]);
        check(&["", "column 1", "column 1"], 3, &["column 2", "column 1", "column 1 3"]);
        check(&["two\nlines"], 1, &["two lines"]);
    }
}
