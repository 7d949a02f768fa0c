//! Files on their way in: their bytes go to blobs as they come, and become a job when all are there.

use super::label::{label, numbered};
use crate::app::App;
use crate::ingest::{IngestOptions, check_size};
use crate::metadata::{CollectionRecord, FileError, FileOrigin, JobOptions, NewJob, NewJobFile};
use pllm_core::blob::BlobKind;
use pllm_core::id::hex;
use pllm_core::{BlobKey, BlobWriter, Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const OPERATION: &str = "app.upload";
/// Bytes that are handed to the disk at once.
const PIECE: usize = 256 << 10;

/// An upload: for each file [`Upload::file`] and then its bytes by [`Upload::write`], at the end [`Upload::submit`]. A name is a
/// label only; nothing is stored under it. Dropped before the end, nothing is left of it.
#[derive(Debug)]
pub struct Upload<'a> {
    app: &'a App,
    collection: CollectionRecord,
    options: IngestOptions,
    /// Begins the names of its blobs.
    id: String,
    files: Vec<NewJobFile>,
    labels: HashSet<String>,
    current: Option<Current>,
    /// Of all files so far.
    bytes: u64,
    /// Why the first file was refused.
    refused: Option<Error>,
}

/// The file whose bytes are coming.
#[derive(Debug)]
struct Current {
    label: String,
    blob: String,
    /// None once the file is refused.
    writer: Option<Box<dyn BlobWriter>>,
    waiting: Vec<u8>,
    bytes: u64,
    error: Option<FileError>,
}

impl<'a> Upload<'a> {
    pub(super) fn new(app: &'a App, collection: CollectionRecord, options: IngestOptions) -> Self {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let seed = format!("{} {} {number}", crate::clock::now(), std::process::id());
        Self {
            app,
            collection,
            options,
            id: format!("u{}", hex(&Sha256::digest(seed)[..8])),
            files: Vec::new(),
            labels: HashSet::new(),
            current: None,
            bytes: 0,
            refused: None,
        }
    }

    /// Begins the next file, which its sender calls `name`; the one before it is complete.
    ///
    /// # Errors
    /// `TooLarge` beyond the number of files a job may have; `Unavailable` when the disk does not take more; `NotFound` when the
    /// collection was deleted meanwhile. The upload can only be dropped then.
    pub async fn file(&mut self, name: &str) -> Result<()> {
        self.end_file().await?;
        let most = self.app.config.server.max_upload_files;
        if self.files.len() >= most {
            return Err(more_than_allowed(format!(
                "the upload has more files than allowed, expected at most {most}"
            )));
        }
        self.app.cleaner.reserve.check()?;
        let label = self.unique(&label(name));
        let blob = format!("{}.{}", self.id, self.files.len());
        let (blobs, key) = (Arc::clone(&self.app.blobs), self.key(&blob));
        let _inside = self.app.cleaner.gates.upload(&self.collection.id).await?;
        let writer = self.app.pool.run(move || blobs.begin(&key)).await??;
        let (writer, waiting) = (Some(writer), Vec::new());
        self.current = Some(Current { label, blob, writer, waiting, bytes: 0, error: None });
        Ok(())
    }

    /// Takes bytes of the file that was begun last. One that is too large is refused by itself: its bytes are left, the job will say
    /// so, and the others are not touched by it.
    ///
    /// # Errors
    /// `InvalidInput` before the first file; `TooLarge` when all files together are; else as [`Upload::file`].
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes += bytes.len() as u64;
        let all = self.app.config.server.max_upload_bytes;
        if self.bytes > all {
            return Err(more_than_allowed(format!(
                "the upload has more bytes than allowed, expected at most {all}"
            )));
        }
        let most = self.app.config.max_file_bytes;
        let Some(current) = &mut self.current else {
            return Err(Error::invalid(OPERATION, "there are bytes before the first file"));
        };
        current.bytes += bytes.len() as u64;
        if current.writer.is_none() {
            return Ok(());
        }
        if let Err(error) = check_size(current.bytes, most) {
            // Its size is not known, only that it is beyond the limit.
            let message = format!("the file has more bytes than allowed, expected at most {most}");
            let hint = error.cure().unwrap_or_default().to_owned();
            let error = Error::new(error.kind(), OPERATION, message).hint(hint);
            current.error = Some(FileError::of(&error));
            (current.writer, current.waiting) = (None, Vec::new());
            self.refused.get_or_insert(error);
            return Ok(());
        }
        current.waiting.extend_from_slice(bytes);
        if current.waiting.len() >= PIECE { self.flush().await } else { Ok(()) }
    }

    /// Makes a job of the files; it waits for its turn. Gives its number.
    ///
    /// # Errors
    /// `InvalidInput` without any file; `TooLarge` when every one was; `Overloaded` when too many jobs wait; else as
    /// [`Upload::file`].
    pub async fn submit(mut self) -> Result<i64> {
        self.end_file().await?;
        if self.files.is_empty() {
            return Err(Error::invalid(OPERATION, "there is no file, expected at least one"));
        }
        if self.files.iter().all(|file| file.error.is_some())
            && let Some(refused) = self.refused.take()
        {
            return Err(refused);
        }
        let options = JobOptions::of(&self.options);
        let job = NewJob { collection: self.collection.id.clone(), options, files: self.files.clone() };
        let queue = Arc::clone(&self.app.jobs.0);
        let turn = queue.turn.lock().await;
        let made = self.app.meta.submit_job(job, self.app.config.server.max_queued_jobs).await?;
        // From here on the blobs are the job's.
        self.files.clear();
        queue.keep_passwords(made.id, self.options.passwords.clone());
        drop(turn);
        queue.wake.notify_one();
        self.app.cleaner.remove_incoming(&self.collection.id, made.freed).await?;
        Ok(made.id)
    }

    /// Ends the file whose bytes were coming.
    async fn end_file(&mut self) -> Result<()> {
        self.flush().await?;
        let Some(mut current) = self.current.take() else { return Ok(()) };
        let kept = current.writer.is_some();
        let origin = FileOrigin::Incoming(kept.then(|| current.blob.clone()));
        self.files.push(NewJobFile {
            path: current.label,
            bytes: current.bytes,
            origin,
            error: current.error,
        });
        if let Some(writer) = current.writer.take() {
            let _inside = self.app.cleaner.gates.upload(&self.collection.id).await?;
            self.app.pool.run(move || writer.commit()).await??;
        }
        Ok(())
    }

    /// Hands what has come to the disk; nothing waits for it but the sender.
    async fn flush(&mut self) -> Result<()> {
        let Some(current) = &mut self.current else { return Ok(()) };
        let (Some(mut writer), bytes) = (current.writer.take(), std::mem::take(&mut current.waiting)) else {
            return Ok(());
        };
        self.app.cleaner.reserve.check()?;
        let _inside = self.app.cleaner.gates.upload(&self.collection.id).await?;
        let write = move || writer.write(&bytes).map(|()| writer);
        current.writer = Some(self.app.pool.run(write).await??);
        Ok(())
    }

    /// The label, with a number where the upload has it already.
    fn unique(&mut self, label: &str) -> String {
        let mut free = label.to_owned();
        let mut number = 2;
        while !self.labels.insert(free.clone()) {
            free = numbered(label, number);
            number += 1;
        }
        free
    }

    fn key(&self, name: &str) -> BlobKey {
        BlobKey { collection: self.collection.id.clone(), kind: BlobKind::Incoming, name: name.to_owned() }
    }
}

fn more_than_allowed(message: String) -> Error {
    Error::new(ErrorKind::TooLarge, OPERATION, message).hint("give the files in several uploads")
}

impl Drop for Upload<'_> {
    fn drop(&mut self) {
        let names = self.files.iter().filter_map(|file| match &file.origin {
            FileOrigin::Incoming(Some(blob)) => Some(self.key(blob)),
            _ => None,
        });
        let left: Vec<BlobKey> = names.collect();
        if !left.is_empty() {
            self.app.jobs.0.abandon(left);
        }
    }
}
