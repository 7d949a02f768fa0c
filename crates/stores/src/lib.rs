//! Document stores: the embedded, durable one.

mod check;
pub mod memory;
mod plan;
mod schema;
mod sqlite;
mod words;

pub use memory::{MemoryBackend, MemoryStore};
