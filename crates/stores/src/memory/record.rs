//! How is a Document a row? Ids, language, span in the clear; content, metadata (JSON) and vector (little-endian f16) sealed.

use crate::sqlite::corrupt;
use pllm_core::{
    CollectionId, Document, DocumentId, Error, Meta, Purpose, Result, Seal, SealContext, SourceId, Span,
};
use pllm_text::{ByteRange, Language};
use std::borrow::Cow;
use std::path::Path;

/// A row as it is stored.
#[derive(Debug)]
pub(super) struct SealedRow {
    seq: i64,
    id: String,
    language: Option<String>,
    source: Option<String>,
    revision: Option<u32>,
    range: (Option<i64>, Option<i64>),
    content: Vec<u8>,
    meta: Vec<u8>,
    vector: Option<Vec<u8>>,
}

/// A row as it is used.
#[derive(Debug)]
pub(super) struct Row {
    /// Place in the write order.
    pub(super) seq: i64,
    /// Without its embedding.
    pub(super) document: Document,
    /// The embedding as f16, normalised.
    pub(super) vector: Option<Vec<u16>>,
}

/// The sealed parts of a Document.
pub(super) struct Sealed<'a> {
    pub(super) content: Cow<'a, [u8]>,
    pub(super) meta: Vec<u8>,
    pub(super) vector: Option<Vec<u8>>,
}

impl SealedRow {
    /// Reads the columns in the order of the table.
    pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            id: row.get(1)?,
            language: row.get(2)?,
            source: row.get(3)?,
            revision: row.get(4)?,
            range: (row.get(5)?, row.get(6)?),
            content: row.get(7)?,
            meta: row.get(8)?,
            vector: row.get(9)?,
        })
    }
}

/// Seals a Document's parts.
pub(super) fn seal<'a>(
    document: &'a Document,
    vector: Option<&[u16]>,
    seal: &dyn Seal,
    collection: &CollectionId,
) -> Result<Sealed<'a>> {
    let context =
        |purpose| SealContext { purpose, collection: Some(collection), record: document.id.as_str() };
    let meta = serde_json::to_vec(&document.meta).map_err(|error| {
        Error::invalid("stores.write", "metadata cannot be written")
            .with("document", &document.id)
            .caused_by(error)
    })?;
    let vector =
        vector.map(|vector| -> Vec<u8> { vector.iter().flat_map(|half| half.to_le_bytes()).collect() });
    Ok(Sealed {
        content: seal.seal(context(Purpose::Content), document.content.as_bytes())?,
        meta: seal.seal(context(Purpose::Meta), &meta)?.into_owned(),
        vector: match vector {
            Some(vector) => Some(seal.seal(context(Purpose::Vector), &vector)?.into_owned()),
            None => None,
        },
    })
}

/// Opens a row; `Corrupt` naming the file where it is not what was written.
pub(super) fn open(row: &SealedRow, seal: &dyn Seal, collection: &CollectionId, path: &Path) -> Result<Row> {
    let context = |purpose| SealContext { purpose, collection: Some(collection), record: &row.id };
    let fault = |what: &str| corrupt(path, format_args!("document {:?} has {what}", row.id));
    let content = seal.open(context(Purpose::Content), &row.content)?.into_owned();
    let content = String::from_utf8(content).map_err(|_| fault("content that is not text"))?;
    let meta = seal.open(context(Purpose::Meta), &row.meta)?;
    let vector = match &row.vector {
        Some(vector) => Some(halves(&seal.open(context(Purpose::Vector), vector)?)),
        None => None,
    };
    let mut document = Document::new(DocumentId::new(&row.id)?, content);
    document.meta = serde_json::from_slice::<Meta>(&meta).map_err(|_| fault("unreadable metadata"))?;
    document.language = match &row.language {
        Some(code) => Some(Language::parse(code).ok_or_else(|| fault("an unknown language"))?),
        None => None,
    };
    document.span = span(row).ok_or_else(|| fault("a span that is not whole"))?;
    Ok(Row { seq: row.seq, document, vector })
}

fn halves(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
}

/// The outer `None` is a span of which something is missing.
fn span(row: &SealedRow) -> Option<Option<Span>> {
    let Some(source) = &row.source else { return Some(None) };
    let (start, end) = (usize::try_from(row.range.0?).ok()?, usize::try_from(row.range.1?).ok()?);
    let source = SourceId::new(source).ok()?;
    Some(Some(Span { source, revision: row.revision?, range: ByteRange::new(start, end) }))
}
