//! Which Documents have a term, and how often? The inverted index of keyword search.

use super::slots::Renumbering;
use std::collections::HashMap;

/// Terms to the Documents that have them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Postings {
    lists: HashMap<Box<str>, List>,
    /// Of each slot its number of words; 0 once it is dead, so that whoever reads a posting also sees whether it counts.
    lengths: Vec<u32>,
    /// Words of the live Documents.
    total_length: u64,
}

/// The Documents of one term, slots ascending, dead ones included.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct List {
    pub(super) slots: Vec<u32>,
    /// How often the term is in each; 65,535 stands for more.
    pub(super) frequencies: Vec<u16>,
}

impl List {
    fn push(&mut self, slot: u32, frequency: u16) {
        self.slots.push(slot);
        self.frequencies.push(frequency);
    }
}

/// The words of one Document, ready for the index.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    /// Each term once.
    frequencies: Vec<(String, u16)>,
    length: u32,
}

impl Words {
    /// Counts a Document's terms.
    pub(super) fn count(mut terms: Vec<String>) -> Self {
        let length = u32::try_from(terms.len()).unwrap_or(u32::MAX);
        terms.sort_unstable();
        let mut frequencies: Vec<(String, u16)> = Vec::new();
        for term in terms {
            match frequencies.last_mut() {
                Some((last, frequency)) if *last == term => *frequency = frequency.saturating_add(1),
                _ => frequencies.push((term, 1)),
            }
        }
        Self { frequencies, length }
    }
}

impl Postings {
    /// Adds the Document of the next slot.
    pub(super) fn push(&mut self, slot: u32, words: Words) {
        for (term, frequency) in words.frequencies {
            // Most terms are known, and an entry would take the term's memory anew to ask.
            match self.lists.get_mut(term.as_str()) {
                Some(list) => list.push(slot, frequency),
                None => self.lists.entry(term.into_boxed_str()).or_default().push(slot, frequency),
            }
        }
        self.lengths.push(words.length);
        self.total_length += u64::from(words.length);
    }

    /// Removes the Document of a slot.
    pub(super) fn remove(&mut self, slot: u32) {
        self.total_length -= u64::from(std::mem::take(&mut self.lengths[slot as usize]));
    }

    /// The Documents of a term.
    pub(super) fn list(&self, term: &str) -> Option<&List> {
        self.lists.get(term)
    }

    /// Of each slot its number of words; 0 for a dead one.
    pub(super) fn lengths(&self) -> &[u32] {
        &self.lengths
    }

    /// Words of the live Documents.
    pub(super) fn total_length(&self) -> u64 {
        self.total_length
    }

    pub(super) fn renumber(&mut self, renumbering: &Renumbering) {
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
