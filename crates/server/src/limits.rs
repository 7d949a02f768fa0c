//! How much at a time: what is beyond is told to come back, so that what is under way stays quick.

use crate::problem::Problem;
use pllm_app::config::ServerConfig;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Most bytes of a JSON body.
pub(crate) const JSON_BYTES: usize = 256 << 10;
/// Most bytes of a text that is pasted, as JSON.
pub(crate) const TEXT_BYTES: usize = 16 << 20;
/// Questions that wait, for each that is answered.
const WAITING_EACH: usize = 4;
/// Tables that are looked at at the same time: each is in memory as a whole.
const TABLES: usize = 2;
/// How long a question waits for its turn.
const TURN: Duration = Duration::from_secs(30);

/// Counted permits; each is given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Limits {
    asks: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    tables: Arc<Semaphore>,
}

/// The right to answer a question, to keep a stream open, or to take a table into memory.
#[derive(Debug)]
pub(crate) struct Permit {
    _permit: OwnedSemaphorePermit,
}

impl Limits {
    pub(crate) fn new(config: &ServerConfig) -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Self {
            asks: semaphore(config.max_asks),
            waiting: semaphore(config.max_asks * WAITING_EACH),
            streams: semaphore(config.max_streams),
            tables: semaphore(TABLES),
        }
    }

    /// The right to answer a question, at once or when it is its turn.
    pub(crate) async fn ask(&self) -> Result<Permit, Problem> {
        if let Ok(permit) = Arc::clone(&self.asks).try_acquire_owned() {
            return Ok(Permit { _permit: permit });
        }
        let too_many =
            || Problem::of("overloaded", "as many questions wait as there may be (server.max_asks)");
        let _waiting = self.waiting.try_acquire().map_err(|_| too_many())?;
        let turn = tokio::time::timeout(TURN, Arc::clone(&self.asks).acquire_owned()).await;
        match turn {
            Ok(Ok(permit)) => Ok(Permit { _permit: permit }),
            _ => Err(too_many()),
        }
    }

    /// The right to keep a stream open.
    pub(crate) fn stream(&self) -> Result<Permit, Problem> {
        at_once(&self.streams, "as many streams are open as there may be (server.max_streams)")
    }

    /// The right to take a table into memory.
    pub(crate) fn table(&self) -> Result<Permit, Problem> {
        at_once(&self.tables, "other tables are being looked at")
    }
}

fn at_once(semaphore: &Arc<Semaphore>, refusal: &str) -> Result<Permit, Problem> {
    let permit = Arc::clone(semaphore).try_acquire_owned();
    permit.map(|permit| Permit { _permit: permit }).map_err(|_| Problem::of("overloaded", refusal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use pllm_app::config::{Config, Layers};

    fn limits(max_asks: usize) -> Limits {
        let (config, _) = Config::load(&Layers::default()).expect("the built-in settings are fine");
        Limits::new(&ServerConfig { max_asks, ..config.server })
    }

    #[tokio::test]
    async fn what_is_beyond_is_refused_at_once() {
        let limits = limits(2);
        let held: Vec<_> =
            (0..2).map(|_| limits.ask().now_or_never().expect("at once").expect("free")).collect();
        let mut queue: Vec<_> = (0..8).map(|_| Box::pin(limits.ask())).collect();
        for waiting in &mut queue {
            assert!(waiting.as_mut().now_or_never().is_none(), "waits for its turn");
        }
        let refused = limits.ask().now_or_never().expect("at once").expect_err("full");
        assert_eq!(refused.document("r").status, 429);
        drop(held);
        assert!(queue[0].as_mut().now_or_never().expect("its turn").is_ok());
    }
}
