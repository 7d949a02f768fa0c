//! Names of things: opaque, checked once where they are made.

use crate::{Error, Result};
use sha2::{Digest, Sha256};
use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// A Document's name in its collection. Opaque: whoever makes the Document assigns it, no store computes one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId(Arc<str>);

impl DocumentId {
    /// Takes any non-empty string of at most 1,024 bytes.
    ///
    /// # Errors
    /// `InvalidInput` otherwise.
    pub fn new(id: &str) -> Result<Self> {
        if id.is_empty() || id.len() > 1024 {
            return Err(Error::invalid(
                "core.document_id",
                format!("document id has {} bytes, expected 1 to 1024", id.len()),
            ));
        }
        Ok(Self(id.into()))
    }

    /// The id of a chunk: the first 128 bits of the SHA-256 of source, span and content, in hexadecimal. The same text at the same
    /// place of the same source always has the same id, so that doing a job twice changes nothing.
    #[must_use]
    pub fn of_chunk(source: &SourceId, revision: u32, start: usize, content: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(source.as_str().as_bytes());
        hash.update(revision.to_le_bytes());
        hash.update((start as u64).to_le_bytes());
        hash.update(content.as_bytes());
        Self(hex(&hash.finalize()[..16]).into())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Lets a map be asked with a `&str`.
impl Borrow<str> for DocumentId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A source's name in its collection: 1 to 128 characters of `a-z A-Z 0-9 . _ -`, so that it is also a safe blob key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(Arc<str>);

/// A collection's name on disk: the same alphabet as [`SourceId`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CollectionId(Arc<str>);

impl SourceId {
    /// Checks and takes the name.
    ///
    /// # Errors
    /// `InvalidInput` for an empty, long or unsafe name.
    pub fn new(id: &str) -> Result<Self> {
        safe_name("source", id).map(|()| Self(id.into()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl CollectionId {
    /// Checks and takes the name.
    ///
    /// # Errors
    /// `InvalidInput` for an empty, long or unsafe name.
    pub fn new(id: &str) -> Result<Self> {
        safe_name("collection", id).map(|()| Self(id.into()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Lower-case hexadecimal digits of `bytes`.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn safe_name(what: &str, id: &str) -> Result<()> {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if id.is_empty() || id.len() > 128 || id.starts_with('.') || !id.chars().all(safe) {
        let message = format!(
            "{what} id {id:?} is not usable, expected 1 to 128 of a-z A-Z 0-9 . _ - not starting with a dot"
        );
        return Err(Error::invalid("core.id", message));
    }
    Ok(())
}

macro_rules! display {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}
display!(DocumentId, SourceId, CollectionId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_could_leave_their_folder_are_refused() {
        for id in ["", "..", "a/b", "a\\b", ".hidden", "a b", &"x".repeat(129)] {
            assert!(CollectionId::new(id).is_err(), "{id:?}");
            assert!(SourceId::new(id).is_err(), "{id:?}");
        }
        assert_eq!(SourceId::new("a-1.b_C").map(|id| id.to_string()).ok().as_deref(), Some("a-1.b_C"));
    }

    #[test]
    fn a_chunk_id_depends_on_every_part() -> Result<()> {
        let (a, b) = (SourceId::new("a")?, SourceId::new("b")?);
        let ids = [
            DocumentId::of_chunk(&a, 1, 0, "x"),
            DocumentId::of_chunk(&b, 1, 0, "x"),
            DocumentId::of_chunk(&a, 2, 0, "x"),
            DocumentId::of_chunk(&a, 1, 1, "x"),
            DocumentId::of_chunk(&a, 1, 0, "y"),
        ];
        assert_eq!(ids.iter().collect::<std::collections::HashSet<_>>().len(), ids.len());
        assert_eq!(ids[0], DocumentId::of_chunk(&a, 1, 0, "x"));
        Ok(())
    }
}
