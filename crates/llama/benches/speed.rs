//! How fast the local model reads and writes, as its callers see it: `cargo bench -p pllm-llama --bench speed -- FILE [ROUNDS]`.
//! A prompt of 1,000 tokens and 100 tokens written, cold and with 900 tokens known; what the child takes of memory; how soon
//! a caller is free.

#![expect(clippy::print_stdout, reason = "it prints what it measures")]

use anyhow::{Context, Result, bail};
use pllm_core::{
    CancelFlag, GenerationEvent, GenerationRequest, Generator, Message, Role, RunContext, Usage,
};
use pllm_models::generators::local::{LocalConfig, LocalGenerator, command};
use pllm_runtime::CpuPool;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const THREADS: usize = 2;
const SENTENCE: &str = "The harbour office keeps a record of every ship that comes in. ";

fn main() -> ExitCode {
    if let Some(code) = pllm_llama::worker_child() {
        return code;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    match runtime.context("a runtime").and_then(|runtime| runtime.block_on(run())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let file = PathBuf::from(arguments.first().context("FILE, a GGUF")?);
    let rounds = arguments.get(1).map_or(Ok(5), |rounds| rounds.parse())?;
    println!("{}", processor());
    println!("round  load ms  cold ms  read tok/s  write tok/s  900 known ms  ratio  free after ms  peak MB");
    for round in 1..=rounds {
        let config = LocalConfig::new("bench", file.clone(), CpuPool::new(THREADS, 8));
        let generator = LocalGenerator::open(&config, command(&file))?;
        let began = Instant::now();
        generator.check().await?;
        let load = began.elapsed();
        let cold = measure(&generator, SENTENCE).await?;
        let warm = measure(&generator, "A clerk writes down when it came and what it had on board. ").await?;
        let free = cancel(&generator).await?;
        println!(
            "{round:>5} {:>8.0} {:>8.0} {:>11.0} {:>12.1} {:>13.0} {:>6.2} {:>14.1} {:>8.0}   {:?}",
            ms(load),
            ms(cold.first),
            cold.usage.prompt_tokens as f64 / cold.first.as_secs_f64(),
            cold.written(),
            ms(warm.first),
            warm.first.as_secs_f64() / cold.first.as_secs_f64(),
            ms(free),
            peak_mb()?,
            (cold.usage.prompt_tokens, warm.usage.prompt_tokens, warm.usage.cached_tokens),
        );
    }
    Ok(())
}

struct Measured {
    first: Duration,
    all: Duration,
    usage: Usage,
}

impl Measured {
    /// Tokens a second after the first.
    fn written(&self) -> f64 {
        (self.usage.completion_tokens - 1) as f64 / (self.all - self.first).as_secs_f64()
    }
}

/// About 900 tokens that are always the same, then 100 that `sentence` makes.
fn request(sentence: &str) -> GenerationRequest {
    let system = Message { role: Role::System, content: SENTENCE.repeat(67) };
    let content = format!("{}Which ship came in last?", sentence.repeat(6));
    let messages = vec![system, Message { role: Role::User, content }];
    GenerationRequest { messages, max_tokens: 101, temperature: 1.0, stop: Vec::new(), seed: Some(5) }
}

async fn measure(generator: &LocalGenerator, question: &str) -> Result<Measured> {
    let began = Instant::now();
    let mut stream = generator.generate(request(question), &RunContext::new(CancelFlag::default())).await?;
    let (mut first, mut usage) = (None, None);
    while let Some(event) = stream.next().await? {
        match event {
            GenerationEvent::Text(_) => {
                first.get_or_insert_with(|| began.elapsed());
            }
            GenerationEvent::Usage(told) => usage = Some(told),
            GenerationEvent::Finish(_) => {}
        }
    }
    Ok(Measured { first: first.context("a text")?, all: began.elapsed(), usage: usage.context("a usage")? })
}

/// How long after the flag is set a caller is free that waits in the middle of a prompt.
async fn cancel(generator: &LocalGenerator) -> Result<Duration> {
    let cancel = CancelFlag::default();
    let mut asked = request(SENTENCE);
    asked.messages[0].content = SENTENCE.repeat(67).to_uppercase();
    let mut stream = generator.generate(asked, &RunContext::new(cancel.clone())).await?;
    let stop = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        cancel.cancel();
        Instant::now()
    };
    let ((next, free), stopped) = tokio::join!(async { (stream.next().await, Instant::now()) }, stop);
    if next.is_ok() {
        bail!("it was not stopped: {next:?}");
    }
    Ok(free - stopped)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The most that the child had resident, MB, with what it maps of the model.
fn peak_mb() -> Result<f64> {
    let children = std::fs::read_to_string("/proc/thread-self/children")? + &all_children()?;
    let pid = children.split_whitespace().last().context("a child")?;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("VmHWM")?;
    Ok(line.split_whitespace().next().context("a number")?.parse::<f64>()? * 1024.0 / 1e6)
}

fn all_children() -> Result<String> {
    let mut all = String::new();
    for task in std::fs::read_dir("/proc/self/task")? {
        all += &std::fs::read_to_string(task?.path().join("children"))?;
        all.push(' ');
    }
    Ok(all)
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = |name: &str| info.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    let flags = line("flags");
    let has: Vec<&str> = ["avx2", "avx512f", "avx512_vnni", "amx_int8"]
        .into_iter()
        .filter(|flag| flags.split_whitespace().any(|known| known == *flag))
        .collect();
    format!("{}, {}, {THREADS} threads", line("model name"), has.join(" "))
}
