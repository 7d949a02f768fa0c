//! A table: every row a source of its own, all of them current in one step.

use super::file::{index, join, source_language};
use super::prepare::{self, Converted, Prepared};
use super::{CONCURRENT_SOURCES, Job};
use crate::metadata::{FinishedRevision, NewRevision, RevisionDetail, SourceKind, SourceScope};
use futures::{FutureExt, StreamExt, TryStreamExt};
use pllm_core::converter::Record;
use pllm_core::id::hex;
use pllm_core::{Meta, Part, ReadingReport, Result, SourceId, SplitterSource};
use pllm_text::ByteRange;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A row that has to be stored.
struct Row<'a> {
    record: &'a Record,
    new: NewRevision,
    meta: Meta,
}

/// Stores a dataset: new and changed rows are made, unchanged ones stay as they are, rows that are gone from the file go.
/// Gives the number of Documents made.
pub(super) async fn store(job: &Job<'_>, dataset: NewRevision, prepared: &Prepared) -> Result<u64> {
    let collection = job.collection;
    let (parent, bytes) = (dataset.source.clone(), dataset.bytes);
    let known = job.meta.sources(&collection.record.id, SourceScope::RowsOf(parent.clone())).await?;
    let known: HashMap<SourceId, String> = known.into_iter().map(|row| (row.id, row.fingerprint)).collect();
    let (mut keep, mut rows) = (HashSet::new(), Vec::new());
    for record in &prepared.converted.records {
        let row = row(&dataset, record, &prepared.meta)?;
        keep.insert(row.new.source.clone());
        if known.get(&row.new.source) != Some(&row.new.fingerprint) {
            rows.push(row);
        }
    }
    let gone = known.into_keys().filter(|id| !keep.contains(id)).collect();

    let begin = std::iter::once(dataset).chain(rows.iter().map(|row| row.new.clone())).collect();
    let numbers = job.meta.begin_revisions(&collection.record.id, begin).await?;
    collection
        .texts
        .store(Arc::new(join(parent.clone(), numbers[0], &[])), Some(Arc::clone(&prepared.original)))
        .await?;
    let each = bytes / (rows.len() as u64).max(1);
    let work = rows.iter().zip(&numbers[1..]).map(|(row, number)| store_row(job, row, *number, each).boxed());
    let work: Vec<_> = work.collect();
    let mut finished: Vec<FinishedRevision> =
        futures::stream::iter(work).buffer_unordered(CONCURRENT_SOURCES).try_collect().await?;
    job.progress.advance(bytes - each * rows.len() as u64, 0);
    let documents = finished.iter().map(|row| row.documents).sum();
    finished.push(FinishedRevision {
        source: parent,
        revision: numbers[0],
        text_bytes: 0,
        documents: 0,
        language: None,
    });
    job.meta.finish_revisions(&collection.record.id, finished, gone).await?;
    Ok(documents)
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
    store(job, dataset, &prepared).await
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
            warnings: Vec::new(),
        },
    };
    Ok(Row { record, new, meta })
}

fn pair((key, value): (&String, &pllm_core::MetaValue)) -> (String, pllm_core::MetaValue) {
    (key.clone(), value.clone())
}

async fn store_row(job: &Job<'_>, row: &Row<'_>, revision: u32, bytes: u64) -> Result<FinishedRevision> {
    job.context().check()?;
    let text = &row.record.text;
    let part =
        Part { text: text.clone(), places: vec![(ByteRange::new(0, text.len()), row.record.place.clone())] };
    let detected = source_language(text);
    let source = row.new.source.clone();
    job.collection
        .texts
        .store(Arc::new(join(source.clone(), revision, std::slice::from_ref(&part))), None)
        .await?;
    let language = detected.or(Some(job.collection.main_language));
    let splitter_source =
        SplitterSource { source: source.clone(), revision, meta: row.meta.clone(), language };
    let documents = index(job, &Arc::new(splitter_source), vec![part], bytes).await?;
    let language = detected.map(|language| language.to_string());
    Ok(FinishedRevision { source, revision, text_bytes: text.len() as u64, documents, language })
}
