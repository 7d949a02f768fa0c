//! What travels with every run: deadline, cancel, events, and the state that parts of one run share.

use crate::{Error, ErrorKind, GeneratedSentence, Result};
use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A flag that somebody may set once, to ask for a stop.
#[derive(Debug, Clone, Default)]
pub struct CancelFlag(Arc<AtomicBool>);

impl CancelFlag {
    /// Asks for a stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether a stop was asked for.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// What a run tells while it goes on. Streaming needs no second path.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A component begins.
    Started {
        /// Its name in the pipeline file.
        component: Arc<str>,
    },
    /// A component ended.
    Finished {
        /// Its name in the pipeline file.
        component: Arc<str>,
        /// How long it ran.
        elapsed: Duration,
    },
    /// Work done so far in a component's own unit.
    Progress {
        /// Its name in the pipeline file.
        component: Arc<str>,
        /// Units done.
        done: u64,
        /// Units in all, where known.
        total: Option<u64>,
    },
    /// A generator wrote a sentence, and it was checked.
    Sentence {
        /// Its name in the pipeline file.
        component: Arc<str>,
        /// The sentence.
        sentence: Arc<GeneratedSentence>,
    },
}

/// Takes events; must not block.
pub trait EventSink: Send + Sync {
    /// One event, in the order they happen.
    fn emit(&self, event: Event);
}

/// The context of one run. Cheap to clone: clones share everything.
#[derive(Clone)]
pub struct RunContext {
    deadline: Option<Instant>,
    cancel: CancelFlag,
    events: Option<Arc<dyn EventSink>>,
    state: Arc<Mutex<HashMap<String, Box<dyn Any + Send>>>>,
}

impl RunContext {
    /// A run without deadline that nobody listens to.
    #[must_use]
    pub fn new(cancel: CancelFlag) -> Self {
        Self { deadline: None, cancel, events: None, state: Arc::default() }
    }

    /// The same run, ended at `deadline`.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The same run, heard by `events`.
    #[must_use]
    pub fn with_events(mut self, events: Arc<dyn EventSink>) -> Self {
        self.events = Some(events);
        self
    }

    /// Tells the listener, if there is one.
    pub fn emit(&self, event: Event) {
        if let Some(events) = &self.events {
            events.emit(event);
        }
    }

    /// The flag that stops the run.
    #[must_use]
    pub fn cancel(&self) -> &CancelFlag {
        &self.cancel
    }

    /// When the run ends at the latest.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// To be called between pieces of work.
    ///
    /// # Errors
    /// `Cancelled` or `Timeout` when the run has to end.
    pub fn check(&self) -> Result<()> {
        if self.cancel.is_cancelled() {
            return Err(Error::new(ErrorKind::Cancelled, "core.run", "the run was cancelled"));
        }
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Error::new(ErrorKind::Timeout, "core.run", "the run passed its deadline"));
        }
        Ok(())
    }

    /// Takes out what an earlier part of the same run left under `key`.
    pub fn take_state<T: Send + 'static>(&self, key: &str) -> Option<T> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.remove(key).and_then(|value| value.downcast().ok()).map(|value| *value)
    }

    /// Leaves something for a later part of the same run (the splitter's session).
    pub fn put_state<T: Send + 'static>(&self, key: &str, value: T) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), Box::new(value));
    }
}

impl fmt::Debug for RunContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunContext")
            .field("deadline", &self.deadline)
            .field("cancel", &self.cancel)
            .finish_non_exhaustive()
    }
}
