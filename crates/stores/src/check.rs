//! Can these Documents be stored? What is refused before anything is written.

use pllm_core::{Document, Error, KeywordParameters, MetaValue, Result, Schema};

/// Nesting of metadata at most.
const MAX_DEPTH: usize = 64;
/// What the byte kernels take.
const MAX_DIMENSION: usize = 65_536;

/// Whether an index can be made for a schema.
pub(crate) fn check_schema(schema: &Schema) -> Result<()> {
    let fault = |message: String| Err(Error::invalid("stores.open", message));
    let KeywordParameters { k1, b, delta, .. } = schema.keyword;
    if !(1..=MAX_DIMENSION).contains(&schema.dimension) {
        return fault(format!("dimension is {}, expected 1 to {MAX_DIMENSION}", schema.dimension));
    }
    if !(k1.is_finite() && k1 > 0.0 && (0.0..=1.0).contains(&b) && delta.is_finite() && delta >= 0.0) {
        return fault(format!("k1 {k1}, b {b}, delta {delta}: expected k1 > 0, b in 0 to 1, delta >= 0"));
    }
    Ok(())
}

/// Whether every Document fits: the dimension of its embedding, and metadata that reads back as it was written.
pub(crate) fn check_documents(documents: &[Document], dimension: usize) -> Result<()> {
    for document in documents {
        let fault =
            |message: String| Err(Error::invalid("stores.write", message).with("document", &document.id));
        if let Some(embedding) = &document.embedding
            && embedding.dimension() != dimension
        {
            let message =
                format!("embedding has {} dimensions, the store expects {dimension}", embedding.dimension());
            return fault(message);
        }
        for (key, value) in &document.meta {
            if let Some(message) = fault_of(value, 1) {
                return fault(format!("metadata {key:?} {message}"));
            }
        }
    }
    Ok(())
}

fn fault_of(value: &MetaValue, depth: usize) -> Option<&'static str> {
    if depth > MAX_DEPTH {
        return Some("is nested too deeply, expected at most 64 levels");
    }
    match value {
        MetaValue::Float(float) if !float.is_finite() => Some("is not a finite number"),
        MetaValue::List(values) => values.iter().find_map(|inner| fault_of(inner, depth + 1)),
        MetaValue::Object(map) => map.values().find_map(|inner| fault_of(inner, depth + 1)),
        _ => None,
    }
}
