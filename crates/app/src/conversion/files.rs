//! Files to texts, without a library: what `pllm convert` does.

use super::{Conversion, Conversions};
use crate::config::Config;
use crate::ingest::{Converted, FoundFile, name_of, read, walk_one};
use futures::{FutureExt, StreamExt};
use pllm_core::converter::{ConvertOptions, DatasetColumns, Passwords, TableReading};
use pllm_core::{CancelFlag, ErrorKind, Limits, ReadingReport, Result};
use pllm_runtime::CpuPool;
use pllm_runtime::worker::Usage;
use std::path::PathBuf;

/// A file that was converted, or why it was not.
#[derive(Debug)]
pub struct ConvertedFile {
    /// The file as it was named: the path that was given, or that of a folder with what is below it.
    pub file: PathBuf,
    /// The canonical text; of a table with a head a line a row, of other rows their texts with a blank line
    /// between them. Empty where the outcome is an error.
    pub text: String,
    /// The report; errors as [`Conversion::outcome`], and those of a file that cannot be read.
    pub outcome: Result<ReadingReport>,
    /// Whether nothing but a password is missing.
    pub protected: bool,
    /// What reading it used.
    pub usage: Usage,
}

/// Converts files, and folders with everything in them that is not hidden, on every thread of the settings; `on_file` gets them in
/// the order of `paths`, a folder's by name, as they are ready. A path that is not there is an outcome as well.
///
/// # Errors
/// Those of `on_file`; `Cancelled`.
pub async fn convert_files(
    config: &Config,
    paths: &[PathBuf],
    passwords: &Passwords,
    cancel: &CancelFlag,
    on_file: &mut dyn FnMut(ConvertedFile) -> Result<()>,
) -> Result<()> {
    let limits = Limits { max_input_bytes: config.max_file_bytes, ..Limits::default() };
    let (columns, passwords) = (DatasetColumns::default(), passwords.clone());
    let options = ConvertOptions { limits, columns, passwords, tables: TableReading::Text };
    let converter = FileConverter {
        conversions: Conversions::new(config),
        // Only to read files: converting goes on elsewhere.
        pool: CpuPool::new(config.threads, 4 * config.threads),
        options,
        cancel,
    };
    let work = paths.iter().flat_map(|path| walk_one(path));
    let work: Vec<_> = work.map(|(file, found)| converter.convert(file, found).boxed()).collect();
    // Twice as many as there are readers: while the first of them takes its time, the others go on.
    let mut running = futures::stream::iter(work).buffered(2 * config.threads);
    while let Some(file) = running.next().await {
        match file.outcome {
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            _ => on_file(file)?,
        }
    }
    Ok(())
}

struct FileConverter<'a> {
    conversions: Conversions,
    pool: CpuPool,
    options: ConvertOptions,
    cancel: &'a CancelFlag,
}

impl FileConverter<'_> {
    async fn convert(&self, file: PathBuf, found: Result<FoundFile>) -> ConvertedFile {
        let (mut converted, max_bytes) = (Converted::default(), self.options.limits.max_input_bytes);
        let loaded = async {
            let found = found?;
            let name = name_of(&found);
            Ok((name, self.pool.run(move || read(&found, max_bytes)).await??))
        };
        let (name, bytes) = match loaded.await {
            Ok(loaded) => loaded,
            Err(error) => {
                let (text, usage) = (String::new(), Usage::default());
                return ConvertedFile { file, text, outcome: Err(error), protected: false, usage };
            }
        };
        let Conversion { outcome, usage } =
            self.conversions.convert((&name, &bytes), &self.options, &mut converted, self.cancel).await;
        let protected = matches!(&outcome, Err(error) if error.kind() == ErrorKind::Denied);
        let text = if outcome.is_ok() { text_of(converted) } else { String::new() };
        ConvertedFile { file, text, outcome, protected, usage }
    }
}

fn text_of(converted: Converted) -> String {
    let rows: Vec<String> = converted.records.into_iter().map(|record| record.text).collect();
    let parts: String = converted.parts.into_iter().map(|part| part.text).collect();
    if rows.is_empty() { parts } else { rows.join("\n\n") }
}
