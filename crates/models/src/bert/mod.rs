//! How does a BERT encoder turn tokens into vectors? Our own forward pass in `f32`, on the kernels of `pllm-kernels`.
//!
//! Texts of a batch follow each other without padding. Linear layers, GELU and layer normalisation work row by row and
//! attention text by text, so a text's vector depends on that text alone, bit for bit on one machine.
//!
//! Source of the computation: Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers", 2019, with the
//! tensor names of the published `model.safetensors` files.

mod attention;
mod batch;
mod config;
mod embeddings;
mod layer;
mod pooling;
mod tensors;
mod tokenizer;
mod trunk;

pub use batch::TokenBatch;
pub use config::BertConfig;
pub use embeddings::WordEmbeddings;
pub use pooling::mean_pooled;
pub use tensors::Tensors;
pub use tokenizer::BertTokenizer;
pub use trunk::Trunk;
