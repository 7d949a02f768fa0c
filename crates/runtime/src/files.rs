//! Files on disk: like `std::fs`, but an error names the path and says what to do, and a file is either all there or not at all.

#[cfg(test)]
mod tests;

use pllm_core::{Error, ErrorKind, Result};
use std::fs::{self, File};
use std::io::{self, ErrorKind as Io, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// Ending of a file that is not finished; whoever finds one after a crash may remove it.
pub const UNFINISHED: &str = ".tmp";

/// The error of `cannot <action> <path>`: `NotFound`, `Denied`, `Unavailable` (disk full, read-only, other faults of the machine),
/// `InvalidInput` (a folder where a file is wanted, and the other way round), `Conflict` (there already).
#[must_use]
pub fn failed(action: &'static str, path: &Path, error: io::Error) -> Error {
    let (kind, hint) = match error.kind() {
        Io::NotFound => (ErrorKind::NotFound, None),
        Io::PermissionDenied => (ErrorKind::Denied, Some("check who owns the path and its permissions")),
        Io::StorageFull | Io::QuotaExceeded => {
            (ErrorKind::Unavailable, Some("the disk is full: free some space and try again"))
        }
        Io::ReadOnlyFilesystem => {
            (ErrorKind::Unavailable, Some("the file system is mounted read-only: choose another folder"))
        }
        Io::AlreadyExists | Io::DirectoryNotEmpty => (ErrorKind::Conflict, None),
        Io::IsADirectory | Io::NotADirectory | Io::InvalidFilename | Io::InvalidInput => {
            (ErrorKind::InvalidInput, None)
        }
        _ => (ErrorKind::Unavailable, None),
    };
    let message = format!("cannot {action} {}", path.display());
    let error = Error::new(kind, "runtime.files", message).caused_by(error);
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// All bytes of a file.
///
/// # Errors
/// As [`failed`].
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| failed("read", path, error))
}

/// A file, open for reading.
///
/// # Errors
/// As [`failed`].
pub fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| failed("open", path, error))
}

/// Bytes that the file system of `path` has left for this user.
///
/// # Errors
/// As [`failed`].
pub fn free_bytes(path: &Path) -> Result<u64> {
    let space =
        rustix::fs::statvfs(path).map_err(|error| failed("ask for the free space of", path, error.into()))?;
    Ok(space.f_bavail.saturating_mul(space.f_frsize))
}

/// A folder and those above it, with the permissions that the user's umask gives.
///
/// # Errors
/// As [`failed`].
pub fn create_dir_all(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|error| failed("create folder", path, error))
}

/// A folder and those above it; the ones that are made here, only their owner may enter.
///
/// # Errors
/// As [`failed`].
pub fn create_private_dir_all(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| failed("create folder", path, error))
}

/// Removes a file; whether it was there.
///
/// # Errors
/// As [`failed`], but never `NotFound`.
pub fn remove_file(path: &Path) -> Result<bool> {
    gone(fs::remove_file(path)).map_err(|error| failed("remove", path, error))
}

/// Removes a folder with everything in it; whether it was there.
///
/// # Errors
/// As [`failed`], but never `NotFound`.
pub fn remove_dir_all(path: &Path) -> Result<bool> {
    gone(fs::remove_dir_all(path)).map_err(|error| failed("remove folder", path, error))
}

fn gone(outcome: io::Result<()>) -> io::Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == Io::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The paths in a folder, sorted.
///
/// # Errors
/// As [`failed`].
pub fn read_dir(path: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(path).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<PathBuf>>>()
    });
    let mut paths = entries.map_err(|error| failed("list folder", path, error))?;
    paths.sort();
    Ok(paths)
}

/// Makes the names in a folder durable: what was created, renamed or removed there.
///
/// # Errors
/// As [`failed`].
pub fn sync_dir(path: &Path) -> Result<()> {
    open(path)?.sync_all().map_err(|error| failed("sync folder", path, error))
}

/// Replaces a file by one with these bytes; durable when it returns, and untouched when it fails.
///
/// # Errors
/// As [`failed`].
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.file().write_all(bytes).map_err(|error| failed("write", path, error))?;
    file.commit()
}

/// A file that appears under its name only when it is complete. Dropped without [`AtomicFile::commit`], nothing is left of it.
#[derive(Debug)]
pub struct AtomicFile {
    path: PathBuf,
    unfinished: PathBuf,
    file: File,
    committed: bool,
}

impl AtomicFile {
    /// Begins a new, hidden file beside `path`.
    ///
    /// # Errors
    /// As [`failed`]; `InvalidInput` when `path` has no file name.
    pub fn create(path: &Path) -> Result<Self> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let name = path
            .file_name()
            .ok_or_else(|| failed("write", path, io::Error::from(Io::InvalidFilename)))?
            .to_string_lossy();
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let unfinished = path.with_file_name(format!(".{name}.{}-{number}{UNFINISHED}", process::id()));
        let file = File::create_new(&unfinished).map_err(|error| failed("create", path, error))?;
        Ok(Self { path: path.to_owned(), unfinished, file, committed: false })
    }

    /// The file to write to and to seek in.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Gives the file its name, in place of an older one; durable when it returns.
    ///
    /// # Errors
    /// As [`failed`].
    pub fn commit(mut self) -> Result<()> {
        self.file.sync_all().map_err(|error| failed("write", &self.path, error))?;
        fs::rename(&self.unfinished, &self.path).map_err(|error| failed("write", &self.path, error))?;
        self.committed = true;
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => sync_dir(folder),
            _ => sync_dir(Path::new(".")),
        }
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if !self.committed {
            // Best effort: a leftover is cleared by the next sweep.
            let _ = fs::remove_file(&self.unfinished);
        }
    }
}
