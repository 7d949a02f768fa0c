//! Documents and schemas that cases are made of.

use crate::random::Random;
use pllm_core::{
    Bm25Variant, Document, DocumentId, Embedding, KeywordParameters, Meta, Result, Schema, Similarity,
};
use pllm_text::Language;

/// Okapi BM25 with the usual parameters, cosine, English first.
pub(super) fn schema(dimension: usize) -> Schema {
    Schema {
        dimension,
        similarity: Similarity::Cosine,
        languages: ["en", "de", "zh"].into_iter().filter_map(Language::parse).collect(),
        keyword: KeywordParameters {
            analysis_version: pllm_text::ANALYSIS_VERSION,
            variant: Bm25Variant::Okapi,
            k1: 1.2,
            b: 0.75,
            delta: 0.0,
        },
    }
}

/// A Document without embedding.
pub(super) fn document(id: &str, content: &str) -> Result<Document> {
    Ok(Document::new(DocumentId::new(id)?, content))
}

/// Documents without embeddings, as (id, content).
pub(super) fn documents(rows: &[(&str, &str)]) -> Result<Vec<Document>> {
    rows.iter().map(|(id, content)| document(id, content)).collect()
}

/// The same Document with metadata.
pub(super) fn with_meta(document: Document, meta: serde_json::Value) -> Result<Document, serde_json::Error> {
    Ok(Document { meta: serde_json::from_value::<Meta>(meta)?, ..document })
}

/// The same Document in a language.
pub(super) fn in_language(document: Document, code: &str) -> Document {
    Document { language: Language::parse(code), ..document }
}

/// `count` Documents `d000`, `d001`, … with seeded unit vectors of `dimension`, all with the words `common` and `word<n>`.
pub(super) fn with_vectors(count: usize, dimension: usize, seed: u64) -> Result<Vec<Document>> {
    let mut random = Random::new(seed);
    (0..count)
        .map(|n| {
            let embedding = Some(Embedding::new(random.unit_vector(dimension))?);
            Ok(Document { embedding, ..document(&format!("d{n:03}"), &format!("common word{n}"))? })
        })
        .collect()
}
