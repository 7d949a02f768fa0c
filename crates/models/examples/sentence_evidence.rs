//! What speaks for each sentence? One JSON line a question in, one out: what `training/sentence_reader` fits the weights on.
//!
//! `cargo run --release -p pllm-models --example sentence_evidence -- MODEL_FOLDER [MOST_SENTENCES] < cases.jsonl`
//!
//! In: `{"question", "documents": [{"content", "title"?, "headings"?, "language"?, "score"?}]}`, Documents best first.
//! Out: `{"sentences": [{"document", "start", "end", "lexical", "closeness", "terms", "score"}], "no_answer", "confidence"}`, best
//! first, `start` and `end` in bytes of the content. A text is embedded once, however many questions meet it.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "an example prints its results and may stop at a fault"
)]

use std::collections::HashMap;
use std::io::BufRead;
use std::path::Path;
use std::sync::Mutex;

use pllm_core::meta::{HEADINGS, MetaValue, TITLE};
use pllm_core::{Document, DocumentId, Reader, Result};
use pllm_models::reader::{SentenceEvidence, TokenEmbedder};
use pllm_models::{MiniLm, SentenceReader, TokenVectors};
use pllm_runtime::CpuPool;
use pllm_text::Language;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Case {
    question: String,
    documents: Vec<Given>,
}

#[derive(Deserialize)]
struct Given {
    content: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    headings: Vec<String>,
    language: Option<String>,
    score: Option<f64>,
}

/// The model with all vectors it ever gave.
#[derive(Debug)]
struct Remembering {
    model: MiniLm,
    known: Mutex<HashMap<String, TokenVectors>>,
}

impl TokenEmbedder for Remembering {
    fn languages(&self) -> Vec<Language> {
        TokenEmbedder::languages(&self.model)
    }

    fn token_vectors(&self, texts: Vec<String>) -> Result<Vec<TokenVectors>> {
        let mut known = self.known.lock().unwrap();
        let new: Vec<String> = texts.iter().filter(|text| !known.contains_key(*text)).cloned().collect();
        known.extend(new.clone().into_iter().zip(TokenEmbedder::token_vectors(&self.model, new)?));
        Ok(texts.iter().map(|text| known[text].clone()).collect())
    }
}

const THREADS: usize = 2;
const QUEUE: usize = 1024;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_default();
    let model = MiniLm::load(Path::new(&folder), CpuPool::new(THREADS, QUEUE)).unwrap();
    let mut reader = SentenceReader::new(Remembering { model, known: Mutex::default() });
    if let Some(most) = arguments.next() {
        reader = reader.with_most_sentences(most.parse().unwrap());
    }
    for line in std::io::stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line.unwrap()).unwrap();
        let documents: Vec<Document> = case.documents.iter().enumerate().map(document).collect();
        let reading = reader.read(&case.question, &documents, 1).unwrap();
        let sentences = reader.evidence(&case.question, &documents).unwrap();
        let sentences: Vec<Value> = sentences.iter().map(sentence).collect();
        let (no_answer, confidence) = (reading.no_answer, reading.confidence);
        println!("{}", json!({ "sentences": sentences, "no_answer": no_answer, "confidence": confidence }));
    }
}

fn document((number, given): (usize, &Given)) -> Document {
    let mut document = Document::new(DocumentId::new(&number.to_string()).unwrap(), given.content.as_str());
    let headings = given.headings.iter().map(|heading| MetaValue::from(heading.as_str())).collect();
    document.meta.insert(TITLE.to_owned(), given.title.as_str().into());
    document.meta.insert(HEADINGS.to_owned(), MetaValue::List(headings));
    document.score = given.score;
    document.language = given.language.as_deref().and_then(Language::parse);
    document
}

fn sentence(found: &SentenceEvidence) -> Value {
    json!({
        "document": found.document,
        "start": found.range.start(),
        "end": found.range.end(),
        "lexical": found.lexical,
        "closeness": found.closeness,
        "terms": found.terms,
        "score": found.score,
    })
}
