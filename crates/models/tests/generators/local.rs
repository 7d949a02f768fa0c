//! The test's side of a child that plays scripts: a socket where it says what it was asked and hears what to do.

use anyhow::Context;
use async_trait::async_trait;
use pllm_core::{FinishReason, GenerationRequest, Generator, Message, Result, Role};
use pllm_models::generators::local::wire::{Ask, Begin};
use pllm_models::generators::local::{LocalConfig, LocalGenerator};
use pllm_runtime::CpuPool;
use pllm_runtime::worker::WorkerCommand;
use pllm_testkit::generator_suite::{Ending, GeneratorFactory, Script, Scripted};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

/// A script as it travels.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Played {
    /// Tokens of the prompt, and those that were known.
    pub(crate) read: (u64, u64),
    pub(crate) pieces: Vec<String>,
    pub(crate) pace_ms: u64,
    pub(crate) ended: Ended,
}

/// How a script ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ended {
    Stop,
    Length,
    Crash,
    Garbage,
    Hang,
    TooLarge,
}

impl From<Script> for Played {
    fn from(script: Script) -> Self {
        let ended = match script.ending {
            Ending::Finish(FinishReason::Length) => Ended::Length,
            Ending::Finish(_) => Ended::Stop,
            Ending::Crash => Ended::Crash,
            Ending::Garbage => Ended::Garbage,
            Ending::Hang => Ended::Hang,
            Ending::TooLarge => Ended::TooLarge,
        };
        Self {
            read: (script.usage.prompt_tokens, script.usage.cached_tokens),
            pieces: script.pieces,
            pace_ms: u64::try_from(script.pace.as_millis()).unwrap_or(u64::MAX),
            ended,
        }
    }
}

/// Local models for the suite.
#[derive(Debug)]
pub(crate) struct LocalScripts;

#[async_trait]
impl GeneratorFactory for LocalScripts {
    fn name(&self) -> &'static str {
        "local"
    }

    async fn start(&self, scripts: Vec<Script>) -> Result<Box<dyn Scripted>> {
        Ok(Box::new(Stage::new(scripts, Duration::from_secs(60)).expect("a folder and a socket")))
    }

    async fn dead(&self) -> Result<Arc<dyn Generator>> {
        let folder = tempfile::tempdir().expect("a folder");
        let config = LocalConfig::new("dead", model_file(folder.path()).expect("a file"), CpuPool::new(1, 8));
        let mut command = WorkerCommand::this_program("test-llm", &[], "running the local model");
        command.program = PathBuf::from("/bin/false");
        Ok(Arc::new(LocalGenerator::open(&config, command)?))
    }
}

/// A generator, its child, and what they were asked.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) generator: Arc<LocalGenerator>,
    asked: Arc<Mutex<Vec<GenerationRequest>>>,
    /// Children that are there now, by their sockets.
    pub(crate) children: Arc<Mutex<Vec<i32>>>,
    _folder: TempDir,
}

impl Stage {
    /// A generator whose child leaves when it was not asked for `idle`.
    pub(crate) fn new(scripts: Vec<Script>, idle: Duration) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let socket = folder.path().join("socket");
        let (asked, children) = (Arc::default(), Arc::default());
        let side = Side { scripts: Arc::new(Mutex::new(scripts)), asked: Arc::clone(&asked) };
        tokio::spawn(listen(UnixListener::bind(&socket)?, side, Arc::clone(&children)));
        let path = socket.to_str().context("a path in UTF-8")?;
        let command = WorkerCommand::this_program("test-llm", &["__worker", path], "running the local model");
        let mut config = LocalConfig::new("scripted", model_file(folder.path())?, CpuPool::new(1, 8));
        config.idle = idle;
        let generator = Arc::new(LocalGenerator::open(&config, command)?);
        Ok(Self { generator, asked, children, _folder: folder })
    }
}

impl Scripted for Stage {
    fn generator(&self) -> Arc<dyn Generator> {
        Arc::<LocalGenerator>::clone(&self.generator)
    }

    fn asked(&self) -> Vec<GenerationRequest> {
        self.asked.lock().expect("no panic").clone()
    }
}

#[derive(Clone)]
struct Side {
    scripts: Arc<Mutex<Vec<Script>>>,
    asked: Arc<Mutex<Vec<GenerationRequest>>>,
}

/// Lets one child after the other in.
async fn listen(listener: UnixListener, side: Side, children: Arc<Mutex<Vec<i32>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (side, children) = (side.clone(), Arc::clone(&children));
        tokio::spawn(async move {
            let pid = stream.peer_cred().ok().and_then(|who| who.pid()).unwrap_or_default();
            children.lock().expect("no panic").push(pid);
            // A child that is gone has no more questions.
            let _ = side.speak(stream).await;
            children.lock().expect("no panic").retain(|child| *child != pid);
        });
    }
}

impl Side {
    async fn speak(&self, stream: UnixStream) -> anyhow::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        while stream.read_line(&mut line).await? > 0 {
            let Ask::Begin(begin) = serde_json::from_str(&line)? else { anyhow::bail!("{line}") };
            self.asked.lock().expect("no panic").push(request(begin));
            let played = Played::from(self.next());
            let told = serde_json::to_string(&played)? + "\n";
            stream.get_mut().write_all(told.as_bytes()).await?;
            line.clear();
        }
        Ok(())
    }

    fn next(&self) -> Script {
        let mut scripts = self.scripts.lock().expect("no panic");
        if scripts.len() > 1 { scripts.remove(0) } else { scripts[0].clone() }
    }
}

fn request(begin: Begin) -> GenerationRequest {
    let role = |name: &str| {
        [Role::System, Role::User, Role::Assistant]
            .into_iter()
            .find(|role| role.name() == name)
            .expect("a role")
    };
    let message = |(name, content): (String, String)| Message { role: role(&name), content };
    GenerationRequest {
        messages: begin.messages.into_iter().map(message).collect(),
        max_tokens: begin.max_tokens,
        temperature: begin.temperature,
        stop: begin.stop,
        seed: begin.seed,
    }
}

/// The least that a GGUF file has to say; there are no weights in it.
pub(crate) fn model_file(folder: &Path) -> anyhow::Result<PathBuf> {
    let text = |text: &str| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
    let texts = [("general.architecture", "llama"), ("tokenizer.chat_template", "{{ messages }}")];
    let mut entries: Vec<u8> = texts
        .iter()
        .flat_map(|(key, value)| [text(key), 8_u32.to_le_bytes().to_vec(), text(value)].concat())
        .collect();
    entries.extend(
        [text("llama.context_length"), 4_u32.to_le_bytes().to_vec(), 512_u32.to_le_bytes().to_vec()].concat(),
    );
    let head = [b"GGUF", &3_u32.to_le_bytes()[..], &0_u64.to_le_bytes(), &3_u64.to_le_bytes()].concat();
    let path = folder.join("model.gguf");
    std::fs::write(&path, [head, entries].concat())?;
    Ok(path)
}
