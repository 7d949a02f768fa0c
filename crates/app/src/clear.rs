//! Clears what must not stay: revisions that were never finished, that were replaced, or whose source is being deleted.

use crate::collections::Collection;
use crate::metadata::{Leftover, MetaStore};
use pllm_core::{
    BlobStore, CollectionId, Comparison, DocumentStore, Filter, MetaValue, Result, StoreBackend, StoreKey,
};
use pllm_runtime::CpuPool;
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
}

impl Cleaner {
    /// Clears the leftovers of an open collection.
    pub(crate) async fn clear(&self, collection: &Collection) -> Result<()> {
        let leftovers = self.meta.leftovers(Some(&collection.record.id)).await?;
        for batch in leftovers.chunks(BATCH) {
            self.clear_batch(batch, collection).await?;
        }
        Ok(())
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

/// The Documents of these revisions.
pub(crate) fn documents_of(leftovers: &[Leftover]) -> Filter {
    let of_one = |leftover: &Leftover| {
        Filter::And(vec![
            Filter::compare("document.source", Comparison::Equal, leftover.source.as_str().into()),
            Filter::compare("document.revision", Comparison::Equal, MetaValue::Int(leftover.revision.into())),
        ])
    };
    Filter::Or(leftovers.iter().map(of_one).collect())
}
