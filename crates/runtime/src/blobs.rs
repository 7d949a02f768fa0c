//! Big pieces of bytes in a local folder: sealed in frames, whole or absent, ranges open alone.

mod format;
#[cfg(test)]
mod tests;
mod writer;

use crate::files::{self, UNFINISHED};
use format::{FRAME, HEADER, Header};
use pllm_core::blob::BlobKind;
use pllm_core::{
    BlobKey, BlobStore, BlobWriter, CollectionId, Error, ErrorKind, Purpose, Result, Seal, SealContext,
};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use writer::FileWriter;

/// Room for a source id of 128 characters, a dot and a revision.
const MAX_NAME: usize = 160;

/// Blobs as files `<root>/collections/<collection>/<kind's folder>/<name>`. A file is a header of 64 bytes (`blobs/format.rs`
/// says which) and the payload in sealed frames of 64 KiB; where the seal is the identity, the payload is contiguous and aligned.
#[derive(Debug, Clone)]
pub struct LocalBlobs {
    root: PathBuf,
    seal: Arc<dyn Seal>,
}

impl LocalBlobs {
    /// The blobs below `root`, sealed with `seal`.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>, seal: Arc<dyn Seal>) -> Self {
        Self { root: root.into(), seal }
    }

    /// Removes what a crash left unfinished; gives the number of files. Only for the process that holds the data directory.
    ///
    /// # Errors
    /// `Unavailable`, `Denied` when a folder cannot be read or written.
    pub fn sweep(&self) -> Result<u64> {
        let mut removed = 0;
        for collection in entries(&self.root.join("collections"))? {
            for kind in BlobKind::ALL {
                for path in entries(&collection.join(kind.folder()))? {
                    if file_name(&path)
                        .is_some_and(|name| name.starts_with('.') && name.ends_with(UNFINISHED))
                    {
                        removed += u64::from(files::remove_file(&path)?);
                    }
                }
            }
        }
        Ok(removed)
    }

    fn folder(&self, collection: &CollectionId, kind: BlobKind) -> PathBuf {
        self.root.join("collections").join(collection.as_str()).join(kind.folder())
    }

    /// The file of a key.
    fn path(&self, key: &BlobKey) -> Result<PathBuf> {
        if !is_name(&key.name) {
            let message = format!("blob name {:?} is not usable, expected a-z A-Z 0-9 . _ -", key.name);
            return Err(Error::invalid("runtime.blobs", message));
        }
        Ok(self.folder(&key.collection, key.kind).join(&key.name))
    }

    fn read(
        &self,
        key: &BlobKey,
        file: &mut File,
        range: Option<Range<u64>>,
        path: &Path,
    ) -> Result<Vec<u8>> {
        let read_failed = |error| files::failed("read", path, error);
        let mut bytes = [0; HEADER];
        file.read_exact(&mut bytes).map_err(|_| corrupt(key, "the file is shorter than its header"))?;
        let header = Header::from_bytes(&bytes).ok_or_else(|| corrupt(key, "the header is not ours"))?;
        header.expect(self.seal.header(format::VERSION)).map_err(|why| corrupt(key, why))?;
        if file.metadata().map_err(read_failed)?.len() != header.file_length() {
            return Err(corrupt(key, "the file is longer or shorter than it should be"));
        }
        let range = range.unwrap_or(0..header.length());
        if range.start > range.end || range.end > header.length() {
            let message = format!("range {range:?} ends past the blob's {} bytes", header.length());
            return Err(Error::invalid("runtime.blobs", message).with("blob", key));
        }
        let mut plain = Vec::new();
        let frames = header.frames_of(&range);
        file.seek(SeekFrom::Start(header.offset(frames.start))).map_err(read_failed)?;
        for n in frames.clone() {
            let mut sealed = vec![0; header.sealed_length(n)];
            file.read_exact(&mut sealed).map_err(read_failed)?;
            let record = record(key, n, n + 1 == header.frames());
            plain.extend_from_slice(&self.seal.open(context(key, &record), &sealed)?);
        }
        Ok(cut(plain, &range, frames.start))
    }
}

impl BlobStore for LocalBlobs {
    fn put(&self, key: &BlobKey, bytes: &mut dyn Read) -> Result<u64> {
        let mut writer = self.begin(key)?;
        loop {
            let frame = next_frame(bytes, key)?;
            if frame.is_empty() {
                return writer.commit();
            }
            writer.write(&frame)?;
        }
    }

    fn begin(&self, key: &BlobKey) -> Result<Box<dyn BlobWriter>> {
        let path = self.path(key)?;
        files::create_private_dir_all(&self.folder(&key.collection, key.kind))?;
        Ok(Box::new(FileWriter::create(key.clone(), path, Arc::clone(&self.seal))?))
    }

    fn get(&self, key: &BlobKey, range: Option<Range<u64>>) -> Result<Vec<u8>> {
        let path = self.path(key)?;
        let mut file = files::open(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                Error::new(ErrorKind::NotFound, "runtime.blobs", "there is no such blob").with("blob", key)
            }
            _ => error,
        })?;
        self.read(key, &mut file, range, &path)
    }

    fn delete(&self, key: &BlobKey) -> Result<bool> {
        let removed = files::remove_file(&self.path(key)?)?;
        if removed {
            files::sync_dir(&self.folder(&key.collection, key.kind))?;
        }
        Ok(removed)
    }

    /// Waits for the disk once a folder instead of once a blob.
    fn delete_all(&self, keys: &[BlobKey]) -> Result<()> {
        let mut folders = BTreeSet::new();
        for key in keys {
            if files::remove_file(&self.path(key)?)? {
                folders.insert(self.folder(&key.collection, key.kind));
            }
        }
        folders.iter().try_for_each(|folder| files::sync_dir(folder))
    }

    fn list_kind(&self, collection: &CollectionId, kind: BlobKind) -> Result<Vec<BlobKey>> {
        let paths = entries(&self.folder(collection, kind))?;
        let names = paths.iter().filter_map(|path| file_name(path).filter(|name| is_name(name)));
        let key = |name: &str| BlobKey { collection: collection.clone(), kind, name: name.to_owned() };
        let mut keys: Vec<BlobKey> = names.map(key).collect();
        keys.sort();
        Ok(keys)
    }
}

fn is_name(name: &str) -> bool {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !name.is_empty() && name.len() <= MAX_NAME && !name.starts_with('.') && name.chars().all(safe)
}

fn file_name(path: &Path) -> Option<&str> {
    path.file_name().and_then(|name| name.to_str())
}

/// The paths in a folder; none when there is no folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    match files::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        other => other,
    }
}

/// Up to 64 KiB; empty only at the end.
fn next_frame(source: &mut dyn Read, key: &BlobKey) -> Result<Vec<u8>> {
    let mut frame = Vec::with_capacity(FRAME);
    source.take(FRAME as u64).read_to_end(&mut frame).map_err(|error| {
        Error::new(ErrorKind::Unavailable, "runtime.blobs", "the bytes to store could not be read")
            .with("blob", key)
            .caused_by(error)
    })?;
    Ok(frame)
}

/// Names a frame to the seal, so that frames cannot be moved, left out, or cut off at the end.
fn record(key: &BlobKey, frame: u64, last: bool) -> String {
    format!("{}/{}/{frame}{}", key.kind.folder(), key.name, if last { "/end" } else { "" })
}

fn context<'a>(key: &'a BlobKey, record: &'a str) -> SealContext<'a> {
    SealContext { purpose: Purpose::Blob, collection: Some(&key.collection), record }
}

fn corrupt(key: &BlobKey, why: &'static str) -> Error {
    Error::new(ErrorKind::Corrupt, "runtime.blobs", why).with("blob", key)
}

/// The bytes of `range` out of those of whole frames, the first of which is `first`.
fn cut(mut plain: Vec<u8>, range: &Range<u64>, first: u64) -> Vec<u8> {
    let offset = |at: u64| usize::try_from(at - first * FRAME as u64).unwrap_or(usize::MAX);
    plain.truncate(offset(range.end));
    plain.drain(..offset(range.start).min(plain.len()));
    plain
}
