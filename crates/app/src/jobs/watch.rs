//! A job as it changes, for whoever shows it.

use super::JobStatus;
use crate::app::App;
use pllm_core::Result;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// The least time between two looks at a job.
const BETWEEN: Duration = Duration::from_millis(200);

/// A job's states, one after the other. Those that come sooner than anybody can read are left out; the last one never is.
#[derive(Debug)]
pub struct JobWatch {
    app: Arc<App>,
    id: i64,
    changes: watch::Receiver<()>,
    looked: Option<Instant>,
    ended: bool,
}

impl Drop for JobWatch {
    fn drop(&mut self) {
        self.app.jobs.events().leave(self.id);
    }
}

impl JobWatch {
    pub(super) fn new(app: Arc<App>, id: i64, changes: watch::Receiver<()>) -> Self {
        Self { app, id, changes, looked: None, ended: false }
    }

    /// The job as it is, at first at once, then after every change; none after it was given as ended, and when it is gone.
    ///
    /// # Errors
    /// `Corrupt` when the metadata database is damaged.
    pub async fn next(&mut self) -> Result<Option<JobStatus>> {
        if self.ended {
            return Ok(None);
        }
        if let Some(looked) = self.looked {
            if self.changes.changed().await.is_err() {
                return Ok(None);
            }
            tokio::time::sleep_until(looked + BETWEEN).await;
        }
        self.changes.mark_unchanged();
        self.looked = Some(Instant::now());
        match self.app.job(self.id).await {
            Ok(job) => {
                self.ended = job.record.state.is_ended();
                Ok(Some(job))
            }
            Err(error) if error.kind() == pllm_core::ErrorKind::NotFound => {
                self.ended = true;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}
