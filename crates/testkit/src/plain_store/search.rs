//! Both searches of the plain store: every Document is scored, then sorted.

use super::{PlainStore, lock};
use pllm_core::{Document, Embedding, Error, ErrorKind, Filter, KeywordParameters, Result, SearchQuery};
use pllm_text::{Analyzer, Language, QueryTerm};

pub(super) fn search(store: &PlainStore, query: &SearchQuery) -> Result<Vec<Document>> {
    let (able, top_k, filter) = match query {
        SearchQuery::Embedding { top_k, filter, .. } => (store.capabilities.embedding, *top_k, filter),
        SearchQuery::Keyword { top_k, filter, .. } => (store.capabilities.keyword, *top_k, filter),
    };
    if !able {
        return Err(Error::new(ErrorKind::Unsupported, "plain_store.search", "no search of this kind"));
    }
    filter.as_deref().map_or(Ok(()), Filter::validate)?;
    let documents: Vec<Document> =
        lock(&store.rows).rows.iter().map(|(_, document)| document.clone()).collect();
    let scores = match query {
        SearchQuery::Embedding { embedding, .. } => by_vector(store, &documents, embedding)?,
        SearchQuery::Keyword { text, .. } => by_words(store, &documents, text),
    };
    let mut found: Vec<Document> = documents
        .into_iter()
        .zip(scores)
        .filter_map(|(document, score)| Some(Document { score: Some(score?), embedding: None, ..document }))
        .filter(|document| filter.as_deref().is_none_or(|filter| filter.matches(document)))
        .collect();
    found.sort_by(|a, b| {
        let (score_a, score_b) = (a.score.unwrap_or(0.0), b.score.unwrap_or(0.0));
        score_b.total_cmp(&score_a).then_with(|| a.id.cmp(&b.id))
    });
    found.truncate(top_k);
    Ok(found)
}

fn by_vector(store: &PlainStore, documents: &[Document], query: &Embedding) -> Result<Vec<Option<f64>>> {
    if query.dimension() != store.schema.dimension {
        let message = format!("query has {} dimensions, not {}", query.dimension(), store.schema.dimension);
        return Err(Error::invalid("plain_store.search", message));
    }
    Ok(documents
        .iter()
        .map(|document| Some(cosine(document.embedding.as_ref()?.values(), query.values())))
        .collect())
}

/// The cosine of two vectors, summed in f64; 0 where one has no direction.
#[must_use]
pub(crate) fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
    let lengths = (dot(a, a) * dot(b, b)).sqrt();
    if lengths > 0.0 { dot(a, b) / lengths } else { 0.0 }
}

/// BM25 after Robertson & Zaragoza 2009, whatever variant the schema names.
fn by_words(store: &PlainStore, documents: &[Document], text: &str) -> Vec<Option<f64>> {
    let analyzer = Analyzer::new(&store.schema.languages);
    let languages: Vec<Language> = documents.iter().filter_map(|document| document.language).collect();
    let terms = analyzer.query_terms(text, &languages);
    let analyzed: Vec<Vec<String>> = documents
        .iter()
        .map(|document| analyzer.document_terms(&document.indexed_text(), document.language))
        .collect();
    let mean_length = analyzed.iter().map(Vec::len).sum::<usize>() as f64 / analyzed.len().max(1) as f64;
    let mut scores = vec![None; documents.len()];
    for term in &terms {
        let counts: Vec<usize> = analyzed.iter().map(|words| count(words, term)).collect();
        let n = counts.iter().filter(|count| **count > 0).count() as f64;
        let idf = (1.0 + (documents.len() as f64 - n + 0.5) / (n + 0.5)).ln() * f64::from(term.count);
        for ((score, tf), words) in scores.iter_mut().zip(&counts).zip(&analyzed) {
            if *tf > 0 {
                let relative_length = words.len() as f64 / mean_length;
                *score =
                    Some(score.unwrap_or(0.0) + idf * saturated(*tf, relative_length, store.schema.keyword));
            }
        }
    }
    scores
}

/// How often a Document has a term: of the alternatives, the most frequent one counts.
fn count(words: &[String], term: &QueryTerm) -> usize {
    let of = |alternative: &String| words.iter().filter(|word| *word == alternative).count();
    term.alternatives.iter().map(of).max().unwrap_or(0)
}

fn saturated(tf: usize, relative_length: f64, KeywordParameters { k1, b, .. }: KeywordParameters) -> f64 {
    let tf = tf as f64;
    tf * (k1 + 1.0) / (tf + k1 * (1.0 - b + b * relative_length))
}
