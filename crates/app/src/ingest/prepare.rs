//! What is decided about a file before anything is stored: its identity, its metadata, and what its bytes become.

use super::walk::{ByteSource, FoundFile};
use super::{IngestOptions, Job};
use crate::clock;
use pllm_core::converter::{ConvertOptions, Record, TableReading};
use pllm_core::id::hex;
use pllm_core::{Error, ErrorKind, Limits, Meta, MetaValue, Part, PartSink, ReadingReport, Result, SourceId};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Instant;

/// Goes up when the same bytes give other Documents than before, so that a re-ingest makes them anew.
pub const INGEST_VERSION: u32 = 3;

/// A file as it was read and converted.
pub(crate) struct Prepared {
    pub(crate) original: Arc<Vec<u8>>,
    pub(crate) converted: Converted,
    pub(crate) report: ReadingReport,
    pub(crate) meta: Meta,
}

/// What a converter gave.
#[derive(Debug, Default)]
pub(crate) struct Converted {
    pub(crate) parts: Vec<Part>,
    pub(crate) records: Vec<Record>,
}

impl PartSink for Converted {
    fn part(&mut self, part: Part) -> Result<()> {
        self.parts.push(part);
        Ok(())
    }

    fn record(&mut self, record: Record) -> Result<()> {
        self.records.push(record);
        Ok(())
    }
}

/// Has a file converted.
pub(crate) async fn convert(job: &Job<'_>, file: &FoundFile, bytes: Vec<u8>) -> Result<Prepared> {
    let name = name_of(file);
    let mut converted = Converted::default();
    let limits = Limits { max_input_bytes: job.max_file_bytes, ..Limits::default() };
    let (columns, passwords) = (job.options.columns.clone(), job.options.passwords.clone());
    let options = ConvertOptions { limits, columns, passwords, tables: TableReading::Records };
    let conversion = job.conversions.convert((&name, &bytes), &options, &mut converted, &job.cancel);
    let began = Instant::now();
    let outcome = conversion.await.outcome;
    job.spent.add("converter", began.elapsed());
    let report = outcome?;
    if report.is_empty() {
        return Err(empty(&report));
    }
    let meta = metadata(file, &name, &report, &job.options);
    Ok(Prepared { original: Arc::new(bytes), converted, report, meta })
}

/// Why a file without text is not stored.
fn empty(report: &ReadingReport) -> Error {
    let why = report.unread().unwrap_or_else(|| "the file has no text".to_owned());
    Error::invalid("app.ingest", why)
}

/// The bytes of a file on disk, refused beyond the limit before they are read.
pub(crate) fn read(file: &FoundFile, max_bytes: u64) -> Result<Vec<u8>> {
    check_size(file.bytes, max_bytes)?;
    pllm_runtime::files::read(&file.path)
}

/// Refuses a file that is too large.
pub(crate) fn check_size(bytes: u64, max_bytes: u64) -> Result<()> {
    if bytes <= max_bytes {
        return Ok(());
    }
    let message = format!("the file has {bytes} bytes, expected at most {max_bytes}");
    Err(Error::new(ErrorKind::TooLarge, "app.ingest", message).hint("raise ingest.max_file_bytes"))
}

/// What every Document of a file carries: what the file system says, then what the file says, then what was set by hand.
fn metadata(file: &FoundFile, name: &str, report: &ReadingReport, options: &IngestOptions) -> Meta {
    let mut meta = Meta::new();
    let stem =
        file.path.file_stem().map(|stem| stem.to_string_lossy().replace(['_', '-'], " ")).unwrap_or_default();
    meta.insert(pllm_core::meta::TITLE.to_owned(), MetaValue::String(stem));
    meta.insert("file_name".to_owned(), name.into());
    meta.insert("file_path".to_owned(), MetaValue::String(file.path.display().to_string()));
    meta.insert("type".to_owned(), MetaValue::String(report.format.to_string()));
    if let Some(modified) = file.modified {
        meta.insert("modified".to_owned(), MetaValue::String(clock::iso(modified)));
    }
    meta.insert("ingested".to_owned(), MetaValue::String(clock::iso(clock::now())));
    meta.extend(report.meta.clone());
    meta.extend(options.set.clone());
    meta
}

/// A source's id from what it is known by: the path of a file, or the dataset and the key of a row. The same file is the same
/// source in every ingest.
pub(crate) fn source_id(kind: char, parts: &[&str]) -> Result<SourceId> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    SourceId::new(&format!("{kind}{}", hex(&hash.finalize()[..10])))
}

/// A digest of everything the Documents of a file depend on, but its times: equal digests need no second ingest.
pub(crate) fn fingerprint(job: &Job<'_>, bytes: &[u8]) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(bytes);
    let set = serde_json::to_string(&job.options.set).map_err(|error| {
        Error::new(ErrorKind::Internal, "app.ingest", "metadata does not serialise").caused_by(error)
    })?;
    let columns = &job.options.columns;
    let how = format!(
        "{INGEST_VERSION} {} {set} {:?} {:?} {:?}",
        job.collection.splitting, columns.content, columns.meta, columns.id
    );
    hash.update(how.as_bytes());
    Ok(hex(&hash.finalize()))
}

/// The file's name.
pub(crate) fn name_of(file: &FoundFile) -> String {
    file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The bytes of a file, off the async threads.
pub(crate) async fn load(job: &Job<'_>, file: &FoundFile) -> Result<Vec<u8>> {
    let (file, max_bytes, blobs) = (file.clone(), job.max_file_bytes, Arc::clone(&job.cleaner.blobs));
    let work = move || match &file.source {
        ByteSource::Disk => read(&file, max_bytes),
        ByteSource::Incoming(key) => {
            check_size(file.bytes, max_bytes)?;
            blobs.get(key, None)
        }
    };
    job.pool.run(work).await?
}
