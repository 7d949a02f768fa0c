//! Who may touch a collection at the same time: ingests and uploads side by side, a clean-up of what is unfinished and a delete
//! only while no ingest goes on.

use pllm_core::{CollectionId, Error, ErrorKind, Result};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

/// Whether a collection is still there, for as long as somebody holds this.
pub(crate) type Inside = OwnedRwLockReadGuard<bool>;
/// The same for one who is alone.
pub(crate) type Alone = OwnedRwLockWriteGuard<bool>;

/// A gate for every collection that was touched.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gates(Arc<Mutex<HashMap<CollectionId, Gate>>>);

/// Both hold whether the collection is there.
#[derive(Debug, Clone)]
struct Gate {
    ingests: Arc<RwLock<bool>>,
    uploads: Arc<RwLock<bool>>,
}

impl Gates {
    /// Lets an ingest in, or whoever opens the collection.
    ///
    /// # Errors
    /// `NotFound` when the collection was deleted.
    pub(crate) async fn ingest(&self, collection: &CollectionId) -> Result<Inside> {
        checked(self.of(collection).ingests.read_owned().await)
    }

    /// Lets a piece of an upload in.
    ///
    /// # Errors
    /// As [`Gates::ingest`].
    pub(crate) async fn upload(&self, collection: &CollectionId) -> Result<Inside> {
        checked(self.of(collection).uploads.read_owned().await)
    }

    /// Keeps ingests out, if there is none just now.
    pub(crate) fn try_alone(&self, collection: &CollectionId) -> Option<Alone> {
        self.of(collection).ingests.try_write_owned().ok()
    }

    /// Keeps everybody out for good, when those who are in are out.
    pub(crate) async fn close(&self, collection: &CollectionId) -> Alone {
        let gate = self.of(collection);
        *gate.uploads.write_owned().await = false;
        let mut alone = gate.ingests.write_owned().await;
        *alone = false;
        alone
    }

    fn of(&self, collection: &CollectionId) -> Gate {
        let open = || Gate { ingests: Arc::new(RwLock::new(true)), uploads: Arc::new(RwLock::new(true)) };
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        gates.entry(collection.clone()).or_insert_with(open).clone()
    }
}

fn checked(inside: Inside) -> Result<Inside> {
    if *inside {
        return Ok(inside);
    }
    Err(Error::new(ErrorKind::NotFound, "app.collections", "the collection was deleted meanwhile"))
}
