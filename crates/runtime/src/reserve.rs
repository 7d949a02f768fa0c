//! Room on the disk for when it is full: a delete needs some before it gives any back.

#[cfg(test)]
mod tests;

use crate::files;
use pllm_core::{Error, ErrorKind, Result};
use rustix::fs::FallocateFlags;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A file of no content that keeps room. It is given up while somebody needs the room, and made again when there is enough.
#[derive(Debug)]
pub struct Reserve {
    folder: PathBuf,
    path: PathBuf,
    bytes: u64,
    /// How many need the room just now.
    lent: Mutex<usize>,
}

/// The right to the room, until this is dropped.
#[derive(Debug)]
pub struct Room {
    reserve: Arc<Reserve>,
}

impl Reserve {
    /// Keeps `bytes` of the disk of `folder`, in a file there, from the first time on that there is room for it.
    #[must_use]
    pub fn new(folder: &Path, bytes: u64) -> Arc<Self> {
        Arc::new(Self {
            folder: folder.to_owned(),
            path: folder.join("reserve"),
            bytes,
            lent: Mutex::default(),
        })
    }

    /// Gives the room to its caller, when the disk has no more left than that.
    #[must_use]
    pub fn lend(self: &Arc<Self>) -> Room {
        let mut lent = self.lock();
        *lent += 1;
        if self.is_scarce()
            && let Err(error) = files::remove_file(&self.path)
        {
            tracing::warn!(%error, "the room that is kept for a full disk could not be used");
        }
        Room { reserve: Arc::clone(self) }
    }

    /// Whether more may be stored. What is kept does not count, so that nothing but a delete uses it up.
    ///
    /// # Errors
    /// `Unavailable` when the disk has no more left than what is kept.
    pub fn check(&self) -> Result<()> {
        if !self.is_scarce() {
            return Ok(());
        }
        let message = format!("the disk of {} is full", self.folder.display());
        Err(Error::new(ErrorKind::Unavailable, "runtime.reserve", message)
            .hint(format!("free some space, at least {} MB", self.bytes.div_ceil(1_000_000))))
    }

    /// A disk that does not tell counts as one that has room: whoever writes will see.
    fn is_scarce(&self) -> bool {
        files::free_bytes(&self.folder).is_ok_and(|free| free <= self.bytes)
    }

    fn give_back(&self) {
        let mut lent = self.lock();
        *lent -= 1;
        let enough = |free: u64| free >= 2 * self.bytes;
        if *lent > 0 || self.path.exists() || !files::free_bytes(&self.folder).is_ok_and(enough) {
            return;
        }
        if let Err(error) = self.make() {
            tracing::debug!(%error, "no room is kept for a full disk");
        }
    }

    fn make(&self) -> Result<()> {
        let failed = |error| files::failed("write", &self.path, error);
        let file = File::create_new(&self.path).map_err(failed)?;
        let kept = rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, self.bytes);
        if let Err(error) = kept {
            // The file system cannot keep room, or has none.
            files::remove_file(&self.path)?;
            return Err(failed(error.into()));
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.lent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.reserve.give_back();
    }
}
