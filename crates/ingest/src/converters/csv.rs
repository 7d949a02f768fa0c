//! CSV and TSV (RFC 4180, and what spreadsheets make of it): a header row, then a record a row.

mod separator;

use crate::dataset::{self, Rows};
use crate::decode::decode;
use crate::warnings::Warnings;
use ::csv::{Reader, ReaderBuilder, StringRecord};
use pllm_core::converter::ConvertOptions;
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
        let records = dataset::read(&table, options, sink, &mut warnings)?;
        Ok(ReadingReport {
            format: self.format,
            encoding: decoded.encoding.to_owned(),
            records,
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
    /// So many of them are the header's; the rest belong to rows with too many cells.
    named: usize,
}

impl<'a> Table<'a> {
    /// Reads the header and checks the rows: those with too few or too many cells are warned of.
    fn open(text: &'a str, separator: u8, warnings: &mut Warnings) -> Result<Self> {
        let mut rows = reader(text, separator).into_records();
        let header = rows.next().transpose().map_err(unreadable)?.unwrap_or_default();
        let (mut widest, mut last) = (header.len(), header.clone());
        for (row, number) in rows.zip(1..) {
            let row = row.map_err(unreadable)?;
            if row.len() != header.len() {
                let message = format!("row {number} has {} cells, the header {}", row.len(), header.len());
                warnings.add("uneven-row", Some(Place::Row { number }), message);
            }
            widest = widest.max(row.len());
            last = row;
        }
        check_quotes(text, &last)?;
        Ok(Self { text, separator, names: unique_names(&header, widest), named: header.len() })
    }

    fn value(&self, row: &StringRecord) -> MetaValue {
        let cell = |index: usize| match row.get(index).map(str::trim) {
            None | Some("") => MetaValue::Null,
            Some(text) => MetaValue::String(text.to_owned()),
        };
        let width = self.named.max(row.len());
        let cells = self.names.iter().take(width).enumerate();
        MetaValue::Object(cells.map(|(index, name)| (name.clone(), cell(index))).collect::<Meta>())
    }
}

impl Rows for Table<'_> {
    fn each(&self, visit: &mut dyn FnMut(u64, MetaValue) -> Result<()>) -> Result<()> {
        let rows = reader(self.text, self.separator).into_records().skip(1);
        for (row, number) in rows.zip(1..) {
            let row = row.map_err(unreadable)?;
            // Spreadsheets write rows of nothing but separators where a row is empty.
            if row.iter().any(|cell| !cell.trim().is_empty()) {
                visit(number, self.value(&row))?;
            }
        }
        Ok(())
    }

    fn untyped(&self) -> bool {
        true
    }
}

fn reader(text: &str, separator: u8) -> Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

/// Refuses a quotation mark that is never closed: all that follows it has become one cell of the last row.
fn check_quotes(text: &str, last: &StringRecord) -> Result<()> {
    let Some(position) = last.position() else { return Ok(()) };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let quotes = text.get(start..).unwrap_or_default().matches('"').count();
    if !quotes.is_multiple_of(2) && last.iter().any(|cell| cell.contains('\n')) {
        let line = text[..start].matches('\n').count() + 1;
        let message = format!("a quotation mark in the row of line {line} is never closed");
        return Err(Error::invalid(OPERATION, message));
    }
    Ok(())
}

/// Names of `widest` columns: the header's, with a number behind those that occur twice, and `column N` for those without.
fn unique_names(header: &StringRecord, widest: usize) -> Vec<String> {
    let given: HashSet<&str> = header.iter().map(str::trim).collect();
    let mut taken = HashSet::new();
    (0..widest)
        .map(|index| {
            let name = header.get(index).map(|cell| cell.trim().replace('\n', " ")).unwrap_or_default();
            if !name.is_empty() && taken.insert(name.clone()) {
                return name;
            }
            let base = if name.is_empty() { "column".to_owned() } else { name };
            let numbered = (index + 1..).map(|number| format!("{base} {number}"));
            let mut free = numbered.filter(|name| !given.contains(name.as_str()) && !taken.contains(name));
            let name = free.next().unwrap_or(base);
            taken.insert(name.clone());
            name
        })
        .collect()
}

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
