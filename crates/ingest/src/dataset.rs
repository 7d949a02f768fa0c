//! Tables of every format: rows in, one record a row out, with the text and the metadata of the chosen columns.

mod columns;
mod preview;

use crate::convert::too_large;
use crate::lines::Lines;
use crate::parts;
use crate::warnings::Warnings;
use columns::{Columns, Survey};
use pllm_core::converter::{ConvertOptions, Record, TableColumn, TableReading};
use pllm_core::{Error, MetaValue, PartSink, Place, Result};
use std::collections::HashMap;

/// The rows of a file, which can be gone over more than once.
pub(crate) trait Rows {
    /// Calls `visit` for each row with its number, from 1, and its value: an object whose keys are the columns, or a value
    /// without columns.
    fn each(&self, visit: &mut dyn FnMut(u64, MetaValue) -> Result<()>) -> Result<()>;

    /// The columns, where they are known before the rows are.
    fn header(&self) -> &[String] {
        &[]
    }

    /// Whether all values are strings that still have to be given the type their column has.
    fn untyped(&self) -> bool;
}

/// What was read of a table.
#[derive(Debug, Default)]
pub(crate) struct TableRead {
    /// Records that went out.
    pub(crate) records: u64,
    /// Its columns, where they were asked for.
    pub(crate) columns: Vec<TableColumn>,
}

/// Reads all rows into `sink`, or only looks at the columns. All faults are found before the first record goes out.
///
/// # Errors
/// `InvalidInput` when there are no rows, but for a text of the table; when a named column is not there, or an id is missing or
/// stands in two rows.
pub(crate) fn read(
    rows: &dyn Rows,
    options: &ConvertOptions,
    sink: &mut dyn PartSink,
    warnings: &mut Warnings,
) -> Result<TableRead> {
    let mut read = TableRead::default();
    match options.tables {
        TableReading::Columns => read.columns = preview::columns(rows)?,
        TableReading::Text if !rows.header().is_empty() => {
            read_as_text(rows, options.limits.max_text_bytes, sink)?;
        }
        _ => read.records = read_records(rows, options, sink, warnings)?,
    }
    Ok(read)
}

fn read_records(
    rows: &dyn Rows,
    options: &ConvertOptions,
    sink: &mut dyn PartSink,
    warnings: &mut Warnings,
) -> Result<u64> {
    let columns = Columns::choose(&options.columns, Survey::of(rows, &options.columns)?)?;
    if options.columns.id.is_some() {
        check_keys(rows, &columns)?;
    }
    let mut records = 0;
    rows.each(&mut |number, row| {
        let place = Place::Row { number };
        let mut text = Lines::new(options.limits.max_text_bytes);
        columns.write_text(&row, &mut text)?;
        let text = text.finish();
        if text.is_empty() {
            warnings.add("empty-row", Some(place), "no text, left out".to_owned());
            return Ok(());
        }
        records += 1;
        let key = columns.key(&row).unwrap_or_else(|| number.to_string());
        sink.record(Record { key, text, place, meta: columns.meta(row) })
    })?;
    Ok(records)
}

/// Sends the table as lines of cells, the names of its columns first.
fn read_as_text(rows: &dyn Rows, limit: u64, sink: &mut dyn PartSink) -> Result<()> {
    let mut text = line(rows.header().iter().map(String::as_str));
    rows.each(&mut |_, row| {
        let MetaValue::Object(cells) = row else { return Ok(()) };
        let cell = |name: &String| cells.get(name).and_then(MetaValue::as_str).unwrap_or_default();
        text += &line(rows.header().iter().map(cell));
        if text.len() as u64 > limit { Err(too_large("bytes of text", limit)) } else { Ok(()) }
    })?;
    parts::send(&text, Vec::new(), sink)
}

/// A line of `| a | b |`.
fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cell = |cell: &str| format!(" {} |", cell.split_whitespace().collect::<Vec<_>>().join(" "));
    format!("|{}\n", cells.map(cell).collect::<String>())
}

pub(crate) const OPERATION: &str = "ingest.dataset";

/// The error of a table without any row.
fn no_rows() -> Error {
    Error::invalid(OPERATION, "the table has no rows")
}

fn check_keys(rows: &dyn Rows, columns: &Columns) -> Result<()> {
    let mut seen: HashMap<String, u64> = HashMap::new();
    rows.each(&mut |number, row| {
        let Some(key) = columns.key(&row).filter(|key| !key.is_empty()) else {
            return Err(Error::invalid(OPERATION, format!("row {number} has no id")));
        };
        match seen.insert(key, number) {
            Some(first) => {
                let message = format!("rows {first} and {number} have the same id");
                Err(Error::invalid(OPERATION, message).hint("choose a column whose values are all different"))
            }
            None => Ok(()),
        }
    })
}
