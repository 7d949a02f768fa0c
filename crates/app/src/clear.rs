//! Clears what must not stay: revisions that were never finished, that were replaced, or whose source is being deleted.

use crate::collections::Collection;
use crate::gates::{Gates, Inside};
use crate::metadata::{Leftover, LeftoverKind, MetaStore};
use pllm_core::blob::BlobKind;
use pllm_core::{
    BlobKey, BlobStore, CollectionId, Comparison, DocumentStore, Filter, MetaValue, Result, StoreBackend,
    StoreKey,
};
use pllm_runtime::{CpuPool, Reserve};
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

/// Revisions cleared with one call of the store.
const BATCH: usize = 200;

/// Clears. Every step may be done again, so a clean-up that was killed is simply begun anew.
#[derive(Debug, Clone)]
pub(crate) struct Cleaner {
    pub(crate) meta: Arc<dyn MetaStore>,
    pub(crate) stores: Arc<dyn StoreBackend>,
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) pool: CpuPool,
    pub(crate) collections_dir: PathBuf,
    pub(crate) gates: Gates,
    /// For deletes on a full disk, and for saying that it is full.
    pub(crate) reserve: Arc<Reserve>,
}

impl Cleaner {
    /// Keeps what an ingest has not finished from being cleared, and the collection from being removed.
    pub(crate) async fn ingesting(&self, collection: &CollectionId) -> Result<Inside> {
        self.gates.ingest(collection).await
    }

    /// Clears the leftovers of an open collection; while an ingest goes on, those that are not its own.
    pub(crate) async fn clear(&self, collection: &Collection) -> Result<()> {
        let id = &collection.record.id;
        let alone = self.gates.try_alone(id);
        if alone.as_ref().is_some_and(|is_there| !**is_there) {
            return Ok(());
        }
        let _room = self.reserve.lend();
        let mut leftovers = self.meta.leftovers(Some(id)).await?;
        if alone.is_none() {
            leftovers.retain(|leftover| leftover.kind == LeftoverKind::Obsolete);
        }
        for batch in leftovers.chunks(BATCH) {
            self.clear_batch(batch, collection).await?;
        }
        Ok(())
    }

    /// Removes blobs.
    pub(crate) async fn remove_blobs(&self, keys: Vec<BlobKey>) -> Result<()> {
        let blobs = Arc::clone(&self.blobs);
        self.pool.run(move || blobs.delete_all(&keys)).await?
    }

    /// Removes incoming blobs of a collection.
    pub(crate) async fn remove_incoming(&self, collection: &CollectionId, names: Vec<String>) -> Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        let key = |name| BlobKey { collection: collection.clone(), kind: BlobKind::Incoming, name };
        self.remove_blobs(names.into_iter().map(key).collect()).await
    }

    /// Removes the incoming blobs that no job names: what a killed process was taking in, or had done.
    pub(crate) async fn sweep_incoming(&self, collection: &CollectionId) -> Result<()> {
        let (blobs, id) = (Arc::clone(&self.blobs), collection.clone());
        let there = self.pool.run(move || blobs.list_kind(&id, BlobKind::Incoming)).await??;
        if there.is_empty() {
            return Ok(());
        }
        let needed: HashSet<String> = self.meta.incoming(collection).await?.into_iter().collect();
        self.remove_blobs(there.into_iter().filter(|key| !needed.contains(&key.name)).collect()).await
    }

    async fn clear_batch(&self, batch: &[Leftover], collection: &Collection) -> Result<()> {
        // Documents first: a text without Documents is found again here, a Document without its text could be found by a user.
        let store: &Arc<dyn DocumentStore> = &collection.store;
        store.delete(&documents_of(batch)).await?;
        let revisions = batch.iter().map(|leftover| (leftover.source.clone(), leftover.revision)).collect();
        collection.texts.remove(revisions).await?;
        self.meta.forget(batch.to_vec()).await
    }

    /// Removes a collection that is marked as being deleted.
    pub(crate) async fn remove_collection(&self, id: &CollectionId) -> Result<()> {
        let (_alone, _room) = (self.gates.close(id).await, self.reserve.lend());
        for key in self.stores.list().await?.into_iter().filter(|key| &key.collection == id) {
            self.stores.drop_store(&StoreKey { collection: id.clone(), ..key }).await?;
        }
        let (blobs, collection, folder) =
            (Arc::clone(&self.blobs), id.clone(), self.collections_dir.join(id.as_str()));
        let remove = move || -> Result<()> {
            blobs.delete_all(&blobs.list(&collection)?)?;
            pllm_runtime::files::remove_dir_all(&folder).map(|_| ())
        };
        self.pool.run(remove).await??;
        self.meta.remove_collection(id).await
    }
}

/// The Documents of these revisions. Those with the same number are named together: while a table is read, every question asks
/// for the Documents of all its rows.
pub(crate) fn documents_of(leftovers: &[Leftover]) -> Filter {
    let mut sources: BTreeMap<u32, Vec<MetaValue>> = BTreeMap::new();
    for leftover in leftovers {
        sources.entry(leftover.revision).or_default().push(leftover.source.as_str().into());
    }
    let of_number = |(revision, sources): (u32, Vec<MetaValue>)| {
        Filter::And(vec![
            Filter::compare("document.source", Comparison::In, MetaValue::List(sources)),
            Filter::compare("document.revision", Comparison::Equal, MetaValue::Int(revision.into())),
        ])
    };
    Filter::Or(sources.into_iter().map(of_number).collect())
}
