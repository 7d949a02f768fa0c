//! A few workers for many pieces of work: started when they are needed, kept for the next one, replaced when they fail.

use super::end::End;
use super::process::Process;
use super::{Confinement, Usage, WorkLimits};
use pllm_core::{CancelFlag, Error, ErrorKind, Result};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::{Semaphore, SemaphorePermit};

/// A worker is replaced after so many pieces of work: what a library forgot to give back goes with it.
const MOST_WORK: u32 = 500;
/// And one that keeps more memory than this when it is idle: the next one's peak would be counted from there.
const MOST_IDLE_BYTES: u64 = 32 << 20;

/// How a worker is started.
#[derive(Debug, Clone)]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its name in lists of processes.
    pub name: &'static str,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// All of its environment: nothing of ours is inherited.
    pub environment: &'static [(&'static str, &'static str)],
    /// What it does, as its errors say it: `reading the file`.
    pub task: &'static str,
}

impl WorkerCommand {
    /// The running program itself, the very file that was started, even if another one took its name since.
    #[must_use]
    pub fn this_program(name: &'static str, arguments: &[&str], task: &'static str) -> Self {
        let arguments = arguments.iter().map(OsString::from).collect();
        Self { program: PathBuf::from("/proc/self/exe"), name, arguments, environment: &[], task }
    }
}

/// Workers that are shared by all who need one. Waiting for them costs no thread. It must be used inside of one tokio runtime.
#[derive(Debug)]
pub struct WorkerPool {
    command: WorkerCommand,
    free: Semaphore,
    idle: Mutex<Vec<Process>>,
}

/// What came of a piece of work.
#[derive(Debug)]
pub struct Worked {
    /// What ends the reply. Errors: `Timeout`, `TooLarge` beyond the limits, `Cancelled`, `InvalidInput` when the stack ran out,
    /// `Internal` when the worker crashed, `Unavailable` when none starts; and those of who takes the items.
    pub result: Result<Vec<u8>>,
    /// What it used.
    pub usage: Usage,
}

/// A piece of work and who takes what comes of it.
pub(super) struct Work<'a> {
    pub(super) head: &'a [u8],
    pub(super) body: &'a [u8],
    pub(super) limits: WorkLimits,
    pub(super) cancel: &'a CancelFlag,
    pub(super) on_item: &'a mut (dyn FnMut(Vec<u8>) -> Result<()> + Send),
}

impl WorkerPool {
    /// A pool of at most `size` workers (at least one). None is started before there is work.
    #[must_use]
    pub fn new(command: WorkerCommand, size: usize) -> Arc<Self> {
        Arc::new(Self { command, free: Semaphore::new(size.max(1)), idle: Mutex::default() })
    }

    /// Has one piece of work done: `head` and `body` go to the handler, its items to `on_item` in order. The time limit runs from
    /// when a worker is free. Whatever one piece ends by, the next one gets a sound worker.
    pub async fn work(
        &self,
        (head, body): (&[u8], &[u8]),
        limits: WorkLimits,
        cancel: &CancelFlag,
        on_item: &mut (dyn FnMut(Vec<u8>) -> Result<()> + Send),
    ) -> Worked {
        let started = async {
            let permit = self.permit(cancel).await?;
            Ok((permit, self.process().await?))
        };
        let (_permit, mut process) = match started.await {
            Ok(started) => started,
            Err(error) => return Worked { result: Err(error), usage: Usage::default() },
        };
        let began = Instant::now();
        match process.work(&mut Work { head, body, limits, cancel, on_item }).await {
            Ok((result, usage)) => {
                self.give_back(process, usage).await;
                Worked { result: Ok(result), usage }
            }
            Err(end) => {
                let (peak_bytes, seconds) = (process.peak_bytes(), began.elapsed().as_secs_f64());
                let usage = Usage { peak_bytes, seconds, ..Usage::default() };
                let (status, told) = process.end(!matches!(end, End::Lost)).await;
                Worked { result: Err(end.error(self.command.task, limits, status, &told)), usage }
            }
        }
    }

    /// How the workers are shut in.
    ///
    /// # Errors
    /// `Unavailable` when none starts.
    pub async fn confinement(&self) -> Result<Confinement> {
        let _permit = self.permit(&CancelFlag::default()).await?;
        let process = self.process().await?;
        let confinement = process.confinement.clone();
        self.lock().push(process);
        Ok(confinement)
    }

    async fn permit(&self, cancel: &CancelFlag) -> Result<SemaphorePermit<'_>> {
        let cancelled = || Error::new(ErrorKind::Cancelled, "runtime.worker", "the work was stopped");
        let permit = self.free.acquire().await.map_err(|_| cancelled())?;
        if cancel.is_cancelled() { Err(cancelled()) } else { Ok(permit) }
    }

    async fn process(&self) -> Result<Process> {
        let idle = self.lock().pop();
        match idle {
            Some(process) => Ok(process),
            None => Process::start(&self.command).await,
        }
    }

    async fn give_back(&self, mut process: Process, usage: Usage) {
        process.done += 1;
        let heavy = usage.resident_bytes.is_some_and(|bytes| bytes > MOST_IDLE_BYTES);
        if heavy || process.done >= MOST_WORK {
            process.end(false).await;
        } else {
            self.lock().push(process);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Process>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
