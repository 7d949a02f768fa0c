//! Who uses a data directory: one process at a time, by an advisory lock that dies with its holder. A holder that is a service
//! says in the lock file where it listens.

mod service;
#[cfg(test)]
mod tests;

pub use service::{Service, Token};

use crate::files;
use pllm_core::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{process, thread};

const OPERATION: &str = "runtime.lock";
const POLL: Duration = Duration::from_millis(50);

/// The right to use a data directory; given back on drop, and by the system when the process dies.
#[derive(Debug)]
pub struct DirectoryLock {
    /// The open file is the lock.
    file: File,
    path: PathBuf,
    command: String,
}

/// How one comes to what is in a data directory.
#[derive(Debug)]
pub enum Access {
    /// By the directory itself.
    Own(DirectoryLock),
    /// By the service that holds it.
    Served(Service),
}

/// What the lock file says of its holder. It counts only while the file is locked.
#[derive(Debug, Serialize, Deserialize)]
struct Holder {
    pid: u32,
    command: String,
    /// Seconds since 1970.
    since: u64,
    /// Where it listens, once it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service: Option<Service>,
}

impl DirectoryLock {
    /// Locks `<dir>/lock` for `command` (as others will be told, e.g. `pllm ingest`), blocking up to `wait`. `dir` must exist.
    ///
    /// # Errors
    /// `Conflict` naming the holder when it is still held then, or held by a service; the errors of [`files::failed`].
    pub fn acquire(dir: &Path, command: &str, wait: Duration) -> Result<Self> {
        match Self::acquire_or_find(dir, command, wait)? {
            Access::Own(lock) => Ok(lock),
            Access::Served(_) => Err(in_use(dir, holder(&mut open(&dir.join("lock"))?))),
        }
    }

    /// The same, but where a service holds it and listens, or begins to within `wait`, that is found instead. Whoever has just
    /// taken the directory of a service that died may not have said so yet: a service that does not answer is asked for again.
    ///
    /// # Errors
    /// `Conflict` naming the holder when another process still holds it then; the errors of [`files::failed`].
    pub fn acquire_or_find(dir: &Path, command: &str, wait: Duration) -> Result<Access> {
        let path = dir.join("lock");
        let mut file = open(&path)?;
        let deadline = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(files::failed("lock", &path, error)),
            }
            let holder = holder(&mut file);
            if let Some(service) = holder.as_ref().and_then(|holder| holder.service.clone()) {
                return Ok(Access::Served(service));
            }
            if Instant::now() >= deadline {
                return Err(in_use(dir, holder));
            }
            thread::sleep(POLL.min(wait));
        }
        let lock = Self { file, path, command: command.to_owned() };
        lock.write(None)?;
        Ok(Access::Own(lock))
    }

    /// Tells others that this process is a service, which listens already.
    ///
    /// # Errors
    /// As [`files::failed`].
    pub fn announce(&self, service: &Service) -> Result<()> {
        restrict(&self.file).map_err(|error| files::failed("restrict", &self.path, error))?;
        self.write(Some(service.clone()))
    }

    /// Takes that back: who comes now waits for the directory.
    ///
    /// # Errors
    /// As [`files::failed`].
    pub fn withdraw(&self) -> Result<()> {
        self.write(None)
    }

    fn write(&self, service: Option<Service>) -> Result<()> {
        let holder = Holder { pid: process::id(), command: self.command.clone(), since: now(), service };
        let mut file = &self.file;
        let written = serde_json::to_vec(&holder).map_err(std::io::Error::from).and_then(|bytes| {
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(&bytes)
        });
        written.map_err(|error| files::failed("write", &self.path, error))
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

/// A file that somebody gave to others has no secret of ours.
fn restrict(file: &File) -> std::io::Result<()> {
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}

/// Who holds a file that is locked; none while it is being written.
fn holder(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.rewind().and_then(|()| file.read_to_string(&mut text)).ok()?;
    serde_json::from_str(&text).ok()
}

fn in_use(dir: &Path, holder: Option<Holder>) -> Error {
    let who = holder.map_or_else(
        || "another process".to_owned(),
        |holder| {
            let seconds = now().saturating_sub(holder.since);
            format!("{} (process {}, for {seconds} s)", holder.command, holder.pid)
        },
    );
    let message = format!("data directory {} is in use by {who}", dir.display());
    Error::new(ErrorKind::Conflict, OPERATION, message).hint("wait until it ends, or stop it")
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
