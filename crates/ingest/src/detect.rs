//! Which format a file has: its first bytes tell the known binary formats, its name the text formats.

mod compound;
mod package;
mod text;

use crate::formats::{Format, formats, of_extension, plain_text};
use pllm_core::{Error, ErrorKind, Result};
use std::path::Path;

/// The format of the file `name` with content `bytes`. Content that is certainly of one format decides; among other text the
/// name does, and whether the content keeps the promise is seen when it is converted.
///
/// # Errors
/// `Unsupported` naming the format of a file that is known but not read yet.
pub fn detect(name: &str, bytes: &[u8]) -> Result<&'static Format> {
    let extension = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let extension = extension.to_ascii_lowercase();
    let found = match () {
        () if is_pdf(bytes) => Found::Read("pdf"),
        () if bytes.starts_with(PACKAGE) => package::find(bytes, &extension),
        () if bytes.starts_with(COMPOUND) => compound::find(bytes, &extension),
        () => binary_format(bytes, &extension).map_or_else(|| text::find(bytes, &extension), Found::Named),
    };
    match found {
        Found::Read(format) => Ok(of_extension(format).unwrap_or_else(plain_text)),
        Found::Named(what) => Err(not_read(name, &what)),
        Found::Unknown => {
            Ok(of_extension(&extension).filter(|format| format.is_text()).unwrap_or_else(plain_text))
        }
    }
}

/// What the content of a file is.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// Of a format of the table, by its name.
    Read(&'static str),
    /// Of a format that is not read yet, in words with their article.
    Named(String),
    /// Nothing that is known: if it is text, the name decides.
    Unknown,
}

impl Found {
    /// A format by its usual ending: read, or named by `fallback` where it has no name of its own.
    fn of(extension: &str, fallback: &str) -> Self {
        match of_extension(extension) {
            Some(format) => Self::Read(format.name),
            None => Self::Named(name_of(extension).unwrap_or(fallback).to_owned()),
        }
    }
}

/// Checks that the archive found inside of a protected file is of `format`.
///
/// # Errors
/// `Unsupported` naming what it is.
pub(crate) fn check_package(bytes: &[u8], format: &str) -> Result<()> {
    match package::find(bytes, format) {
        Found::Read(found) if found == format => Ok(()),
        Found::Named(what) => Err(not_read("the protected file", &what)),
        _ => Err(not_read("the protected file", "of another format")),
    }
}

/// The error of a file that is of a known format which is not read yet: `what` is the format in words.
fn not_read(name: &str, what: &str) -> Error {
    let names: Vec<_> = formats().iter().map(|format| format.name).collect();
    Error::new(ErrorKind::Unsupported, OPERATION, format!("{name} is {what}, not read yet"))
        .hint(format!("read are: {}, and other files of plain text", names.join(", ")))
}

const OPERATION: &str = "ingest.detect";
/// How ZIP archives begin.
const PACKAGE: &[u8] = b"PK\x03\x04";
/// How compound files begin (MS-CFB 2.2).
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Whether the header of a PDF file is near the start, where readers look for it (ISO 32000-1, annex H, note 13): other
/// bytes may be before it, but for a text, in which it is at the very start.
fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    bytes.starts_with(PDF_HEADER)
        || !looks_like_text(bytes) && head.windows(PDF_HEADER.len()).any(|window| window == PDF_HEADER)
}

const PDF_HEADER: &[u8] = b"%PDF-";

/// What a file is in words, with its article, when its content is of a known format that is not text.
fn binary_format(bytes: &[u8], extension: &str) -> Option<String> {
    if let Some((_, what)) = OWN_MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some((*what).to_owned());
    }
    // Many signatures are two or three letters, and "BMW" is no bitmap.
    if looks_like_text(bytes) {
        return None;
    }
    let found = infer::get(bytes)?;
    if found.matcher_type() == infer::MatcherType::Text {
        return None;
    }
    let is_container = found.extension() == "zip";
    let key = if is_container && name_of(extension).is_some() { extension } else { found.extension() };
    Some(name_of(key).map_or_else(|| format!("a {} file", found.mime_type()), str::to_owned))
}

/// Formats whose files can consist of printable characters alone: here the signature decides.
const OWN_MAGIC: &[(&[u8], &str)] = &[
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript file"),
    (b"-----BEGIN CERTIFICATE-----", "a certificate"),
];

/// Whether the first 4 KiB are UTF-8 (or begin as UTF-16 or UTF-32 does) without the control characters of binary files.
fn looks_like_text(bytes: &[u8]) -> bool {
    if [&b"\xFF\xFE"[..], b"\xFE\xFF", b"\x00\x00\xFE\xFF"].iter().any(|bom| bytes.starts_with(bom)) {
        return true;
    }
    let head = &bytes[..bytes.len().min(4096)];
    let whole = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && head.len() < bytes.len(),
    };
    let control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0C' | b'\x1B');
    whole && !head.iter().any(control)
}

/// Names of formats for people, by their usual ending.
fn name_of(extension: &str) -> Option<&'static str> {
    NAMES.iter().find(|(ending, _)| *ending == extension).map(|(_, name)| *name)
}

const NAMES: &[(&str, &str)] = &[
    ("docx", "a Word document"),
    ("docm", "a Word document"),
    ("xlsx", "an Excel workbook"),
    ("xlsm", "an Excel workbook"),
    ("xlsb", "an Excel workbook"),
    ("pptx", "a PowerPoint presentation"),
    ("doc", "a Word document of before 2007"),
    ("xls", "an Excel workbook of before 2007"),
    ("ppt", "a PowerPoint presentation of before 2007"),
    ("msg", "an Outlook message"),
    ("msi", "an OLE file"),
    ("odt", "an OpenDocument text"),
    ("ods", "an OpenDocument spreadsheet"),
    ("odp", "an OpenDocument presentation"),
    ("epub", "an EPUB book"),
    ("mobi", "a Kindle book"),
    ("zip", "a ZIP archive"),
    ("tar", "a TAR archive"),
    ("gz", "a GZIP archive"),
    ("bz2", "a BZIP2 archive"),
    ("xz", "an XZ archive"),
    ("7z", "a 7-Zip archive"),
    ("rar", "a RAR archive"),
    ("zst", "a Zstandard archive"),
    ("jar", "a Java archive"),
    ("jpg", "a JPEG image"),
    ("png", "a PNG image"),
    ("gif", "a GIF image"),
    ("webp", "a WebP image"),
    ("tif", "a TIFF image"),
    ("bmp", "a bitmap image"),
    ("heif", "a HEIF image"),
    ("ico", "an icon"),
    ("mp3", "an MP3 recording"),
    ("wav", "a WAV recording"),
    ("ogg", "an Ogg recording"),
    ("flac", "a FLAC recording"),
    ("m4a", "an M4A recording"),
    ("mp4", "an MP4 film"),
    ("mov", "a QuickTime film"),
    ("mkv", "a Matroska film"),
    ("webm", "a WebM film"),
    ("avi", "an AVI film"),
    ("sqlite", "a SQLite database"),
    ("elf", "a program"),
    ("exe", "a program"),
    ("dll", "a program"),
    ("mach", "a program"),
    ("class", "a compiled Java class"),
    ("wasm", "a WebAssembly module"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_decides_among_text_formats() {
        let check = |name: &str, expected: &str| {
            assert_eq!(detect(name, b"a,b\n1,2\n").map(|format| format.name).ok(), Some(expected), "{name}");
        };
        check("a.csv", "csv");
        check("dir.csv/a.MD", "md");
        check("a.ndjson", "jsonl");
        check("notes", "txt");
        check("main.py", "txt");
        check("page.html", "html");
        check("page.XHTML", "html");
        check("not-one.docx", "txt");
        check(".csv", "txt");
    }

    #[test]
    fn known_binary_formats_are_named_and_refused() {
        let check = |name: &str, bytes: &[u8], expected: &str| {
            let error = detect(name, bytes).expect_err(name);
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{name}");
            assert_eq!(error.message(), format!("{name} is {expected}, not read yet"));
        };
        check("r.md", b"{\\rtf1\\ansi hello}", "an RTF document");
        check("r.xlsx", b"PK\x03\x04\x14\x00\x00\x00\x08\x00", "an Excel workbook");
        check("r.bin", b"PK\x03\x04\x14\x00\x00\x00\x08\x00", "a ZIP archive");
        check("r.txt", b"\x89PNG\r\n\x1A\n\x00\x00\x00\rIHDR", "a PNG image");
        check("r.jpeg", b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00", "a JPEG image");
        check("r.db", b"SQLite format 3\x00\x10\x00", "a SQLite database");
        check("r", b"\x1F\x8B\x08\x00\x00\x00\x00\x00", "a GZIP archive");
        check("r.msg", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00\x00", "an Outlook message");
        check("prog", &[b"\x7FELF\x02\x01\x01".as_slice(), &[0; 60]].concat(), "a program");
        check("song", b"ID3\x04\x00\x00\x00\x00\x00\x00", "an MP3 recording");
    }

    #[test]
    fn a_damaged_archive_is_what_its_name_says() {
        let format = detect("r.docx", b"PK\x03\x04\x14\x00\x00\x00\x08\x00").expect("it is read");
        assert_eq!(format.name, "docx");
    }

    #[test]
    fn a_pdf_is_one_whatever_its_name() {
        for (name, bytes) in [
            ("r.pdf", &b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"[..]),
            ("r.txt", b"%PDF-1.7\nonly ascii"),
            ("r.docx", b"\x00\x01junk\n%PDF-1.4\n"),
        ] {
            assert_eq!(detect(name, bytes).map(|format| format.name).ok(), Some("pdf"), "{name}");
        }
    }

    #[test]
    fn text_that_begins_like_a_binary_format_is_text() {
        for text in
            ["BMW is a company", "MZ is short", "ID3 tags explained", "The header is %PDF-1.4", "PK\tname\n"]
        {
            assert_eq!(
                detect("a.txt", text.as_bytes()).map(|format| format.name).ok(),
                Some("txt"),
                "{text}"
            );
        }
    }
}
