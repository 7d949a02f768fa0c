//! `[llm.NAME]` in the configuration file: a language model behind an address.

use pllm_core::{Error, Result};
use pllm_models::generators::{ApiKey, Dialect, OpenAiConfig};
use pllm_runtime::files;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// One table of the file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LlmSettings {
    /// Where `/chat/completions` is: `https://api.example.org/v1`.
    pub base_url: String,
    /// The model's name there.
    pub model: String,
    /// `openai`, `ollama`, `llama.cpp` or `compatible`, which is the default.
    #[serde(default = "compatible")]
    pub dialect: String,
    /// The environment variable that holds the key.
    pub key_env: Option<String>,
    /// The file that holds the key.
    pub key_file: Option<PathBuf>,
    /// Tokens of prompt and answer together; without it what the dialect takes for granted.
    pub context_tokens: Option<usize>,
    /// Certificates in PEM to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The longest silence of the server, seconds, 1 to 3600.
    #[serde(default = "idle_seconds")]
    pub idle_seconds: u64,
}

fn compatible() -> String {
    "compatible".to_owned()
}

fn idle_seconds() -> u64 {
    120
}

impl LlmSettings {
    /// What is wrong with it, without looking at keys.
    pub(crate) fn fault(&self) -> Option<String> {
        if self.dialect().is_none() {
            let known: Vec<&str> = Dialect::ALL.iter().map(|(name, _)| *name).collect();
            return Some(format!("dialect = {:?}, expected one of {}", self.dialect, known.join(", ")));
        }
        if self.key_env.is_some() && self.key_file.is_some() {
            return Some("key_env and key_file, expected one of them".to_owned());
        }
        if !(1..=3600).contains(&self.idle_seconds) {
            return Some(format!("idle_seconds = {}, expected a number from 1 to 3600", self.idle_seconds));
        }
        self.context_tokens
            .filter(|tokens| !(256..=10_000_000).contains(tokens))
            .map(|tokens| format!("context_tokens = {tokens}, expected a number from 256 to 10000000"))
    }

    fn dialect(&self) -> Option<Dialect> {
        Dialect::ALL.iter().find(|(name, _)| *name == self.dialect).map(|(_, dialect)| *dialect)
    }

    /// With its key, which is read when it is needed and kept nowhere else.
    pub(crate) fn open(&self, name: &str) -> Result<OpenAiConfig> {
        let key = match (&self.key_env, &self.key_file) {
            (Some(variable), _) => {
                let value = std::env::var(variable).map_err(|_| {
                    let message = format!("the key of language model {name:?} is not set");
                    Error::invalid("app.llm", message)
                        .hint(format!("set the environment variable {variable}"))
                })?;
                Some(ApiKey::new(&value)?)
            }
            (None, Some(path)) => Some(ApiKey::new(&String::from_utf8_lossy(&files::read(path)?))?),
            (None, None) => None,
        };
        Ok(OpenAiConfig {
            base_url: self.base_url.clone(),
            model: self.model.clone(),
            key,
            dialect: self.dialect().unwrap_or_default(),
            context_tokens: self.context_tokens,
            ca_file: self.ca_file.clone(),
            idle_timeout: Duration::from_secs(self.idle_seconds),
        })
    }
}
