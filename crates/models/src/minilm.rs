//! The shipped embedder: all-MiniLM-L6-v2, in this process.
//!
//! Model card: <https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2>: mean pooling over at most 256 tokens,
//! vectors of length 1, trained on English.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::{self, StreamExt, TryStreamExt};
use pllm_core::{EmbedRole, Embedder, EmbedderInfo, Embedding, Result};
use pllm_runtime::CpuPool;
use pllm_text::Language;

use crate::bert::{BertConfig, BertTokenizer, Tensors, TokenBatch, Trunk, WordEmbeddings, mean_pooled};

/// Longest text, special tokens included.
const MAX_TOKENS: usize = 256;
/// Tokens that are computed in one piece of work: enough to be efficient, few enough (some 50 ms on one core) that a
/// question does not wait long for its turn.
const TOKENS_PER_JOB: usize = 384;
/// Texts that are tokenized in one piece of work.
const TEXTS_PER_JOB: usize = 32;

/// The embedder and the pool that it computes on. Cheap to clone; clones share the weights.
#[derive(Clone, Debug)]
pub struct MiniLm {
    model: Arc<Model>,
    pool: CpuPool,
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
        Ok(Self { model: Arc::new(Model { tokenizer, words, trunk }), pool })
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
        let tokens = self.spread(role, pieces(texts, |_| 1, TEXTS_PER_JOB), tokenize).await?;
        self.spread(role, pieces(tokens, Vec::len, TOKENS_PER_JOB), vectors_of_tokens).await
    }

    /// Runs `work` on every piece, on all threads of the pool, and gives the results in order. Only a few pieces wait in the
    /// queue at a time, so that others get their turn and a caller that leaves leaves nothing behind.
    async fn spread<T, R>(
        &self,
        role: EmbedRole,
        pieces: Vec<Vec<T>>,
        work: impl Fn(&Model, &[T]) -> Result<Vec<R>> + Copy + Send + 'static,
    ) -> Result<Vec<R>>
    where
        T: Send + 'static,
        R: Send + 'static,
    {
        let jobs = pieces.into_iter().map(|piece| {
            let (model, pool) = (Arc::clone(&self.model), self.pool.clone());
            async move {
                let job = move || work(&model, &piece);
                match role {
                    EmbedRole::Query => pool.run_first(job).await?,
                    EmbedRole::Document => pool.run(job).await?,
                }
            }
        });
        let results = stream::iter(jobs).buffered(self.pool.threads() + 1);
        let parts: Vec<Vec<R>> = results.try_collect().await?;
        Ok(parts.into_iter().flatten().collect())
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
        let tokens = self.spread(role, pieces(texts, |_| 1, TEXTS_PER_JOB), tokenize).await?;
        self.spread(role, pieces(tokens, Vec::len, TOKENS_PER_JOB), embed_tokens).await
    }
}

fn tokenize(model: &Model, texts: &[String]) -> Result<Vec<Vec<u32>>> {
    texts.iter().map(|text| model.tokenizer.encode(text)).collect()
}

fn embed_tokens(model: &Model, texts: &[Vec<u32>]) -> Result<Vec<Embedding>> {
    let batch: TokenBatch = texts.iter().map(Vec::as_slice).collect();
    let vectors = mean_pooled(&batch, &model.trunk.forward(&batch), model.trunk.hidden());
    vectors.into_iter().map(Embedding::new).collect()
}

fn vectors_of_tokens(model: &Model, texts: &[Vec<u32>]) -> Result<Vec<TokenVectors>> {
    let batch: TokenBatch = texts.iter().map(Vec::as_slice).collect();
    let (vectors, hidden) = (model.trunk.forward(&batch), model.trunk.hidden());
    let of_text = |text: Range<usize>| TokenVectors {
        tokens: batch.tokens()[text.clone()].to_vec(),
        vectors: vectors[text.start * hidden..text.end * hidden].to_vec(),
    };
    Ok(batch.texts().map(of_text).collect())
}

/// Cuts `items` into runs whose sizes add up to at most `budget`; a larger item gets a run of its own.
fn pieces<T>(items: Vec<T>, size: impl Fn(&T) -> usize, budget: usize) -> Vec<Vec<T>> {
    let mut pieces = Vec::new();
    let (mut piece, mut used) = (Vec::new(), 0);
    for item in items {
        let size = size(&item);
        if used + size > budget && !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
            used = 0;
        }
        used += size;
        piece.push(item);
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sizes: &[usize], budget: usize, expected: &[&[usize]]) {
        assert_eq!(pieces(sizes.to_vec(), |size| *size, budget), expected);
    }

    #[test]
    fn pieces_keep_to_the_budget_and_the_order() {
        check(&[], 10, &[]);
        check(&[4, 6, 1], 10, &[&[4, 6], &[1]]);
        check(&[11, 2, 3, 20, 1], 10, &[&[11], &[2, 3], &[20], &[1]]);
    }
}
