//! How is the index made from the rows? In batches, each analysed on every core.

use super::error::corrupt;
use super::index::{Entry, Index};
use super::record::SealedRow;
use super::rows::{Rows, Writer};
use pllm_core::{Error, ErrorKind, Result, Schema};
use pllm_text::analysis::Analyzer;
use std::thread;

/// Rows read at once.
const BATCH: usize = 4096;
/// Threads at most; the work is short.
const MAX_THREADS: usize = 4;

/// Builds the index of all rows.
pub(super) fn rebuild(
    rows: &Rows,
    writer: &Writer<'_>,
    schema: &Schema,
    analyzer: &Analyzer,
) -> Result<Index> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    let mut index = Index::new(schema.dimension);
    writer.scan(BATCH, |mut batch| {
        let share = batch.len().div_ceil(threads).max(1);
        let prepared = thread::scope(|scope| {
            let mut work = Vec::with_capacity(threads);
            while !batch.is_empty() {
                let part: Vec<SealedRow> = batch.drain(..share.min(batch.len())).collect();
                work.push(scope.spawn(move || prepare(rows, part, schema, analyzer)));
            }
            work.into_iter().map(|part| part.join().map_err(|_| panicked())?).collect::<Result<Vec<_>>>()
        })?;
        for (seq, entry) in prepared.into_iter().flatten() {
            index.push(seq, entry);
        }
        Ok(())
    })?;
    Ok(index)
}

fn prepare(
    rows: &Rows,
    part: Vec<SealedRow>,
    schema: &Schema,
    analyzer: &Analyzer,
) -> Result<Vec<(i64, Entry)>> {
    let prepare = |row: SealedRow| {
        let row = rows.open_row(&row)?;
        if row.vector.as_ref().is_some_and(|vector| vector.len() != schema.dimension) {
            return Err(corrupt(
                rows.path(),
                format_args!("document {:?} has a vector of another length", row.document.id),
            ));
        }
        Ok((row.seq, Entry::new(row.document, row.vector, analyzer)))
    };
    part.into_iter().map(prepare).collect()
}

fn panicked() -> Error {
    Error::new(ErrorKind::Internal, "stores.open", "a document could not be analysed: the analysis panicked")
}
