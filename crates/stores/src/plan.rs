//! What will a write do? Its Documents against those that are there, by the policy for duplicates.

use crate::words::slots::Slots;
use pllm_core::{DocumentId, DuplicatePolicy, Error, ErrorKind, Result, WriteReport};
use roaring::RoaringBitmap;
use std::collections::HashMap;

/// What is written: a Document, prepared as its store needs it.
pub(crate) trait Planned {
    /// The Document's id.
    fn id(&self) -> &DocumentId;
}

/// A write, ready to be carried out.
#[derive(Debug)]
pub(crate) struct Plan<E> {
    /// Slots of the Documents that are replaced, and their rows.
    pub(crate) removed: RoaringBitmap,
    pub(crate) removed_seqs: Vec<i64>,
    /// New rows in order; each id once.
    pub(crate) added: Vec<E>,
    pub(crate) report: WriteReport,
}

impl<E: Planned> Plan<E> {
    /// Plans the write of `entries`. An id counts as a duplicate also when it came earlier in the same batch.
    pub(crate) fn new(slots: &Slots, entries: Vec<E>, policy: DuplicatePolicy) -> Result<Self> {
        let mut report = WriteReport::default();
        let mut removed = RoaringBitmap::new();
        let mut added: Vec<Option<E>> = Vec::with_capacity(entries.len());
        let mut places: HashMap<_, usize> = HashMap::new();
        for entry in entries {
            let id = entry.id();
            let (stored, earlier) = (slots.find(id.as_str()), places.get(id).copied());
            match (stored.is_some() || earlier.is_some(), policy) {
                (false, _) => report.written += 1,
                (true, DuplicatePolicy::Skip) => {
                    report.skipped += 1;
                    continue;
                }
                (true, DuplicatePolicy::Overwrite) => report.overwritten += 1,
                (true, DuplicatePolicy::Fail) => return Err(duplicate(id)),
            }
            removed.extend(stored);
            if let Some(earlier) = earlier {
                added[earlier] = None;
            }
            places.insert(id.clone(), added.len());
            added.push(Some(entry));
        }
        let removed_seqs = removed.iter().map(|slot| slots.seq(slot)).collect();
        Ok(Self { removed, removed_seqs, added: added.into_iter().flatten().collect(), report })
    }
}

fn duplicate(id: &DocumentId) -> Error {
    let message = format!("document {:?} is there already; nothing was written", id.as_str());
    Error::new(ErrorKind::Conflict, "stores.write", message).hint("choose to skip or to overwrite duplicates")
}
