//! A table: every row a source of its own, all of them current in one step.

use super::file::{index, join, source_language};
use super::prepare::{self, Converted, Prepared};
use super::{CONCURRENT_SOURCES, Job};
use crate::metadata::{FinishedRevision, NewRevision, RevisionDetail, SourceKind, SourceRecord, SourceScope};
use crate::report::StoredReport;
use futures::{FutureExt, StreamExt, TryStreamExt};
use pllm_core::converter::Record;
use pllm_core::id::hex;
use pllm_core::{Layout, Meta, Part, Place, ReadingReport, Result, SourceId, SplitterSource};
use pllm_text::ByteRange;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// A row that has to be stored.
struct Row<'a> {
    record: &'a Record,
    new: NewRevision,
    meta: Meta,
}

/// Stores a dataset: new and changed rows are made, unchanged ones stay as they are, rows that are gone from the file go.
/// `number` is the file's in the job. Gives the number of Documents made.
pub(super) async fn store(
    job: &Job<'_>,
    number: u32,
    dataset: NewRevision,
    prepared: &Prepared,
) -> Result<u64> {
    let collection = job.collection;
    let (parent, bytes) = (dataset.source.clone(), dataset.bytes);
    let known = job.meta.sources(&collection.record.id, SourceScope::RowsOf(parent.clone())).await?;
    let mut known: HashMap<SourceId, SourceRecord> =
        known.into_iter().map(|row| (row.id.clone(), row)).collect();
    let (mut moved, mut rows) = (Vec::new(), Vec::new());
    for record in &prepared.converted.records {
        let row = row(&dataset, record, &prepared.meta)?;
        match known.remove(&row.new.source) {
            Some(old) if old.fingerprint == row.new.fingerprint => {
                if old.detail.name != row.new.detail.name {
                    moved.push((old, row));
                }
            }
            _ => rows.push(row),
        }
    }
    let gone = known.into_keys().collect();

    let begin = std::iter::once(dataset).chain(rows.iter().map(|row| row.new.clone())).collect();
    let numbers = job.meta.begin_revisions(&collection.record.id, begin).await?;
    collection
        .texts
        .store(Arc::new(join(parent.clone(), numbers[0], &[])), Some(Arc::clone(&prepared.original)))
        .await?;
    let each = bytes / (rows.len() as u64).max(1);
    let work = rows.iter().zip(&numbers[1..]);
    let work = work.map(|(row, revision)| store_row(job, number, (row, *revision), each).boxed());
    let work: Vec<_> = work.collect();
    let mut finished: Vec<FinishedRevision> =
        futures::stream::iter(work).buffer_unordered(CONCURRENT_SOURCES).try_collect().await?;
    job.advance(number, bytes - each * rows.len() as u64, 0);
    let documents = finished.iter().map(|row| row.documents).sum();
    finished.push(FinishedRevision {
        source: parent,
        revision: numbers[0],
        text_bytes: 0,
        documents: 0,
        language: None,
    });
    move_rows(job, moved).await?;
    job.meta.finish_revisions(&collection.record.id, finished, gone).await?;
    Ok(documents)
}

/// Rows that are as they were but stand elsewhere in the file now: their text stays, their place is told anew. Killed before
/// the dataset is finished, the next ingest does it again.
async fn move_rows(job: &Job<'_>, moved: Vec<(SourceRecord, Row<'_>)>) -> Result<()> {
    let work: Vec<_> = moved.into_iter().map(|(old, row)| move_row(job, old, row).boxed()).collect();
    let moved = futures::stream::iter(work).buffer_unordered(CONCURRENT_SOURCES).try_collect().await?;
    job.meta.describe(&job.collection.record.id, moved).await
}

async fn move_row(job: &Job<'_>, old: SourceRecord, row: Row<'_>) -> Result<SourceRecord> {
    let layout = Layout::new(vec![whole(&row.record.text, &row.record.place)]);
    job.collection.texts.store_layout(old.id.clone(), old.revision, layout).await?;
    let detail = RevisionDetail { name: row.new.detail.name, ..old.detail };
    Ok(SourceRecord { detail, ..old })
}

/// A row's text is all at the row's place.
fn whole(text: &str, place: &Place) -> (ByteRange, Place) {
    (ByteRange::new(0, text.len()), place.clone())
}

/// Stores records that come from no file.
pub(super) async fn store_records(
    job: &Job<'_>,
    id: SourceId,
    name: &str,
    records: Vec<Record>,
    bytes: u64,
) -> Result<u64> {
    let converted = Converted { parts: Vec::new(), records };
    let prepared =
        Prepared { original: Arc::default(), converted, report: ReadingReport::default(), meta: Meta::new() };
    let dataset = NewRevision {
        source: id,
        kind: SourceKind::Dataset,
        parent: None,
        fingerprint: String::new(),
        bytes,
        detail: RevisionDetail { name: name.to_owned(), path: name.to_owned(), ..RevisionDetail::default() },
    };
    store(job, 0, dataset, &prepared).await
}

fn row<'a>(dataset: &NewRevision, record: &'a Record, base: &Meta) -> Result<Row<'a>> {
    let mut meta = base.clone();
    meta.extend(record.meta.clone());
    let fingerprint = {
        let mut hash = Sha256::new();
        // The file's own times change with every edit of any row, so they are no part of what a row is.
        let fixed: Meta = meta
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "modified" | "ingested"))
            .map(pair)
            .collect();
        hash.update(format!("{} {fixed:?} {}", prepare::INGEST_VERSION, record.text).as_bytes());
        hex(&hash.finalize())
    };
    let new = NewRevision {
        source: prepare::source_id('r', &[dataset.source.as_str(), &record.key])?,
        kind: SourceKind::Row,
        parent: Some(dataset.source.clone()),
        fingerprint,
        bytes: record.text.len() as u64,
        detail: RevisionDetail {
            name: format!("{}, {}", dataset.detail.name, record.place.label()),
            path: dataset.detail.path.clone(),
            format: dataset.detail.format.clone(),
            encoding: dataset.detail.encoding.clone(),
            meta: meta.clone(),
            report: StoredReport::default(),
        },
    };
    Ok(Row { record, new, meta })
}

fn pair((key, value): (&String, &pllm_core::MetaValue)) -> (String, pllm_core::MetaValue) {
    (key.clone(), value.clone())
}

async fn store_row(
    job: &Job<'_>,
    number: u32,
    (row, revision): (&Row<'_>, u32),
    bytes: u64,
) -> Result<FinishedRevision> {
    job.context().check()?;
    let text = &row.record.text;
    let part = Part { text: text.clone(), places: vec![whole(text, &row.record.place)] };
    let detected = source_language(text);
    let source = row.new.source.clone();
    job.collection
        .texts
        .store(Arc::new(join(source.clone(), revision, std::slice::from_ref(&part))), None)
        .await?;
    let language = detected.or(Some(job.collection.main_language));
    let splitter_source =
        SplitterSource { source: source.clone(), revision, meta: row.meta.clone(), language };
    let documents = index(job, number, &Arc::new(splitter_source), (vec![part], bytes)).await?;
    let language = detected.map(|language| language.to_string());
    Ok(FinishedRevision { source, revision, text_bytes: text.len() as u64, documents, language })
}
