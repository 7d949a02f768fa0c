//! What becomes of a reading: an answer with citations, or the nearest passages.

use super::fakes::{Library, document, listen, query, text};
use super::shipped::ask;
use pllm_core::*;
use pllm_text::ByteRange;
use std::sync::Arc;

/// Three Documents of two texts; the first two overlap.
fn documents() -> (Vec<Document>, Vec<Arc<CanonicalText>>) {
    let (a, b) = (text("a", "One. Two. Three."), text("b", "Four."));
    let documents =
        vec![document(&a, "One. Two.", 3.0), document(&a, "Two. Three.", 2.0), document(&b, "Four.", 1.0)];
    (documents, vec![a, b])
}

/// Runs reader and answer builder over `spans`: (Document, bytes, score).
async fn answer(spans: &[(usize, (usize, usize), f64)], no_answer: f64, kept: &[&str]) -> Answer {
    let (documents, texts) = documents();
    let spans = spans.iter().map(|(index, (start, end), score)| ReaderSpan {
        document_id: documents[*index].id.clone(),
        range: ByteRange::new(*start, *end),
        score: *score,
    });
    let reading = Reading { spans: spans.collect(), no_answer, confidence: 0.7 };
    let texts = texts.into_iter().filter(|text| kept.contains(&text.source.as_str())).collect();
    let library = Arc::new(Library { reading, texts, ..Library::default() });
    let given = Value::Documents(Arc::new(documents));
    let inputs = Values::new().with("query", query("x")).with("reader.documents", given);
    let (context, _) = listen();
    let values = ask(&library).run(inputs, &["answer"], &context).await.expect("an answer");
    Arc::unwrap_or_clone(values.answer("answer").expect("an answer"))
}

fn check(answer: &Answer, text: &str, abstained: bool, quotes: &[&str]) {
    let found: Vec<&str> = answer.citations.iter().map(Citation::quote).collect();
    assert_eq!((answer.text.as_str(), answer.abstained, found.as_slice()), (text, abstained, quotes));
    assert_eq!(answer.score < 0.0, abstained, "{}", answer.score);
}

const TWO_THREE_FOUR: [(usize, (usize, usize), f64); 4] =
    [(0, (5, 9), 9.0), (1, (0, 4), 8.5), (1, (5, 11), 8.0), (2, (0, 5), 7.0)];

#[tokio::test]
async fn the_best_span_is_the_answer_and_a_sentence_is_cited_once() {
    let answered = answer(&TWO_THREE_FOUR, 1.0, &["a", "b"]).await;
    check(&answered, "Two.", false, &["Two.", "Three.", "Four."]);
    assert_eq!((answered.score, answered.confidence), (8.0, 0.7));
}

#[tokio::test]
async fn a_text_that_was_deleted_meanwhile_is_left_out() {
    check(&answer(&TWO_THREE_FOUR, 1.0, &["b"]).await, "Four.", false, &["Four."]);
    check(&answer(&TWO_THREE_FOUR, 8.0, &["b"]).await, "", true, &["Four."]);
    check(&answer(&TWO_THREE_FOUR, 1.0, &[]).await, "", true, &[]);
}

#[tokio::test]
async fn who_abstains_shows_the_nearest_passages() {
    check(&answer(&TWO_THREE_FOUR, 10.0, &["a", "b"]).await, "", true, &["Two.", "Three.", "Four."]);
    check(&answer(&[], 0.0, &["a", "b"]).await, "", true, &["One. Two.", "Four."]);
}
