//! A GGUF file that runs on this machine: in a child of this program, started when it is first needed, kept while it is used.

mod child;
mod engine;
mod gguf;
mod stream;
pub mod wire;

pub use child::{LLM, command};
pub use gguf::GgufHeader;

use crate::{Catalogue, ModelCache, ModelKind};
use async_trait::async_trait;
use engine::{Engine, Plan};
use pllm_core::{
    Error, ErrorKind, GenerationRequest, GenerationStream, Generator, GeneratorInfo, Result, RunContext,
};
use pllm_runtime::CpuPool;
use pllm_runtime::worker::WorkerCommand;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A model with fewer parameters writes drafts.
const DRAFT_PARAMETERS: u64 = 1_000_000_000;

/// What runs, and how.
#[derive(Debug, Clone)]
pub struct LocalConfig {
    /// What users call the model.
    pub name: String,
    /// The GGUF file.
    pub file: PathBuf,
    /// Tokens of prompt and answer together; the model's own limit at most.
    pub context_tokens: usize,
    /// The pool of the models of this process: the child computes with as many threads, in turns with its workers.
    pub pool: CpuPool,
    /// The child ends when nothing was asked for so long.
    pub idle: Duration,
}

impl LocalConfig {
    /// A file with the settings that suit a small model.
    #[must_use]
    pub fn new(name: impl Into<String>, file: PathBuf, pool: CpuPool) -> Self {
        Self { name: name.into(), file, context_tokens: 2048, pool, idle: Duration::from_secs(300) }
    }

    /// What `name` is: a generator of the catalogue, whose bytes are checked, or the path of a GGUF file.
    ///
    /// # Errors
    /// `NotFound` when it is neither or not here, `InvalidInput` for a model that does not write, `Corrupt` for wrong bytes.
    pub fn named(name: &str, cache: &ModelCache, pool: CpuPool) -> Result<Self> {
        let path = Path::new(name);
        if path.extension().is_some_and(|extension| extension == "gguf") {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            return Ok(Self::new(stem, path.to_owned(), pool));
        }
        let catalogue = Catalogue::shipped();
        let entry = catalogue.get(name)?;
        if entry.kind != ModelKind::Generator {
            let message = format!("the model {name:?} does not write, expected a generator");
            return Err(Error::invalid("models.local", message));
        }
        let file = entry.files.first().map_or("", |file| file.name.as_str());
        Ok(Self::new(name, cache.open(entry)?.join(file), pool))
    }
}

/// A model of this machine. Cheap to make: the file's header is read, no child is started.
#[derive(Debug)]
pub struct LocalGenerator {
    info: GeneratorInfo,
    memory_bytes: u64,
    engine: Engine,
}

impl LocalGenerator {
    /// Reads what the file says of itself. `command` starts a child that serves it: [`command`].
    ///
    /// # Errors
    /// `NotFound` without the file, `Corrupt` when it is no GGUF, `Unsupported` when it has no chat template.
    pub fn open(config: &LocalConfig, command: WorkerCommand) -> Result<Self> {
        let header = GgufHeader::read(&config.file)?;
        if !header.has_chat_template {
            let message = format!("{} has no chat template", config.file.display());
            return Err(Error::new(ErrorKind::Unsupported, "models.local", message)
                .hint("take a file of the model's \"instruct\" or \"chat\" version"));
        }
        let context_tokens = config.context_tokens.min(header.context_tokens);
        let info = GeneratorInfo {
            model: config.name.clone(),
            context_tokens,
            host: None,
            remote: false,
            draft: header.parameters < DRAFT_PARAMETERS,
        };
        let memory_bytes = header.memory_bytes(context_tokens);
        let load = wire::Load { context_tokens, threads: config.pool.threads().max(1) };
        let plan = Plan { command, load, memory_bytes, idle: config.idle, pool: config.pool.clone() };
        Ok(Self { info, memory_bytes, engine: Engine::new(plan) })
    }

    /// What the model takes of memory when it is loaded, bytes: its weights, and keys and values of a full context.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        self.memory_bytes
    }
}

#[async_trait]
impl Generator for LocalGenerator {
    fn info(&self) -> GeneratorInfo {
        self.info.clone()
    }

    async fn count_tokens(&self, text: &str) -> Result<usize> {
        self.engine.count(text).await
    }

    async fn generate(
        &self,
        request: GenerationRequest,
        context: &RunContext,
    ) -> Result<Box<dyn GenerationStream>> {
        Ok(Box::new(self.engine.generate(request, context).await?))
    }

    async fn check(&self) -> Result<()> {
        self.engine.check().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_generator_of_the_catalogue_or_a_file() {
        let cache = ModelCache::new(PathBuf::from("/nowhere"));
        let named = |name| LocalConfig::named(name, &cache, CpuPool::new(1, 1));
        let config = named("/models/My model.Q4.gguf").unwrap();
        assert_eq!(
            (config.name.as_str(), config.file),
            ("My model.Q4", PathBuf::from("/models/My model.Q4.gguf"))
        );
        let kind = |name| named(name).unwrap_err().kind();
        assert_eq!(kind("all-minilm-l6-v2"), ErrorKind::InvalidInput);
        assert_eq!(kind("gpt"), ErrorKind::NotFound);
        assert_eq!(kind("smollm2-135m-instruct"), ErrorKind::NotFound, "not here");
    }
}
