//! Writes traces after their answers, one after the other, and removes those that are old. Nobody waits for it who asks.

use super::record::Answered;
use crate::clock;
use crate::metadata::MetaStore;
use pllm_core::Result;
use pllm_runtime::Reserve;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, interval_at};

/// Answers whose traces may wait to be written; what is beyond gets none.
const MOST_WAITING: usize = 256;
/// How often old traces are looked for.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Microseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// Takes answers and writes their traces.
#[derive(Debug)]
pub(crate) struct TraceKeeper {
    days: u64,
    last: AtomicI64,
    orders: mpsc::Sender<Order>,
}

#[derive(Debug)]
enum Order {
    Write(i64, Box<Answered>),
    /// To be answered when everything before is written.
    Settle(oneshot::Sender<()>),
}

impl TraceKeeper {
    /// Removes what is older than `days`, all with 0, and begins to keep the traces of `meta`, as long as that is there.
    pub(crate) async fn start(meta: &Arc<dyn MetaStore>, reserve: Arc<Reserve>, days: u64) -> Result<Self> {
        forget_old(&**meta, days).await?;
        let last = AtomicI64::new(meta.last_trace().await?);
        let (orders, taken) = mpsc::channel(MOST_WAITING);
        tokio::spawn(Keeping { meta: Arc::downgrade(meta), reserve, days }.work(taken));
        Ok(Self { days, last, orders })
    }

    /// Whether traces are kept at all.
    pub(super) fn is_on(&self) -> bool {
        self.days > 0
    }

    /// Takes an answer; gives the number that its trace will have, unless there is too much to write already.
    pub(super) fn keep(&self, answered: Answered) -> Option<i64> {
        let Ok(place) = self.orders.try_reserve() else {
            tracing::warn!("an answer gets no trace: {MOST_WAITING} wait to be written already");
            return None;
        };
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        place.send(Order::Write(id, Box::new(answered)));
        Some(id)
    }

    /// Waits until the trace of every answer that was taken is written.
    pub(super) async fn settle(&self) {
        let (settled, done) = oneshot::channel();
        if self.orders.send(Order::Settle(settled)).await.is_ok() {
            // It is dropped unanswered only when the product is being closed.
            let _ = done.await;
        }
    }
}

struct Keeping {
    meta: Weak<dyn MetaStore>,
    reserve: Arc<Reserve>,
    days: u64,
}

impl Keeping {
    async fn work(self, mut orders: mpsc::Receiver<Order>) {
        let mut old = interval_at(Instant::now() + EVERY, EVERY);
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(Order::Write(id, answered)) => self.write(id, *answered).await,
                    Some(Order::Settle(settled)) => {
                        // Whoever asked may have left.
                        let _ = settled.send(());
                    }
                    None => return,
                },
                _ = old.tick() => self.forget_old().await,
            }
        }
    }

    async fn write(&self, id: i64, answered: Answered) {
        let Some(meta) = self.meta.upgrade() else { return };
        let written = match self.reserve.check() {
            Ok(()) => meta.write_trace(answered.rows(id)).await,
            full => full,
        };
        if let Err(error) = written {
            tracing::warn!(%error, trace = id, "the trace of an answer could not be written");
        }
    }

    async fn forget_old(&self) {
        let Some(meta) = self.meta.upgrade() else { return };
        if let Err(error) = forget_old(&*meta, self.days).await {
            tracing::warn!(%error, "old traces could not be removed");
        }
    }
}

async fn forget_old(meta: &dyn MetaStore, days: u64) -> Result<()> {
    let before = clock::now().saturating_sub(DAY.saturating_mul(days.cast_signed()));
    let gone = meta.forget_traces(None, Some(before).filter(|_| days > 0)).await?;
    if gone > 0 {
        tracing::info!(gone, "traces were removed (trace.days)");
    }
    Ok(())
}
