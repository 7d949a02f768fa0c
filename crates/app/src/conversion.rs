//! A user's file is read in a worker child, never in the process that holds the data: what is asked of it, what it may use, and what
//! is believed of what it replies.

mod child;
mod files;
mod wire;

pub use child::worker_child;
pub use files::{ConvertedFile, convert_files};

use crate::config::Config;
use pllm_core::converter::ConvertOptions;
use pllm_core::{CancelFlag, Error, ErrorKind, PartSink, ReadingReport, Result};
use pllm_runtime::WorkerPool;
use pllm_runtime::worker::{self, Confinement, Usage, WorkLimits, Worked, WorkerCommand};
use std::sync::Arc;
use std::time::Duration;
use wire::Taken;

/// What a worker of this kind is told to do.
const CONVERT: &str = "convert";

/// `pdf_oxide` unpacks no stream beyond this size; a page has no such text, a bomb in a bomb has.
const ENVIRONMENT: &[(&str, &str)] = &[("PDF_OXIDE_MAX_DECOMPRESS_MB", "64")];

/// A file's text may be so many times as much on its way: the places of its lines, the columns of its rows.
const OUTPUT_TO_TEXT: u64 = 4;
/// Small files, compressed or all markup, become up to this many times as much when they are read,
const MEMORY_TO_INPUT: u64 = 64;
/// and what they have beyond this size
const SMALL_INPUT: u64 = 16 << 20;
/// only this many times: then it is text or pictures.
const MEMORY_TO_MORE_INPUT: u64 = 8;

/// The end of a conversion.
#[derive(Debug)]
pub struct Conversion {
    /// The report; an error is `InvalidInput`, `Unsupported`, `Denied` (no password opens it, and only then), `TooLarge`, `Timeout`,
    /// `Cancelled`, `Unavailable` when no reader starts, `Internal` when it crashed.
    pub outcome: Result<ReadingReport>,
    /// What the reader used.
    pub usage: Usage,
}

/// The readers of files, shared by all that convert.
#[derive(Debug, Clone)]
pub struct Conversions {
    workers: Arc<WorkerPool>,
    max_seconds: u64,
    max_memory_mb: u64,
}

impl Conversions {
    /// Readers with the limits of the settings, as many as there are threads; none is started before there is a file.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let mut command =
            WorkerCommand::this_program("pllm", &[worker::ARGUMENT, CONVERT], "reading the file");
        command.environment = ENVIRONMENT;
        Self {
            workers: WorkerPool::new(command, config.threads),
            max_seconds: config.max_seconds,
            max_memory_mb: config.max_memory_mb,
        }
    }

    /// Reads the file `name` with content `bytes` into `sink`, as [`pllm_ingest::convert`] does. An error may come after parts:
    /// then they must be thrown away.
    pub async fn convert(
        &self,
        (name, bytes): (&str, &[u8]),
        options: &ConvertOptions,
        sink: &mut (dyn PartSink + Send),
        cancel: &CancelFlag,
    ) -> Conversion {
        let mut taken = Taken::new(sink, options.limits);
        let head = match wire::head(name, options) {
            Ok(head) => head,
            Err(error) => return Conversion { outcome: Err(error), usage: Usage::default() },
        };
        let limits = self.limits(bytes.len() as u64, options);
        let mut take = |item: Vec<u8>| taken.item(&item);
        let Worked { result, usage } = self.workers.work((&head, bytes), limits, cancel, &mut take).await;
        Conversion { outcome: result.and_then(|end| taken.result(&end)).map_err(with_hint), usage }
    }

    /// How the readers are shut in.
    ///
    /// # Errors
    /// `Unavailable` when none starts.
    pub async fn confinement(&self) -> Result<Confinement> {
        self.workers.confinement().await
    }

    fn limits(&self, input: u64, options: &ConvertOptions) -> WorkLimits {
        let small = input.min(SMALL_INPUT);
        let grown = MEMORY_TO_INPUT * small + MEMORY_TO_MORE_INPUT * (input - small);
        WorkLimits {
            time: Duration::from_secs(self.max_seconds + input / 1_000_000),
            memory_bytes: (self.max_memory_mb << 20) + grown,
            output_bytes: OUTPUT_TO_TEXT * options.limits.max_text_bytes,
        }
    }
}

/// Says which setting allows more.
fn with_hint(error: Error) -> Error {
    let limit = error.operation() == "runtime.worker";
    match error.kind() {
        ErrorKind::Timeout if limit => error.hint("raise ingest.max_seconds, or split the file"),
        ErrorKind::TooLarge if limit => error.hint("raise ingest.max_memory_mb, or split the file"),
        ErrorKind::Internal => error.hint("the other files are not touched by it; please report this one"),
        ErrorKind::Denied => error.hint("give its password with --password or --password-file"),
        _ => error,
    }
}
