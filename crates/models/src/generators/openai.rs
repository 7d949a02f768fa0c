//! A language model behind OpenAI's HTTP language: OpenAI, Ollama, llama.cpp's server, vLLM, LM Studio and many more.

mod config;
mod dialect;
mod stream;
#[cfg(test)]
mod tests;
mod wire;

use super::stopped::until_stopped;
use async_trait::async_trait;
use config::Address;
use pllm_core::{
    Error, ErrorKind, GenerationRequest, GenerationStream, Generator, GeneratorInfo, Result, RunContext,
};
use pllm_runtime::{HttpClient, HttpConfig};
use serde_json::{Value, json};
use stream::{OpenAiStream, explain};

pub use config::{ApiKey, OpenAiConfig};
pub use dialect::Dialect;

/// Most bytes of an answer that is not a stream: a list of models, the tokens of a prompt.
const MOST_BYTES: u64 = 16 << 20;

/// A generator.
#[derive(Debug)]
pub struct OpenAiGenerator {
    config: OpenAiConfig,
    address: Address,
    client: HttpClient,
}

impl OpenAiGenerator {
    /// A generator; nothing is asked yet.
    ///
    /// # Errors
    /// `InvalidInput` for an unusable address, or an empty model; those of [`HttpClient::new`].
    pub fn new(config: OpenAiConfig) -> Result<Self> {
        let address = Address::check(&config.base_url, config.key.as_ref())?;
        if config.model.trim().is_empty() {
            return Err(Error::invalid(
                "models.openai",
                "the model has no name, expected the server's name for it",
            ));
        }
        let client = HttpClient::new(HttpConfig {
            idle_timeout: config.idle_timeout,
            ca_file: config.ca_file.clone(),
            proxies: address.remote,
            ..HttpConfig::default()
        })?;
        Ok(Self { config, address, client })
    }

    /// The names of the models that the server has.
    ///
    /// # Errors
    /// Those of [`Generator::generate`].
    pub async fn models(&self) -> Result<Vec<String>> {
        let url = format!("{}/models", self.address.base);
        let body = self.client.get(&url, self.key(), explain).await.map_err(|error| self.told(error))?;
        let list: Value = parse(&body.all(MOST_BYTES).await?)?;
        let models = list["data"].as_array().ok_or_else(strange)?;
        Ok(models.iter().filter_map(|model| Some(model["id"].as_str()?.to_owned())).collect())
    }

    fn key(&self) -> Option<&str> {
        self.config.key.as_ref().map(ApiKey::expose)
    }

    /// The tokens that llama.cpp's server counts (tools/server/README, `POST /tokenize`).
    async fn counted_there(&self, path: &str, text: &str) -> Result<usize> {
        let root = self.address.base.strip_suffix("/v1").unwrap_or(&self.address.base);
        let (url, body) = (format!("{root}{path}"), json!({"content": text}).to_string().into_bytes());
        let answer =
            self.client.post_json(&url, self.key(), body, explain).await.map_err(|error| self.told(error))?;
        let tokens = parse(&answer.all(MOST_BYTES).await?)?;
        tokens["tokens"].as_array().map(Vec::len).ok_or_else(strange)
    }

    /// What a refusal means here. A server that repeats the key in its words is not repeated.
    fn told(&self, error: Error) -> Error {
        if self.key().is_some_and(|key| error.to_string().contains(key)) {
            let message = "the server refused, in words that hold the key";
            return Error::new(error.kind(), "models.openai", message).with("host", &self.address.host);
        }
        match error.kind() {
            _ if wire::TOO_LONG.iter().any(|code| error.message().contains(code)) => {
                Error::new(ErrorKind::TooLarge, "models.openai", error.message().to_owned())
                    .with("host", &self.address.host)
                    .hint("set context_tokens of this model to what the server has")
            }
            ErrorKind::Denied => error.hint("check the key of this model, and that it may use the model"),
            ErrorKind::NotFound => {
                let model = &self.config.model;
                error.hint(format!("check base_url, and that the server has a model {model:?}"))
            }
            ErrorKind::Unavailable if error.cure().is_none() => {
                error.hint("check that the server runs and that base_url is its address")
            }
            _ => error,
        }
    }
}

#[async_trait]
impl Generator for OpenAiGenerator {
    fn info(&self) -> GeneratorInfo {
        GeneratorInfo {
            model: self.config.model.clone(),
            context_tokens: self.config.context_tokens.unwrap_or(self.config.dialect.facts().context_tokens),
            host: Some(self.address.host.clone()),
            remote: self.address.remote,
            draft: false,
        }
    }

    async fn count_tokens(&self, text: &str) -> Result<usize> {
        match self.config.dialect.facts().tokenize {
            Some(path) => self.counted_there(path, text).await,
            None => Ok(at_most(text)),
        }
    }

    async fn generate(
        &self,
        request: GenerationRequest,
        context: &RunContext,
    ) -> Result<Box<dyn GenerationStream>> {
        request.check()?;
        let body = wire::request(&self.config.model, &self.config.dialect.facts(), &request);
        let url = format!("{}/chat/completions", self.address.base);
        let sent = self.client.post_json(&url, self.key(), body.to_string().into_bytes(), explain);
        let body = until_stopped(context, sent).await.map_err(|error| self.told(error))?;
        Ok(Box::new(OpenAiStream::new(body, context.clone())))
    }

    async fn check(&self) -> Result<()> {
        let models = self.models().await?;
        // A server may know a model under a longer name, as Ollama does with `:latest`.
        let model = &self.config.model;
        let known = models.iter().any(|name| name == model || name.strip_suffix(":latest") == Some(model));
        if known || models.is_empty() {
            return Ok(());
        }
        let message = format!("the server has no model {model:?}");
        let some: Vec<&str> = models.iter().take(8).map(String::as_str).collect();
        Err(Error::new(ErrorKind::NotFound, "models.openai", message)
            .with("host", &self.address.host)
            .hint(format!("it has: {}", some.join(", "))))
    }
}

/// No fewer tokens than any tokenizer in use makes, for text of people: three bytes of Latin letters have one, a letter of other
/// scripts one and a half.
fn at_most(text: &str) -> usize {
    let ascii = text.bytes().filter(u8::is_ascii).count();
    let others = text.chars().filter(|character| !character.is_ascii()).count();
    ascii.div_ceil(3) + (others * 3).div_ceil(2)
}

fn parse(body: &[u8]) -> Result<Value> {
    serde_json::from_slice(body).map_err(|error| strange().caused_by(error))
}

fn strange() -> Error {
    Error::new(
        ErrorKind::Unavailable,
        "models.openai",
        "the server answered something else than JSON of this kind",
    )
    .hint("check that base_url is the address of an OpenAI-compatible server, with /v1 where it has one")
}
