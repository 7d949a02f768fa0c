//! The texts that a run cites from.

use pllm_core::{CanonicalText, Citation, Document, ErrorKind, Result, SourceId, TextSource};
use pllm_text::ByteRange;
use std::collections::HashMap;
use std::sync::Arc;

/// Texts of this run, each asked for once.
pub(super) struct Texts<'a> {
    source: &'a dyn TextSource,
    loaded: HashMap<(SourceId, u32), Option<Arc<CanonicalText>>>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(source: &'a dyn TextSource) -> Self {
        Self { source, loaded: HashMap::new() }
    }

    /// None when the Document has no source, or its text was deleted meanwhile.
    pub(super) async fn cite(&mut self, document: &Document, range: ByteRange) -> Result<Option<Citation>> {
        let Some(span) = &document.span else { return Ok(None) };
        let key = (span.source.clone(), span.revision);
        if !self.loaded.contains_key(&key) {
            let text = match self.source.text(&span.source, span.revision).await {
                Ok(text) => Some(text),
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            };
            self.loaded.insert(key.clone(), text);
        }
        match self.loaded.get(&key).and_then(Option::as_ref) {
            Some(text) => Citation::resolve(text, document, range).map(Some),
            None => Ok(None),
        }
    }
}
