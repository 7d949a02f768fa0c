//! The shipped embedder: all-MiniLM-L6-v2, in this process.
//!
//! Model card: <https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2>: mean pooling over at most 256 tokens,
//! vectors of length 1, trained on English.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use pllm_core::{EmbedRole, Embedder, EmbedderInfo, Embedding, Result};
use pllm_runtime::CpuPool;
use pllm_text::Language;

use crate::bert::{BertConfig, BertTokenizer, Tensors, TokenBatch, Trunk, WordEmbeddings, mean_pooled};
use crate::queue::{ModelQueue, Steps};

/// Longest text, special tokens included.
const MAX_TOKENS: usize = 256;
/// The embedder and the queue of what it computes. Cheap to clone; clones share the weights.
#[derive(Clone, Debug)]
pub struct MiniLm {
    model: Arc<Model>,
    queue: ModelQueue,
}

/// What the model makes of each token of a text, special tokens included.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenVectors {
    /// Numbers of the vocabulary.
    pub tokens: Vec<u32>,
    /// `[tokens][hidden]`, not normalised.
    pub vectors: Vec<f32>,
}

#[derive(Debug)]
struct Model {
    tokenizer: Arc<BertTokenizer>,
    words: Arc<WordEmbeddings>,
    trunk: Trunk,
}

impl MiniLm {
    /// The name and version that collections remember.
    pub const NAME: &str = "all-minilm-l6-v2";

    /// Loads `config.json`, `tokenizer.json` and `model.safetensors` from `folder`; some 70 ms.
    ///
    /// The pool should have one thread a core and be this model's own, so that its queue holds nothing else.
    ///
    /// # Errors
    /// `NotFound` when a file is missing, `Corrupt` or `Unsupported` when one is not what we can run.
    pub fn load(folder: &Path, pool: CpuPool) -> Result<Self> {
        let config = BertConfig::read(&folder.join("config.json"))?;
        let tensors = Tensors::open(&folder.join("model.safetensors"))?;
        let words = Arc::new(WordEmbeddings::open(&tensors, &config)?);
        let trunk = Trunk::read(&tensors, &config, Arc::clone(&words))?;
        let tokenizer = Arc::new(BertTokenizer::read(&folder.join("tokenizer.json"), MAX_TOKENS)?);
        Ok(Self { model: Arc::new(Model { tokenizer, words, trunk }), queue: ModelQueue::new(pool) })
    }

    /// The tokenizer, with which a splitter counts.
    pub fn tokenizer(&self) -> Arc<BertTokenizer> {
        Arc::clone(&self.model.tokenizer)
    }

    /// The word embeddings, for a model of the same family.
    pub fn words(&self) -> Arc<WordEmbeddings> {
        Arc::clone(&self.model.words)
    }

    /// The vectors of every token of each text, where [`Embedder::embed`] has their mean.
    ///
    /// # Errors
    /// As [`Embedder::embed`].
    pub async fn token_vectors(&self, role: EmbedRole, texts: Vec<String>) -> Result<Vec<TokenVectors>> {
        self.queue.run(Arc::new(TokenWise(Arc::clone(&self.model))), role, texts).await
    }
}

#[async_trait]
impl Embedder for MiniLm {
    fn info(&self) -> EmbedderInfo {
        EmbedderInfo {
            model: Self::NAME.to_owned(),
            dimension: self.model.trunk.hidden(),
            max_tokens: MAX_TOKENS,
            normalised: true,
            languages: vec![Language::ENGLISH],
        }
    }

    async fn embed(&self, role: EmbedRole, texts: Vec<String>) -> Result<Vec<Embedding>> {
        self.queue.run(Arc::new(Pooled(Arc::clone(&self.model))), role, texts).await
    }
}

/// One vector a text.
struct Pooled(Arc<Model>);

impl Steps for Pooled {
    type Output = Embedding;

    fn tokenize(&self, text: &str) -> Result<Vec<u32>> {
        self.0.tokenizer.encode(text)
    }

    fn compute(&self, texts: &[Vec<u32>]) -> Result<Vec<Embedding>> {
        let (batch, trunk): (TokenBatch, _) = (texts.iter().map(Vec::as_slice).collect(), &self.0.trunk);
        let vectors = mean_pooled(&batch, &trunk.forward(&batch), trunk.hidden());
        vectors.into_iter().map(Embedding::new).collect()
    }
}

/// A vector for each token of a text.
struct TokenWise(Arc<Model>);

impl Steps for TokenWise {
    type Output = TokenVectors;

    fn tokenize(&self, text: &str) -> Result<Vec<u32>> {
        self.0.tokenizer.encode(text)
    }

    fn compute(&self, texts: &[Vec<u32>]) -> Result<Vec<TokenVectors>> {
        let batch: TokenBatch = texts.iter().map(Vec::as_slice).collect();
        let (vectors, hidden) = (self.0.trunk.forward(&batch), self.0.trunk.hidden());
        let of_text = |text: Range<usize>| TokenVectors {
            tokens: batch.tokens()[text.clone()].to_vec(),
            vectors: vectors[text.start * hidden..text.end * hidden].to_vec(),
        };
        Ok(batch.texts().map(of_text).collect())
    }
}
