//! One budget of processors: somebody who computes with as many threads as the pool has, elsewhere, takes turns with its workers.
//!
//! Such a guest is alone for a turn at a time: then no worker has a job. Between its turns questions go first; documents wait while it
//! is there, but for a round of one job a worker when it has been alone for [`SHARE`]. So a question waits for one turn at most, and
//! neither a long answer nor a long ingest keeps the other from going on.

use super::{CpuPool, Job, Queue, Shared};
use std::time::{Duration, Instant};

/// So long in all guests may be alone while documents wait, before these have a round.
const SHARE: Duration = Duration::from_millis(400);

/// Who computes now, and who waits to.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// Jobs that workers are at.
    working: usize,
    /// Whether somebody is alone.
    alone: bool,
    /// How many are to be, turn after turn.
    guests: usize,
    /// How long they were alone since documents had their round.
    spent: Duration,
    /// Jobs of documents that are still of this round.
    round: usize,
}

impl Turns {
    /// Counts the time of a turn; whether documents have waited long enough.
    pub(super) fn spend(&mut self, time: Duration) -> bool {
        self.spent += time;
        let is_enough = self.spent >= SHARE;
        if is_enough {
            self.spent = Duration::ZERO;
        }
        is_enough
    }

    /// Lets so many jobs of documents begin before the next turn.
    pub(super) fn begin_round(&mut self, jobs: usize) {
        self.round = jobs;
    }
}

impl Queue {
    /// The next job that may begin now.
    pub(super) fn take(&mut self) -> Option<Job> {
        if self.turns.alone {
            return None;
        }
        let job = self.first.pop_front().or_else(|| self.take_document())?;
        self.turns.working += 1;
        Some(job)
    }

    fn take_document(&mut self) -> Option<Job> {
        if self.turns.guests > 0 && self.turns.round == 0 {
            return None;
        }
        let job = self.rest.pop_front()?;
        self.turns.round = self.turns.round.saturating_sub(1);
        Some(job)
    }

    /// Begins a turn of a guest, if there may be one now.
    fn enter(&mut self) -> bool {
        let turns = &mut self.turns;
        let documents_first = turns.round > 0 && !self.rest.is_empty();
        let is_free = !turns.alone && turns.working == 0 && self.first.is_empty() && !documents_first;
        turns.alone |= is_free;
        is_free
    }
}

impl Shared {
    /// A worker has done its job.
    pub(super) fn done(&self) {
        let mut queue = self.lock();
        queue.turns.working -= 1;
        let has_guests = queue.turns.guests > 0;
        drop(queue);
        if has_guests {
            self.turn.notify_waiters();
        }
    }
}

impl CpuPool {
    /// Somebody who is to take turns with the workers for a while.
    #[must_use]
    pub fn guest(&self) -> Guest {
        self.0.shared.lock().turns.guests += 1;
        Guest(self.clone())
    }
}

/// Somebody who computes with as many threads as a pool has, elsewhere, turn after turn.
#[derive(Debug)]
pub struct Guest(CpuPool);

impl Guest {
    /// Waits until no worker has a job and no question waits for one. Until the value is dropped none begins.
    pub async fn alone(&self) -> Alone<'_> {
        let shared = &self.0.0.shared;
        loop {
            let turn = shared.turn.notified();
            if shared.lock().enter() {
                return Alone { pool: &self.0, since: Instant::now() };
            }
            turn.await;
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let shared = &self.0.0.shared;
        shared.lock().turns.guests -= 1;
        // Documents that let it go first.
        shared.wake.notify_all();
    }
}

/// One turn.
#[derive(Debug)]
pub struct Alone<'a> {
    pool: &'a CpuPool,
    since: Instant,
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        let shared = &self.pool.0.shared;
        let mut queue = shared.lock();
        queue.turns.alone = false;
        if queue.rest.is_empty() {
            queue.turns.spent = Duration::ZERO;
        } else if queue.turns.spend(self.since.elapsed()) {
            queue.turns.begin_round(self.pool.threads());
        }
        drop(queue);
        shared.wake.notify_all();
        shared.turn.notify_waiters();
    }
}
