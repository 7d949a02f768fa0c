//! Markdown (CommonMark): the source as it is, without front matter; headings make the places.

mod front_matter;
mod sections;

use crate::decode::decode;
use crate::parts;
use pllm_core::converter::ConvertOptions;
use pllm_core::meta::{Meta, MetaValue, TITLE};
use pllm_core::{Converter, PartSink, ReadingReport, Result};

/// Reads Markdown.
#[derive(Debug)]
pub(crate) struct Md;

impl Converter for Md {
    fn format(&self) -> &'static str {
        "md"
    }

    fn convert(&self, input: &[u8], _: &ConvertOptions, sink: &mut dyn PartSink) -> Result<ReadingReport> {
        let decoded = decode(input)?;
        let mut warnings = decoded.warnings();
        let front = front_matter::take(&decoded.text, &mut warnings);
        let sections = sections::find(front.rest, front.lines);
        let mut meta = front.meta;
        add_title(&mut meta, sections.title);
        parts::send(front.rest, sections.places, sink)?;
        Ok(ReadingReport {
            format: self.format().into(),
            encoding: decoded.encoding.to_owned(),
            meta,
            warnings: warnings.finish(),
            ..ReadingReport::default()
        })
    }
}

/// The front matter's title as text, else the first heading of the first level.
fn add_title(meta: &mut Meta, heading: Option<String>) {
    match meta.get_mut(TITLE) {
        Some(title) => *title = MetaValue::String(title.to_string()),
        None => {
            if let Some(heading) = heading {
                meta.insert(TITLE.to_owned(), MetaValue::String(heading));
            }
        }
    }
}
