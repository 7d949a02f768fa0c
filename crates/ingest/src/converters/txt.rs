//! Plain text: the text as it is.

use crate::decode::decode;
use crate::parts;
use pllm_core::converter::ConvertOptions;
use pllm_core::{Converter, PartSink, Place, ReadingReport, Result};
use pllm_text::ByteRange;

/// Reads plain text.
#[derive(Debug)]
pub(crate) struct Txt;

impl Converter for Txt {
    fn format(&self) -> &'static str {
        "txt"
    }

    fn convert(&self, input: &[u8], _: &ConvertOptions, sink: &mut dyn PartSink) -> Result<ReadingReport> {
        let decoded = decode(input)?;
        parts::send(&decoded.text, vec![whole(&decoded.text)], sink)?;
        Ok(ReadingReport {
            format: self.format().into(),
            encoding: decoded.encoding.to_owned(),
            warnings: decoded.warnings().finish(),
            ..ReadingReport::default()
        })
    }
}

/// The place of a text without headings.
pub(crate) fn whole(text: &str) -> (ByteRange, Place) {
    let lines = text.lines().count().max(1);
    let last_line = u32::try_from(lines).unwrap_or(u32::MAX);
    (ByteRange::new(0, text.len()), Place::Section { headings: Vec::new(), first_line: 1, last_line })
}
