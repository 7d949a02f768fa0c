//! The child as its parent sees it: started with the model loaded, asked one thing at a time.

use super::wire::{Ask, Load, Reply, nonsense};
use pllm_core::{Error, ErrorKind, Result};
use pllm_runtime::files;
use pllm_runtime::worker::{self, LastingWorker, WorkLimits, WorkerCommand};
use std::path::Path;
use std::time::Duration;

/// What a worker of this kind is told to do; the path of the model follows.
pub const LLM: &str = "llm";

/// No trace of a crash: a debugger is started for it otherwise. And threads that wait for each other sleep soon, so that who else
/// needs the processor gets it.
const ENVIRONMENT: &[(&str, &str)] = &[("GGML_NO_BACKTRACE", "1"), ("GOMP_SPINCOUNT", "20000")];

/// A file that is read from a slow disk.
const LOADING: Duration = Duration::from_secs(180);
/// One step of a large model on a slow processor.
const STEP: Duration = Duration::from_secs(60);
/// A reply is a few words.
const REPLY_BYTES: u64 = 1 << 20;
/// The address space that the engine takes beside weights, keys and values: its scratch memory and the stacks of its threads.
const BESIDE: u64 = 4 << 30;

/// The running program itself as a child that serves the GGUF `file`.
#[must_use]
pub fn command(file: &Path) -> WorkerCommand {
    let mut command =
        WorkerCommand::this_program("pllm-llm", &[worker::ARGUMENT, LLM], "running the local model");
    command.arguments.push(file.into());
    command.environment = ENVIRONMENT;
    command
}

/// A child with its model loaded.
#[derive(Debug)]
pub(super) struct Child {
    worker: LastingWorker,
    memory_bytes: u64,
    keeps_rules: bool,
}

impl Child {
    /// Starts it.
    ///
    /// # Errors
    /// `TooLarge` when the model needs more memory than is free; `Unavailable` when no child starts; what the child says.
    pub(super) async fn start(command: WorkerCommand, load: Load, memory_bytes: u64) -> Result<Self> {
        enough(memory_bytes, free_bytes())?;
        let worker = LastingWorker::start(command).await?;
        // Some kinds of weights are arranged anew when they are loaded, and are there twice for a moment.
        let memory_bytes = memory_bytes.saturating_mul(2).saturating_add(BESIDE);
        let mut child = Self { worker, memory_bytes, keeps_rules: true };
        match child.ask(&Ask::Load(load)).await?.checked()? {
            Reply::Done => Ok(child),
            _ => Err(nonsense("it did not load")),
        }
    }

    /// Asks one thing.
    ///
    /// # Errors
    /// Those of [`LastingWorker::ask`], after which it is gone.
    pub(super) async fn ask(&mut self, ask: &Ask) -> Result<Reply> {
        let time = if matches!(ask, Ask::Load(_)) { LOADING } else { STEP };
        let limits = WorkLimits { time, memory_bytes: self.memory_bytes, output_bytes: REPLY_BYTES };
        let head = serde_json::to_vec(ask).map_err(|error| {
            Error::new(ErrorKind::InvalidInput, "models.local", "the request cannot be sent").caused_by(error)
        })?;
        let (reply, _) = self.worker.ask(&head, limits).await?;
        Ok(Reply::read(&reply).unwrap_or_else(|| {
            self.keeps_rules = false;
            Reply::failed(&nonsense("it does not read"))
        }))
    }

    /// Whether it can be asked again.
    pub(super) fn is_sound(&self) -> bool {
        self.keeps_rules && self.worker.confinement().is_some()
    }

    pub(super) async fn end(self) {
        self.worker.end().await;
    }
}

fn enough(needed: u64, free: Option<u64>) -> Result<()> {
    let Some(free) = free.filter(|free| *free < needed) else { return Ok(()) };
    let message =
        format!("the model needs {} MiB of memory, {} MiB are free", needed.div_ceil(1 << 20), free >> 20);
    Err(Error::new(ErrorKind::TooLarge, "models.local", message)
        .hint("take a smaller model or a shorter context"))
}

/// Memory that can be had without swapping (proc(5), `MemAvailable`); none where nobody tells.
fn free_bytes() -> Option<u64> {
    let told = files::read(Path::new("/proc/meminfo")).ok()?;
    let line =
        std::str::from_utf8(&told).ok()?.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_does_not_fit_is_refused_with_both_figures() {
        assert!(enough(10, None).is_ok() && enough(10, Some(10)).is_ok());
        let error = enough(5 << 20, Some(3 << 20)).expect_err("too large");
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        assert_eq!(error.message(), "the model needs 5 MiB of memory, 3 MiB are free");
        assert!(free_bytes().is_some_and(|bytes| bytes > 0));
    }
}
