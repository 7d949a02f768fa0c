//! Document stores: the embedded, durable one.

pub mod memory;

pub use memory::{MemoryBackend, MemoryStore};
