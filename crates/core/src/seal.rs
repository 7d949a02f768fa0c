//! The seam of encryption at rest: every byte written passes through it. Identity for now.

use crate::{CollectionId, Result};
use std::borrow::Cow;
use std::fmt::Debug;

/// What sealed bytes are for; part of what a later cipher authenticates, so that bytes cannot be moved between uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// A Document's content.
    Content,
    /// A Document's metadata.
    Meta,
    /// A vector.
    Vector,
    /// A blob: original, canonical text or layout.
    Blob,
    /// A sealed column of the metadata database.
    Metadata,
}

/// What a piece of sealed bytes belongs to.
#[derive(Debug, Clone, Copy)]
pub struct SealContext<'a> {
    /// The use.
    pub purpose: Purpose,
    /// The collection, if it belongs to one.
    pub collection: Option<&'a CollectionId>,
    /// The record, unique within purpose and collection.
    pub record: &'a str,
}

/// The header of a file or database of sealed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealHeader {
    /// The layout of what is sealed, chosen by its owner.
    pub format: u32,
    /// The version of the seal; 0 = identity.
    pub version: u32,
    /// The key it was sealed with; 0 = none.
    pub key_id: u64,
}

/// Seals and opens.
pub trait Seal: Send + Sync + Debug {
    /// The header that goes with bytes of `format` sealed now.
    fn header(&self, format: u32) -> SealHeader;

    /// Plain to sealed.
    ///
    /// # Errors
    /// `Internal` when there is no key.
    fn seal<'a>(&self, context: SealContext<'_>, plain: &'a [u8]) -> Result<Cow<'a, [u8]>>;

    /// Sealed to plain.
    ///
    /// # Errors
    /// `Corrupt` when the bytes are not what was sealed in this context; `Denied` without the key.
    fn open<'a>(&self, context: SealContext<'_>, sealed: &'a [u8]) -> Result<Cow<'a, [u8]>>;
}

/// No encryption: adds no bytes, so sealed files can be mapped.
#[derive(Debug, Clone, Copy, Default)]
pub struct IdentitySeal;

impl Seal for IdentitySeal {
    fn header(&self, format: u32) -> SealHeader {
        SealHeader { format, version: 0, key_id: 0 }
    }

    fn seal<'a>(&self, _: SealContext<'_>, plain: &'a [u8]) -> Result<Cow<'a, [u8]>> {
        Ok(Cow::Borrowed(plain))
    }

    fn open<'a>(&self, _: SealContext<'_>, sealed: &'a [u8]) -> Result<Cow<'a, [u8]>> {
        Ok(Cow::Borrowed(sealed))
    }
}
