//! What the page shows of a source beside an answer: its text, its pages, its bytes.

use crate::app::App;
use crate::metadata::{SourceKind, SourceRecord, SourceScope};
use crate::views::{PageLayout, SourceText};
use pllm_core::blob::BlobKind;
use pllm_core::{BlobKey, BlobStore, Error, ErrorKind, Result};
use pllm_runtime::CpuPool;
use pllm_text::CharRange;
use std::ops::Range;
use std::sync::Arc;

/// The bytes of a file as it was given, read piece by piece.
#[derive(Debug, Clone)]
pub struct Original {
    /// The file.
    pub source: SourceRecord,
    key: BlobKey,
    blobs: Arc<dyn BlobStore>,
    pool: CpuPool,
}

impl Original {
    /// The bytes of a range.
    ///
    /// # Errors
    /// `NotFound` when it was deleted meanwhile; `Corrupt` when the stored bytes do not open.
    pub async fn read(&self, range: Range<u64>) -> Result<Vec<u8>> {
        let (blobs, key) = (Arc::clone(&self.blobs), self.key.clone());
        self.pool.run_first(move || blobs.get(&key, Some(range))).await?
    }
}

impl App {
    /// The text of a source, with `mark` told apart.
    ///
    /// # Errors
    /// As [`App::source`] and [`App::source_text`]; `InvalidInput` for a mark past the end.
    pub async fn shown_text(
        &self,
        collection: &str,
        source: &str,
        mark: Option<CharRange>,
    ) -> Result<SourceText> {
        let (collection, source) = self.source(collection, source).await?;
        let text = self.source_text(&collection, &source).await?;
        self.pool.run_first(move || SourceText::new(&text, mark)).await?
    }

    /// A page of a source, from 1, with the words that `mark` touches.
    ///
    /// # Errors
    /// As [`App::shown_text`] and [`crate::pages::page_text`].
    pub async fn shown_page(
        &self,
        collection: &str,
        source: &str,
        page: u32,
        mark: Option<CharRange>,
    ) -> Result<PageLayout> {
        let (collection, source) = self.source(collection, source).await?;
        let text = self.source_text(&collection, &source).await?;
        self.pool.run_first(move || PageLayout::new(&source, &text, page, mark)).await?
    }

    /// The original of a source; of a row, that of its dataset.
    ///
    /// # Errors
    /// As [`App::source`].
    pub async fn original(&self, collection: &str, source: &str) -> Result<Original> {
        let (collection, mut source) = self.source(collection, source).await?;
        let id = &collection.record.id;
        if let (SourceKind::Row, Some(dataset)) = (source.kind, source.parent.clone()) {
            let found = self.meta.sources(id, SourceScope::One(dataset)).await?.into_iter().next();
            source = found.ok_or_else(|| {
                let message = format!("the file of {} is not there any more", source.detail.name);
                Error::new(ErrorKind::NotFound, "app.original", message)
            })?;
        }
        let name = format!("{}.{}", source.id, source.revision);
        let key = BlobKey { collection: id.clone(), kind: BlobKind::Original, name };
        Ok(Original { source, key, blobs: Arc::clone(&self.blobs), pool: self.pool.clone() })
    }
}
