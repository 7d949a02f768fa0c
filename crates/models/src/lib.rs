//! Embedders and readers that run in this process, and the model files they need.

mod fault;
mod minilm;

pub mod bert;

pub use minilm::MiniLm;
