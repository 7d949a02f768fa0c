//! Which files an ingest reads: the paths given, folders with everything in them.

use super::{FileOutcome, FileStatus};
use pllm_core::{BlobKey, Error, ErrorKind, Result};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file to read.
#[derive(Debug, Clone)]
pub(crate) struct FoundFile {
    /// Where it is, as an absolute path without links; of an upload a label.
    pub(crate) path: PathBuf,
    /// Its size.
    pub(crate) bytes: u64,
    /// When it was changed, microseconds since 1970, where that is known.
    pub(crate) modified: Option<i64>,
    /// Where its bytes are.
    pub(crate) source: ByteSource,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone)]
pub(crate) enum ByteSource {
    /// At its path.
    Disk,
    /// In a blob; the path is no more than a name.
    Incoming(BlobKey),
}

/// The files of `paths`, sorted and each once, and what could not be looked at. Hidden files and folders below a given folder
/// are left out, and links are not followed there, so that a folder never brings in what is not in it.
pub(crate) fn files(paths: &[PathBuf]) -> Result<(Vec<FoundFile>, Vec<FileOutcome>)> {
    if paths.is_empty() {
        return Err(Error::invalid("app.ingest", "no path was given").hint("pllm ingest FILE_OR_FOLDER…"));
    }
    let (mut found, mut failed) = (BTreeMap::new(), Vec::new());
    for path in paths {
        let looked =
            path.canonicalize().map_err(unreadable).and_then(|path| look(&path, &mut found, &mut failed));
        if let Err(error) = looked {
            failed.push(FileOutcome { path: path.clone(), status: FileStatus::Failed(error) });
        }
    }
    Ok((found.into_values().collect(), failed))
}

/// What `path` brings: itself, or a folder's files, as they are named below it, in order. One that cannot be looked at is there
/// with its error.
pub(crate) fn walk_one(path: &Path) -> Vec<(PathBuf, Result<FoundFile>)> {
    let (mut found, mut failed) = (BTreeMap::new(), Vec::new());
    let looked = path
        .canonicalize()
        .map_err(unreadable)
        .and_then(|whole| look(&whole, &mut found, &mut failed).map(|()| whole));
    let whole = match looked {
        Ok(whole) => whole,
        Err(error) => return vec![(path.to_owned(), Err(error))],
    };
    let failed = failed.into_iter().filter_map(|outcome| match outcome.status {
        FileStatus::Failed(error) => Some((outcome.path, Err(error))),
        _ => None,
    });
    let mut all: Vec<_> = found.into_iter().map(|(path, file)| (path, Ok(file))).chain(failed).collect();
    all.sort_by(|(first, _), (second, _)| first.cmp(second));
    let named = |inner: PathBuf| match inner.strip_prefix(&whole) {
        Ok(rest) if !rest.as_os_str().is_empty() => path.join(rest),
        _ => path.to_owned(),
    };
    all.into_iter().map(|(inner, file)| (named(inner), file)).collect()
}

fn look(path: &Path, found: &mut BTreeMap<PathBuf, FoundFile>, failed: &mut Vec<FileOutcome>) -> Result<()> {
    let meta = path.symlink_metadata().map_err(unreadable)?;
    if meta.is_dir() {
        for entry in path.read_dir().map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if let Err(error) = look(&entry.path(), found, failed) {
                failed.push(FileOutcome { path: entry.path(), status: FileStatus::Failed(error) });
            }
        }
    } else if meta.is_file() {
        found.insert(path.to_owned(), on_disk(path, &meta));
    } else if !meta.is_symlink() {
        // Reading a pipe or a device may never end.
        let message = "neither a file nor a folder, so it is not read";
        return Err(Error::new(ErrorKind::Unsupported, "app.ingest", message));
    }
    Ok(())
}

/// One file that a job names.
pub(crate) fn one_file(path: &Path) -> Result<FoundFile> {
    let meta = path.symlink_metadata().map_err(unreadable)?;
    if meta.is_file() {
        return Ok(on_disk(path, &meta));
    }
    Err(Error::new(ErrorKind::NotFound, "app.ingest", "there is no file at this path any more"))
}

fn on_disk(path: &Path, meta: &std::fs::Metadata) -> FoundFile {
    let modified = meta.modified().ok().map(crate::clock::micros);
    FoundFile { path: path.to_owned(), bytes: meta.len(), modified, source: ByteSource::Disk }
}

fn unreadable(error: std::io::Error) -> Error {
    let kind = match error.kind() {
        std::io::ErrorKind::NotFound => ErrorKind::NotFound,
        std::io::ErrorKind::PermissionDenied => ErrorKind::Denied,
        _ => ErrorKind::Unavailable,
    };
    Error::new(kind, "app.ingest", "the file cannot be read").caused_by(error)
}
