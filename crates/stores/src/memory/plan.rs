//! What will a write do? Its Documents against those that are there, by the policy for duplicates.

use super::index::{Entry, Index};
use pllm_core::{DuplicatePolicy, Error, ErrorKind, Result, WriteReport};
use roaring::RoaringBitmap;
use std::collections::HashMap;

/// A write, ready to be carried out.
#[derive(Debug)]
pub(super) struct Plan {
    /// Slots of the Documents that are replaced, and their rows.
    pub(super) removed: RoaringBitmap,
    pub(super) removed_seqs: Vec<i64>,
    /// New rows in order; each id once.
    pub(super) added: Vec<Entry>,
    pub(super) report: WriteReport,
}

impl Plan {
    /// Plans the write of `entries`. An id counts as a duplicate also when it came earlier in the same batch.
    pub(super) fn new(index: &Index, entries: Vec<Entry>, policy: DuplicatePolicy) -> Result<Self> {
        let mut report = WriteReport::default();
        let mut removed = RoaringBitmap::new();
        let mut added: Vec<Option<Entry>> = Vec::with_capacity(entries.len());
        let mut places: HashMap<_, usize> = HashMap::new();
        for entry in entries {
            let id = &entry.document().id;
            let (stored, earlier) = (index.slots.find(id.as_str()), places.get(id).copied());
            match (stored.is_some() || earlier.is_some(), policy) {
                (false, _) => report.written += 1,
                (true, DuplicatePolicy::Skip) => {
                    report.skipped += 1;
                    continue;
                }
                (true, DuplicatePolicy::Overwrite) => report.overwritten += 1,
                (true, DuplicatePolicy::Fail) => return Err(duplicate(&entry)),
            }
            removed.extend(stored);
            if let Some(earlier) = earlier {
                added[earlier] = None;
            }
            places.insert(id.clone(), added.len());
            added.push(Some(entry));
        }
        let removed_seqs = removed.iter().map(|slot| index.slots.seq(slot)).collect();
        Ok(Self { removed, removed_seqs, added: added.into_iter().flatten().collect(), report })
    }
}

fn duplicate(entry: &Entry) -> Error {
    let message =
        format!("document {:?} is there already; nothing was written", entry.document().id.as_str());
    Error::new(ErrorKind::Conflict, "stores.write", message).hint("choose to skip or to overwrite duplicates")
}
