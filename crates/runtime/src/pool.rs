//! Where work is done: a fixed set of named threads behind one bounded queue, so that async code only waits.

mod alone;
#[cfg(test)]
mod tests;

pub use alone::{Alone, Guest};

use alone::Turns;
use pllm_core::{Error, ErrorKind, Result};
use std::any::Any;
use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use tokio::sync::{Notify, oneshot};

type Job = Box<dyn FnOnce() + Send>;

/// A pool of worker threads. Clones share it; when the last one is dropped, work that nobody waits for any more is forgotten and
/// the threads are joined after what they are doing. It needs no async runtime: its futures may be polled by any.
#[derive(Clone)]
pub struct CpuPool(Arc<Pool>);

struct Pool {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
    capacity: usize,
    /// Wakes guests who wait for their turn.
    turn: Notify,
}

#[derive(Default)]
struct Queue {
    /// Questions: somebody sits and waits.
    first: VecDeque<Job>,
    rest: VecDeque<Job>,
    closed: bool,
    turns: Turns,
}

impl CpuPool {
    /// Starts `threads` workers (at least one) that take from a queue of at most `queue` waiting jobs (at least one).
    ///
    /// A thread that the system refuses is logged and done without; with none at all every run is `Unavailable`.
    #[must_use]
    pub fn new(threads: usize, queue: usize) -> Self {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            wake: Condvar::new(),
            capacity: queue.max(1),
            turn: Notify::new(),
        });
        let workers = (0..threads.max(1)).filter_map(|n| start_worker(n, Arc::clone(&shared))).collect();
        Self(Arc::new(Pool { shared, workers }))
    }

    /// Number of worker threads.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.0.workers.len()
    }

    /// Runs `work` on a worker, in the span of the caller. When the future is dropped before the work began, it never runs.
    ///
    /// # Errors
    /// `Overloaded` when the queue is full; `Internal` when the work panics; `Unavailable` when the pool has no thread.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        self.submit(work, false).await
    }

    /// The same, before all work that was given to [`CpuPool::run`]: for questions, while documents are being read.
    ///
    /// # Errors
    /// As [`CpuPool::run`].
    pub async fn run_first<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        self.submit(work, true).await
    }

    async fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        first: bool,
    ) -> Result<T> {
        let (sender, receiver) = oneshot::channel();
        let span = tracing::Span::current();
        self.enqueue(
            first,
            Box::new(move || {
                if !sender.is_closed() {
                    let outcome = span.in_scope(|| catch_unwind(AssertUnwindSafe(work)));
                    // A caller that left meanwhile does not want it.
                    let _ = sender.send(outcome);
                }
            }),
        )?;
        match receiver.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(panic)) => Err(panicked(panic.as_ref())),
            Err(_) => Err(Error::new(ErrorKind::Cancelled, "runtime.pool", "the pool was shut down")),
        }
    }

    fn enqueue(&self, first: bool, job: Job) -> Result<()> {
        if self.0.workers.is_empty() {
            return Err(Error::new(ErrorKind::Unavailable, "runtime.pool", "the pool has no thread"));
        }
        let shared = &self.0.shared;
        let mut queue = shared.lock();
        if queue.first.len() + queue.rest.len() >= shared.capacity {
            let message = format!("the work queue is full with {} jobs", shared.capacity);
            return Err(Error::new(ErrorKind::Overloaded, "runtime.pool", message));
        }
        let line = if first { &mut queue.first } else { &mut queue.rest };
        line.push_back(job);
        drop(queue);
        shared.wake.notify_one();
        Ok(())
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job; none when the pool is closed.
    fn next(&self) -> Option<Job> {
        let mut queue = self.lock();
        loop {
            if queue.closed {
                return None;
            }
            if let Some(job) = queue.take() {
                return Some(job);
            }
            queue = self.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn start_worker(n: usize, shared: Arc<Shared>) -> Option<JoinHandle<()>> {
    let work = move || {
        while let Some(job) = shared.next() {
            job();
            shared.done();
        }
    };
    let started = thread::Builder::new().name(format!("pllm-cpu-{n}")).spawn(work);
    started.inspect_err(|error| tracing::warn!(%error, "a worker thread could not be started")).ok()
}

fn panicked(panic: &(dyn Any + Send)) -> Error {
    let message = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    Error::new(ErrorKind::Internal, "runtime.pool", format!("work panicked: {message}"))
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut queue = self.shared.lock();
        queue.closed = true;
        // Whoever waits borrows the pool, so nobody waits for these.
        let forgotten = (std::mem::take(&mut queue.first), std::mem::take(&mut queue.rest));
        drop(queue);
        drop(forgotten);
        self.shared.wake.notify_all();
        for worker in self.workers.drain(..) {
            // The last handle may be dropped by work itself; a thread cannot wait for its own end.
            if worker.thread().id() != thread::current().id() {
                let _ = worker.join();
            }
        }
    }
}

impl fmt::Debug for CpuPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CpuPool")
            .field("threads", &self.threads())
            .field("queue", &self.0.shared.capacity)
            .finish_non_exhaustive()
    }
}
