//! What does a failure of SQLite mean to a caller?

use pllm_core::{Error, ErrorKind};
use rusqlite::ErrorCode;
use std::path::Path;

/// Turns what SQLite says of the file at `path` into the error of the contract.
pub(crate) fn failed(operation: &'static str, path: &Path, error: rusqlite::Error) -> Error {
    let (kind, what, hint) = match &error {
        rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..) => DAMAGED,
        _ => meaning(error.sqlite_error_code()),
    };
    Error::new(kind, operation, format!("{what}: {}", path.display())).hint(hint).caused_by(error)
}

type Meaning = (ErrorKind, &'static str, &'static str);

const DAMAGED: Meaning = (
    ErrorKind::Corrupt,
    "the collection's file is damaged",
    "restore the file from a backup, or delete the collection and ingest its sources again",
);

fn meaning(code: Option<ErrorCode>) -> Meaning {
    match code {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => DAMAGED,
        Some(ErrorCode::DiskFull) => (
            ErrorKind::Unavailable,
            "no space is left to write the collection's file",
            "free some space on the disk and try again; nothing of this write was stored",
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => (
            ErrorKind::Unavailable,
            "the collection's file cannot be written",
            "check who owns the file and its folder, and whether the disk is mounted read-only",
        ),
        Some(ErrorCode::CannotOpen | ErrorCode::SystemIoFailure) => (
            ErrorKind::Unavailable,
            "the collection's file cannot be read or written",
            "check the disk and the permissions of the folder",
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => (
            ErrorKind::Unavailable,
            "the collection's file is in use by somebody else",
            "stop the other program that has the file open",
        ),
        _ => (ErrorKind::Internal, "a statement on the collection's file failed", "run `pllm doctor`"),
    }
}

/// The file says something that nobody wrote.
pub(crate) fn corrupt(path: &Path, what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Corrupt, "stores.read", format!("{}: {}: {what}", DAMAGED.1, path.display()))
        .hint(DAMAGED.2)
}
