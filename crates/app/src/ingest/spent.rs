//! Where the time of an ingest went.

use crate::ask::Timings;
use pllm_core::{Event, EventSink};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The time of each step over all files. Files are read side by side, so that the steps together may take longer than the clock.
#[derive(Debug, Default)]
pub(crate) struct Spent(Mutex<BTreeMap<String, Duration>>);

impl Spent {
    pub(super) fn add(&self, step: &str, elapsed: Duration) {
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *spent.entry(step.to_owned()).or_default() += elapsed;
    }

    pub(super) fn timings(&self) -> Timings {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().into_iter().collect()
    }
}

impl EventSink for Spent {
    fn emit(&self, event: Event) {
        if let Event::Finished { component, elapsed } = event {
            self.add(&component, elapsed);
        }
    }
}
