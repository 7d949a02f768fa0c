//! JSON lines: one value a line, each a row.

use crate::converters::json::reason;
use crate::dataset::{self, Rows, TableRead};
use crate::decode::decode;
use pllm_core::converter::ConvertOptions;
use pllm_core::{Converter, Error, MetaValue, PartSink, ReadingReport, Result};

/// Reads JSON lines.
#[derive(Debug)]
pub(crate) struct Jsonl;

impl Converter for Jsonl {
    fn format(&self) -> &'static str {
        "jsonl"
    }

    fn convert(
        &self,
        input: &[u8],
        options: &ConvertOptions,
        sink: &mut dyn PartSink,
    ) -> Result<ReadingReport> {
        let decoded = decode(input)?;
        let mut warnings = decoded.warnings();
        let table = JsonLines(&decoded.text);
        let TableRead { records, columns } = dataset::read(&table, options, sink, &mut warnings)?;
        Ok(ReadingReport {
            format: self.format().into(),
            encoding: decoded.encoding.to_owned(),
            records,
            columns,
            warnings: warnings.finish(),
            ..ReadingReport::default()
        })
    }
}

/// The lines of a file that are not blank.
struct JsonLines<'a>(&'a str);

impl Rows for JsonLines<'_> {
    fn each(&self, visit: &mut dyn FnMut(u64, MetaValue) -> Result<()>) -> Result<()> {
        let lines = self.0.split('\n').zip(1_u64..).filter(|(line, _)| !line.trim().is_empty());
        for ((line, line_number), number) in lines.zip(1..) {
            let row = serde_json::from_str(line).map_err(|error| bad_line(line_number, &error))?;
            visit(number, row)?;
        }
        Ok(())
    }

    fn untyped(&self) -> bool {
        false
    }
}

fn bad_line(number: u64, error: &serde_json::Error) -> Error {
    let (what, column) = (reason(error), error.column());
    Error::invalid("ingest.jsonl", format!("line {number} is not JSON: {what}, column {column}"))
}
