//! The three files at the root: they are sound, and they do what the walks of the design say.

use super::fakes::{Library, bindings, document, listen, query, text};
use crate::{Graph, Pipeline, Registry, describe};
use pllm_core::*;
use pllm_text::ByteRange;
use std::sync::Arc;
use std::time::Instant;

pub(super) const ASK: &str = include_str!("../../../../pipelines/ask.yaml");
const EXTRACT: &str = include_str!("../../../../pipelines/extract.yaml");
const INDEX: &str = include_str!("../../../../pipelines/index.yaml");

/// A library in which both searches find the deposit, and the reader its sentence.
pub(super) fn library() -> Library {
    let lease = text("lease", "Preamble. The deposit is 900 euro. Pets are allowed.");
    let deposit = document(&lease, "The deposit is 900 euro.", 5.0);
    let pets = document(&lease, "Pets are allowed.", 1.0);
    let span = ReaderSpan { document_id: deposit.id.clone(), range: ByteRange::new(0, 24), score: 2.0 };
    Library {
        keyword: vec![deposit.clone(), pets.clone()],
        dense: vec![pets, Document { score: Some(0.5), ..deposit }],
        reading: Reading { spans: vec![span], no_answer: 0.5, confidence: 0.8 },
        texts: vec![lease],
        ..Library::default()
    }
}

pub(super) fn ask(library: &Arc<Library>) -> Pipeline {
    Pipeline::load(ASK, "ask.yaml", &Registry::product(), &bindings(library)).expect("sound")
}

#[tokio::test]
async fn a_question_becomes_a_cited_answer() {
    let library = Arc::new(library());
    let (context, heard) = listen();
    let inputs = Values::new().with("query", query("How much is the deposit?"));
    let values = ask(&library).run(inputs, &["answer", "documents"], &context).await.expect("an answer");
    let answer = values.answer("answer").expect("an answer");
    assert_eq!((answer.text.as_str(), answer.abstained), ("The deposit is 900 euro.", false));
    assert!((answer.score - 1.5).abs() < 1e-9 && (answer.confidence - 0.8).abs() < 1e-9);
    assert_eq!(answer.citations[0].range(), ByteRange::new(10, 34));
    assert_eq!(values.documents("documents").expect("documents")[0].content, "The deposit is 900 euro.");
    let order =
        ["keyword_retriever", "query_embedder", "embedding_retriever", "joiner", "reader", "answer_builder"];
    assert_eq!(heard.ran(), order);
}

#[tokio::test]
async fn search_stops_at_the_joiner_and_eval_enters_at_the_reader() {
    let library = Arc::new(library());
    let (context, heard) = listen();
    let inputs = Values::new().with("query", query("deposit")).with("top_k", Value::Count(1));
    let found = ask(&library).run(inputs, &["documents"], &context).await.expect("documents");
    assert_eq!(found.documents("documents").expect("documents").len(), 1);
    assert_eq!(heard.ran().last().map(String::as_str), Some("joiner"));

    let (context, heard) = listen();
    let given = Value::Documents(Arc::new(library.keyword.clone()));
    let inputs = Values::new().with("query", query("deposit")).with("reader.documents", given);
    let answered = ask(&library).run(inputs, &["answer"], &context).await.expect("an answer");
    assert!(!answered.answer("answer").expect("an answer").abstained);
    assert_eq!(heard.ran(), ["reader", "answer_builder"]);
}

#[tokio::test]
async fn keyword_and_dense_search_are_the_same_graph_less_a_branch() {
    let library = Arc::new(library());
    let hybrid = ask(&library);
    let check = async |left_out: &str, expected: &[&str], ran: &[&str]| {
        let (context, heard) = listen();
        let pipeline = hybrid.without(&[left_out]).expect("the joiner takes one list");
        let inputs = Values::new().with("query", query("deposit"));
        let found = pipeline.run(inputs, &["documents"], &context).await.expect("documents");
        let documents = found.documents("documents").expect("documents");
        let contents: Vec<&str> = documents.iter().map(|document| document.content.as_str()).collect();
        assert_eq!(
            (contents.as_slice(), heard.ran()),
            (expected, ran.iter().map(ToString::to_string).collect())
        );
    };
    let (deposit, pets) = ("The deposit is 900 euro.", "Pets are allowed.");
    check("embedding_retriever", &[deposit, pets], &["keyword_retriever", "joiner"]).await;
    check("keyword_retriever", &[pets, deposit], &["query_embedder", "embedding_retriever", "joiner"]).await;
    let error = hybrid.without(&["joiner"]).expect_err("required");
    assert!(error.to_string().contains("reader.documents is required"), "{error}");
    let error = hybrid.without(&["ranker"]).expect_err("unknown");
    assert!(error.to_string().contains("no component \"ranker\""), "{error}");
}

#[tokio::test]
async fn sources_are_indexed_part_by_part() {
    let library = Arc::new(Library::default());
    let pipeline =
        Pipeline::load(INDEX, "index.yaml", &Registry::product(), &bindings(&library)).expect("sound");
    let (context, heard) = listen();
    let source = |name| {
        let source = super::fakes::source(name);
        Value::Source(Arc::new(SplitterSource { source, revision: 1, meta: Meta::new(), language: None }))
    };
    let part = |text: &str| Value::Parts(Arc::new(vec![Part { text: text.to_owned(), places: Vec::new() }]));
    let run = async |inputs: Values| {
        let values = pipeline.run(inputs, &["written"], &context).await.expect("written");
        values.written("written").expect("a report").written
    };
    let a = || Values::new().with("source", source("a"));
    let b = || Values::new().with("source", source("b"));
    assert_eq!(run(a().with("parts", part("one\nt"))).await, 1);
    assert_eq!(run(b().with("parts", part("other"))).await, 0);
    assert_eq!(run(a().with("parts", part("wo"))).await, 0);
    assert_eq!(run(a()).await, 1);
    assert_eq!(run(b()).await, 1);
    let written = library.written.lock().expect("no panic");
    let lines: Vec<(&str, f32)> = written
        .iter()
        .map(|document| {
            (document.content.as_str(), document.embedding.as_ref().map_or(0.0, |vector| vector.values()[0]))
        })
        .collect();
    assert_eq!(lines, [("one", 3.0), ("two", 3.0), ("other", 5.0)]);
    assert!(heard.0.lock().expect("no panic").contains(&"document_embedder 1/Some(1)".to_owned()));
}

#[test]
fn the_shipped_files_are_sound_and_extract_is_ask() {
    let registry = Registry::product();
    let read = |text, file| Graph::read(text, file, &registry).expect("sound").to_string();
    let ask = Graph::read(ASK, "x", &registry).expect("sound");
    let less = ask.without(&["generator", "prompt_builder"]).expect("sound without them");
    assert_eq!(less.to_string(), read(EXTRACT, "x"));
    assert_eq!(read(INDEX, "index.yaml"), include_str!("index.txt"));
    let all = describe::registry(&registry);
    for kind in registry.kinds() {
        assert!(all.contains(&format!("{}\n  {}\n  takes  ", kind.name, kind.doc)), "{}", kind.name);
    }
    let reader = registry.get("pllm.Reader").map(describe::kind);
    assert_eq!(reader.as_deref(), Some(include_str!("reader.txt")));
}

#[test]
fn components_have_the_sockets_that_their_kind_declares() {
    let bindings = bindings(&Arc::new(Library::default()));
    for kind in Registry::product().kinds() {
        let parameters = crate::Parameters::defaults(&kind.parameters);
        let setup = crate::Setup { name: "x", parameters: &parameters, bindings: &bindings };
        assert_eq!((kind.build)(&setup).expect("built").sockets(), kind.sockets, "{}", kind.name);
        for parameter in &kind.parameters {
            let (_, value) = parameters.iter().find(|(name, _)| *name == parameter.name).expect("a default");
            assert_eq!(
                parameter.kind.accept(value).as_ref(),
                Some(value),
                "{}.{}",
                kind.name,
                parameter.name
            );
        }
    }
}

/// Prints what a run over fakes costs, which is nearly all the engine's (promised: at most 100 µs).
#[tokio::test]
#[expect(
    clippy::print_stderr,
    reason = "a figure for people, seen with --nocapture; no machine is asked to keep it"
)]
async fn an_ask_costs_little_more_than_its_components() {
    let library = Arc::new(library());
    let (pipeline, context) = (ask(&library), RunContext::new(CancelFlag::default()));
    let mut times = Vec::new();
    for _ in 0..500 {
        let inputs = Values::new().with("query", query("deposit"));
        let begun = Instant::now();
        pipeline.run(inputs, &["answer"], &context).await.expect("an answer");
        times.push(begun.elapsed());
    }
    times.sort();
    eprintln!("a run of the ask graph over fakes: median {:?}", times[times.len() / 2]);
    assert_eq!(library.read.lock().expect("no panic").len(), times.len());
}
