//! How fast is the embedded store with 20,000 chunks? Writing, opening again, searching by words, by vector and with a filter.
//!
//! `cargo bench --profile release -p pllm-stores --bench memory`. The chunks are made up: words by Zipf's law over 30,000 of
//! them with English endings, 130 a chunk; vectors of 384 in clusters.
#![expect(clippy::print_stdout, reason = "a bench reports to whoever runs it")]
#![expect(clippy::unwrap_used, reason = "a failure ends the bench")]

use pllm_core::{
    Bm25Variant, CollectionId, Document, DocumentId, DocumentStore, DuplicatePolicy, Embedding, Filter,
    IdentitySeal, KeywordParameters, MetaValue, Schema, SearchQuery, Similarity, StoreBackend, StoreKey,
    Visible,
};
use pllm_runtime::CpuPool;
use pllm_stores::MemoryBackend;
use pllm_text::Language;
use std::sync::Arc;
use std::time::{Duration, Instant};

const CHUNKS: usize = 20_000;
const BATCH: usize = 256;
const WORDS_PER_CHUNK: usize = 130;
const VOCABULARY: usize = 30_000;
const DIMENSION: usize = 384;
const QUESTIONS: usize = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let root = tempfile::tempdir().unwrap();
    let backend = || MemoryBackend::new(root.path(), Arc::new(IdentitySeal), CpuPool::new(2, 64));
    let key = StoreKey { collection: CollectionId::new("bench").unwrap(), generation: 1 };
    let mut source = Source::new();
    let documents: Vec<Document> = (0..CHUNKS).map(|n| source.document(n)).collect();

    let store = backend().open(&key, &schema()).await.unwrap();
    let start = Instant::now();
    for batch in documents.chunks(BATCH) {
        store.write(batch.to_vec(), DuplicatePolicy::Fail, Visible::OnReturn).await.unwrap();
    }
    report("write, in batches of 256", start.elapsed());
    drop(store);

    let mut opens = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        drop(backend().open(&key, &schema()).await.unwrap());
        opens.push(start.elapsed());
    }
    opens.sort();
    report("open and rebuild, median of 5", opens[2]);

    let store = backend().open(&key, &schema()).await.unwrap();
    let filter = Arc::new(Filter::parse("year >= 2015 and topic in [t1, t2, t3]").unwrap());
    for (name, filter) in [("all", None), ("filtered", Some(filter))] {
        let keyword = median(&*store, || SearchQuery::Keyword {
            text: source.question().into(),
            top_k: 50,
            filter: filter.clone(),
        });
        report(&format!("keyword top 50, {name}, median"), keyword.await);
        let dense = median(&*store, || SearchQuery::Embedding {
            embedding: source.embedding(),
            top_k: 50,
            filter: filter.clone(),
        });
        report(&format!("dense top 50, {name}, median"), dense.await);
    }
}

async fn median(store: &dyn DocumentStore, mut query: impl FnMut() -> SearchQuery) -> Duration {
    let mut times = Vec::with_capacity(QUESTIONS);
    for _ in 0..QUESTIONS {
        let query = query();
        let start = Instant::now();
        assert!(!store.search(&query).await.unwrap().is_empty());
        times.push(start.elapsed());
    }
    times.sort();
    times[QUESTIONS / 2]
}

fn report(what: &str, time: Duration) {
    println!("{what:40} {:10.2} ms", time.as_secs_f64() * 1e3);
}

fn schema() -> Schema {
    Schema {
        dimension: DIMENSION,
        similarity: Similarity::Cosine,
        languages: vec![Language::ENGLISH, Language::parse("de").unwrap()],
        keyword: KeywordParameters {
            analysis_version: pllm_text::analysis::ANALYSIS_VERSION,
            variant: Bm25Variant::Okapi,
            k1: 1.2,
            b: 0.75,
            delta: 0.0,
        },
    }
}

/// Made-up chunks and questions, the same on every machine.
struct Source {
    state: u64,
    vocabulary: Vec<String>,
    centres: Vec<Vec<f32>>,
}

impl Source {
    fn new() -> Self {
        let mut source = Self { state: 7, vocabulary: Vec::new(), centres: Vec::new() };
        source.vocabulary = (0..VOCABULARY).map(|_| source.word()).collect();
        source.centres = (0..100).map(|_| (0..DIMENSION).map(|_| source.normal()).collect()).collect();
        source
    }

    /// Splitmix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f32 {
        ((0..12).map(|_| self.uniform()).sum::<f64>() - 6.0) as f32
    }

    fn word(&mut self) -> String {
        let syllables =
            ["ba", "con", "der", "fi", "gra", "lo", "mes", "nu", "por", "ri", "sta", "tem", "ver"];
        let endings = ["", "", "s", "ing", "ed", "tion", "ly", "er"];
        let stem: String = (0..2 + self.below(2)).map(|_| syllables[self.below(syllables.len())]).collect();
        stem + endings[self.below(endings.len())]
    }

    /// Zipf's law: the word of rank r about 1 / r of the time.
    fn frequent(&mut self) -> String {
        let rank = (VOCABULARY as f64).powf(self.uniform()) as usize;
        self.vocabulary[rank.min(VOCABULARY - 1)].clone()
    }

    fn text(&mut self, words: usize) -> String {
        (0..words).map(|_| self.frequent()).collect::<Vec<_>>().join(" ")
    }

    /// A question has rarer words too: half of them are of any rank.
    fn question(&mut self) -> String {
        let ranks: Vec<usize> = (0..4).map(|_| self.below(VOCABULARY)).collect();
        let rare: Vec<&str> = ranks.into_iter().map(|rank| self.vocabulary[rank].as_str()).collect();
        let rare = rare.join(" ");
        format!("{} {rare}", self.text(6))
    }

    fn embedding(&mut self) -> Embedding {
        let centre = self.below(self.centres.len());
        let values: Vec<f32> = (0..DIMENSION).map(|n| self.centres[centre][n] + self.normal()).collect();
        Embedding::new(values).unwrap()
    }

    fn document(&mut self, n: usize) -> Document {
        let mut document =
            Document::new(DocumentId::new(&format!("chunk-{n:06}")).unwrap(), self.text(WORDS_PER_CHUNK));
        document.language = Some(Language::ENGLISH);
        document.embedding = Some(self.embedding());
        let year = MetaValue::Int(2000 + self.below(25) as i64);
        let topic = MetaValue::String(format!("t{}", self.below(10)));
        for (key, value) in [("title", self.text(5).as_str().into()), ("year", year), ("topic", topic)] {
            document.meta.insert(key.to_owned(), value);
        }
        document
    }
}
