//! Bars on standard error: what is done, how fast, how long still; nothing where nobody watches.

use crate::output;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use pllm_app::ingest::{FileOutcome, IngestProgress};
use pllm_app::views::IngestedFile;
use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The progress of an ingest.
pub(crate) struct IngestBar {
    bar: ProgressBar,
    files: AtomicU64,
    done: AtomicU64,
    documents: AtomicU64,
}

impl IngestBar {
    pub(crate) fn new(quiet: bool) -> Self {
        Self {
            bar: hidden_unless_watched(quiet),
            files: AtomicU64::new(0),
            done: AtomicU64::new(0),
            documents: AtomicU64::new(0),
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Work to do: files and their bytes.
    pub(crate) fn begin(&self, files: u64, bytes: u64) {
        self.files.store(files, Ordering::Relaxed);
        self.bar.set_length(bytes);
        self.show();
    }

    /// A part of it is done: bytes, and Documents stored.
    pub(crate) fn advance(&self, bytes: u64, documents: u64) {
        self.documents.fetch_add(documents, Ordering::Relaxed);
        self.bar.inc(bytes);
        self.show();
    }

    /// A file is finished.
    pub(crate) fn file(&self, file: &IngestedFile) {
        self.done.fetch_add(1, Ordering::Relaxed);
        if let Some(error) = &file.error {
            let hint = error.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
            self.bar.suspend(|| {
                output::error_line(&format!("not ingested: {}: {}{hint}", file.path, error.message));
            });
        }
        self.show();
    }

    fn show(&self) {
        let (done, files) = (self.done.load(Ordering::Relaxed), self.files.load(Ordering::Relaxed));
        let documents = self.documents.load(Ordering::Relaxed);
        let rate = documents.checked_div(self.bar.elapsed().as_secs().max(1)).unwrap_or(0);
        self.bar.set_message(format!("{done}/{files} files, {documents} documents, {rate} a second"));
    }
}

impl IngestProgress for IngestBar {
    fn begin(&self, files: u64, bytes: u64) {
        Self::begin(self, files, bytes);
    }

    fn advance(&self, bytes: u64, documents: u64) {
        Self::advance(self, bytes, documents);
    }

    fn file(&self, outcome: &FileOutcome) {
        Self::file(self, &IngestedFile::new(outcome));
    }
}

/// A bar over questions.
pub(crate) fn questions(quiet: bool) -> ProgressBar {
    let bar = hidden_unless_watched(quiet);
    bar.set_style(style("{spinner} {pos}/{len} questions {wide_bar} {per_sec}, {left} left"));
    bar
}

/// A bar over the bytes of a download.
pub(crate) fn download(quiet: bool) -> ProgressBar {
    let bar = hidden_unless_watched(quiet);
    bar.set_style(style("{spinner} {bytes}/{total_bytes} {wide_bar} {bytes_per_sec}, {left} left"));
    bar
}

fn hidden_unless_watched(quiet: bool) -> ProgressBar {
    let watched = !quiet && std::io::stderr().is_terminal();
    let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    bar.set_style(style("{spinner} {msg} {wide_bar} {percent}%, {left} left"));
    if watched {
        // What is shown stays alive while a long step goes on.
        bar.enable_steady_tick(Duration::from_millis(250));
    }
    bar
}

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.with_key("left", |state: &ProgressState, out: &mut dyn Write| {
        // Before the first step nobody knows; where nobody can be told, nothing is lost.
        let _ = match state.pos() {
            0 => write!(out, "?"),
            _ => write!(out, "{:#}", HumanDuration(state.eta())),
        };
    })
}
