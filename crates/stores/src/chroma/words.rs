//! The part of a Chroma collection that is in RAM: which rows count, in which order, and the postings of keyword search.

use crate::plan::Planned;
use crate::words::best::Hit;
use crate::words::bm25;
use crate::words::postings::Postings;
use crate::words::slots::{DEAD_SHARE, Slots};
use pllm_core::{DocumentId, KeywordParameters};
use pllm_text::{Analyzer, Language, TermCounts};
use roaring::RoaringBitmap;

/// What is kept of a Document beside Chroma.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: DocumentId,
    pub(super) language: Option<Language>,
    pub(super) words: TermCounts,
    pub(super) has_vector: bool,
}

/// The rows that count. A row of Chroma that is not here is not there: it is being written, or waits to be removed.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    pub(super) slots: Slots,
    postings: Postings,
    /// Live slots whose Documents have no vector.
    vectorless: RoaringBitmap,
    /// The number of the last row that ever counted.
    last: i64,
}

impl Planned for (Entry, pllm_core::Document) {
    fn id(&self) -> &DocumentId {
        &self.0.id
    }
}

impl Words {
    /// Adds a row at the end. Its id must not be there.
    pub(super) fn push(&mut self, seq: i64, entry: Entry) {
        let slot = self.slots.push(seq, &entry.id, entry.language);
        self.postings.push(slot, entry.words);
        if !entry.has_vector {
            self.vectorless.insert(slot);
        }
        self.last = seq;
    }

    /// Removes the rows of these slots, and renumbers the slots when too many are dead.
    pub(super) fn remove(&mut self, slots: &RoaringBitmap) {
        for slot in slots & self.slots.live() {
            self.slots.remove(slot);
            self.postings.remove(slot);
            self.vectorless.remove(slot);
        }
        if (self.slots.len() - self.count()) * DEAD_SHARE > self.slots.len() {
            self.compact();
        }
    }

    fn compact(&mut self) {
        let renumbering = self.slots.renumbering();
        self.postings.renumber(&renumbering);
        self.vectorless = renumbering.bitmap(&self.vectorless);
        self.slots.renumber(&renumbering);
    }

    /// Rows that count.
    pub(super) fn count(&self) -> usize {
        usize::try_from(self.slots.live().len()).unwrap_or(usize::MAX)
    }

    /// Those of them that have a vector.
    pub(super) fn with_vector(&self) -> usize {
        self.count() - usize::try_from(self.vectorless.len()).unwrap_or(usize::MAX)
    }

    pub(super) fn last(&self) -> i64 {
        self.last
    }

    /// The best of the `allowed` rows by words, with their numbers.
    pub(super) fn search(
        &self,
        text: &str,
        analyzer: &Analyzer,
        parameters: &KeywordParameters,
        allowed: &RoaringBitmap,
        top_k: usize,
    ) -> Vec<(f64, i64)> {
        let terms = analyzer.query_terms(text, &self.slots.languages());
        let hits: Vec<Hit> = bm25::search(&self.postings, &self.slots, parameters, &terms, allowed, top_k);
        hits.into_iter().map(|(score, slot)| (score, self.slots.seq(slot))).collect()
    }

    /// In which parts two of them differ once dead slots are left out.
    pub(super) fn differences(mut self, mut other: Self) -> Vec<&'static str> {
        self.compact();
        other.compact();
        let parts = [
            ("the order, ids or languages of the documents", self.slots.same(&other.slots)),
            ("the postings of keyword search", self.postings == other.postings),
            ("which documents have vectors", self.vectorless == other.vectorless),
        ];
        parts.into_iter().filter(|(_, same)| !same).map(|(part, _)| part).collect()
    }
}
