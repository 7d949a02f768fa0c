//! How does a file of a model come into the cache? Under a hidden name, hashed on the way, and renamed only if it is right.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use pllm_core::{Error, ErrorKind, Result};
use pllm_runtime::files::{self, AtomicFile};
use sha2::{Digest, Sha256};

use crate::catalogue::{ModelEntry, ModelFile};

const PIECE_BYTES: usize = 1 << 18;

/// A file on its way. Dropped without [`Incoming::commit`], nothing is left of it.
pub(crate) struct Incoming<'a> {
    entry: &'a ModelEntry,
    file: &'a ModelFile,
    path: PathBuf,
    target: AtomicFile,
    digest: Sha256,
}

impl<'a> Incoming<'a> {
    pub(crate) fn create(folder: &Path, entry: &'a ModelEntry, file: &'a ModelFile) -> Result<Self> {
        let path = folder.join(&file.name);
        let target = AtomicFile::create(&path)?;
        Ok(Self { entry, file, path, target, digest: Sha256::new() })
    }

    /// The next bytes.
    pub(crate) fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.digest.update(piece);
        self.target.file().write_all(piece).map_err(|error| files::failed("write", &self.path, error))
    }

    /// All bytes are here: checks them and gives the file its name; durable when it returns.
    pub(crate) fn commit(self) -> Result<()> {
        check(self.entry, self.file, &hexadecimal(&self.digest.finalize()))?;
        self.target.commit()
    }
}

/// Whether this is the SHA-256 that the file should have; `Corrupt` if not.
pub(crate) fn check(entry: &ModelEntry, file: &ModelFile, found: &str) -> Result<()> {
    if found == file.sha256 {
        return Ok(());
    }
    let message = format!("{} has SHA-256 {found}, expected {}", file.name, file.sha256);
    Err(Error::new(ErrorKind::Corrupt, "models.check", message)
        .with("model", &entry.name)
        .hint(format!("pllm models pull {}", entry.name)))
}

/// The SHA-256 of a file, in lower case.
pub(crate) fn sha256_of(path: &Path) -> Result<String> {
    let mut digest = Sha256::new();
    pieces_of(path, |piece| {
        digest.update(piece);
        Ok(())
    })?;
    Ok(hexadecimal(&digest.finalize()))
}

/// Hands a file to `sink`, piece by piece.
pub(crate) fn pieces_of(path: &Path, mut sink: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut file = files::open(path)?;
    let mut buffer = vec![0; PIECE_BYTES];
    loop {
        match file.read(&mut buffer).map_err(|error| files::failed("read", path, error))? {
            0 => return Ok(()),
            length => sink(&buffer[..length])?,
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
