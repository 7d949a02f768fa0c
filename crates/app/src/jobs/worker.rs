//! Who works on jobs: claims the one that waits longest, runs it, looks for the next one.

use super::handed::Given;
use super::queue::{JobQueue, Worker};
use crate::app::App;
use crate::ingest::{
    ByteSource, FileOutcome, FoundFile, IngestOptions, IngestProgress, IngestSummary, JobFile, one_file,
};
use crate::metadata::{FileEnd, FileError, FileOrigin, FileState, JobEnd, JobFileRecord, JobRecord};
use pllm_core::blob::BlobKind;
use pllm_core::{BlobKey, CancelFlag, CollectionId, Error, ErrorKind, Result};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::task::{Id, JoinSet};

/// Jobs that run at the same time, each in a collection of its own.
const MOST_RUNNING: usize = 2;

/// How long after a failed try it is tried again to write down how a job ended.
const AGAIN: Duration = Duration::from_secs(2);

/// Begins to work on the jobs of `app`, without keeping it open while there is nothing to do.
pub(super) fn start(app: &Arc<App>) -> Worker {
    let halt = CancelFlag::default();
    let bench = Bench {
        app: Arc::downgrade(app),
        queue: Arc::clone(&app.jobs.0),
        halt: halt.clone(),
        running: JoinSet::new(),
        jobs: HashMap::new(),
    };
    Worker { halt, task: tokio::spawn(bench.work()) }
}

struct Bench {
    app: Weak<App>,
    queue: Arc<JobQueue>,
    halt: CancelFlag,
    running: JoinSet<()>,
    /// The job and collection of every task.
    jobs: HashMap<Id, (i64, CollectionId)>,
}

impl Bench {
    async fn work(mut self) {
        loop {
            if self.halt.is_cancelled() && self.running.is_empty() {
                return;
            }
            if !self.halt.is_cancelled() && self.begin_jobs().await.is_none() {
                return;
            }
            tokio::select! {
                Some(ended) = self.running.join_next_with_id() => match ended {
                    Ok((task, ())) => {
                        self.jobs.remove(&task);
                    }
                    Err(panic) => self.panicked(panic.id()).await,
                },
                () = self.queue.wake.notified() => {}
                () = tokio::time::sleep(AGAIN), if self.queue.has_unwritten() => {}
            }
        }
    }

    /// Begins as many jobs as may run; none when the product is closed.
    async fn begin_jobs(&mut self) -> Option<()> {
        let app = self.app.upgrade()?;
        if let Err(error) = app.cleaner.remove_blobs(self.queue.take_abandoned()).await {
            tracing::warn!(%error, "the bytes of an upload that was given up could not be removed");
        }
        if let Err(error) = app.write_ends().await {
            tracing::debug!(%error, "how jobs ended cannot be written down yet");
            return Some(());
        }
        while self.running.len() < MOST_RUNNING {
            let busy = self.jobs.values().map(|(_, collection)| collection.clone()).collect();
            let turn = self.queue.turn.lock().await;
            let claimed = app.meta.claim_job(busy).await;
            drop(turn);
            match claimed {
                Ok(Some(job)) => {
                    let known = (job.id, job.collection.clone());
                    let task = self.running.spawn(Arc::clone(&app).run_job(job, self.halt.clone()));
                    self.jobs.insert(task.id(), known);
                }
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!(%error, "no job could be begun");
                    break;
                }
            }
        }
        Some(())
    }

    /// A job that panicked has failed; the others go on.
    async fn panicked(&mut self, task: Id) {
        let (Some((id, _)), Some(app)) = (self.jobs.remove(&task), self.app.upgrade()) else { return };
        let error = Error::new(ErrorKind::Internal, "app.jobs", "the job panicked");
        app.fail_job(id, &error).await;
    }
}

impl App {
    async fn run_job(self: Arc<Self>, job: JobRecord, halt: CancelFlag) {
        let (given, end) = match self.jobs.0.take_handed(job.id) {
            Some(handed) => (Some(handed.given), Some(handed.end)),
            None => (None, None),
        };
        let cancel = given.as_ref().map_or_else(CancelFlag::default, |given| given.cancel.clone());
        let _running = self.jobs.run(job.id, &job.collection, cancel.clone());
        tracing::info!(job = job.id, files = job.files_total, "an ingest begins");
        let ended = self.run_claimed(&job, given, (cancel, halt)).await;
        if let Err(error) = &ended {
            self.fail_job(job.id, error).await;
        }
        let state = self.meta.job(job.id).await.ok().flatten().map(|job| job.state);
        if state.is_none_or(|state| state == crate::metadata::JobState::Done) {
            self.jobs.0.forget_passwords(job.id);
        }
        let state = state.map_or("deleted", |state| state.name());
        tracing::info!(job = job.id, state, "an ingest ended");
        if let (Some(end), Some(ended)) = (end, ended.transpose()) {
            // A caller that left hears nothing more.
            let _ = end.send(ended);
        }
    }

    async fn fail_job(&self, id: i64, error: &Error) {
        tracing::warn!(job = id, %error, "an ingest could not go on");
        let end = match error.kind() {
            ErrorKind::Cancelled => JobEnd::Cancelled,
            _ => JobEnd::Failed(FileError::of(error)),
        };
        self.jobs.0.keep_end(id, end);
        if let Err(error) = self.write_ends().await {
            tracing::warn!(job = id, %error, "and that could not be written down yet");
        }
        self.jobs.0.events.announce(id);
    }

    /// Writes down how jobs ended that could not be told before.
    pub(super) async fn write_ends(&self) -> Result<()> {
        for (id, end) in self.jobs.0.unwritten() {
            let _room = self.cleaner.reserve.lend();
            self.meta.end_job(id, end).await?;
            self.jobs.0.forget_end(id);
        }
        Ok(())
    }

    /// Runs a job; none when its collection is gone.
    async fn run_claimed(
        &self,
        job: &JobRecord,
        given: Option<Given>,
        (cancel, halt): (CancelFlag, CancelFlag),
    ) -> Result<Option<IngestSummary>> {
        // Stopped after it was claimed and before it could be told.
        if self.meta.job(job.id).await?.is_some_and(|job| job.cancelling) {
            cancel.cancel();
        }
        self.jobs.0.events.announce(job.id);
        let records = self.collections().await?;
        let Some(record) = records.into_iter().find(|record| record.id == job.collection) else {
            return Ok(None);
        };
        let collection = self.open_record(record).await?;
        let pipelines = self.pipelines(&collection).await?;
        let options = IngestOptions {
            set: job.options.set.clone(),
            columns: job.options.columns(),
            passwords: self.jobs.0.passwords(job.id),
        };
        let Given { files, failed, progress, cancel } = match given {
            Some(given) => given,
            None => {
                let files = self.files_to_read(job).await?;
                Given { files, failed: Vec::new(), progress: Arc::new(Unwatched), cancel }
            }
        };
        let work = self.ingest_job(&collection, pipelines, options, progress, (cancel, halt));
        let summary = work.run(job.id, &files, failed).await?;
        self.reopen(&collection).await?;
        Ok(Some(summary))
    }

    /// The files of a job that were not done; those that cannot be read any more are ended.
    async fn files_to_read(&self, job: &JobRecord) -> Result<Vec<JobFile>> {
        let mut files = Vec::new();
        for file in self.meta.job_files(job.id).await? {
            if !matches!(file.state, FileState::Waiting | FileState::Reading) {
                continue;
            }
            match found(&job.collection, &file) {
                Ok(found) => files.push(JobFile { number: file.number, found }),
                Err(error) => {
                    let error = Some(FileError::of(&error));
                    let (number, state) = (file.number, FileState::Failed);
                    let end = FileEnd { number, state, documents: 0, source: None, error };
                    self.meta.end_file(job.id, end).await?;
                }
            }
        }
        Ok(files)
    }
}

fn found(collection: &CollectionId, file: &JobFileRecord) -> Result<FoundFile> {
    let path = PathBuf::from(&file.path);
    match &file.origin {
        FileOrigin::Path => one_file(&path),
        FileOrigin::Incoming(None) => {
            Err(Error::new(ErrorKind::NotFound, "app.jobs", "the bytes of the file are not kept any more")
                .hint("give the file once more"))
        }
        FileOrigin::Incoming(Some(blob)) => {
            let (collection, kind, name) = (collection.clone(), BlobKind::Incoming, blob.clone());
            let source = ByteSource::Incoming(BlobKey { collection, kind, name });
            Ok(FoundFile { path, bytes: file.bytes, modified: None, source })
        }
    }
}

/// Whoever wants to know how a job goes on asks for its rows.
struct Unwatched;

impl IngestProgress for Unwatched {
    fn begin(&self, _: u64, _: u64) {}
    fn advance(&self, _: u64, _: u64) {}
    fn file(&self, _: &FileOutcome) {}
}
