//! Embedders and readers that run in this process, generators that run in a child, and the model files they need.

mod cache;
mod catalogue;
mod fault;
mod incoming;
mod minilm;
mod pull;
mod queue;

pub mod bert;
pub mod generators;
pub mod reader;

pub use cache::{ModelCache, ModelState};
pub use catalogue::{Catalogue, ModelEntry, ModelFile, ModelKind};
pub use minilm::{MiniLm, TokenVectors};
pub use pull::PullProgress;
pub use reader::SentenceReader;
