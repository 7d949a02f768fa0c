//! Who watches a job is told that something changed; what it is, the rows say.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The watchers of every job.
#[derive(Debug, Clone, Default)]
pub(crate) struct JobEvents(Arc<Mutex<HashMap<i64, watch::Sender<()>>>>);

impl JobEvents {
    /// Tells the watchers of a job to look again.
    pub(crate) fn announce(&self, job: i64) {
        if let Some(sender) = self.lock().get(&job) {
            sender.send_replace(());
        }
    }

    /// Hears of every change from now on.
    pub(crate) fn watch(&self, job: i64) -> watch::Receiver<()> {
        self.lock().entry(job).or_insert_with(|| watch::channel(()).0).subscribe()
    }

    /// A watcher, who still has what it watches with, is about to leave.
    pub(crate) fn leave(&self, job: i64) {
        let mut watched = self.lock();
        if watched.get(&job).is_some_and(|sender| sender.receiver_count() <= 1) {
            watched.remove(&job);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, watch::Sender<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
