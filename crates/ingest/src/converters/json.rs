//! JSON: a list of objects is a table, anything else is text of one line a value.

mod scan;

use crate::dataset::{self, Rows, TableRead};
use crate::decode::decode;
use crate::lines::Lines;
use crate::parts;
use crate::warnings::Warnings;
use pllm_core::converter::ConvertOptions;
use pllm_core::{Converter, Error, ErrorKind, Meta, MetaValue, PartSink, Place, ReadingReport, Result};
use pllm_text::ByteRange;
use scan::{fields, items};
use serde::de::IgnoredAny;

/// Reads JSON.
#[derive(Debug)]
pub(crate) struct Json;

impl Converter for Json {
    fn format(&self) -> &'static str {
        "json"
    }

    fn convert(
        &self,
        input: &[u8],
        options: &ConvertOptions,
        sink: &mut dyn PartSink,
    ) -> Result<ReadingReport> {
        let decoded = decode(input)?;
        let mut warnings = decoded.warnings();
        let mut report = ReadingReport {
            format: self.format().into(),
            encoding: decoded.encoding.to_owned(),
            ..ReadingReport::default()
        };
        let file = File(decoded.text.trim());
        file.check()?;
        match file.table()? {
            Some(table) => {
                let TableRead { records, columns } = dataset::read(&table, options, sink, &mut warnings)?;
                (report.records, report.columns) = (records, columns);
                note_beside(&table.beside, &mut warnings);
                report.meta = table.beside;
            }
            None => {
                let mut lines = Lines::new(options.limits.max_text_bytes);
                lines.add("", &file.value(file.0)?)?;
                let text = lines.finish();
                parts::send(&text, vec![whole(&text)], sink)?;
            }
        }
        report.warnings = warnings.finish();
        Ok(report)
    }
}

/// The place of a text whose lines are not those of the file.
fn whole(text: &str) -> (ByteRange, Place) {
    let last_line = u32::try_from(text.lines().count().max(1)).unwrap_or(u32::MAX);
    (ByteRange::new(0, text.len()), Place::Text { headings: Vec::new(), first_line: 1, last_line })
}

/// What stands beside a table's rows is about all of them: it becomes metadata of the file, and the reader is told.
fn note_beside(beside: &Meta, warnings: &mut Warnings) {
    if !beside.is_empty() {
        let names: Vec<_> = beside.keys().map(String::as_str).collect();
        let message = format!("in no row's text, but in the file's metadata: {}", names.join(", "));
        warnings.add("beside-rows", None, message);
    }
}

/// The text of a whole file.
#[derive(Clone, Copy)]
struct File<'a>(&'a str);

/// The list of objects in a file.
struct Table<'a> {
    file: File<'a>,
    list: &'a str,
    /// What else is in the file.
    beside: Meta,
}

impl Rows for Table<'_> {
    fn each(&self, visit: &mut dyn FnMut(u64, MetaValue) -> Result<()>) -> Result<()> {
        for (row, number) in items(self.list).zip(1..) {
            visit(number, self.file.value(row)?)?;
        }
        Ok(())
    }

    fn untyped(&self) -> bool {
        false
    }
}

/// Values in one row, or in a file that is no table: each takes some 100 bytes of memory, however short it is.
const MAX_VALUES: usize = 1_000_000;

impl<'a> File<'a> {
    /// Checks that the file is JSON.
    fn check(self) -> Result<()> {
        serde_json::from_str::<IgnoredAny>(self.0).map(|_| ()).map_err(|error| self.error(self.0, &error))
    }

    /// The table that the file is: a list of objects, or an object of which one field is such a list and no other nested.
    fn table(self) -> Result<Option<Table<'a>>> {
        if is_list_of_objects(self.0) {
            return Ok(Some(Table { file: self, list: self.0, beside: Meta::new() }));
        }
        let (mut list, mut beside) = (None, Meta::new());
        for (key, value) in fields(self.0) {
            if is_list_of_objects(value) && list.is_none() {
                list = Some(value);
            } else if value.starts_with(['[', '{']) {
                return Ok(None);
            } else {
                let MetaValue::String(key) = self.value(key)? else { continue };
                beside.insert(key, self.value(value)?);
            }
        }
        Ok(list.map(|list| Table { file: self, list, beside }))
    }

    /// Parses a piece of the file.
    fn value(self, piece: &str) -> Result<MetaValue> {
        if piece.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count() > MAX_VALUES
            && scan::values(piece) > MAX_VALUES
        {
            let message = format!("more than {MAX_VALUES} values in one piece");
            return Err(Error::new(ErrorKind::TooLarge, OPERATION, message));
        }
        serde_json::from_str(piece).map_err(|error| self.error(piece, &error))
    }

    /// An error that names line and column of the file.
    fn error(self, piece: &str, error: &serde_json::Error) -> Error {
        let before = &self.0[..piece.as_ptr() as usize - self.0.as_ptr() as usize];
        let what = reason(error);
        let line = before.matches('\n').count() + error.line();
        let first = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
        let column = error.column() + if error.line() == 1 { first } else { 0 };
        Error::invalid(OPERATION, format!("not JSON: {what}, line {line}, column {column}"))
    }
}

/// Why a text is not JSON, without the place.
pub(super) fn reason(error: &serde_json::Error) -> String {
    let full = error.to_string();
    let what = full.rsplit_once(" at line ").map_or(full.as_str(), |(what, _)| what);
    what.replace("recursion limit exceeded", "nested deeper than 128 levels")
}

fn is_list_of_objects(json: &str) -> bool {
    json.starts_with('[') && items(json).next().is_some() && items(json).all(|item| item.starts_with('{'))
}

const OPERATION: &str = "ingest.json";
