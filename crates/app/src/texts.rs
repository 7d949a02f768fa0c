//! Canonical texts and layouts of a collection, in the blob store.

use crate::layout;
use async_trait::async_trait;
use pllm_core::blob::BlobKind;
use pllm_core::{
    BlobKey, BlobStore, CanonicalText, CollectionId, Error, ErrorKind, Layout, Place, Result, SourceId, Span,
    TextSource,
};
use pllm_runtime::CpuPool;
use pllm_text::{ByteRange, CharRange};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Where a span stands in its text.
#[derive(Debug)]
pub(crate) struct Standing {
    /// Where people find it.
    pub(crate) place: Option<Place>,
    /// In code points.
    pub(crate) chars: Option<CharRange>,
}

/// A range of a text.
#[derive(Debug)]
pub(crate) struct Excerpt {
    /// Its text.
    pub(crate) text: String,
    /// Where people find it.
    pub(crate) place: Option<Place>,
    /// In code points.
    pub(crate) chars: CharRange,
}

/// Reads and writes the texts of one collection.
#[derive(Debug, Clone)]
pub struct StoredTexts {
    collection: CollectionId,
    blobs: Arc<dyn BlobStore>,
    pool: CpuPool,
}

impl StoredTexts {
    /// The texts of `collection`.
    #[must_use]
    pub fn new(collection: CollectionId, blobs: Arc<dyn BlobStore>, pool: CpuPool) -> Self {
        Self { collection, blobs, pool }
    }

    /// Stores a revision's text and layout, and the original where it is a file.
    ///
    /// # Errors
    /// `Unavailable` when the disk does not take them.
    pub async fn store(&self, text: Arc<CanonicalText>, original: Option<Arc<Vec<u8>>>) -> Result<()> {
        let this = self.clone();
        let work = move || {
            let key = |kind| this.key(kind, &text.source, text.revision);
            if let Some(original) = original {
                this.blobs.put(&key(BlobKind::Original), &mut original.as_slice())?;
            }
            this.blobs.put(&key(BlobKind::Layout), &mut layout::to_bytes(&text.layout)?.as_slice())?;
            this.blobs.put(&key(BlobKind::Text), &mut text.text.as_bytes()).map(|_| ())
        };
        self.pool.run(work).await?
    }

    /// Replaces the layout of a revision that is stored.
    ///
    /// # Errors
    /// `Unavailable` when the disk does not take it.
    pub async fn store_layout(&self, source: SourceId, revision: u32, layout: Layout) -> Result<()> {
        let this = self.clone();
        let work = move || {
            let key = this.key(BlobKind::Layout, &source, revision);
            this.blobs.put(&key, &mut layout::to_bytes(&layout)?.as_slice()).map(|_| ())
        };
        self.pool.run(work).await?
    }

    /// Removes everything of revisions.
    ///
    /// # Errors
    /// `Unavailable` when the folder cannot be written.
    pub async fn remove(&self, revisions: Vec<(SourceId, u32)>) -> Result<()> {
        let this = self.clone();
        let work = move || {
            let kinds = [BlobKind::Original, BlobKind::Layout, BlobKind::Text];
            let of_one =
                |(source, revision): &(SourceId, u32)| kinds.map(|kind| this.key(kind, source, *revision));
            this.blobs.delete_all(&revisions.iter().flat_map(of_one).collect::<Vec<_>>())
        };
        self.pool.run(work).await?
    }

    /// Where each of `spans` stands: its place, and its range in code points. A text is read once, however many spans it has.
    ///
    /// # Errors
    /// As [`TextSource::text`].
    pub(crate) async fn stand(&self, spans: Vec<Span>) -> Result<Vec<Standing>> {
        let this = self.clone();
        let work = move || {
            let mut texts: HashMap<(SourceId, u32), CanonicalText> = HashMap::new();
            let stand = |span: &Span| {
                let text = match texts.entry((span.source.clone(), span.revision)) {
                    Entry::Occupied(text) => text.into_mut(),
                    Entry::Vacant(none) => none.insert(this.read(&span.source, span.revision)?),
                };
                let place = text.layout.locate(&text.text, span.range);
                Ok(Standing { place, chars: span.range.to_chars(&text.text) })
            };
            spans.iter().map(stand).collect()
        };
        self.pool.run_first(work).await?
    }

    /// Ranges of a text, in bytes; none of them when the text was deleted meanwhile.
    ///
    /// # Errors
    /// `Corrupt` when the stored bytes do not open, or a range is not in the text.
    pub(crate) async fn excerpts(
        &self,
        source: SourceId,
        revision: u32,
        ranges: Vec<ByteRange>,
    ) -> Result<Vec<Excerpt>> {
        let this = self.clone();
        let work = move || match this.read(&source, revision) {
            Ok(text) => ranges.into_iter().map(|range| Excerpt::of(&text, range)).collect(),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        };
        self.pool.run_first(work).await?
    }

    fn key(&self, kind: BlobKind, source: &SourceId, revision: u32) -> BlobKey {
        BlobKey { collection: self.collection.clone(), kind, name: format!("{source}.{revision}") }
    }

    fn read(&self, source: &SourceId, revision: u32) -> Result<CanonicalText> {
        let text = self.blobs.get(&self.key(BlobKind::Text, source, revision), None)?;
        let text = String::from_utf8(text).map_err(|error| {
            Error::new(ErrorKind::Corrupt, "app.texts", "a canonical text is not UTF-8")
                .with("source", source)
                .caused_by(error)
        })?;
        let layout: Layout =
            layout::from_bytes(&self.blobs.get(&self.key(BlobKind::Layout, source, revision), None)?)?;
        Ok(CanonicalText { source: source.clone(), revision, text, layout })
    }
}

impl Excerpt {
    fn of(text: &CanonicalText, range: ByteRange) -> Result<Self> {
        let (slice, chars) = range.slice(&text.text).zip(range.to_chars(&text.text)).ok_or_else(|| {
            Error::new(ErrorKind::Corrupt, "app.texts", "a range is not in the text")
                .with("source", &text.source)
        })?;
        Ok(Self { text: slice.to_owned(), place: text.layout.locate(&text.text, range), chars })
    }
}

#[async_trait]
impl TextSource for StoredTexts {
    async fn text(&self, source: &SourceId, revision: u32) -> Result<Arc<CanonicalText>> {
        let (this, source) = (self.clone(), source.clone());
        self.pool.run_first(move || this.read(&source, revision).map(Arc::new)).await?
    }
}
