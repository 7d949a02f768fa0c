//! Contract: texts to vectors.

use crate::{Error, Result};
use async_trait::async_trait;
use pllm_text::Language;
use std::fmt::Debug;
use std::sync::Arc;

/// A vector of at least one finite f32. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding(Arc<[f32]>);

impl Embedding {
    /// Checks and takes the values.
    ///
    /// # Errors
    /// `InvalidInput` when empty or not finite.
    pub fn new(values: impl Into<Arc<[f32]>>) -> Result<Self> {
        let values = values.into();
        if values.is_empty() || !values.iter().all(|x| x.is_finite()) {
            return Err(Error::invalid(
                "core.embedding",
                "embedding is empty or not finite, expected finite numbers",
            ));
        }
        Ok(Self(values))
    }

    /// `[dimension]` f32.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.0
    }

    /// Number of values.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.0.len()
    }
}

/// Whether texts are questions or what answers them; some models embed the two differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmbedRole {
    /// A question. Overtakes documents in the queue.
    Query,
    /// Text to be found.
    Document,
}

/// What a model is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedderInfo {
    /// Name and version; part of a collection's generation.
    pub model: String,
    /// Values a vector.
    pub dimension: usize,
    /// Longer texts are cut here, special tokens included.
    pub max_tokens: usize,
    /// Whether vectors have length 1.
    pub normalised: bool,
    /// Languages it was trained for; for others its vectors are not to be trusted.
    pub languages: Vec<Language>,
}

/// Turns texts into vectors.
#[async_trait]
pub trait Embedder: Send + Sync + Debug {
    /// What the model is.
    fn info(&self) -> EmbedderInfo;

    /// One vector a text, in order; empty text has a vector too. A vector does not depend on the other texts of the call,
    /// bit for bit on one machine.
    ///
    /// # Errors
    /// `Overloaded` when the queue is full, `Internal` otherwise.
    async fn embed(&self, role: EmbedRole, texts: Vec<String>) -> Result<Vec<Embedding>>;
}
