//! The encoder as a whole: tokens in, one vector a token out.

use std::sync::Arc;

use pllm_core::Result;

use super::batch::TokenBatch;
use super::config::BertConfig;
use super::embeddings::{Embeddings, WordEmbeddings};
use super::layer::{Layer, Workspace};
use super::tensors::Tensors;

/// The embeddings and blocks of one BERT encoder. Shared by all threads; a call uses memory of its own.
///
/// Models of one family have each their own trunk and share the [`WordEmbeddings`].
#[derive(Debug)]
pub struct Trunk {
    embeddings: Embeddings,
    layers: Vec<Layer>,
    hidden: usize,
}

impl Trunk {
    /// Reads and packs the weights. Every tensor is checked against `config`.
    ///
    /// # Errors
    /// `Corrupt` when a tensor is missing or of another size.
    pub fn read(tensors: &Tensors, config: &BertConfig, words: Arc<WordEmbeddings>) -> Result<Self> {
        let layers = (0..config.layers).map(|index| Layer::read(tensors, config, index));
        Ok(Self {
            embeddings: Embeddings::read(tensors, config, words)?,
            layers: layers.collect::<Result<_, _>>()?,
            hidden: config.hidden,
        })
    }

    /// Width of a vector.
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// The vectors of all tokens, `[tokens][hidden]`, on the calling thread.
    ///
    /// Those of one text depend on that text alone, bit for bit on one machine. Panics if a text has more tokens than the
    /// model has positions, or a token that the vocabulary has not.
    pub fn forward(&self, batch: &TokenBatch) -> Vec<f32> {
        let mut x = self.embeddings.embed(batch);
        let mut workspace = Workspace::default();
        for layer in &self.layers {
            layer.apply(batch, &mut x, &mut workspace);
        }
        x
    }
}
