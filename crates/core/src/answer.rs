//! What a question gets: an answer, and citations that cannot be made up.

use crate::{Document, DocumentId, Error, ErrorKind, Layout, Place, Result, SourceId};
use async_trait::async_trait;
use pllm_text::{ByteRange, CharRange};
use std::fmt::Debug;
use std::sync::Arc;

/// The canonical text of one source revision, with its places. Nothing rewrites it.
#[derive(Debug, Clone, PartialEq)]
pub struct CanonicalText {
    /// The source.
    pub source: SourceId,
    /// The revision, from 1.
    pub revision: u32,
    /// The text.
    pub text: String,
    /// Where its parts stand in the file.
    pub layout: Layout,
}

/// Gives canonical texts to those who cite.
#[async_trait]
pub trait TextSource: Send + Sync + Debug {
    /// The text of a revision.
    ///
    /// # Errors
    /// `NotFound` when it is deleted or was never there, `Corrupt` when stored bytes do not open.
    async fn text(&self, source: &SourceId, revision: u32) -> Result<Arc<CanonicalText>>;
}

/// A quote with its place. It can be made only from the text it quotes, so it is always a slice of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Citation {
    document_id: DocumentId,
    source: SourceId,
    revision: u32,
    range: ByteRange,
    chars: CharRange,
    quote: String,
    place: Option<Place>,
}

impl Citation {
    /// Cites `range` (bytes of the Document's content) from the text the Document was cut from.
    ///
    /// # Errors
    /// `Corrupt` when Document and text do not agree, `InvalidInput` when the range is blank or not on character boundaries.
    pub fn resolve(text: &CanonicalText, document: &Document, range: ByteRange) -> Result<Self> {
        let span = document.span.as_ref().ok_or_else(|| refused(document, "the document has no source"))?;
        if span.source != text.source || span.revision != text.revision {
            return Err(refused(document, "the text is of another source or revision"));
        }
        if span.range.slice(&text.text) != Some(document.content.as_str()) {
            return Err(refused(document, "the document is not a slice of the text"));
        }
        let quote = range.slice(&document.content).filter(|quote| !quote.trim().is_empty());
        let quote = quote.ok_or_else(|| {
            Error::invalid("core.cite", "the range holds no text").with("document", &document.id)
        })?;
        let range = range.shift(span.range.start());
        let chars =
            range.to_chars(&text.text).ok_or_else(|| refused(document, "the range is not in the text"))?;
        Ok(Self {
            document_id: document.id.clone(),
            source: span.source.clone(),
            revision: span.revision,
            range,
            chars,
            quote: quote.to_owned(),
            place: text.layout.locate(&text.text, range),
        })
    }

    /// The Document it was found in.
    #[must_use]
    pub fn document_id(&self) -> &DocumentId {
        &self.document_id
    }

    /// The source.
    #[must_use]
    pub fn source(&self) -> &SourceId {
        &self.source
    }

    /// The revision it quotes.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Bytes of the canonical text.
    #[must_use]
    pub fn range(&self) -> ByteRange {
        self.range
    }

    /// The same in code points.
    #[must_use]
    pub fn chars(&self) -> CharRange {
        self.chars
    }

    /// The quoted text, byte-equal to the canonical text's range.
    #[must_use]
    pub fn quote(&self) -> &str {
        &self.quote
    }

    /// Where it stands in the file.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }
}

fn refused(document: &Document, why: &str) -> Error {
    Error::new(ErrorKind::Corrupt, "core.cite", why).with("document", &document.id)
}

/// An answer from the Documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What to show; empty when abstained.
    pub text: String,
    /// What it rests on, best first; when abstained, the nearest passages.
    pub citations: Vec<Citation>,
    /// Belief that the answer is right, 0 to 1.
    pub confidence: f64,
    /// The score behind it: best span minus no-answer; below 0 means abstained.
    pub score: f64,
    /// Whether the Documents do not say.
    pub abstained: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;
    use proptest::prelude::*;

    fn text(text: &str) -> CanonicalText {
        let source = SourceId::new("s").expect("a safe name");
        CanonicalText { source, revision: 1, text: text.to_owned(), layout: Layout::default() }
    }

    fn document(text: &CanonicalText, range: ByteRange, content: &str) -> Document {
        let mut document =
            Document::new(DocumentId::of_chunk(&text.source, 1, range.start(), content), content);
        document.span = Some(Span { source: text.source.clone(), revision: 1, range });
        document
    }

    #[test]
    fn what_is_not_in_the_text_cannot_be_cited() {
        let text = text("The deposit is 900 euro.");
        let whole = ByteRange::new(0, 24);
        let forged = document(&text, whole, "The deposit is 100 euro.");
        assert_eq!(Citation::resolve(&text, &forged, whole).map_err(|e| e.kind()), Err(ErrorKind::Corrupt));
        let honest = document(&text, whole, "The deposit is 900 euro.");
        for range in [ByteRange::new(0, 25), ByteRange::new(3, 4), ByteRange::new(5, 5)] {
            assert_eq!(
                Citation::resolve(&text, &honest, range).map_err(|e| e.kind()),
                Err(ErrorKind::InvalidInput)
            );
        }
        let mut moved = honest;
        moved.span = Some(Span { source: text.source.clone(), revision: 2, range: whole });
        assert_eq!(Citation::resolve(&text, &moved, whole).map_err(|e| e.kind()), Err(ErrorKind::Corrupt));
    }

    proptest! {
        #[test]
        fn a_citation_is_a_slice_of_the_text(body in "\\PC{1,60}", cuts in prop::array::uniform4(0usize..60)) {
            let text = text(&body);
            let bounds: Vec<usize> = body.char_indices().map(|(at, _)| at).chain([body.len()]).collect();
            let mut at = cuts.map(|cut| bounds[cut % bounds.len()]);
            at.sort_unstable();
            let (span, inner) = (ByteRange::new(at[0], at[3]), ByteRange::new(at[1] - at[0], at[2] - at[0]));
            let document = document(&text, span, span.slice(&body).expect("on boundaries"));
            match Citation::resolve(&text, &document, inner) {
                Ok(citation) => {
                    prop_assert_eq!(citation.range().slice(&text.text), Some(citation.quote()));
                    prop_assert_eq!(citation.chars().to_bytes(&text.text), Some(citation.range()));
                }
                Err(_) => prop_assert!(inner.slice(&document.content).is_none_or(|s| s.trim().is_empty())),
            }
        }
    }
}
