//! What is a token's vector before the first layer? The sum of its word's, its position's and its segment's embedding.

use std::ops::Range;
use std::sync::Arc;

use pllm_core::Result;
use pllm_kernels::{FileMap, layer_norm};

use super::batch::TokenBatch;
use super::config::BertConfig;
use super::layer::Norm;
use super::tensors::{Tensors, floats};

/// The embeddings of the vocabulary: half of a small model's weights, so several models of one family share them.
///
/// They stay in the mapped file; only the pages of words that occur are ever read.
#[derive(Debug)]
pub struct WordEmbeddings {
    map: Arc<FileMap>,
    place: Range<usize>,
    hidden: usize,
}

impl WordEmbeddings {
    /// Finds them in a file.
    ///
    /// # Errors
    /// `Corrupt` when the file has none of the configured size.
    pub fn open(tensors: &Tensors, config: &BertConfig) -> Result<Self> {
        let shape = [config.vocabulary, config.hidden];
        let (map, place) = tensors.share("embeddings.word_embeddings.weight", &shape)?;
        Ok(Self { map, place, hidden: config.hidden })
    }

    /// The vector of one word. Panics if the vocabulary has no such word.
    fn word(&self, id: u32) -> impl Iterator<Item = f32> {
        let bytes = self.hidden * size_of::<f32>();
        floats(&self.map.as_bytes()[self.place.clone()][id as usize * bytes..][..bytes])
    }
}

/// All that makes the input of the first layer.
#[derive(Debug)]
pub(super) struct Embeddings {
    words: Arc<WordEmbeddings>,
    /// `[positions][hidden]`, the first segment's embedding added.
    positions: Vec<f32>,
    norm: Norm,
}

impl Embeddings {
    pub(super) fn read(tensors: &Tensors, config: &BertConfig, words: Arc<WordEmbeddings>) -> Result<Self> {
        let (hidden, shape) = (config.hidden, [config.positions, config.hidden]);
        let mut positions = tensors.read("embeddings.position_embeddings.weight", &shape)?;
        let segments = tensors.read("embeddings.token_type_embeddings.weight", &[config.segments, hidden])?;
        for position in positions.chunks_exact_mut(hidden) {
            position.iter_mut().zip(&segments[..hidden]).for_each(|(x, segment)| *x += segment);
        }
        let norm = Norm::read(tensors, "embeddings.LayerNorm", config)?;
        Ok(Self { words, positions, norm })
    }

    /// `[tokens][hidden]`. Panics if a text is longer than there are positions.
    pub(super) fn embed(&self, batch: &TokenBatch) -> Vec<f32> {
        let hidden = self.words.hidden;
        let mut x = Vec::with_capacity(batch.tokens().len() * hidden);
        for text in batch.texts() {
            for (position, &token) in batch.tokens()[text].iter().enumerate() {
                let position = &self.positions[position * hidden..][..hidden];
                x.extend(self.words.word(token).zip(position).map(|(word, position)| word + position));
            }
        }
        layer_norm(&mut x, &self.norm.weight, &self.norm.bias, self.norm.epsilon);
        x
    }
}
