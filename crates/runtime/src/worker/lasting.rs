//! One worker that keeps what it has loaded from one piece of work to the next, and belongs to one owner.

use super::end::End;
use super::pool::{Work, WorkerCommand};
use super::process::Process;
use super::{Confinement, Usage, WorkLimits};
use pllm_core::{CancelFlag, Error, ErrorKind, Result};

/// A worker. Dropped, it is killed.
#[derive(Debug)]
pub struct LastingWorker {
    command: WorkerCommand,
    /// None when it has failed.
    process: Option<Process>,
}

impl LastingWorker {
    /// Starts it and waits until it has shut itself in.
    ///
    /// # Errors
    /// `Unavailable` when it does not start.
    pub async fn start(command: WorkerCommand) -> Result<Self> {
        let process = Process::start(&command).await?;
        Ok(Self { command, process: Some(process) })
    }

    /// How it is shut in.
    #[must_use]
    pub fn confinement(&self) -> Option<&Confinement> {
        self.process.as_ref().map(|process| &process.confinement)
    }

    /// Has one piece of work done whose reply has no items. After an error the worker is gone. A future that is dropped before its
    /// end takes the worker with it: nothing else would be known of its pipes.
    ///
    /// # Errors
    /// Those of [`super::Worked::result`]; `Unavailable` when an earlier piece was its last.
    pub async fn ask(&mut self, head: &[u8], limits: WorkLimits) -> Result<(Vec<u8>, Usage)> {
        let gone = || {
            let message = format!("the process {} is gone", self.command.task);
            Error::new(ErrorKind::Unavailable, "runtime.worker", message)
        };
        let mut process = self.process.take().ok_or_else(gone)?;
        let mut refuse =
            |_| Err(Error::new(ErrorKind::Internal, "runtime.worker", "an item that nobody asked for"));
        let cancel = CancelFlag::default();
        let mut work = Work { head, body: b"", limits, cancel: &cancel, on_item: &mut refuse };
        match process.work(&mut work).await {
            Ok(done) => {
                self.process = Some(process);
                Ok(done)
            }
            Err(end) => {
                let (status, told) = process.end(!matches!(end, End::Lost)).await;
                Err(end.error(self.command.task, limits, status, &told))
            }
        }
    }

    /// Ends it: it is asked to, and killed when it does not.
    pub async fn end(self) {
        if let Some(process) = self.process {
            process.end(false).await;
        }
    }
}
