//! What waits and works: the CPU pool, the HTTP client, the local blob folder, files and locks on disk, worker
//! children.

pub mod blobs;
pub mod files;
pub mod http;
pub mod local;
pub mod lock;
pub mod pool;
pub mod reserve;
pub mod worker;

pub use blobs::LocalBlobs;
pub use http::{HttpBody, HttpClient, HttpConfig, HttpMethod, HttpRequest, SseDecoder, SseEvent};
pub use local::LocalClient;
pub use lock::DirectoryLock;
pub use pool::CpuPool;
pub use reserve::Reserve;
pub use worker::WorkerPool;
