//! An ingest whose caller waits for its end, while whoever works on jobs works on it: in its turn, with the caller's progress and
//! the caller's stop.

use super::queue::JobQueue;
use crate::app::App;
use crate::ingest::{FileOutcome, IngestProgress, IngestSummary, JobFile};
use crate::metadata::NewJob;
use pllm_core::converter::Passwords;
use pllm_core::{CancelFlag, CollectionId, Error, ErrorKind, Result};
use std::sync::Arc;
use tokio::sync::oneshot;

/// What a caller gives.
pub(crate) struct Given {
    /// The files, as they were found.
    pub(crate) files: Vec<JobFile>,
    /// Those that cannot even be looked at.
    pub(crate) failed: Vec<FileOutcome>,
    /// Whom to tell.
    pub(crate) progress: Arc<dyn IngestProgress>,
    /// To stop.
    pub(crate) cancel: CancelFlag,
}

/// The same, with the way back.
pub(super) struct Handed {
    pub(super) collection: CollectionId,
    pub(super) given: Given,
    pub(super) end: oneshot::Sender<Result<IngestSummary>>,
}

impl std::fmt::Debug for Handed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handed").field("collection", &self.collection).finish_non_exhaustive()
    }
}

impl Handed {
    /// It was stopped before its turn came.
    pub(super) fn stopped(self, job: i64) {
        let failed = self.given.failed;
        failed.iter().for_each(|outcome| self.given.progress.file(outcome));
        let summary = IngestSummary { job, files: failed, cancelled: true, ..IngestSummary::default() };
        // A caller that left hears nothing more.
        let _ = self.end.send(Ok(summary));
    }
}

impl App {
    /// Makes a job of an ingest and waits for its end.
    pub(crate) async fn hand_in(
        &self,
        job: NewJob,
        passwords: Passwords,
        given: Given,
    ) -> Result<IngestSummary> {
        let queue: &Arc<JobQueue> = &self.jobs.0;
        let (collection, progress) = (job.collection.clone(), Arc::clone(&given.progress));
        let (end, ended) = oneshot::channel();
        let turn = queue.turn.lock().await;
        let made = self.meta.submit_job(job, self.config.server.max_queued_jobs).await?;
        queue.keep_passwords(made.id, passwords);
        queue.keep_handed(made.id, Handed { collection: collection.clone(), given, end });
        drop(turn);
        progress.queued(made.id);
        queue.wake.notify_one();
        self.cleaner.remove_incoming(&collection, made.freed).await?;
        ended.await.unwrap_or_else(|_| {
            let message = "the ingest is not there any more: its collection was deleted, or the service ends";
            Err(Error::new(ErrorKind::NotFound, "app.jobs", message))
        })
    }
}
