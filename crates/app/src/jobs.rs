//! Ingest as jobs: given in, watched, stopped, tried again, and gone on with after a restart.

mod events;
mod handed;
mod label;
mod queue;
mod upload;
mod watch;
mod worker;

pub(crate) use events::JobEvents;
pub(crate) use handed::Given;
pub(crate) use queue::Jobs;
pub use upload::Upload;
pub use watch::JobWatch;

use crate::app::App;
use crate::clock;
use crate::ingest::IngestOptions;
use crate::metadata::{JobFileRecord, JobRecord, JobState, OpenWork, missing_job};
use pllm_core::{CollectionId, Error, ErrorKind, Result};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// A job, with its files where it was asked for alone.
#[derive(Debug, Clone)]
pub struct JobStatus {
    /// Its row.
    pub record: JobRecord,
    /// The name of its collection.
    pub collection: String,
    /// Its files, in order.
    pub files: Vec<JobFileRecord>,
    /// When this was so, microseconds since 1970.
    pub at: i64,
}

/// What the sender of a file calls it; of a file on disk its path.
pub(crate) fn file_name(file: &JobFileRecord) -> &str {
    label::name(&file.path)
}

impl JobStatus {
    /// Bytes a second of the last attempt, once there is enough to tell by.
    #[must_use]
    pub fn bytes_per_second(&self) -> Option<f64> {
        let began = self.record.started_at?;
        let seconds = (self.record.ended_at.unwrap_or(self.at) - began) as f64 / 1e6;
        let bytes = self.record.bytes_done.saturating_sub(self.record.bytes_before);
        (bytes > 0 && seconds > 0.0).then(|| bytes as f64 / seconds)
    }

    /// Seconds that the rest takes at that rate; none unless it is running.
    #[must_use]
    pub fn seconds_left(&self) -> Option<f64> {
        let left = self.record.bytes_total.saturating_sub(self.record.bytes_done) as f64;
        let rate = self.bytes_per_second().filter(|_| self.record.state == JobState::Running)?;
        Some(left / rate)
    }
}

impl App {
    /// Begins an upload into a collection; see [`Upload`].
    ///
    /// # Errors
    /// `NotFound` for an unknown collection; `Overloaded` when so many jobs wait that no more would be taken.
    pub async fn begin_upload(&self, collection: &str, options: IngestOptions) -> Result<Upload<'_>> {
        self.meta.check_queue(self.config.server.max_queued_jobs).await?;
        let collection = self.collection(collection).await?;
        Ok(Upload::new(self, collection.record.clone(), options))
    }

    /// Makes a job of a text that was pasted under a name; gives its number.
    ///
    /// # Errors
    /// As [`Upload::submit`]; `InvalidInput` for an empty text.
    pub async fn submit_text(&self, collection: &str, name: &str, text: &str) -> Result<i64> {
        if text.trim().is_empty() {
            return Err(Error::invalid("app.jobs", "the text is empty, expected at least one word"));
        }
        let mut upload = self.begin_upload(collection, IngestOptions::default()).await?;
        upload.file(&text_name(name)).await?;
        upload.write(text.as_bytes()).await?;
        upload.submit().await
    }

    /// A job with its files.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn job(&self, id: i64) -> Result<JobStatus> {
        let record = self.meta.job(id).await?.ok_or_else(|| missing_job(id))?;
        let files = self.meta.job_files(id).await?;
        let collection = self.collection_names().await?.remove(&record.collection).unwrap_or_default();
        let mut status = JobStatus { record, collection, files, at: clock::now() };
        self.jobs.0.correct(&mut status);
        Ok(status)
    }

    /// The jobs of a collection or of all, newest first, without their files.
    ///
    /// # Errors
    /// `NotFound` for an unknown collection.
    pub async fn jobs(&self, collection: Option<&str>) -> Result<Vec<JobStatus>> {
        let id = match collection {
            Some(name) => Some(self.collection_record(name).await?.id),
            None => None,
        };
        let (names, at) = (self.collection_names().await?, clock::now());
        let status = |record: JobRecord| {
            let collection = names.get(&record.collection).cloned().unwrap_or_default();
            let mut status = JobStatus { collection, record, files: Vec::new(), at };
            self.jobs.0.correct(&mut status);
            status
        };
        Ok(self.meta.jobs(id.as_ref()).await?.into_iter().map(status).collect())
    }

    pub(crate) async fn collection_names(&self) -> Result<HashMap<CollectionId, String>> {
        let records = self.collections().await?.into_iter();
        Ok(records.map(|record| (record.id, record.name)).collect())
    }

    /// Stops a job: at once where it waits, at its next step where it runs; one that ended stays as it is. What is stored stays.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn cancel_job(&self, id: i64) -> Result<JobStatus> {
        // The row first: whoever begins the job just now looks there after it can be reached.
        let state = self.meta.cancel_job(id).await?;
        if let Some(handed) = (state == JobState::Cancelled).then(|| self.jobs.0.take_handed(id)).flatten() {
            handed.stopped(id);
        }
        self.jobs.0.cancel(id);
        self.jobs.0.events.announce(id);
        self.job(id).await
    }

    /// Lets a job wait for another turn, with its files that failed, were cancelled or were not reached.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when it has not ended, has no such file, or their bytes are not kept any more; `Overloaded` when too
    /// many jobs wait.
    pub async fn retry_job(&self, id: i64) -> Result<JobStatus> {
        self.write_ends().await?;
        self.meta.retry_job(id, self.config.server.max_queued_jobs).await?;
        self.jobs.0.events.announce(id);
        self.jobs.0.wake.notify_one();
        self.job(id).await
    }

    /// Removes a job that ended from the list, with the bytes of its files that were kept to be tried again. What it stored stays.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when it has not ended.
    pub async fn delete_job(&self, id: i64) -> Result<()> {
        let _room = self.cleaner.reserve.lend();
        self.write_ends().await?;
        let (collection, freed) = self.meta.forget_job(id).await?;
        self.jobs.0.forget_passwords(id);
        self.jobs.0.events.announce(id);
        self.cleaner.remove_incoming(&collection, freed).await
    }

    /// Watches a job; see [`JobWatch`].
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn watch_job(self: &Arc<Self>, id: i64) -> Result<JobWatch> {
        self.meta.job(id).await?.ok_or_else(|| missing_job(id))?;
        let changes = self.jobs.0.events.watch(id);
        Ok(JobWatch::new(Arc::clone(self), id, changes))
    }

    /// What is still to be read in a collection; none when nothing is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn reading(&self, collection: &str) -> Result<Option<OpenWork>> {
        let record = self.collection_record(collection).await?;
        Ok(Some(self.meta.open_work(&record.id).await?).filter(|work| work.jobs > 0))
    }

    /// Begins to work on jobs, in the background: first on those that an earlier process left. Once for an `App`.
    ///
    /// # Errors
    /// `Conflict` when they are being worked on already.
    pub async fn start_jobs(self: &Arc<Self>) -> Result<()> {
        let resumed = self.meta.resume_jobs().await?;
        if resumed > 0 {
            tracing::info!(resumed, "interrupted ingests go on");
        }
        let mut worker = queue::lock(&self.jobs.0.worker);
        if worker.is_some() {
            return Err(Error::new(ErrorKind::Conflict, "app.jobs", "jobs are being worked on already"));
        }
        *worker = Some(worker::start(self));
        Ok(())
    }

    /// Stops to work on jobs: no file begins any more, and those that are being read have until `grace` is over. What was not done
    /// goes on when jobs are started again.
    pub async fn stop_jobs(&self, grace: Duration) {
        let worker = queue::lock(&self.jobs.0.worker).take();
        let Some(mut worker) = worker else { return };
        worker.halt.cancel();
        self.jobs.0.wake.notify_one();
        if tokio::time::timeout(grace, &mut worker.task).await.is_err() {
            self.jobs.0.cancel_all();
            // It cannot fail but by a panic, and then there is nothing left to wait for.
            let _ = worker.task.await;
        }
    }
}

/// The name of a pasted text says that it is one.
fn text_name(name: &str) -> String {
    let name = name.trim();
    let ending = std::path::Path::new(name).extension().and_then(|ending| ending.to_str());
    let is_known = |ending: &str| {
        let ending = ending.to_lowercase();
        pllm_ingest::formats().iter().any(|format| format.extensions.contains(&ending.as_str()))
    };
    match ending {
        Some(ending) if is_known(ending) => name.to_owned(),
        _ if name.is_empty() => "text.txt".to_owned(),
        _ => format!("{name}.txt"),
    }
}
