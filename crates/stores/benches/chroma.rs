//! The Chroma store beside the embedded one, on a library that `pllm` made: does it find the same, and how fast are both?
//!
//! `cargo bench --profile release -p pllm-stores --bench chroma -- LIBRARY QUESTIONS VECTORS`. LIBRARY: a data directory that no
//! process holds, of one collection. QUESTIONS: JSON lines with `text`. VECTORS: their embeddings, f32 little-endian, one after
//! another. The server is that of `services/chroma`.
#![expect(clippy::print_stdout, reason = "a bench reports to whoever runs it")]
#![expect(clippy::unwrap_used, reason = "a failure ends the bench")]

use pllm_core::{
    Bm25Variant, Cursor, Document, DocumentStore, DuplicatePolicy, Embedding, Filter, IdentitySeal,
    KeywordParameters, Schema, SearchQuery, Similarity, StoreBackend, StoreKey, Visible,
};
use pllm_runtime::CpuPool;
use pllm_stores::{ChromaBackend, ChromaConfig, MemoryBackend, StorePlace};
use pllm_text::Language;
use serde_json::Value;
use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

const BATCH: usize = 500;
const TOP_K: usize = 10;

struct Question {
    text: Arc<str>,
    embedding: Embedding,
}

#[tokio::main]
async fn main() {
    // Cargo adds an argument of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [library, questions, vectors] = arguments.as_slice() else { return };
    let (source, key, schema) = library_of(Path::new(library)).await;
    let questions = read_questions(questions, vectors, schema.dimension);
    let documents = everything(&*source).await;
    println!("{} documents, {} questions", documents.len(), questions.len());

    let folder = tempfile::tempdir().unwrap();
    let url = script("start", &[&folder.path().display().to_string(), "0", &std::process::id().to_string()]);
    let backends: [(&str, Arc<dyn StoreBackend>); 2] = [
        ("memory", Arc::new(MemoryBackend::new(folder.path(), Arc::new(IdentitySeal), CpuPool::new(2, 64)))),
        ("chroma", Arc::new(ChromaBackend::new(&ChromaConfig::new(&url), &place(folder.path())).unwrap())),
    ];
    let mut found = Vec::new();
    for (name, backend) in &backends {
        let store = backend.open(&key, &schema).await.unwrap();
        let start = Instant::now();
        for batch in documents.chunks(BATCH) {
            store.write(batch.to_vec(), DuplicatePolicy::Fail, Visible::OnReturn).await.unwrap();
        }
        report(name, "documents written a second", documents.len() as f64 / start.elapsed().as_secs_f64());
        drop(store);
        let start = Instant::now();
        let store = backend.open(&key, &schema).await.unwrap();
        report(name, "open, ms", start.elapsed().as_secs_f64() * 1e3);
        found.push(ask_all(name, &*store, &questions).await);
    }
    for (n, (what, _)) in QUERIES.iter().enumerate() {
        report("both", &format!("{what}: overlap of the best {TOP_K}"), overlap(&found[0][n], &found[1][n]));
    }
    let backend = ChromaBackend::new(&ChromaConfig::new(&url), &place(&folder.path().join("other"))).unwrap();
    let start = Instant::now();
    backend.open(&key, &schema).await.unwrap();
    report("chroma", "open without a ledger, ms", start.elapsed().as_secs_f64() * 1e3);
    drop(backends);
    script("stop", &[&folder.path().display().to_string()]);
}

/// What is asked: the half of the ids that a filter leaves, and one in sixteen.
const QUERIES: [(&str, Option<&str>); 6] = [
    ("keyword", None),
    ("dense", None),
    ("keyword, half of all", Some("half = true")),
    ("dense, half of all", Some("half = true")),
    ("keyword, a sixteenth", Some("sixteenth = 3")),
    ("dense, a sixteenth", Some("sixteenth = 3")),
];

type Ids = Vec<HashSet<String>>;

async fn ask_all(name: &str, store: &dyn DocumentStore, questions: &[Question]) -> Vec<Ids> {
    let mut all = Vec::new();
    for (what, filter) in QUERIES {
        let filter = filter.map(|filter| Arc::new(Filter::parse(filter).unwrap()));
        let (mut times, mut ids) = (Vec::new(), Vec::new());
        for Question { text, embedding } in questions {
            let (filter, top_k) = (filter.clone(), TOP_K);
            let query = if what.starts_with("keyword") {
                SearchQuery::Keyword { text: Arc::clone(text), top_k, filter }
            } else {
                SearchQuery::Embedding { embedding: embedding.clone(), top_k, filter }
            };
            let start = Instant::now();
            let found = store.search(&query).await.unwrap();
            times.push(start.elapsed().as_secs_f64() * 1e3);
            ids.push(found.iter().map(|document| document.id.to_string()).collect());
        }
        times.sort_by(f64::total_cmp);
        report(name, &format!("{what}, ms: median"), times[times.len() / 2]);
        report(name, &format!("{what}, ms: 95 %"), times[times.len() * 95 / 100]);
        all.push(ids);
    }
    all
}

fn overlap(one: &Ids, two: &Ids) -> f64 {
    let shared: usize = one.iter().zip(two).map(|(one, two)| one.intersection(two).count()).sum();
    shared as f64 / one.iter().map(HashSet::len).sum::<usize>() as f64
}

fn report(store: &str, what: &str, number: f64) {
    println!("{store:8} {what:44} {number:10.3}");
}

/// The one store below a data directory, opened as it was made.
async fn library_of(root: &Path) -> (Arc<dyn DocumentStore>, StoreKey, Schema) {
    let backend = MemoryBackend::new(root, Arc::new(IdentitySeal), CpuPool::new(2, 64));
    let key = backend.list().await.unwrap().remove(0);
    let file = format!("collections/{}/chunks.{}.sqlite", key.collection, key.generation);
    let connection = rusqlite::Connection::open(root.join(file)).unwrap();
    let text: String = connection.query_row("SELECT schema FROM format", [], |row| row.get(0)).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let number = |key: &str| value["keyword"][key].as_f64().unwrap();
    let languages = value["languages"].as_array().unwrap().iter();
    let schema = Schema {
        dimension: usize::try_from(value["dimension"].as_u64().unwrap()).unwrap(),
        similarity: Similarity::Cosine,
        languages: languages.filter_map(|code| Language::parse(code.as_str()?)).collect(),
        keyword: KeywordParameters {
            analysis_version: pllm_text::ANALYSIS_VERSION,
            variant: Bm25Variant::Okapi,
            k1: number("k1"),
            b: number("b"),
            delta: number("delta"),
        },
    };
    (backend.open(&key, &schema).await.unwrap(), key, schema)
}

/// All Documents, each with two fields to filter by.
async fn everything(store: &dyn DocumentStore) -> Vec<Document> {
    let (mut all, mut cursor) = (Vec::new(), Some(Cursor::default()));
    while let Some(at) = cursor {
        let page = store.fetch(None, at).await.unwrap();
        all.extend(page.documents);
        cursor = page.next;
    }
    for (n, document) in all.iter_mut().enumerate() {
        let mut put = |key: &str, value: Value| {
            document.meta.insert(key.to_owned(), serde_json::from_value(value).unwrap());
        };
        put("half", (n % 2 == 0).into());
        put("sixteenth", (n % 16).into());
    }
    all
}

fn read_questions(questions: &str, vectors: &str, dimension: usize) -> Vec<Question> {
    let (lines, bytes) = (std::fs::read_to_string(questions).unwrap(), std::fs::read(vectors).unwrap());
    let rows = bytes.chunks_exact(dimension * 4).map(|row| {
        let values = row.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]));
        Embedding::new(values.collect::<Vec<f32>>()).unwrap()
    });
    let text = |line: &str| serde_json::from_str::<Value>(line).unwrap()["text"].as_str().unwrap().into();
    lines.lines().map(text).zip(rows).map(|(text, embedding)| Question { text, embedding }).collect()
}

fn place(root: &Path) -> StorePlace {
    StorePlace { root: root.to_owned(), seal: Arc::new(IdentitySeal), pool: CpuPool::new(2, 64) }
}

fn script(name: &str, arguments: &[&str]) -> String {
    let path = format!("{}/../../services/chroma/{name}", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(path).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
