//! The one way from a file to its text: find the format, read it, keep to the limits.

use crate::detect::detect;
use crate::formats::FormatKind;
use pllm_core::converter::{ConvertOptions, Record, TableReading};
use pllm_core::{Error, ErrorKind, Limits, Part, PartSink, ReadingReport, Result};

/// Reads the file `name` with content `bytes` into `sink`. An error may come after parts: then they must be thrown away. A
/// file without any text is no error: its report says so ([`ReadingReport::is_empty`]).
///
/// # Errors
/// `InvalidInput` when the file is damaged (the message names page, line or row), `Unsupported` when it is of a known format
/// that is not read yet, no text, or no table where the columns of one are asked for, `Denied` when no password opens it,
/// `TooLarge` beyond the limits, and the sink's own.
pub fn convert(
    name: &str,
    bytes: &[u8],
    options: &ConvertOptions,
    sink: &mut dyn PartSink,
) -> Result<ReadingReport> {
    let limits = options.limits;
    if bytes.len() as u64 > limits.max_input_bytes {
        return Err(too_large("bytes", limits.max_input_bytes));
    }
    let format = detect(name, bytes)?;
    if options.tables == TableReading::Columns && format.kind == FormatKind::Text {
        let message = format!("a {} file is no table, its text is read as it is", format.name);
        return Err(Error::new(ErrorKind::Unsupported, OPERATION, message));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(ReadingReport { format: format.name.into(), ..ReadingReport::default() });
    }
    let mut limited = Limited { sink, limits, text_bytes: 0, records: 0 };
    let report = format.converter().convert(bytes, options, &mut limited)?;
    Ok(ReadingReport { text_bytes: limited.text_bytes, ..report })
}

/// The error of a file that goes beyond a limit.
pub(crate) fn too_large(what: &str, limit: u64) -> Error {
    Error::new(ErrorKind::TooLarge, OPERATION, format!("the file has more than {limit} {what}"))
}

const OPERATION: &str = "ingest.convert";

/// Lets a converter's output through while it is within the limits.
struct Limited<'a> {
    sink: &'a mut dyn PartSink,
    limits: Limits,
    text_bytes: u64,
    records: u64,
}

impl Limited<'_> {
    fn count(&mut self, text: &str) -> Result<()> {
        self.text_bytes += text.len() as u64;
        if self.text_bytes > self.limits.max_text_bytes {
            return Err(too_large("bytes of text", self.limits.max_text_bytes));
        }
        Ok(())
    }
}

impl PartSink for Limited<'_> {
    fn part(&mut self, part: Part) -> Result<()> {
        self.count(&part.text)?;
        self.sink.part(part)
    }

    fn record(&mut self, record: Record) -> Result<()> {
        self.count(&record.text)?;
        self.records += 1;
        if self.records > self.limits.max_records {
            return Err(too_large("rows", self.limits.max_records));
        }
        self.sink.record(record)
    }
}
