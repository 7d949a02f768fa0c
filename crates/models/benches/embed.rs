//! How fast is the embedder beside sentence-transformers?
//!
//! `cargo bench -p pllm-models --bench embed -- MODEL_FOLDER PYTHON ST_MODEL_FOLDER CORPUS.jsonl…`
//!
//! 512 chunks are cut from the corpora (lines with a `text`). Both sides get the same chunks and two threads, tokenize them and
//! give vectors; sentence-transformers with its default batch of 32, which it sorts by length. Rounds are paired.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures and may stop at a fault"
)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use pllm_core::{EmbedRole, Embedder, TokenCounter};
use pllm_models::MiniLm;
use pllm_runtime::CpuPool;

const CHUNKS: usize = 512;
/// With the rests some 165 tokens on average.
const WORDS_A_CHUNK: usize = 150;
const FEWEST_WORDS: usize = 80;
const THREADS: usize = 2;
const ROUNDS: usize = 7;
const QUESTIONS: usize = 200;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [folder, python, peer_folder, corpora @ ..] = arguments.as_slice() else {
        println!("usage: embed MODEL_FOLDER PYTHON ST_MODEL_FOLDER CORPUS.jsonl...");
        return;
    };
    println!("processor: {}", processor());
    let start = Instant::now();
    let model = MiniLm::load(Path::new(folder), CpuPool::new(THREADS, 64)).unwrap();
    println!("load: {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let embed = |role, texts| runtime.block_on(model.embed(role, texts)).unwrap();

    let chunks = chunks(corpora);
    let tokens: usize = chunks.iter().map(|chunk| model.tokenizer().count(chunk)).sum();
    println!("{} chunks, {} tokens on average", chunks.len(), tokens / chunks.len());
    question_times(|texts| embed(EmbedRole::Query, texts).len());
    if python != "-" {
        let mut peer = Peer::start(python, peer_folder, &chunks);
        compare(&chunks, |texts| embed(EmbedRole::Document, texts).len(), &mut peer);
    }
}

fn question_times(embed: impl Fn(Vec<String>) -> usize) {
    let question = "how long before the end must notice be given";
    let mut times: Vec<f64> =
        (0..QUESTIONS).map(|_| seconds(|| embed(vec![question.to_owned()])) * 1e3).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[(share * (QUESTIONS - 1) as f64) as usize];
    println!("one question, one thread: median {:.2} ms, p95 {:.2} ms", at(0.5), at(0.95));
}

fn compare(chunks: &[String], embed: impl Fn(Vec<String>) -> usize, peer: &mut Peer) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let texts = chunks.to_vec();
        let pair = (seconds(|| embed(texts)), peer.round());
        // The first round warms both sides up.
        if round > 0 {
            println!("round {round}: ours {:.2} s, sentence-transformers {:.2} s", pair.0, pair.1);
            ours.push(chunks.len() as f64 / pair.0);
            theirs.push(chunks.len() as f64 / pair.1);
        }
    }
    let ratios: Vec<f64> = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect();
    for (name, figures) in
        [("ours, chunks/s", ours), ("sentence-transformers, chunks/s", theirs), ("ratio", ratios)]
    {
        let mut figures = figures;
        figures.sort_by(f64::total_cmp);
        println!(
            "{name}: median {:.2}, range {:.2} to {:.2}",
            figures[ROUNDS / 2],
            figures[0],
            figures[ROUNDS - 1]
        );
    }
}

/// sentence-transformers in a child: it encodes the chunks once for each line it reads, and answers the seconds.
struct Peer {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Peer {
    fn start(python: &str, folder: &str, chunks: &[String]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/embed_peer.py");
        let threads = THREADS.to_string();
        let mut command = Command::new(python);
        command.args([script, folder, &threads]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        writeln!(child.stdin.as_mut().unwrap(), "{}", serde_json::to_string(chunks).unwrap()).unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, answers }
    }

    fn round(&mut self) -> f64 {
        writeln!(self.child.stdin.as_mut().unwrap(), "go").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        answer.trim().parse().unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The same number of chunks from each corpus: its texts, cut after so many words; short rests are left out.
fn chunks(corpora: &[String]) -> Vec<String> {
    let each = CHUNKS.div_ceil(corpora.len());
    let of_one = |path: &String| {
        let lines: Vec<String> =
            BufReader::new(std::fs::File::open(path).unwrap()).lines().map(Result::unwrap).collect();
        let pieces = lines.iter().flat_map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let words: Vec<String> =
                value["text"].as_str().unwrap().split_whitespace().map(str::to_owned).collect();
            words.chunks(WORDS_A_CHUNK).map(<[String]>::to_vec).collect::<Vec<_>>()
        });
        pieces
            .filter(|words| words.len() >= FEWEST_WORDS)
            .take(each)
            .map(|words| words.join(" "))
            .collect::<Vec<_>>()
    };
    corpora.iter().flat_map(of_one).take(CHUNKS).collect()
}

fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed().as_secs_f64()
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    name.trim_start_matches(['\t', ' ', ':']).to_owned()
}
