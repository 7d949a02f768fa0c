//! The parts of a document that hold its text, packed again for the reader: unpacked within limits, without images.

use crate::package::Package;
use pllm_core::{Error, Result};
use quick_xml::events::BytesRef;
use std::io::{Cursor, Write};
use zip::CompressionMethod;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Reads the parts of markup.
pub(super) fn read(package: &mut Package<'_>) -> Result<Vec<u8>> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for name in package.names() {
        let is_markup = name.ends_with(".xml") || name.ends_with(".rels");
        let Some(content) = package.read(&name)?.filter(|_| is_markup) else { continue };
        out.start_file(&name, stored).map_err(|error| not_packed(&error))?;
        out.write_all(&content).map_err(|error| not_packed(&error))?;
    }
    Ok(out.finish().map_err(|error| not_packed(&error))?.into_inner())
}

fn not_packed(error: &dyn std::fmt::Display) -> Error {
    Error::invalid(super::OPERATION, format!("a part of the document cannot be read: {error}"))
}

/// What `&name;` and `&#number;` stand for; entities that a document declares itself are none.
pub(super) fn resolve(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    quick_xml::escape::resolve_predefined_entity(reference).unwrap_or_default().to_owned()
}
