//! Keyword and vector search against plain loops over all Documents.

use super::super::index::{Entry, Index};
use super::super::vectors::to_halves;
use super::*;
use pllm_text::{Analyzer, KnownWords, QueryTerm};
use proptest::prelude::*;
use std::collections::BTreeMap;

const WORDS: [&str; 12] = [
    "rent", "deposit", "house", "houses", "running", "run", "the", "Straße", "haus", "Häuser", "bread",
    "invoice",
];

/// BM25 as the papers have it, Document by Document.
fn score(documents: &BTreeMap<String, Document>, terms: &[QueryTerm], of: &Document, schema: &Schema) -> f64 {
    let analyzer = Analyzer::new(&schema.languages);
    let words = |document: &Document| analyzer.document_terms(&document.indexed_text(), document.language);
    let frequency = |document: &Document, term: &QueryTerm| {
        let words = words(document);
        let of_each = term.alternatives.iter().map(|term| words.iter().filter(|word| *word == term).count());
        of_each.max().unwrap_or(0) as f64
    };
    let total = documents.len() as f64;
    let mean = documents.values().map(|document| words(document).len() as f64).sum::<f64>() / total;
    let KeywordParameters { variant, k1, b, delta, .. } = schema.keyword;
    let norm = 1.0 - b + b * words(of).len() as f64 / mean;
    let score_of = |term: &QueryTerm| {
        let containing = documents.values().filter(|document| frequency(document, term) > 0.0).count() as f64;
        let idf = (1.0 + (total - containing + 0.5) / (containing + 0.5)).ln();
        let f = frequency(of, term);
        let saturated = match variant {
            _ if f == 0.0 => 0.0,
            Bm25Variant::Okapi => f * (k1 + 1.0) / (f + k1 * norm),
            Bm25Variant::L => (k1 + 1.0) * (f / norm + delta) / (k1 + f / norm + delta),
            Bm25Variant::Plus => f * (k1 + 1.0) / (f + k1 * norm) + delta,
        };
        idf * saturated * f64::from(term.count)
    };
    terms.iter().map(score_of).sum()
}

fn some_document(n: usize, (words, language): (Vec<usize>, Option<&str>)) -> Document {
    let text: Vec<&str> = words.into_iter().map(|word| WORDS[word]).collect();
    let mut document = Document::new(id(&format!("d{n}")), text.join(" "));
    document.language = language.and_then(Language::parse);
    document.meta.insert("even".into(), pllm_core::MetaValue::Bool(n.is_multiple_of(2)));
    document
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn keyword_scores_are_those_of_the_formula(
        texts in prop::collection::vec(
            (prop::collection::vec(0..WORDS.len(), 0..8), prop::option::of(prop::sample::select(vec!["en", "de"]))), 1..14),
        deleted in prop::collection::vec(0usize..14, 0..6),
        asked in prop::collection::vec(0..WORDS.len(), 0..5),
        variant in prop::sample::select(vec![Bm25Variant::Okapi, Bm25Variant::L, Bm25Variant::Plus]),
        (k1, b, delta) in (0.1..3.0, 0.0..1.0, 0.0..1.5),
        top_k in 0usize..15,
    ) {
        let mut schema = schema();
        schema.keyword = KeywordParameters { variant, k1, b, delta, ..schema.keyword };
        let analyzer = Analyzer::new(&schema.languages);
        let mut index = Index::new(1);
        let mut documents = BTreeMap::new();
        for (n, text) in texts.into_iter().enumerate() {
            let document = some_document(n, text);
            index.push(n as i64, Entry::new(document.clone(), None, &analyzer, &mut KnownWords::default()));
            documents.insert(document.id.to_string(), document);
        }
        for n in deleted {
            if documents.remove(&format!("d{n}")).is_some() {
                index.remove(&index.slots.find(&format!("d{n}")).into_iter().collect());
            }
        }
        let question = asked.iter().map(|word| WORDS[*word]).collect::<Vec<_>>().join(" ");
        let terms = analyzer.query_terms(&question, &index.slots.languages());
        let even = |document: &Document| document.meta["even"] == pllm_core::MetaValue::Bool(true);
        let allowed = index.slots.live().iter().filter(|slot| even(&documents[index.slots.id(*slot).as_str()])).collect();
        let hits = index.search_words(&question, &analyzer, &schema.keyword, &allowed, top_k);

        let scored = documents.values().filter(|document| even(document));
        let mut expected: Vec<(f64, &str)> =
            scored.map(|document| (score(&documents, &terms, document, &schema), document.id.as_str())).collect();
        expected.retain(|(score, _)| *score > 0.0);
        expected.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        expected.truncate(top_k);
        let rounded = |score: f64| (score * 1e9).round() / 1e9;
        prop_assert_eq!(
            hits.iter().map(|(score, _)| rounded(*score)).collect::<Vec<_>>(),
            expected.iter().map(|(score, _)| rounded(*score)).collect::<Vec<_>>()
        );
        for pair in hits.windows(2) {
            prop_assert!(pair[0].0 > pair[1].0 || index.slots.id(pair[0].1) < index.slots.id(pair[1].1));
        }
    }
}

/// Vectors as embedders make them: in clusters, with a mean that is not zero.
fn clustered(random: &mut Random, count: usize, dimension: usize) -> Vec<Vec<f32>> {
    let mean = random.vector(dimension);
    let centres: Vec<Vec<f32>> = (0..50).map(|_| random.vector(dimension)).collect();
    let blend = |random: &mut Random| {
        let centre = &centres[random.below(centres.len())];
        let parts = mean.iter().zip(centre);
        parts.map(|(mean, centre)| mean * 0.5 + centre + random.normal() * 0.8).collect()
    };
    (0..count).map(|_| blend(random)).collect()
}

#[test]
fn vector_search_finds_what_brute_force_finds() {
    let (count, dimension, questions) = (5000, 384, 200);
    let mut random = Random(42);
    let vectors = clustered(&mut random, count + questions, dimension);
    let analyzer = Analyzer::new(&[]);
    let mut index = Index::new(dimension);
    for (n, vector) in vectors[..count].iter().enumerate() {
        let document = Document::new(id(&format!("{n:05}")), "");
        index.push(
            n as i64,
            Entry::new(document, Some(to_halves(vector)), &analyzer, &mut KnownWords::default()),
        );
    }
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    let lengths: Vec<f32> = vectors.iter().map(|vector| dot(vector, vector).sqrt()).collect();
    let cosine = |a: usize, b: usize| f64::from(dot(&vectors[a], &vectors[b]) / (lengths[a] * lengths[b]));
    let check = |allowed: &dyn Fn(usize) -> bool| {
        let slots = (0..count).filter(|n| allowed(*n)).map(|n| n as u32).collect();
        let mut found_again = 0;
        for (question, vector) in vectors.iter().enumerate().skip(count) {
            let mut exact: Vec<(f64, u32)> = Vec::new();
            for slot in &slots {
                exact.push((cosine(question, slot as usize), slot));
            }
            exact.sort_by(|a, b| b.0.total_cmp(&a.0));
            let hits = index.search_vectors(vector, &slots, 10);
            assert_eq!(hits.len(), 10);
            for (score, slot) in &hits {
                assert!((score - cosine(question, *slot as usize)).abs() < 5e-4, "{score}");
            }
            found_again +=
                exact[..10].iter().filter(|(_, slot)| hits.iter().any(|hit| hit.1 == *slot)).count();
        }
        let recall = found_again as f64 / (questions * 10) as f64;
        assert!(recall >= 0.999, "recall@10 is {recall}");
    };
    check(&|_| true);
    check(&|n| n % 3 == 0);
    check(&|n| n / 500 == 4);
}

#[test]
fn ties_zeros_and_missing_vectors() {
    let analyzer = Analyzer::new(&[]);
    let mut index = Index::new(2);
    let vectors: [(&str, Option<[f32; 2]>); 6] = [
        ("c", Some([3.0, 0.0])),
        ("a", Some([1.0, 0.0])),
        ("b", Some([1e30, 0.0])),
        ("zero", Some([0.0, 0.0])),
        ("none", None),
        ("opposite", Some([-1e-30, 0.0])),
    ];
    for (n, (name, vector)) in vectors.into_iter().enumerate() {
        let halves = vector.map(|vector| to_halves(&vector));
        index.push(
            n as i64,
            Entry::new(Document::new(id(name), ""), halves, &analyzer, &mut KnownWords::default()),
        );
    }
    let check = |query: [f32; 2], top_k: usize, expected: &[(&str, f64)]| {
        let hits = index.search_vectors(&query, index.slots.live(), top_k);
        let found: Vec<_> =
            hits.iter().map(|(score, slot)| (index.slots.id(*slot).as_str(), *score)).collect();
        assert_eq!(found, expected, "{query:?} {top_k}");
    };
    check([2.0, 0.0], 9, &[("a", 1.0), ("b", 1.0), ("c", 1.0), ("zero", 0.0), ("opposite", -1.0)]);
    check([2.0, 0.0], 2, &[("a", 1.0), ("b", 1.0)]);
    check([2.0, 0.0], 0, &[]);
    check([0.0, 0.0], 2, &[("a", 0.0), ("b", 0.0)]);
}
