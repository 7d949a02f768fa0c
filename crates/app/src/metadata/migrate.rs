//! The format of the metadata database: made new, or brought from an older version to this one.

use super::sqlite::database_error;
use pllm_core::{Error, ErrorKind, Result, Seal};
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};

/// Tables, and what each column is.
const SCHEMA: &str = include_str!("schema.sql");
/// The format this binary writes.
const FORMAT: u32 = 3;
/// What brings a database to the next format: the first from 1 to 2.
const STEPS: [&str; FORMAT as usize - 1] =
    [include_str!("migrate-1-to-2.sql"), include_str!("migrate-2-to-3.sql")];

/// Brings the database at `path` to this version's format. An older one is copied first, to a file beside it that the next start
/// removes: by then this one has shown that it opens.
pub(super) fn migrate(connection: &mut Connection, path: &Path, seal: &dyn Seal) -> Result<()> {
    match version(connection)? {
        Some(FORMAT) => pllm_runtime::files::remove_file(&copy_of(path)).map(|_| ()),
        Some(newer) if newer > FORMAT => {
            let message = format!(
                "the metadata database has format {newer}, this version of pllm reads up to {FORMAT}"
            );
            Err(Error::new(ErrorKind::Unsupported, "app.metadata", message).hint("use a newer pllm"))
        }
        Some(older) => {
            copy(connection, path)?;
            upgrade(connection, older)
        }
        None => create(connection, seal),
    }
}

fn version(connection: &Connection) -> Result<Option<u32>> {
    let sql = "SELECT count(*) FROM sqlite_master WHERE name = 'format'";
    let known: i64 = connection.query_row(sql, [], |row| row.get(0)).map_err(database_error)?;
    if known == 0 {
        return Ok(None);
    }
    let version = connection.query_row("SELECT version FROM format", [], |row| row.get(0));
    version.map(Some).map_err(database_error)
}

fn create(connection: &mut Connection, seal: &dyn Seal) -> Result<()> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(database_error)?;
    transaction.execute_batch(SCHEMA).map_err(database_error)?;
    let header = seal.header(FORMAT);
    let values = (header.format, header.version, header.key_id.cast_signed());
    transaction.execute("INSERT INTO format VALUES (?1, ?2, ?3)", values).map_err(database_error)?;
    transaction.commit().map_err(database_error)
}

fn upgrade(connection: &mut Connection, from: u32) -> Result<()> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(database_error)?;
    for step in STEPS.iter().skip((from as usize).saturating_sub(1)) {
        transaction.execute_batch(step).map_err(database_error)?;
    }
    transaction.execute("UPDATE format SET version = ?1", [FORMAT]).map_err(database_error)?;
    transaction.commit().map_err(database_error)?;
    tracing::info!(from, to = FORMAT, "the metadata database was brought to the format of this version");
    Ok(())
}

fn copy(connection: &Connection, path: &Path) -> Result<()> {
    let copy = copy_of(path);
    // One that an earlier attempt left may be half a copy.
    pllm_runtime::files::remove_file(&copy)?;
    let name = copy.to_string_lossy();
    connection.execute("VACUUM INTO ?1", [name.as_ref()]).map(|_| ()).map_err(database_error)
}

fn copy_of(path: &Path) -> PathBuf {
    path.with_extension("before-upgrade.sqlite")
}
