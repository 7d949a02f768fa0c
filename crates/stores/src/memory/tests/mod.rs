//! The embedded store against plain loops, and against what can happen to its file.

mod backend;
mod durability;
mod filters;
mod ranking;
mod writing;

use super::engine::Engine;
use pllm_core::{
    Bm25Variant, CollectionId, Cursor, Document, DocumentId, DuplicatePolicy, Embedding, Filter,
    IdentitySeal, KeywordParameters, Schema, SearchQuery, Similarity,
};
use pllm_text::Language;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const DIMENSION: usize = 8;

fn schema() -> Schema {
    Schema {
        dimension: DIMENSION,
        similarity: Similarity::Cosine,
        languages: vec![Language::ENGLISH],
        keyword: KeywordParameters {
            analysis_version: pllm_text::analysis::ANALYSIS_VERSION,
            variant: Bm25Variant::Okapi,
            k1: 1.2,
            b: 0.75,
            delta: 1.0,
        },
    }
}

fn collection() -> CollectionId {
    CollectionId::new("notes").expect("an id")
}

fn file(root: &Path) -> PathBuf {
    root.join("collections/notes/chunks.1.sqlite")
}

fn engine(root: &Path) -> Engine {
    Engine::open(&file(root), &collection(), &schema(), Arc::new(IdentitySeal)).expect("opens")
}

fn id(text: &str) -> DocumentId {
    DocumentId::new(text).expect("an id")
}

/// A Document whose vector depends on its id.
fn document(name: &str, content: &str) -> Document {
    let mut document = Document::new(id(name), content);
    let mut random = Random(name.bytes().fold(7, |sum, byte| sum * 31 + u64::from(byte)));
    document.embedding = Some(random.embedding(DIMENSION));
    document
}

fn write(engine: &Engine, documents: Vec<Document>, policy: DuplicatePolicy) -> (u64, u64, u64) {
    let report = engine.write(documents, policy).expect("writes");
    (report.written, report.overwritten, report.skipped)
}

fn filter(text: &str) -> Filter {
    Filter::parse(text).expect("a filter")
}

fn all(engine: &Engine) -> Vec<Document> {
    engine.fetch(None, Cursor { limit: usize::MAX, after: 0 }).expect("fetches").documents
}

fn ids(documents: &[Document]) -> Vec<&str> {
    documents.iter().map(|document| document.id.as_str()).collect()
}

fn keyword(text: &str) -> SearchQuery {
    SearchQuery::Keyword { text: text.into(), top_k: 10, filter: None }
}

/// Splitmix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// Nearly normal, mean 0, variance 1.
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| (self.next() >> 40) as f32 / (1 << 24) as f32).sum::<f32>() - 6.0
    }

    fn vector(&mut self, dimension: usize) -> Vec<f32> {
        (0..dimension).map(|_| self.normal()).collect()
    }

    fn embedding(&mut self, dimension: usize) -> Embedding {
        Embedding::new(self.vector(dimension)).expect("finite")
    }
}
