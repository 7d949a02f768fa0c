//! Which Documents have a term, and how often? The inverted index of keyword search.

use super::slots::Renumbering;
use pllm_text::TermCounts;
use std::collections::HashMap;
use std::sync::Arc;

/// Terms to the Documents that have them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Postings {
    lists: HashMap<Arc<str>, List>,
    /// Of each slot its number of words; 0 once it is dead, so that whoever reads a posting also sees whether it counts.
    lengths: Vec<u32>,
    /// Words of the live Documents.
    total_length: u64,
}

/// The Documents of one term, slots ascending, dead ones included.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct List {
    pub(crate) slots: Vec<u32>,
    /// How often the term is in each; 65,535 stands for more.
    pub(crate) frequencies: Vec<u16>,
}

impl List {
    fn push(&mut self, slot: u32, frequency: u16) {
        self.slots.push(slot);
        self.frequencies.push(frequency);
    }
}

impl Postings {
    /// Adds the Document of the next slot.
    pub(crate) fn push(&mut self, slot: u32, words: TermCounts) {
        for (term, count) in words.terms {
            self.lists.entry(term).or_default().push(slot, u16::try_from(count).unwrap_or(u16::MAX));
        }
        self.lengths.push(words.words);
        self.total_length += u64::from(words.words);
    }

    /// Removes the Document of a slot.
    pub(crate) fn remove(&mut self, slot: u32) {
        self.total_length -= u64::from(std::mem::take(&mut self.lengths[slot as usize]));
    }

    /// The Documents of a term.
    pub(crate) fn list(&self, term: &str) -> Option<&List> {
        self.lists.get(term)
    }

    /// Of each slot its number of words; 0 for a dead one.
    pub(crate) fn lengths(&self) -> &[u32] {
        &self.lengths
    }

    /// Words of the live Documents.
    pub(crate) fn total_length(&self) -> u64 {
        self.total_length
    }

    pub(crate) fn renumber(&mut self, renumbering: &Renumbering) {
        renumbering.retain(&mut self.lengths);
        self.lists.retain(|_, list| {
            let pairs = list.slots.iter().zip(&list.frequencies);
            let kept = pairs.filter_map(|(slot, frequency)| Some((renumbering.of(*slot)?, *frequency)));
            let (slots, frequencies) = kept.unzip();
            *list = List { slots, frequencies };
            !list.slots.is_empty()
        });
    }
}
