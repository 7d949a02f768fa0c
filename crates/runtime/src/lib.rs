//! What waits and works: the CPU pool, the HTTP client, the local blob folder, files and locks on disk.

pub mod pool;

pub use pool::CpuPool;
