//! Who uses a data directory: one process at a time, by an advisory lock that dies with its holder.

#[cfg(test)]
mod tests;

use crate::files;
use pllm_core::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{process, thread};

const POLL: Duration = Duration::from_millis(50);

/// The right to use a data directory; given back on drop, and by the system when the process dies.
#[derive(Debug)]
pub struct DirectoryLock {
    /// The open file is the lock.
    _file: File,
}

/// What the lock file says of its holder. It counts only while the file is locked.
#[derive(Debug, Serialize, Deserialize)]
struct Holder {
    pid: u32,
    command: String,
    /// Seconds since 1970.
    since: u64,
}

impl DirectoryLock {
    /// Locks `<dir>/lock` for `command` (as others will be told, e.g. `pllm ingest`), blocking up to `wait`. `dir` must exist.
    ///
    /// # Errors
    /// `Conflict` naming the holder when it is still held then; the errors of [`files::failed`].
    pub fn acquire(dir: &Path, command: &str, wait: Duration) -> Result<Self> {
        let path = dir.join("lock");
        let mut file = open(&path)?;
        let deadline = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => thread::sleep(POLL.min(wait)),
                Err(TryLockError::WouldBlock) => return Err(in_use(dir, &mut file)),
                Err(TryLockError::Error(error)) => return Err(files::failed("lock", &path, error)),
            }
        }
        let holder = Holder { pid: process::id(), command: command.to_owned(), since: now() };
        write(&mut file, &holder).map_err(|error| files::failed("write", &path, error))?;
        Ok(Self { _file: file })
    }
}

fn open(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    // Truncated only once it is locked: until then the text is the holder's.
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| files::failed("open", path, error))
}

fn write(file: &mut File, holder: &Holder) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(&serde_json::to_vec(holder)?)
}

fn in_use(dir: &Path, file: &mut File) -> Error {
    let mut text = String::new();
    // The holder may be writing it just now; then it stays unnamed.
    let holder = file.read_to_string(&mut text).ok().and_then(|_| serde_json::from_str::<Holder>(&text).ok());
    let who = holder.map_or_else(
        || "another process".to_owned(),
        |holder| {
            let seconds = now().saturating_sub(holder.since);
            format!("{} (process {}, for {seconds} s)", holder.command, holder.pid)
        },
    );
    let message = format!("data directory {} is in use by {who}", dir.display());
    Error::new(ErrorKind::Conflict, "runtime.lock", message).hint("wait until it ends, or stop it")
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
