//! A store's SQLite file: where it lies, how it is opened, what its failures mean.

mod error;
pub(crate) mod paths;

pub(crate) use error::{corrupt, failed};

use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Another program may hold the file for a moment (a backup); our own connections never wait long for each other.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The one connection that writes, made with its file if that is not there. What it commits is synced.
pub(crate) fn open_writer(path: &Path) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let writer = Connection::open_with_flags(path, flags)?;
    writer.busy_timeout(BUSY_TIMEOUT)?;
    writer.pragma_update(None, "journal_mode", "WAL")?;
    writer.pragma_update(None, "synchronous", "FULL")?;
    // Deleted text is overwritten with zeros, and no text goes to a temporary file.
    writer.pragma_update(None, "secure_delete", "ON")?;
    writer.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(writer)
}
