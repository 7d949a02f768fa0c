//! What this process remembers of jobs beyond their rows: who works on them, how they are stopped, and passwords.

use super::JobStatus;
use super::events::JobEvents;
use super::handed::Handed;
use crate::metadata::{FileState, JobEnd, JobState};
use pllm_core::converter::Passwords;
use pllm_core::{BlobKey, CancelFlag, CollectionId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// The jobs of this process. Dropped, nobody works on them any more.
#[derive(Debug, Default)]
pub(crate) struct Jobs(pub(super) Arc<JobQueue>);

impl Jobs {
    pub(crate) fn events(&self) -> JobEvents {
        self.0.events.clone()
    }

    /// Whether somebody works on jobs that are given in.
    pub(crate) fn are_worked_on(&self) -> bool {
        lock(&self.0.worker).as_ref().is_some_and(|worker| !worker.halt.is_cancelled())
    }

    /// Stops the jobs of a collection; those that wait are gone with it.
    pub(crate) fn cancel_all_of(&self, collection: &CollectionId) {
        lock(&self.0.handed).retain(|_, handed| &handed.collection != collection);
        lock(&self.0.running)
            .values()
            .filter(|job| &job.collection == collection)
            .for_each(|job| job.cancel.cancel());
    }

    /// Makes a job known that is being run, so that it can be stopped.
    pub(crate) fn run(&self, id: i64, collection: &CollectionId, cancel: CancelFlag) -> Running {
        let job = RunningJob { collection: collection.clone(), cancel };
        lock(&self.0.running).insert(id, job);
        Running { queue: Arc::clone(&self.0), id }
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        if let Some(worker) = lock(&self.0.worker).take() {
            worker.task.abort();
        }
    }
}

/// The state behind [`Jobs`].
#[derive(Debug, Default)]
pub(super) struct JobQueue {
    pub(super) events: JobEvents,
    /// There is something to do.
    pub(super) wake: Notify,
    pub(super) worker: Mutex<Option<Worker>>,
    /// Held while a job is made and while one is claimed, so that a job has its passwords when it begins.
    pub(super) turn: tokio::sync::Mutex<()>,
    running: Mutex<HashMap<i64, RunningJob>>,
    passwords: Mutex<HashMap<i64, Passwords>>,
    handed: Mutex<HashMap<i64, Handed>>,
    abandoned: Mutex<Vec<BlobKey>>,
    /// How jobs ended whose rows could not be written yet.
    unwritten: Mutex<BTreeMap<i64, JobEnd>>,
}

/// Who works on jobs.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) halt: CancelFlag,
    pub(super) task: JoinHandle<()>,
}

#[derive(Debug)]
struct RunningJob {
    collection: CollectionId,
    cancel: CancelFlag,
}

/// A job is being run until this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    queue: Arc<JobQueue>,
    id: i64,
}

impl Drop for Running {
    fn drop(&mut self) {
        lock(&self.queue.running).remove(&self.id);
    }
}

impl JobQueue {
    /// Stops a job that is being run.
    pub(super) fn cancel(&self, id: i64) {
        if let Some(job) = lock(&self.running).get(&id) {
            job.cancel.cancel();
        }
    }

    /// Stops every job that is being run.
    pub(super) fn cancel_all(&self) {
        lock(&self.running).values().for_each(|job| job.cancel.cancel());
    }

    /// Keeps the passwords of a job, in memory alone.
    pub(super) fn keep_passwords(&self, id: i64, passwords: Passwords) {
        if !passwords.0.is_empty() {
            lock(&self.passwords).insert(id, passwords);
        }
    }

    pub(super) fn passwords(&self, id: i64) -> Passwords {
        lock(&self.passwords).get(&id).cloned().unwrap_or_default()
    }

    pub(super) fn forget_passwords(&self, id: i64) {
        lock(&self.passwords).remove(&id);
    }

    /// Keeps what the caller of an ingest gave until its turn.
    pub(super) fn keep_handed(&self, id: i64, handed: Handed) {
        lock(&self.handed).insert(id, handed);
    }

    pub(super) fn take_handed(&self, id: i64) -> Option<Handed> {
        lock(&self.handed).remove(&id)
    }

    /// Leaves blobs of an upload that was given up to the worker.
    pub(super) fn abandon(&self, keys: Vec<BlobKey>) {
        lock(&self.abandoned).extend(keys);
        self.wake.notify_one();
    }

    /// Remembers how a job ended until that can be written down.
    pub(super) fn keep_end(&self, id: i64, end: JobEnd) {
        lock(&self.unwritten).insert(id, end);
    }

    pub(super) fn unwritten(&self) -> Vec<(i64, JobEnd)> {
        lock(&self.unwritten).iter().map(|(id, end)| (*id, end.clone())).collect()
    }

    pub(super) fn has_unwritten(&self) -> bool {
        !lock(&self.unwritten).is_empty()
    }

    pub(super) fn forget_end(&self, id: i64) {
        lock(&self.unwritten).remove(&id);
    }

    /// Shows a job as it ended where its row still says that it runs.
    pub(super) fn correct(&self, status: &mut JobStatus) {
        let unwritten = lock(&self.unwritten);
        let Some(end) = unwritten.get(&status.record.id) else { return };
        let (job, file, error) = match end {
            JobEnd::Failed(error) => (JobState::Failed, FileState::Failed, Some(error)),
            _ => (JobState::Cancelled, FileState::Cancelled, None),
        };
        status.record.state = job;
        status.record.ended_at = Some(status.at);
        let open = |state| matches!(state, FileState::Waiting | FileState::Reading);
        for left in status.files.iter_mut().filter(|left| open(left.state)) {
            (left.state, left.stage, left.error) = (file, None, error.cloned());
        }
    }

    pub(super) fn take_abandoned(&self) -> Vec<BlobKey> {
        std::mem::take(&mut lock(&self.abandoned))
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
