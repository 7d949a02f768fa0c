//! A sink that keeps everything.

use pllm_core::converter::{ConvertOptions, Record};
use pllm_core::{Part, PartSink, ReadingReport, Result};

/// What a conversion gave.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) report: ReadingReport,
    pub(crate) parts: Vec<Part>,
    pub(crate) records: Vec<Record>,
}

impl PartSink for Collected {
    fn part(&mut self, part: Part) -> Result<()> {
        self.parts.push(part);
        Ok(())
    }

    fn record(&mut self, record: Record) -> Result<()> {
        self.records.push(record);
        Ok(())
    }
}

/// Converts and keeps.
pub(crate) fn collect(name: &str, bytes: &[u8], options: &ConvertOptions) -> Result<Collected> {
    let mut collected = Collected::default();
    collected.report = pllm_ingest::convert(name, bytes, options, &mut collected)?;
    Ok(collected)
}
