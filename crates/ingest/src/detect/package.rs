//! What kind of document a ZIP archive is: by the parts that only this kind has.

use super::{Found, name_of};
use std::io::Cursor;
use zip::ZipArchive;

/// Entries by which a kind of document is known, and its usual ending. An entry that ends with `/` is a folder.
const KINDS: &[(&str, &str)] = &[
    ("word/document", "docx"),
    ("xl/workbook.bin", "xlsb"),
    ("xl/workbook", "xlsx"),
    ("ppt/presentation", "pptx"),
    ("META-INF/container.xml", "epub"),
    ("META-INF/MANIFEST.MF", "jar"),
    ("word/", "docx"),
    ("xl/", "xlsx"),
    ("ppt/", "pptx"),
];

/// Kinds whose first entry is their media type, not packed.
const MEDIA_TYPES: &[(&str, &str)] = &[
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("application/epub+zip", "epub"),
];

/// The kind of the archive `bytes`; of one that is damaged, and of one with no parts that are known, as its name says.
pub(super) fn find(bytes: &[u8], extension: &str) -> Found {
    let head = &bytes[..bytes.len().min(256)];
    let media_type =
        MEDIA_TYPES.iter().find(|(kind, _)| head.windows(kind.len()).any(|window| window == kind.as_bytes()));
    if let Some((_, ending)) = media_type {
        return Found::of(ending, ARCHIVE);
    }
    match ZipArchive::new(Cursor::new(bytes)) {
        Ok(zip) => match kind(&zip) {
            Some(ending) => Found::of(ending, ARCHIVE),
            None => Found::Named(ARCHIVE.to_owned()),
        },
        Err(_) if name_of(extension).is_some() => Found::of(extension, ARCHIVE),
        Err(_) => Found::Named(ARCHIVE.to_owned()),
    }
}

const ARCHIVE: &str = "a ZIP archive";

fn kind(zip: &ZipArchive<Cursor<&[u8]>>) -> Option<&'static str> {
    let names: Vec<_> = zip.file_names_raw().collect();
    let is_there = |start: &&(&str, &str)| {
        names.iter().any(|name| name.strip_prefix(b"/").unwrap_or(name).starts_with(start.0.as_bytes()))
    };
    KINDS.iter().find(is_there).map(|(_, ending)| *ending)
}
