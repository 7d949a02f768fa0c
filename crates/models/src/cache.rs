//! Where do model files lie, and are they what the catalogue says? One folder a model; a stamp remembers what was checked.
//!
//! `<root>/<name>-<first 8 digits of the weights' SHA-256>/{files…, checked.json, lock}`. A folder is never trusted by its
//! name: each file is hashed before its first use, and again when its size or time of change is not what the stamp says.
//! Whoever fills the folder (`models pull`, `models pull --from`, a script that unpacks a package) ends up with the same.

use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use pllm_core::{Error, ErrorKind, Result};
use pllm_runtime::{DirectoryLock, files};
use serde::{Deserialize, Serialize};

use crate::catalogue::{ModelEntry, ModelFile};
use crate::incoming::{self, Incoming};

const STAMP: &str = "checked.json";

/// A folder of models.
#[derive(Clone, Debug)]
pub struct ModelCache {
    root: PathBuf,
}

/// What is known about a model's files without reading them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelState {
    /// A file is not there.
    Missing,
    /// All files are there, but were not hashed since they last changed.
    Unchecked,
    /// All files are what the catalogue says.
    Ready,
}

/// What a stamp says of one file.
#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
struct Checked {
    name: String,
    sha256: String,
    size: u64,
    /// Nanoseconds since 1970.
    changed: u128,
}

impl ModelCache {
    /// The cache in this folder, which need not exist yet.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder of a model.
    #[must_use]
    pub fn folder(&self, entry: &ModelEntry) -> PathBuf {
        self.root.join(entry.folder_name())
    }

    /// What is known about the files of a model; reads no file but the stamp.
    #[must_use]
    pub fn state(&self, entry: &ModelEntry) -> ModelState {
        let folder = self.folder(entry);
        let Ok(current) =
            entry.files.iter().map(|file| as_checked(&folder, file)).collect::<Result<Vec<_>>>()
        else {
            return ModelState::Missing;
        };
        let stamp = files::read(&folder.join(STAMP)).ok();
        let checked = stamp.and_then(|bytes| serde_json::from_slice::<Vec<Checked>>(&bytes).ok());
        if checked.is_some_and(|checked| checked == current) {
            ModelState::Ready
        } else {
            ModelState::Unchecked
        }
    }

    /// The folder of a model whose files are what the catalogue says; hashes them if that is not known yet.
    ///
    /// # Errors
    /// `NotFound` when a file is missing, `Corrupt` when one is not what it should be.
    pub fn open(&self, entry: &ModelEntry) -> Result<PathBuf> {
        match self.state(entry) {
            ModelState::Ready => {}
            ModelState::Unchecked => self.verify(entry)?,
            ModelState::Missing => return Err(missing(entry)),
        }
        Ok(self.folder(entry))
    }

    /// Hashes all files of a model anew, and remembers the outcome.
    ///
    /// # Errors
    /// `NotFound` when a file is missing, `Corrupt` when one is not what it should be.
    pub fn verify(&self, entry: &ModelEntry) -> Result<()> {
        let folder = self.folder(entry);
        files::remove_file(&folder.join(STAMP))?;
        for file in &entry.files {
            let path = folder.join(&file.name);
            if !path.exists() {
                return Err(missing(entry));
            }
            incoming::check(entry, file, &incoming::sha256_of(&path)?)?;
        }
        self.stamp(entry)
    }

    /// Copies the files of a model from another folder; what is not what the catalogue says is not kept.
    ///
    /// # Errors
    /// `NotFound` when `from` lacks a file, `Corrupt` when one is not what it should be, `Conflict` while another process
    /// fills the same folder.
    pub fn install(&self, entry: &ModelEntry, from: &Path) -> Result<PathBuf> {
        let (folder, _lock) = self.begin(entry)?;
        for file in &entry.files {
            let mut target = Incoming::create(&folder, entry, file)?;
            incoming::pieces_of(&from.join(&file.name), |piece| target.write(piece))?;
            target.commit()?;
        }
        self.stamp(entry)?;
        Ok(folder)
    }

    /// Makes the folder, locks it, and clears what a killed process left half-written.
    pub(crate) fn begin(&self, entry: &ModelEntry) -> Result<(PathBuf, DirectoryLock)> {
        let folder = self.folder(entry);
        files::create_dir_all(&folder)?;
        let lock = DirectoryLock::acquire(&folder, "pllm models", Duration::ZERO)?;
        let unfinished = |path: &PathBuf| path.to_string_lossy().ends_with(files::UNFINISHED);
        for path in files::read_dir(&folder)?.iter().filter(|path| unfinished(path)) {
            files::remove_file(path)?;
        }
        Ok((folder, lock))
    }

    /// Remembers that all files were found right.
    pub(crate) fn stamp(&self, entry: &ModelEntry) -> Result<()> {
        let folder = self.folder(entry);
        let checked = entry.files.iter().map(|file| as_checked(&folder, file)).collect::<Result<Vec<_>>>()?;
        let bytes = serde_json::to_vec(&checked).map_err(|error| {
            Error::new(ErrorKind::Internal, "models.cache", "a stamp cannot be written").caused_by(error)
        })?;
        // A folder that is somebody else's works without; its files are then hashed at each start.
        files::write_atomic(&folder.join(STAMP), &bytes)
            .unwrap_or_else(|error| tracing::warn!(%error, "that a model was checked cannot be remembered"));
        Ok(())
    }
}

/// A file as it lies there now, with the digest that it should have.
fn as_checked(folder: &Path, file: &ModelFile) -> Result<Checked> {
    let path = folder.join(&file.name);
    let failed = |error| files::failed("look at", &path, error);
    let metadata = path.metadata().map_err(failed)?;
    let changed = metadata.modified().map_err(failed)?;
    Ok(Checked {
        name: file.name.clone(),
        sha256: file.sha256.clone(),
        size: metadata.len(),
        changed: changed.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos()),
    })
}

fn missing(entry: &ModelEntry) -> Error {
    let message = format!("the files of model {} are not here", entry.name);
    Error::new(ErrorKind::NotFound, "models.cache", message).hint(format!("pllm models pull {}", entry.name))
}

#[cfg(test)]
mod tests;
