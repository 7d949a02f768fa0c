//! Everything that a search needs, in RAM: made from the rows, never written, never the truth.

use super::columns::Columns;
use super::vectors::{Quantised, Vectors};
use crate::plan::Planned;
use crate::words::best::Hit;
use crate::words::bm25;
use crate::words::postings::Postings;
use crate::words::slots::{DEAD_SHARE, Slots};
use pllm_core::{Document, DocumentId, KeywordParameters};
use pllm_text::{Analyzer, KnownWords, TermCounts};
use roaring::RoaringBitmap;

/// The indexes of one store. All parts have the same slots.
#[derive(Debug, Clone)]
pub(super) struct Index {
    pub(super) slots: Slots,
    pub(super) columns: Columns,
    postings: Postings,
    vectors: Vectors,
}

/// A Document, ready for the index. Made outside the lock: analysis is most of the work.
#[derive(Debug)]
pub(super) struct Entry {
    document: Document,
    words: TermCounts,
    vector: Option<Quantised>,
}

impl Entry {
    /// Analyses a Document with its vector in the stored form.
    pub(super) fn new(
        document: Document,
        vector: Option<Vec<u16>>,
        analyzer: &Analyzer,
        known: &mut KnownWords,
    ) -> Self {
        let words = analyzer.count_terms(&document.indexed_text(), document.language, known);
        Self { words, vector: vector.map(Quantised::from_halves), document }
    }

    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    /// The vector in the stored form.
    pub(super) fn halves(&self) -> Option<&[u16]> {
        self.vector.as_ref().map(Quantised::halves)
    }
}

impl Planned for Entry {
    fn id(&self) -> &DocumentId {
        &self.document.id
    }
}

impl Index {
    pub(super) fn new(dimension: usize) -> Self {
        Self {
            slots: Slots::default(),
            columns: Columns::default(),
            postings: Postings::default(),
            vectors: Vectors::new(dimension),
        }
    }

    /// Adds a Document at the end. Its id must not be there.
    pub(super) fn push(&mut self, seq: i64, entry: Entry) {
        let slot = self.slots.push(seq, &entry.document.id, entry.document.language);
        self.columns.push(slot, &entry.document);
        self.vectors.push(slot, entry.vector.as_ref());
        self.postings.push(slot, entry.words);
    }

    /// Removes the Documents of these slots, and renumbers the slots when too many are dead.
    pub(super) fn remove(&mut self, slots: &RoaringBitmap) {
        for slot in slots & self.slots.live() {
            self.slots.remove(slot);
            self.postings.remove(slot);
            self.vectors.remove(slot);
        }
        let live = usize::try_from(self.slots.live().len()).unwrap_or(usize::MAX);
        if (self.slots.len() - live) * DEAD_SHARE > self.slots.len() {
            self.compact();
        }
    }

    /// Renumbers the slots, so that none is dead.
    pub(super) fn compact(&mut self) {
        let renumbering = self.slots.renumbering();
        self.columns.renumber(&renumbering);
        self.postings.renumber(&renumbering);
        self.vectors.renumber(&renumbering);
        self.slots.renumber(&renumbering);
    }

    /// The best Documents by words.
    pub(super) fn search_words(
        &self,
        text: &str,
        analyzer: &Analyzer,
        parameters: &KeywordParameters,
        allowed: &RoaringBitmap,
        top_k: usize,
    ) -> Vec<Hit> {
        let terms = analyzer.query_terms(text, &self.slots.languages());
        bm25::search(&self.postings, &self.slots, parameters, &terms, allowed, top_k)
    }

    /// The best Documents by vector.
    pub(super) fn search_vectors(&self, query: &[f32], allowed: &RoaringBitmap, top_k: usize) -> Vec<Hit> {
        self.vectors.search(query, &self.slots, allowed, top_k)
    }

    /// In which parts two indexes without dead slots differ; nothing when they hold the same.
    pub(super) fn differences(&self, other: &Self) -> Vec<&'static str> {
        let parts = [
            ("the order, ids or languages of the documents", self.slots.same(&other.slots)),
            ("the postings of keyword search", self.postings == other.postings),
            ("the vectors", self.vectors == other.vectors),
            ("the columns of filters", self.columns == other.columns),
        ];
        parts.into_iter().filter(|(_, same)| !same).map(|(part, _)| part).collect()
    }
}
