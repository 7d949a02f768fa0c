//! Keyword search, the same for every store that has none of its own: Documents in slots, postings, BM25.

pub(crate) mod best;
pub(crate) mod bm25;
pub(crate) mod postings;
pub(crate) mod slots;
