//! How is the index made from the rows? In batches: while one is analysed on every core, the one before is put into the index.

use super::index::{Entry, Index};
use super::record::{Row, SealedRow};
use super::rows::{Rows, Writer};
use crate::sqlite::corrupt;
use pllm_core::{Error, ErrorKind, Result, Schema};
use pllm_text::{Analyzer, KnownWords};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Scope, ScopedJoinHandle};

/// Rows analysed at once, by all threads together.
const BATCH: usize = 1024;
/// Threads at most; the work is short.
const MAX_THREADS: usize = 4;

type Prepared<'scope> = Vec<ScopedJoinHandle<'scope, Result<Vec<(i64, Entry)>>>>;

/// Builds the index of all rows.
pub(super) fn rebuild(
    rows: &Rows,
    writer: &Writer<'_>,
    schema: &Schema,
    analyzer: &Analyzer,
) -> Result<Index> {
    // What one thread has learned of words the next one goes on with.
    let learned: Mutex<Vec<KnownWords>> = Mutex::default();
    let shelf = || learned.lock().unwrap_or_else(PoisonError::into_inner);
    let prepare = |part: Vec<SealedRow>| -> Result<Vec<_>> {
        let mut known = shelf().pop().unwrap_or_default();
        let prepare = |sealed| {
            let row = checked(rows, &sealed, schema)?;
            Ok((row.seq, Entry::new(row.document, row.vector, analyzer, &mut known)))
        };
        let entries = part.into_iter().map(prepare).collect();
        shelf().push(known);
        entries
    };
    let mut index = Index::new(schema.dimension);
    thread::scope(|scope| {
        let mut before = Vec::new();
        writer.scan(BATCH, |batch| {
            let next = start(scope, batch, prepare);
            finish(std::mem::replace(&mut before, next), &mut index)
        })?;
        finish(before, &mut index)
    })?;
    Ok(index)
}

/// Shares a batch out to threads, in order.
fn start<'scope>(
    scope: &'scope Scope<'scope, '_>,
    mut batch: Vec<SealedRow>,
    prepare: impl Fn(Vec<SealedRow>) -> Result<Vec<(i64, Entry)>> + Copy + Send + 'scope,
) -> Prepared<'scope> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    let share = batch.len().div_ceil(threads);
    let mut work = Vec::with_capacity(threads);
    while !batch.is_empty() {
        let part = batch.drain(..share.min(batch.len())).collect();
        work.push(scope.spawn(move || prepare(part)));
    }
    work
}

/// Waits for a batch and adds it to the index.
fn finish(work: Prepared<'_>, index: &mut Index) -> Result<()> {
    for part in work {
        for (seq, entry) in part.join().map_err(|_| panicked())?? {
            index.push(seq, entry);
        }
    }
    Ok(())
}

fn checked(rows: &Rows, row: &SealedRow, schema: &Schema) -> Result<Row> {
    let row = rows.open_row(row)?;
    if row.vector.as_ref().is_some_and(|vector| vector.len() != schema.dimension) {
        let what = format_args!("document {:?} has a vector of another length", row.document.id);
        return Err(corrupt(rows.path(), what));
    }
    Ok(row)
}

fn panicked() -> Error {
    Error::new(ErrorKind::Internal, "stores.open", "a document could not be analysed: the analysis panicked")
}
