//! How is a Document a row of Chroma? Under the number of its place in the write order, never changed: an overwrite is a new
//! row, so that nothing of the old one is merged into it.

use super::fields::Fields;
use super::wire::{Add, Got, Metadata};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pllm_core::{Document, DocumentId, Embedding, Error, ErrorKind, Meta, Result, SourceId, Span};
use pllm_text::{ByteRange, Language};
use serde_json::Value;
use std::borrow::Cow;

/// The key of the list that filters ask.
pub(super) const FACTS: &str = "facts";
/// The key of the row's number.
pub(super) const SEQ: &str = "seq";
/// The key that says whether a row's vector is the Document's: Chroma has no row without one.
pub(super) const VECTOR: &str = "vector";
/// How far from 1 the length of a vector may be for it to be stored as it is.
const LENGTH_TOLERANCE: f64 = 1e-2;

/// A row as it is read.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) seq: i64,
    /// With its embedding where that was asked for.
    pub(super) document: Document,
    pub(super) has_vector: bool,
}

/// The name of a row.
pub(super) fn name(seq: i64) -> String {
    seq.to_string()
}

/// The number of a row by its name.
pub(super) fn seq(name: &str) -> Result<i64> {
    name.parse().map_err(|_| foreign(&format!("row {name:?}"), "a name that is no number"))
}

/// The rows of `documents`, the first of which gets the number `first`.
pub(super) fn add<'a>(
    first: i64,
    documents: impl Iterator<Item = &'a Document>,
    dimension: usize,
) -> Result<Add> {
    let mut rows = Add::default();
    for (seq, document) in (first..).zip(documents) {
        let vector = match &document.embedding {
            Some(embedding) => stored(embedding.values()),
            None => Cow::Owned(placeholder(seq, dimension)),
        };
        let bytes: Vec<u8> = vector.iter().flat_map(|value| value.to_le_bytes()).collect();
        rows.ids.push(name(seq));
        rows.embeddings.push(STANDARD.encode(bytes));
        rows.documents.push(document.content.clone());
        rows.metadatas.push(metadata(seq, document)?);
    }
    Ok(rows)
}

fn metadata(seq: i64, document: &Document) -> Result<Metadata> {
    let meta = serde_json::to_string(&document.meta).map_err(|error| {
        Error::invalid("stores.write", "metadata cannot be written")
            .with("document", &document.id)
            .caused_by(error)
    })?;
    let mut row = Metadata::new();
    let mut put = |key: &str, value: Value| row.insert(key.to_owned(), value);
    put(SEQ, seq.into());
    put("id", document.id.as_str().into());
    put("meta", meta.into());
    put(VECTOR, document.embedding.is_some().into());
    if let Some(language) = &document.language {
        put("language", language.code().into());
    }
    if let Some(span) = &document.span {
        put("source", span.source.as_str().into());
        put("revision", span.revision.into());
        put("start", span.range.start().into());
        put("end", span.range.end().into());
    }
    let fields = Fields::of(document);
    put(FACTS, fields.facts.into());
    row.extend(fields.ordered);
    Ok(row)
}

/// The vector in a length that cosines in f32 are exact for.
#[expect(clippy::cast_possible_truncation, reason = "a component of a vector of length 1 is at most 1")]
fn stored(values: &[f32]) -> Cow<'_, [f32]> {
    let length = values.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt();
    if length == 0.0 || (length - 1.0).abs() <= LENGTH_TOLERANCE {
        return Cow::Borrowed(values);
    }
    values.iter().map(|x| (f64::from(*x) / length) as f32).collect()
}

/// A vector for a Document that has none, which no search gives back. In a direction of its own, for many equal ones would
/// spoil the graph of the others.
fn placeholder(seq: i64, dimension: usize) -> Vec<f32> {
    let mut state = seq.cast_unsigned();
    let mut next = || {
        // SplitMix64 (Steele, Lea & Flood 2014).
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 40) as f32 / 8_388_608.0 - 1.0
    };
    let values: Vec<f32> = (0..dimension).map(|_| next()).collect();
    stored(&values).into_owned()
}

/// The rows of an answer, in its order.
pub(super) fn read(got: Got) -> Result<Vec<Row>> {
    let count = got.ids.len();
    let documents = got.documents.filter(|documents| documents.len() == count);
    let metadatas = got.metadatas.filter(|metadatas| metadatas.len() == count);
    let (Some(documents), Some(metadatas)) = (documents, metadatas) else {
        return Err(foreign("an answer", "no documents and metadata in it"));
    };
    let mut embeddings = got.embeddings.unwrap_or_default().into_iter();
    let rows = got.ids.iter().zip(documents).zip(metadatas);
    rows.map(|((id, content), metadata)| row(id, content, metadata, embeddings.next().flatten())).collect()
}

fn row(
    name: &str,
    content: Option<String>,
    metadata: Option<Metadata>,
    vector: Option<Vec<f32>>,
) -> Result<Row> {
    let fault = |what: &str| foreign(&format!("row {name}"), what);
    let (Some(content), Some(metadata)) = (content, metadata) else {
        return Err(fault("no text or no metadata"));
    };
    let text = |key: &str| metadata.get(key).and_then(Value::as_str);
    let id = text("id").ok_or_else(|| fault("no document's id"))?;
    let mut document = Document::new(DocumentId::new(id)?, content);
    let meta = text("meta").and_then(|meta| serde_json::from_str::<Meta>(meta).ok());
    document.meta = meta.ok_or_else(|| fault("unreadable metadata"))?;
    document.language = match text("language") {
        Some(code) => Some(Language::parse(code).ok_or_else(|| fault("an unknown language"))?),
        None => None,
    };
    document.span = span(&metadata).ok_or_else(|| fault("a span that is not whole"))?;
    let has_vector =
        metadata.get(VECTOR).and_then(Value::as_bool).ok_or_else(|| fault("no word of its vector"))?;
    if let Some(vector) = vector.filter(|_| has_vector) {
        document.embedding = Some(Embedding::new(vector)?);
    }
    let seq = metadata.get(SEQ).and_then(Value::as_i64).filter(|seq| self::name(*seq) == name);
    Ok(Row { seq: seq.ok_or_else(|| fault("another number than its name"))?, document, has_vector })
}

/// The outer `None` is a span of which something is missing.
fn span(metadata: &Metadata) -> Option<Option<Span>> {
    let Some(source) = metadata.get("source") else { return Some(None) };
    let number = |key: &str| metadata.get(key).and_then(Value::as_u64);
    let offset = |key: &str| usize::try_from(number(key)?).ok();
    let source = SourceId::new(source.as_str()?).ok()?;
    let revision = u32::try_from(number("revision")?).ok()?;
    Some(Some(Span { source, revision, range: ByteRange::new(offset("start")?, offset("end")?) }))
}

/// A row that is not as we write them.
fn foreign(what: &str, fault: &str) -> Error {
    let message = format!("the collection in Chroma is not as it was written: {what} has {fault}");
    Error::new(ErrorKind::Corrupt, "stores.read", message)
        .hint("restore Chroma from a backup, or delete the collection and ingest its sources again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_that_need_no_change_get_none() {
        let check = |values: &[f32], expected: &[f32]| assert_eq!(&*stored(values), expected);
        check(&[0.6, 0.8], &[0.6, 0.8]);
        check(&[0.601, 0.8], &[0.601, 0.8]);
        check(&[3e20, 4e20], &[0.6, 0.8]);
        check(&[0.0, -1e-30], &[0.0, -1.0]);
        check(&[0.0, 0.0], &[0.0, 0.0]);
    }

    #[test]
    fn a_placeholder_has_length_one_and_its_own_direction() {
        let (one, two) = (placeholder(1, 384), placeholder(2, 384));
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        assert!((dot(&one, &one) - 1.0).abs() < 1e-5);
        assert!(dot(&one, &two).abs() < 0.3);
        assert_eq!(one, placeholder(1, 384));
    }
}
