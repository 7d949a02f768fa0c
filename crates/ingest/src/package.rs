//! Documents that are ZIP archives (ECMA-376 part 2): what is in them, read within limits and never trusting what they declare.

use crate::convert::too_large;
use pllm_core::{Error, ErrorKind, Result};
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// An archive whose declared sizes are within the limits.
#[derive(Debug)]
pub(crate) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be unpacked.
    left: u64,
}

/// Entries of an archive.
const MOST_ENTRIES: usize = 10_000;
/// Bytes of its entries, as they declare them.
const MOST_DECLARED: u64 = 512 << 20;
/// Bytes that are unpacked: what is read of a document is its text with markup.
const MOST_UNPACKED: u64 = 96 << 20;
/// An entry that is longer than this and packed more than so many times is a bomb; markup is packed 10 to 50 times.
const SMALL_ENTRY: u64 = 8 << 20;
const MOST_RATIO: u64 = 100;

impl<'a> Package<'a> {
    /// Opens an archive.
    ///
    /// # Errors
    /// `InvalidInput` when it is none or is damaged, `TooLarge` when it declares more than the limits.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        if zip.len() > MOST_ENTRIES {
            return Err(too_large("entries", MOST_ENTRIES as u64));
        }
        let mut declared = 0_u64;
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|error| damaged(&error))?;
            let name = entry.name().unwrap_or_default();
            check_ratio(&name, entry.size(), entry.compressed_size())?;
            declared = declared.saturating_add(entry.size());
        }
        if declared > MOST_DECLARED {
            return Err(too_large("bytes when unpacked", MOST_DECLARED));
        }
        Ok(Self { zip, left: MOST_UNPACKED })
    }

    /// The names of all entries, in their order, with `/` between folders.
    pub(crate) fn names(&self) -> Vec<String> {
        let names = self.zip.file_names().filter_map(std::result::Result::ok);
        names.map(|name| name.trim_start_matches('/').to_owned()).collect()
    }

    /// The content of an entry; `None` where there is none of this name.
    ///
    /// # Errors
    /// `InvalidInput` when it is damaged, `TooLarge` when it is longer than the limits.
    pub(crate) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let entry = match self.zip.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(damaged(&error)),
        };
        let packed = entry.compressed_size();
        let limit = self.left.min(SMALL_ENTRY.max(packed.saturating_mul(MOST_RATIO)));
        let mut content = Vec::new();
        entry.take(limit + 1).read_to_end(&mut content).map_err(|error| damaged_entry(name, &error))?;
        let length = content.len() as u64;
        check_ratio(name, length, packed)?;
        self.left =
            self.left.checked_sub(length).ok_or_else(|| too_large("bytes when unpacked", MOST_UNPACKED))?;
        Ok(Some(content))
    }
}

fn check_ratio(name: &str, unpacked: u64, packed: u64) -> Result<()> {
    if unpacked > SMALL_ENTRY && unpacked / packed.max(1) > MOST_RATIO {
        let message = format!("{name:?} unpacks to more than {MOST_RATIO} times its size, as a bomb does");
        return Err(Error::new(ErrorKind::TooLarge, OPERATION, message));
    }
    Ok(())
}

fn damaged(error: &ZipError) -> Error {
    Error::invalid(OPERATION, format!("the file is damaged, not a whole ZIP archive: {error}"))
}

fn damaged_entry(name: &str, error: &std::io::Error) -> Error {
    Error::invalid(OPERATION, format!("the file is damaged in {name:?}: {error}"))
}

const OPERATION: &str = "ingest.package";

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).expect("an entry");
            writer.write_all(content).expect("written");
        }
        writer.finish().expect("an archive").into_inner()
    }

    #[test]
    fn entries_are_read() {
        let bytes = zip(&[("a/b.xml", b"<b/>"), ("c", b"")]);
        let mut package = Package::open(&bytes).expect("an archive");
        assert_eq!(package.names(), ["a/b.xml", "c"]);
        assert_eq!(package.read("a/b.xml").expect("read"), Some(b"<b/>".to_vec()));
        assert_eq!(package.read("none").expect("read"), None);
    }

    #[test]
    fn bombs_and_damaged_archives_are_refused() {
        let check = |bytes: &[u8], kind: ErrorKind| {
            assert_eq!(Package::open(bytes).map(|_| ()).map_err(|error| error.kind()), Err(kind));
        };
        check(b"", ErrorKind::InvalidInput);
        let whole = zip(&[("a", &[b'x'; 3_000])]);
        check(&whole[..whole.len() / 2], ErrorKind::InvalidInput);
        check(&zip(&[("bomb", &vec![b' '; 9 << 20])]), ErrorKind::TooLarge);
        let names: Vec<_> = (0..=MOST_ENTRIES).map(|n| n.to_string()).collect();
        check(&zip(&names.iter().map(|n| (n.as_str(), &b""[..])).collect::<Vec<_>>()), ErrorKind::TooLarge);
    }

    #[test]
    fn a_declared_size_is_not_believed() {
        let mut bytes = zip(&[("bomb", &vec![b' '; 9 << 20])]);
        let (size, small) = ((9_u32 << 20).to_le_bytes(), 100_u32.to_le_bytes());
        while let Some(at) = bytes.windows(4).position(|window| window == size) {
            bytes[at..at + 4].copy_from_slice(&small);
        }
        let outcome = Package::open(&bytes).and_then(|mut package| package.read("bomb"));
        assert!(outcome.is_err());
    }
}
