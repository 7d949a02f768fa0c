//! How is a large file read without copying it? By mapping it read-only into memory.

use std::fs::File;
use std::io;
use std::path::Path;

use memmap2::Mmap;

/// A file mapped read-only into memory; pages are read when first touched.
///
/// The file must not be shortened or rewritten while it is mapped: replace such a file by renaming a new one over it,
/// which leaves the mapped one as it was. (A shortened file ends the process with `SIGBUS` when the lost part is read.)
#[derive(Debug)]
pub struct FileMap {
    map: Mmap,
}

impl FileMap {
    /// Maps the whole of the file at `path`.
    ///
    /// Errors: those of opening the file and of `mmap(2)`.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the map is private to this process's reading and never handed out mutably. That nobody changes the
        // file underneath is the documented duty of the caller; files that we map are only ever replaced by rename.
        let map = unsafe { Mmap::map(&file)? };
        Ok(Self { map })
    }

    /// The bytes of the file.
    pub fn as_bytes(&self) -> &[u8] {
        &self.map
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn check(contents: &[u8]) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(contents).unwrap();
        assert_eq!(FileMap::open(file.path()).unwrap().as_bytes(), contents);
    }

    #[test]
    fn shows_the_bytes_of_the_file() {
        check(b"");
        check(b"one");
        check(&vec![7; 70_000]);
    }

    #[test]
    fn a_replaced_file_keeps_its_old_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let (path, newer) = (folder.path().join("weights"), folder.path().join("newer"));
        std::fs::write(&path, "old").unwrap();
        let map = FileMap::open(&path).unwrap();
        std::fs::write(&newer, "new").unwrap();
        std::fs::rename(&newer, &path).unwrap();
        assert_eq!(map.as_bytes(), b"old");
    }

    #[test]
    fn a_missing_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = FileMap::open(&folder.path().join("absent")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
