//! Contract: big pieces of bytes (originals, canonical text, layouts), by key.

use crate::{CollectionId, Result};
use std::fmt::{self, Debug};
use std::io::Read;
use std::ops::Range;

/// The kinds of blobs, each a folder of its collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BlobKind {
    /// The bytes of a file as it was given.
    Original,
    /// Canonical text.
    Text,
    /// The layout table of a canonical text.
    Layout,
    /// The bytes of a file that a job still has to read.
    Incoming,
}

impl BlobKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Original, Self::Text, Self::Layout, Self::Incoming];

    /// The folder's name.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Original => "blobs",
            Self::Text => "text",
            Self::Layout => "layout",
            Self::Incoming => "incoming",
        }
    }
}

/// Names a blob. The name inside the kind uses the alphabet of [`crate::SourceId`], so a key is a safe path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobKey {
    /// Its collection.
    pub collection: CollectionId,
    /// Its kind.
    pub kind: BlobKind,
    /// `<source>.<revision>`; of incoming bytes a name that the job remembers.
    pub name: String,
}

impl fmt::Display for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.collection, self.kind.folder(), self.name)
    }
}

/// Keeps blobs. Plain functions: a local folder blocks, so callers go through the pool.
pub trait BlobStore: Send + Sync + Debug {
    /// Stores all of `bytes` under `key`, replacing what was there; durable and complete when it returns, absent otherwise.
    /// Gives the number of bytes read.
    ///
    /// # Errors
    /// `Unavailable` for a full disk or an unwritable folder.
    fn put(&self, key: &BlobKey, bytes: &mut dyn Read) -> Result<u64>;

    /// Begins a blob whose bytes come piece by piece, so that nothing waits while they are on their way. It is absent, and what
    /// was under `key` stays, until [`BlobWriter::commit`].
    ///
    /// # Errors
    /// As [`BlobStore::put`].
    fn begin(&self, key: &BlobKey) -> Result<Box<dyn BlobWriter>>;

    /// The bytes of `range`, or all of them.
    ///
    /// # Errors
    /// `NotFound`; `InvalidInput` for a range past the end; `Corrupt` when the bytes do not open.
    fn get(&self, key: &BlobKey, range: Option<Range<u64>>) -> Result<Vec<u8>>;

    /// Removes a blob; whether it was there.
    ///
    /// # Errors
    /// `Unavailable` when the folder cannot be written.
    fn delete(&self, key: &BlobKey) -> Result<bool>;

    /// Removes blobs, those that are there; sooner done than one by one.
    ///
    /// # Errors
    /// As [`BlobStore::delete`]; some may be removed then.
    fn delete_all(&self, keys: &[BlobKey]) -> Result<()> {
        keys.iter().try_for_each(|key| self.delete(key).map(|_| ()))
    }

    /// The keys of one kind in a collection, sorted.
    ///
    /// # Errors
    /// `Unavailable` when the folder cannot be read.
    fn list_kind(&self, collection: &CollectionId, kind: BlobKind) -> Result<Vec<BlobKey>>;

    /// The keys of a collection, sorted.
    ///
    /// # Errors
    /// As [`BlobStore::list_kind`].
    fn list(&self, collection: &CollectionId) -> Result<Vec<BlobKey>> {
        let kinds = BlobKind::ALL.into_iter().map(|kind| self.list_kind(collection, kind));
        let mut keys = kinds.collect::<Result<Vec<_>>>()?.concat();
        keys.sort();
        Ok(keys)
    }
}

/// A blob that is being written. Dropped before it is committed, nothing is left of it.
pub trait BlobWriter: Send + Debug {
    /// Takes more bytes.
    ///
    /// # Errors
    /// `Unavailable` for a full disk; the blob can only be dropped then.
    fn write(&mut self, bytes: &[u8]) -> Result<()>;

    /// Makes the blob what is under its key; durable and complete when it returns. Gives its bytes.
    ///
    /// # Errors
    /// As [`BlobWriter::write`].
    fn commit(self: Box<Self>) -> Result<u64>;
}
