//! Connections that only read: whoever asks waits for nobody who writes.

use super::sqlite::database_error;
use pllm_core::Result;
use rusqlite::{Connection, OpenFlags, Transaction};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock};

/// Connections to one database that are not in use, and who reads just now.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    /// Held by everybody who reads: the log cannot be emptied meanwhile.
    reading: RwLock<()>,
}

impl Readers {
    /// Of the database at `path`, which its writer has made.
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), idle: Mutex::default(), reading: RwLock::default() }
    }

    /// Runs `work` on the state that the last commit left.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let _reading = self.reading.read().unwrap_or_else(PoisonError::into_inner);
        let mut connection = self.connection().map_err(database_error)?;
        let transaction = connection.transaction().map_err(database_error)?;
        let value = work(&transaction);
        transaction.finish().map_err(database_error)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        value
    }

    /// Runs `work` while nobody reads.
    pub(super) fn alone<T>(&self, work: impl FnOnce() -> T) -> T {
        let _alone = self.reading.write().unwrap_or_else(PoisonError::into_inner);
        work()
    }

    fn connection(&self) -> rusqlite::Result<Connection> {
        if let Some(idle) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(idle);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(&self.path, flags)
    }
}
