//! The cosines of a question with sentences, by the embedder.

use std::collections::BTreeSet;

use futures::executor::block_on;
use futures::future::try_join_all;
use pllm_core::{Document, EmbedRole, Embedder, Embedding, Result};
use pllm_text::{Language, detect, scripts_of};

use super::candidate::{Candidate, titles};

/// Requests that a question's texts are spread over, so that two workers have the same to do.
const REQUESTS: usize = 2;

/// Whether the embedder understands the question: not if its script or, surely, its language is one it does not declare.
pub(super) fn understood(question: &str, declared: &[Language]) -> bool {
    let detection = detect(question);
    let scripts: BTreeSet<_> = declared.iter().flat_map(|language| scripts_of(*language)).collect();
    let known_script = detection.script.is_none_or(|script| scripts.is_empty() || scripts.contains(&script));
    let other_language =
        detection.reliable && detection.language.is_some_and(|language| !declared.contains(&language));
    known_script && !other_language
}

/// Whether a Document's sentences get vectors.
pub(super) fn declared(document: &Document, declared: &[Language]) -> bool {
    document.language.is_none_or(|language| declared.contains(&language))
}

/// The text of a sentence that is embedded: a sentence alone often does not say what it is about, its heading does.
pub(super) fn embedded_text(document: &Document, candidate: &Candidate) -> String {
    let sentence = candidate.range.slice(&document.content).unwrap_or_default();
    match titles(document).last() {
        Some(heading) => format!("{heading}: {sentence}"),
        None => sentence.to_owned(),
    }
}

/// The cosine of `question` with each of `texts`.
pub(super) fn cosines(embedder: &dyn Embedder, question: &str, texts: Vec<String>) -> Result<Vec<f64>> {
    let all: Vec<String> = std::iter::once(question.to_owned()).chain(texts).collect();
    let requests = all
        .chunks(all.len().div_ceil(REQUESTS))
        .map(|texts| embedder.embed(EmbedRole::Query, texts.to_vec()));
    // The embedder computes on a pool of its own; this thread only waits.
    let vectors: Vec<Embedding> = block_on(try_join_all(requests))?.into_iter().flatten().collect();
    let Some((question, sentences)) = vectors.split_first() else { return Ok(Vec::new()) };
    Ok(sentences.iter().map(|sentence| cosine(question, sentence)).collect())
}

fn cosine(a: &Embedding, b: &Embedding) -> f64 {
    let dot = |a: &Embedding, b: &Embedding| -> f64 {
        a.values().iter().zip(b.values()).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum()
    };
    let lengths = (dot(a, a) * dot(b, b)).sqrt();
    if lengths > 0.0 { dot(a, b) / lengths } else { 0.0 }
}
