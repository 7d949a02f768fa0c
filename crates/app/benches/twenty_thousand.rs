//! How long does a search take in a library of 20,000 Documents, how long is it to open, and how much memory does it hold?
//!
//! `scripts/twenty-thousand.sh DATA` makes the library and runs this; by hand
//! `cargo bench --profile release -p pllm-app --bench twenty_thousand -- --data DIR [--models DIR]` with `corpus.jsonl` and
//! `queries.jsonl` in DIR. The library is ingested into `DIR/pllm` and stays there for the next run.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench reports to whoever runs it, a failure ends it"
)]

use pllm_app::App;
use pllm_app::ask::{AskRequest, Mode};
use pllm_app::config::{Config, Layers};
use pllm_app::ingest::{FileOutcome, IngestOptions, IngestProgress};
use pllm_core::CancelFlag;
use pllm_core::converter::DatasetColumns;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const DOCUMENTS: u64 = 20_000;
const ROUNDS: usize = 3;
const OPENS: usize = 5;
const THREADS: usize = 2;
const TOP_K: usize = 10;
const COLLECTION: &str = "bench";
const MODES: [Mode; 3] = [Mode::Hybrid, Mode::Keyword, Mode::Dense];

fn main() -> ExitCode {
    if let Some(code) = pllm_app::conversion::worker_child() {
        return code;
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(bench());
    ExitCode::SUCCESS
}

async fn bench() {
    let Some(folder) = argument("--data").map(PathBuf::from) else {
        println!("usage: twenty_thousand --data DIR [--models DIR]");
        return;
    };
    let config = config(&folder);
    println!("processor: {}, {THREADS} threads", processor());
    ingest(&config, &folder.join("corpus.jsonl")).await;
    let app = opened(&config).await;
    let questions = questions(&folder.join("queries.jsonl"));
    // The models are loaded and every question is asked once before the clock runs.
    for question in &questions {
        ask(&app, question, Mode::Hybrid).await;
    }
    for round in 1..=ROUNDS {
        for mode in MODES {
            let mut times = Times::default();
            for question in &questions {
                let began = Instant::now();
                let components = ask(&app, question, mode).await;
                times.add(began.elapsed(), components);
            }
            println!("round {round}, {:8} {times}", format!("{mode:?}:").to_lowercase());
        }
    }
    println!("resident memory: {} (after an ingest in this process: rather more)", memory("VmRSS:"));
}

/// The value after a flag.
fn argument(name: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != name).nth(1)
}

fn config(folder: &Path) -> Config {
    let mut flags = BTreeMap::from([("data_dir", folder.join("pllm").display().to_string())]);
    flags.extend(argument("--models").map(|models| ("models_dir", models)));
    let (config, _) = Config::load(&Layers { flags, ..Layers::default() }).unwrap();
    // The embedder's window, so that every row is one Document.
    Config { threads: THREADS, chunk_tokens: 256, search_top_k: TOP_K, ..config }
}

async fn ingest(config: &Config, corpus: &Path) {
    let app = App::open(config.clone(), "bench").await.unwrap();
    if let Ok(collection) = app.collection(COLLECTION).await
        && collection.store.count(None).await.unwrap() == DOCUMENTS
    {
        return;
    }
    let column = |name: &str| vec![name.to_owned()];
    let columns = DatasetColumns {
        content: column("text"),
        meta: vec!["title".to_owned(), "set".to_owned()],
        id: Some("id".to_owned()),
    };
    let options = IngestOptions { columns, ..IngestOptions::default() };
    let began = Instant::now();
    let progress = Arc::new(Progress { began, documents: AtomicU64::new(0) });
    let summary =
        app.ingest(COLLECTION, &[corpus.to_owned()], options, progress, CancelFlag::default()).await.unwrap();
    assert_eq!(summary.failed(), 0, "{summary:?}");
    println!("ingest: {} Documents, {:.0} s", summary.documents, began.elapsed().as_secs_f64());
}

/// The open library, after opening it a few times.
async fn opened(config: &Config) -> App {
    let mut times = Vec::new();
    loop {
        let began = Instant::now();
        let app = App::open(config.clone(), "bench").await.unwrap();
        let collection = app.collection(COLLECTION).await.unwrap();
        times.push(began.elapsed());
        if times.len() == OPENS {
            assert_eq!(collection.store.count(None).await.unwrap(), DOCUMENTS);
            times.sort();
            println!("open with all indexes: median of {OPENS} {}", ms(times[OPENS / 2]));
            return app;
        }
    }
}

/// One question of each line.
fn questions(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let question =
        |line| serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_owned();
    text.lines().map(question).collect()
}

/// Searches; gives how long each component took.
async fn ask(app: &App, question: &str, mode: Mode) -> Vec<(String, Duration)> {
    let request = AskRequest { mode, top_k: Some(TOP_K), ..AskRequest::new(question) };
    let (found, timings) = app.search(COLLECTION, &request).await.unwrap();
    assert!(mode == Mode::Keyword || found.len() == TOP_K, "{} Documents for {question:?}", found.len());
    timings
}

/// How long questions took.
#[derive(Default)]
struct Times {
    whole: Vec<Duration>,
    components: BTreeMap<String, Vec<Duration>>,
}

impl Times {
    fn add(&mut self, whole: Duration, components: Vec<(String, Duration)>) {
        self.whole.push(whole);
        for (name, time) in components {
            self.components.entry(name).or_default().push(time);
        }
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (median, p95) = (quantile(&self.whole, 0.5), quantile(&self.whole, 0.95));
        write!(f, "median {}, p95 {}; medians:", ms(median), ms(p95))?;
        self.components.iter().try_for_each(|(name, times)| write!(f, " {name} {}", ms(quantile(times, 0.5))))
    }
}

fn quantile(times: &[Duration], share: f64) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted[(share * (sorted.len() - 1) as f64) as usize]
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// A line of what the kernel says of this process.
fn memory(line: &str) -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|found| found.strip_prefix(line)).unwrap_or("not known").trim().to_owned()
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or("not known", |(_, name)| name.trim()).to_owned()
}

/// Tells a person that it goes on.
struct Progress {
    began: Instant,
    documents: AtomicU64,
}

impl IngestProgress for Progress {
    fn begin(&self, _: u64, _: u64) {}

    fn advance(&self, _: u64, documents: u64) {
        let before = self.documents.fetch_add(documents, Ordering::Relaxed);
        let after = before + documents;
        if before / 1000 != after / 1000 {
            let rate = after as f64 / self.began.elapsed().as_secs_f64();
            println!("ingesting: {after} Documents, {rate:.0} a second");
        }
    }

    fn file(&self, _: &FileOutcome) {}
}
