//! One file of an ingest, from its bytes to its Documents.

use super::prepare::{self, Prepared};
use super::walk::FoundFile;
use super::{FileOutcome, FileStatus, Job, JobFile, dataset};
use crate::metadata::{FileStage, FinishedRevision, NewRevision, RevisionDetail, SourceKind, SourceScope};
use crate::report::StoredReport;
use pllm_core::{CanonicalText, Layout, Part, Result, SourceId, SplitterSource};
use pllm_text::Language;
use std::sync::Arc;

/// Text that one run of the index pipeline takes: progress is told, and a cancel heard, this often.
const RUN_BYTES: usize = 48 << 10;
/// Text from which a source's language is told.
const LANGUAGE_SAMPLE_BYTES: usize = 32 << 10;

pub(super) async fn ingest<'a>(job: &Job<'_>, file: &'a JobFile) -> (&'a JobFile, FileOutcome) {
    let status = match ingest_or_fail(job, file).await {
        Ok(status) => status,
        Err(error) => FileStatus::Failed(error),
    };
    (file, FileOutcome { path: file.found.path.clone(), status })
}

async fn ingest_or_fail(job: &Job<'_>, JobFile { number, found: file }: &JobFile) -> Result<FileStatus> {
    job.may_begin()?;
    job.cleaner.reserve.check()?;
    job.meters.stage(*number, FileStage::Convert);
    let source = prepare::source_id('f', &[&file.path.display().to_string()])?;
    let bytes = prepare::load(job, file).await?;
    let fingerprint = prepare::fingerprint(job, &bytes)?;
    let known = job.meta.sources(&job.collection.record.id, SourceScope::One(source.clone())).await?;
    if known.first().is_some_and(|known| known.fingerprint == fingerprint) {
        job.advance(*number, file.bytes, 0);
        return Ok(FileStatus::Unchanged { source: source.to_string() });
    }
    let prepared = prepare::convert(job, file, bytes).await?;
    job.meters.stage(*number, FileStage::Index);
    let report = StoredReport::of(&prepared.report)?;
    let new = new_revision(file, &source, fingerprint, &prepared, report.clone());
    let (documents, rows) = if prepared.converted.records.is_empty() {
        (store_text(job, *number, new, prepared.converted.parts, prepared.original).await?, 0)
    } else {
        (dataset::store(job, *number, new, &prepared).await?, prepared.report.records)
    };
    Ok(FileStatus::Ingested {
        source: source.to_string(),
        format: prepared.report.format.to_string(),
        documents,
        rows,
        report,
    })
}

fn new_revision(
    file: &FoundFile,
    source: &SourceId,
    fingerprint: String,
    prepared: &Prepared,
    report: StoredReport,
) -> NewRevision {
    let is_dataset = !prepared.converted.records.is_empty();
    NewRevision {
        source: source.clone(),
        kind: if is_dataset { SourceKind::Dataset } else { SourceKind::File },
        parent: None,
        fingerprint,
        bytes: prepared.original.len() as u64,
        detail: RevisionDetail {
            name: prepare::name_of(file),
            path: file.path.display().to_string(),
            format: prepared.report.format.to_string(),
            encoding: prepared.report.encoding.clone(),
            meta: prepared.meta.clone(),
            report,
        },
    }
}

/// Stores an ordinary file; gives the number of its Documents.
async fn store_text(
    job: &Job<'_>,
    number: u32,
    new: NewRevision,
    parts: Vec<Part>,
    original: Arc<Vec<u8>>,
) -> Result<u64> {
    let (source, meta, bytes) = (new.source.clone(), new.detail.meta.clone(), new.bytes);
    let collection = job.collection;
    let revision = job.meta.begin_revisions(&collection.record.id, vec![new]).await?[0];
    let text = Arc::new(join(source.clone(), revision, &parts));
    let detected = source_language(&text.text);
    collection.texts.store(Arc::clone(&text), Some(original)).await?;
    let splitter_source = Arc::new(SplitterSource {
        source: source.clone(),
        revision,
        meta,
        language: detected.or(Some(collection.main_language)),
    });
    let documents = index(job, number, &splitter_source, (parts, bytes)).await?;
    let finished = FinishedRevision {
        source,
        revision,
        text_bytes: text.text.len() as u64,
        documents,
        language: detected.map(|language| language.to_string()),
    };
    // What is a text now may have been a table before, with rows that are not there any more.
    let rows = job.meta.sources(&collection.record.id, SourceScope::RowsOf(finished.source.clone())).await?;
    let gone = rows.into_iter().map(|row| row.id).collect();
    job.meta.finish_revisions(&collection.record.id, vec![finished], gone).await?;
    Ok(documents)
}

/// Runs the index pipeline over the parts of one source; `bytes` is what they stand for in the progress of the file `number`.
pub(super) async fn index(
    job: &Job<'_>,
    number: u32,
    source: &Arc<SplitterSource>,
    (parts, bytes): (Vec<Part>, u64),
) -> Result<u64> {
    // One context for the whole source: the splitter's session lives in it.
    let context = job.context();
    let total = parts.iter().map(|part| part.text.len() as u64).sum::<u64>().max(1);
    let (mut documents, mut done, mut told) = (0, 0, 0);
    for batch in batches(parts) {
        context.check()?;
        done += batch.iter().map(|part| part.text.len() as u64).sum::<u64>();
        let written = job.pipelines.index(source, Some(batch), &context).await?;
        documents += written;
        let now = bytes * done / total;
        job.advance(number, now - told, written);
        told = now;
    }
    let written = job.pipelines.index(source, None, &context).await?;
    job.advance(number, bytes - told, written);
    Ok(documents + written)
}

/// Groups parts into runs of about [`RUN_BYTES`].
fn batches(parts: Vec<Part>) -> Vec<Vec<Part>> {
    let mut batches: Vec<Vec<Part>> = Vec::new();
    let mut size = RUN_BYTES;
    for part in parts {
        if size >= RUN_BYTES {
            batches.push(Vec::new());
            size = 0;
        }
        size += part.text.len();
        if let Some(batch) = batches.last_mut() {
            batch.push(part);
        }
    }
    batches
}

/// The canonical text of parts, with their places moved to where they stand in it.
pub(super) fn join(source: SourceId, revision: u32, parts: &[Part]) -> CanonicalText {
    let mut text = String::with_capacity(parts.iter().map(|part| part.text.len()).sum());
    let mut places = Vec::new();
    for part in parts {
        places.extend(part.places.iter().map(|(range, place)| (range.shift(text.len()), place.clone())));
        text.push_str(&part.text);
    }
    CanonicalText { source, revision, text, layout: Layout::new(places) }
}

/// The language of a text, where its beginning tells it reliably.
pub(super) fn source_language(text: &str) -> Option<Language> {
    let end = text.floor_char_boundary(LANGUAGE_SAMPLE_BYTES.min(text.len()));
    let detection = pllm_text::language::detect(&text[..end]);
    detection.language.filter(|_| detection.reliable)
}
