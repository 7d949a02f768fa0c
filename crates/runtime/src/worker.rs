//! Work that may crash, hang or swallow memory: done in children of the same program, which may read their standard input,
//! write their standard output, and nothing else. What one of them costs is one piece of work.

mod child;
mod confine;
mod end;
mod frame;
mod lasting;
mod measure;
mod pool;
mod process;

pub use child::{Replies, Request, serve};
pub use confine::{Allowance, Confinement, Strength};
pub use lasting::LastingWorker;
pub use pool::{Worked, WorkerCommand, WorkerPool};

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The first argument of a process that is a worker; the second says which.
pub const ARGUMENT: &str = "__worker";

/// What one piece of work may use; it is ended beyond that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkLimits {
    /// Time from handing it over to the last byte of the reply.
    pub time: Duration,
    /// Memory that the worker may take beyond what it has when idle, bytes.
    pub memory_bytes: u64,
    /// All it may reply, bytes.
    pub output_bytes: u64,
}

/// What one piece of work used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// The most memory that was resident during the work, bytes, with what an idle worker has; none where nobody can tell. Of
    /// a worker that failed, what was last seen from outside.
    pub peak_bytes: Option<u64>,
    /// What is resident after it, bytes.
    resident_bytes: Option<u64>,
    /// Wall-clock time of the work alone.
    pub seconds: f64,
}
