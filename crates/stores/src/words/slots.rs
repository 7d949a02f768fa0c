//! Which Document is in which slot? Slots are numbered in write order; a removed Document leaves a dead slot until they are
//! renumbered.

use pllm_core::DocumentId;
use pllm_text::Language;
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, HashMap};

/// Slots may be dead up to this share before they are renumbered: one in four.
pub(crate) const DEAD_SHARE: usize = 4;

/// The Documents of the index, in write order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slots {
    /// Of each slot the row's number, ascending.
    seqs: Vec<i64>,
    ids: Vec<DocumentId>,
    languages: Vec<Option<Language>>,
    by_id: HashMap<DocumentId, u32>,
    live: RoaringBitmap,
    /// How many live Documents are in a language.
    language_counts: BTreeMap<Language, u64>,
}

impl Slots {
    /// Adds a Document at the end; gives its slot.
    pub(crate) fn push(&mut self, seq: i64, id: &DocumentId, language: Option<Language>) -> u32 {
        let slot = u32::try_from(self.seqs.len()).unwrap_or(u32::MAX);
        self.seqs.push(seq);
        self.ids.push(id.clone());
        self.languages.push(language);
        self.by_id.insert(id.clone(), slot);
        self.live.insert(slot);
        if let Some(language) = language {
            *self.language_counts.entry(language).or_default() += 1;
        }
        slot
    }

    /// Removes the Document of a slot.
    pub(crate) fn remove(&mut self, slot: u32) {
        if !self.live.remove(slot) {
            return;
        }
        self.by_id.remove(&self.ids[slot as usize]);
        if let Some(language) = self.languages[slot as usize]
            && let Some(count) = self.language_counts.get_mut(&language)
        {
            *count -= 1;
        }
    }

    /// Slots in use.
    pub(crate) fn live(&self) -> &RoaringBitmap {
        &self.live
    }

    /// Slots, dead ones included.
    pub(crate) fn len(&self) -> usize {
        self.seqs.len()
    }

    pub(crate) fn seq(&self, slot: u32) -> i64 {
        self.seqs[slot as usize]
    }

    pub(crate) fn id(&self, slot: u32) -> &DocumentId {
        &self.ids[slot as usize]
    }

    /// The slot of a Document that is there.
    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// The live slot of a row.
    pub(crate) fn at(&self, seq: i64) -> Option<u32> {
        let slot = u32::try_from(self.seqs.binary_search(&seq).ok()?).ok()?;
        self.live.contains(slot).then_some(slot)
    }

    /// The first slot whose row comes after `seq`.
    pub(crate) fn first_after(&self, seq: u64) -> u32 {
        let index = self.seqs.partition_point(|found| found.cast_unsigned() <= seq);
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    /// The languages of the Documents present, sorted.
    pub(crate) fn languages(&self) -> Vec<Language> {
        self.language_counts.iter().filter(|(_, count)| **count > 0).map(|(language, _)| *language).collect()
    }

    /// The numbers that the live slots get when the dead ones are left out.
    pub(crate) fn renumbering(&self) -> Renumbering {
        let mut next = 0;
        let numbers = (0u32..).take(self.len()).map(|slot| {
            self.live.contains(slot).then(|| {
                next += 1;
                next - 1
            })
        });
        Renumbering(numbers.collect())
    }

    pub(crate) fn renumber(&mut self, renumbering: &Renumbering) {
        renumbering.retain(&mut self.seqs);
        renumbering.retain(&mut self.ids);
        renumbering.retain(&mut self.languages);
        self.by_id = self.ids.iter().cloned().zip(0..).collect();
        self.live = (0..u32::try_from(self.ids.len()).unwrap_or(u32::MAX)).collect();
    }

    /// Whether two sets of slots without dead ones hold the same.
    pub(crate) fn same(&self, other: &Self) -> bool {
        (&self.seqs, &self.ids, &self.languages, &self.live, &self.by_id)
            == (&other.seqs, &other.ids, &other.languages, &other.live, &other.by_id)
            && self.languages() == other.languages()
    }
}

/// Of each old slot its new number; `None` for a dead one. Order is kept.
#[derive(Debug)]
pub(crate) struct Renumbering(Vec<Option<u32>>);

impl Renumbering {
    /// The new number of a slot.
    pub(crate) fn of(&self, slot: u32) -> Option<u32> {
        self.0[slot as usize]
    }

    /// The same set in new numbers.
    pub(crate) fn bitmap(&self, old: &RoaringBitmap) -> RoaringBitmap {
        old.iter().filter_map(|slot| self.of(slot)).collect()
    }

    /// Keeps of `values`, one a slot, those of the slots that live on.
    pub(crate) fn retain<T>(&self, values: &mut Vec<T>) {
        let mut slots = self.0.iter();
        values.retain(|_| slots.next().is_some_and(Option::is_some));
        values.shrink_to_fit();
    }

    /// The same for rows of `width` values.
    pub(crate) fn retain_rows<T: Copy>(&self, values: &mut Vec<T>, width: usize) {
        let mut kept = 0;
        for (slot, _) in self.0.iter().enumerate().filter(|(_, number)| number.is_some()) {
            values.copy_within(slot * width..(slot + 1) * width, kept);
            kept += width;
        }
        values.truncate(kept);
        values.shrink_to_fit();
    }
}
