//! Word documents (ECMA-376): what a reader of the document sees, in its order; headings make the places.

mod comments;
mod parts;
mod properties;
mod relations;
mod rewrite;
mod story;
mod symbols;
mod write;
mod xml;

use crate::package::Package;
use crate::parts as text_parts;
use crate::{detect, encrypted};
use anydoc::{ConvertError, Format};
use pllm_core::converter::ConvertOptions;
use pllm_core::{Converter, Error, ErrorKind, PartSink, ReadingReport, Result};

/// Reads Word documents of 2007 and later.
#[derive(Debug)]
pub(crate) struct Docx;

impl Converter for Docx {
    fn format(&self) -> &'static str {
        "docx"
    }

    fn convert(
        &self,
        input: &[u8],
        options: &ConvertOptions,
        sink: &mut dyn PartSink,
    ) -> Result<ReadingReport> {
        let opened =
            encrypted::is_encrypted(input).then(|| encrypted::open(input, &options.passwords)).transpose()?;
        if let Some(opened) = &opened {
            detect::check_package(opened, self.format())?;
        }
        let mut parts = parts::Parts::new(Package::open(opened.as_deref().unwrap_or(input))?);
        let properties = properties::read(&parts.text("docProps/core.xml")?.unwrap_or_default());
        let story = story::read(&mut parts)?;
        let document = anydoc::to_document(&story.package, Format::Docx).map_err(unreadable)?;
        let written = write::write(&document);
        text_parts::send(&written.made.text, written.made.places, sink)?;
        Ok(ReadingReport {
            format: self.format().into(),
            meta: properties::meta(properties, written.made.title),
            tables: written.tables,
            dropped: story.dropped,
            warnings: parts.warnings.finish(),
            ..ReadingReport::default()
        })
    }
}

const OPERATION: &str = "ingest.docx";

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn unreadable(error: ConvertError) -> Error {
    let kind = match error {
        ConvertError::ResourceLimit { .. } => ErrorKind::TooLarge,
        _ => ErrorKind::InvalidInput,
    };
    Error::new(kind, OPERATION, format!("not a whole Word document: {error}"))
}
