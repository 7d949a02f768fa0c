//! Document stores: the embedded, durable one, and Chroma.

mod check;
pub mod chroma;
mod config;
pub mod memory;
mod plan;
mod schema;
mod sqlite;
mod words;

pub use chroma::{ChromaBackend, ChromaConfig};
pub use config::{StoreConfig, StorePlace};
pub use memory::{MemoryBackend, MemoryStore};
