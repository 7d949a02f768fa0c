//! What kind of document a compound file is (MS-CFB): by the streams that only this kind has.

use super::{Found, name_of};
use cfb::CompoundFile;
use std::io::Cursor;

/// Streams by which a kind is known, and its usual ending. One that is encrypted is a document of 2007 or later inside; which
/// one is seen when it is opened, and the reader of Word documents opens it.
const KINDS: &[(&str, &str)] = &[
    ("EncryptedPackage", "docx"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("__properties_version1.0", "msg"),
];

/// The kind of the compound file `bytes`; of one that is damaged, and of one with no streams that are known, as its name says.
pub(super) fn find(bytes: &[u8], extension: &str) -> Found {
    let known = CompoundFile::open(Cursor::new(bytes))
        .ok()
        .and_then(|file| KINDS.iter().find(|(stream, _)| file.exists(stream)).map(|(_, ending)| *ending));
    match known {
        Some(ending) => Found::of(ending, OLE),
        None => Found::Named(name_of(extension).unwrap_or(OLE).to_owned()),
    }
}

const OLE: &str = "an OLE file";
