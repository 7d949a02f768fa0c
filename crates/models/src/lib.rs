//! Embedders and readers that run in this process, and the model files they need.

mod error;
mod files;

pub mod bert;

pub use error::ModelError;
