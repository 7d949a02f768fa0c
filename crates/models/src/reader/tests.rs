//! The reader as a whole, on a model that knows nothing.

use pllm_core::DocumentId;
use pllm_text::Language;

use super::*;
use crate::TokenVectors;

/// An English model: each token is a word, its number the word's length, its vectors of two numbers.
#[derive(Debug)]
struct Lengths;

impl TokenEmbedder for Lengths {
    fn languages(&self) -> Vec<Language> {
        vec![Language::ENGLISH]
    }

    fn token_vectors(&self, texts: Vec<String>) -> Result<Vec<TokenVectors>> {
        let tokens = |text: &String| {
            [1].into_iter().chain(text.split(' ').map(str::len)).chain([2]).collect::<Vec<_>>()
        };
        let vectors = |tokens: Vec<usize>| TokenVectors {
            vectors: tokens.iter().flat_map(|length| [*length as f32, 1.0]).collect(),
            tokens: tokens.iter().map(|length| *length as u32).collect(),
        };
        Ok(texts.iter().map(|text| vectors(tokens(text))).collect())
    }
}

fn document(name: &str, content: &str, language: &str) -> Document {
    let id = DocumentId::new(name).expect("a safe name");
    Document { language: Language::parse(language), ..Document::new(id, content) }
}

fn texts<'a>(question: &str, documents: &'a [Document], top_k: usize) -> Vec<&'a str> {
    let reading = SentenceReader::new(Lengths).read(question, documents, top_k).expect("reads");
    let text = |span: &ReaderSpan| {
        let document = documents.iter().find(|document| document.id == span.document_id);
        document.and_then(|document| span.range.slice(&document.content)).expect("a range of a document")
    };
    reading.spans.iter().map(text).collect()
}

const LEASE: &str =
    "The rent is due on the 3rd of each month. The tenant pays a deposit of 900 euro. Pets need a permit.";

#[test]
fn the_sentence_with_the_words_and_a_number_is_best() {
    let documents = [document("lease", LEASE, "en")];
    let check = |question: &str, expected: &str| assert_eq!(texts(question, &documents, 1), [expected]);
    check("How much does the tenant deposit?", "The tenant pays a deposit of 900 euro.");
    check("When is the rent due?", "The rent is due on the 3rd of each month.");
    assert_eq!(texts("Pets?", &documents, 2).len(), 2);
}

#[test]
fn vectors_count_only_where_the_embedder_knows_the_language() {
    let german = "Die Miete ist am dritten Werktag fällig. Die Kaution beträgt 900 Euro und wird verzinst.";
    let documents = [document("lease", LEASE, "en"), document("mietvertrag", german, "de")];
    let check = |question: &str, expected: [bool; 2]| {
        let found = SentenceReader::new(Lengths).evidence(question, &documents).expect("reads");
        let with_vector = |document| {
            found.iter().filter(|found| found.document == document).all(|found| found.closeness.is_some())
        };
        assert_eq!([with_vector(0), with_vector(1)], expected, "{question}");
    };
    check("How much is the deposit?", [true, false]);
    check("Wie hoch ist die Kaution für die Wohnung im zweiten Stock?", [false, false]);
    check("押金是多少？", [false, false]);
}

#[test]
fn without_sentences_there_is_no_answer() {
    let check = |documents: &[Document]| {
        let reading = SentenceReader::new(Lengths).read("Who?", documents, 3).expect("reads");
        assert!(reading.spans.is_empty() && reading.abstains());
        assert!(reading.confidence < f64::EPSILON);
    };
    check(&[]);
    check(&[document("d", " \n ", "en")]);
}

#[test]
fn only_so_many_sentences_are_weighed_and_always_in_the_same_order() {
    let many: Vec<Document> = (0..20)
        .map(|n| document(&n.to_string(), &format!("Sentence {n}. Deposit {n}. Rent {n}."), "en"))
        .collect();
    let reader = SentenceReader::new(Lengths);
    let found = reader.evidence("What is the deposit?", &many).expect("reads");
    assert_eq!(found.len(), MOST_SENTENCES);
    assert_eq!(reader.evidence("What is the deposit?", &many).expect("reads"), found);
}
