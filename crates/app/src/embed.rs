//! Vectors of texts, for those who search by themselves.

use crate::App;
use crate::models::EMBEDDER;
use pllm_core::{EmbedRole, Embedding, Error, Result, TokenCounter};
use std::sync::Arc;

/// Values of a vector.
pub const DIMENSION: usize = EMBEDDER.dimension;

/// Texts as vectors.
#[derive(Debug, Clone)]
pub struct Embedded {
    /// The embedder.
    pub model: String,
    /// One of length 1 for each text, in order.
    pub vectors: Vec<Embedding>,
    /// Tokens of all texts, special tokens not counted.
    pub tokens: usize,
}

impl App {
    /// The vectors of texts, by the embedder of the collections. Questions overtake them.
    ///
    /// # Errors
    /// `InvalidInput` for a text that is empty or has more tokens than the embedder reads; `NotFound` when its files are not
    /// here.
    pub async fn embed(&self, texts: Vec<String>) -> Result<Embedded> {
        let models = self.models.get().await?;
        let counter = Arc::clone(&models.counter);
        let work = move || count(&*counter, &texts).map(|tokens| (texts, tokens));
        let (texts, tokens) = self.pool.run(work).await??;
        let vectors = models.embedder.embed(EmbedRole::Document, texts).await?;
        Ok(Embedded { model: models.embedder.info().model, vectors, tokens })
    }
}

/// Tokens of all texts. What the embedder would cut has no vector: it would be that of another text.
fn count(counter: &dyn TokenCounter, texts: &[String]) -> Result<usize> {
    let mut sum = 0;
    for (n, text) in texts.iter().enumerate() {
        let tokens = counter.count(text);
        let most = counter.max_tokens();
        if tokens == 0 || tokens > most {
            let message = format!("text {n} has {tokens} tokens, expected 1 to {most}");
            return Err(Error::invalid("app.embed", message));
        }
        sum += tokens;
    }
    Ok(sum)
}
