//! The layout of a blob's file: 64 bytes of header, then sealed frames, the last one alone shorter.
//!
//! Header, little-endian: `PLLMBLOB` · format u32 · seal version u32 · key id u64 · plain length u64 · plain bytes of a full frame
//! u32 · sealed bytes of a full frame u32 · sealed bytes of the last frame u32 · zeros. An empty blob has one empty frame.

use pllm_core::seal::SealHeader;
use pllm_core::{Error, ErrorKind, Result};
use std::ops::Range;

/// Version of this layout.
pub(super) const VERSION: u32 = 1;
/// Plain bytes of a full frame.
pub(super) const FRAME: usize = 64 << 10;
/// Bytes of the header.
pub(super) const HEADER: usize = 64;
const MAGIC: &[u8; 8] = b"PLLMBLOB";

/// What the header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    seal: SealHeader,
    length: u64,
    frames: u64,
    /// Sealed bytes of every frame but the last; 0 while there is but one.
    sealed_frame: u32,
    sealed_last: u32,
}

impl Header {
    pub(super) fn new(seal: SealHeader) -> Self {
        Self { seal, length: 0, frames: 0, sealed_frame: 0, sealed_last: 0 }
    }

    /// Counts one more frame.
    pub(super) fn add(&mut self, plain: usize, sealed: usize) -> Result<()> {
        let sealed = u32::try_from(sealed).map_err(|_| uneven("a sealed frame has more than 4 GiB"))?;
        if self.frames == 1 {
            self.sealed_frame = self.sealed_last;
        } else if self.frames > 1 && self.sealed_last != self.sealed_frame {
            return Err(uneven("the seal gives full frames of different sizes"));
        }
        self.sealed_last = sealed;
        self.length += plain as u64;
        self.frames += 1;
        Ok(())
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn frames(&self) -> u64 {
        self.frames
    }

    /// Saturating, because a damaged header may say anything.
    pub(super) fn file_length(&self) -> u64 {
        let full = (self.frames - 1).saturating_mul(u64::from(self.sealed_frame));
        full.saturating_add(HEADER as u64 + u64::from(self.sealed_last))
    }

    /// Where a frame begins in the file.
    pub(super) fn offset(&self, frame: u64) -> u64 {
        HEADER as u64 + frame * u64::from(self.sealed_frame)
    }

    pub(super) fn sealed_length(&self, frame: u64) -> usize {
        let sealed = if frame + 1 == self.frames { self.sealed_last } else { self.sealed_frame };
        sealed as usize
    }

    /// The frames that hold a range of plain bytes.
    pub(super) fn frames_of(&self, range: &Range<u64>) -> Range<u64> {
        let frame = FRAME as u64;
        if range.is_empty() { 0..0 } else { range.start / frame..range.end.div_ceil(frame) }
    }

    /// Whether the blob was written by this layout and with the seal and key that we have.
    pub(super) fn expect(&self, ours: SealHeader) -> Result<(), &'static str> {
        if self.seal.format != ours.format {
            return Err("the file has a layout of another version of this program");
        }
        if self.seal.version != ours.version {
            return Err("the file was sealed in another way than this data directory is");
        }
        Ok(())
    }

    pub(super) fn to_bytes(self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&self.seal.format.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.seal.version.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.seal.key_id.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.length.to_le_bytes());
        bytes[32..36].copy_from_slice(&(FRAME as u32).to_le_bytes());
        bytes[36..40].copy_from_slice(&self.sealed_frame.to_le_bytes());
        bytes[40..44].copy_from_slice(&self.sealed_last.to_le_bytes());
        bytes
    }

    /// None when the bytes are not such a header.
    pub(super) fn from_bytes(bytes: &[u8; HEADER]) -> Option<Self> {
        let short = |at: usize| bytes[at..at + 4].try_into().map(u32::from_le_bytes).ok();
        let long = |at: usize| bytes[at..at + 8].try_into().map(u64::from_le_bytes).ok();
        if &bytes[..8] != MAGIC || short(32)? as usize != FRAME {
            return None;
        }
        let length = long(24)?;
        Some(Self {
            seal: SealHeader { format: short(8)?, version: short(12)?, key_id: long(16)? },
            length,
            frames: length.div_ceil(FRAME as u64).max(1),
            sealed_frame: short(36)?,
            sealed_last: short(40)?,
        })
    }
}

fn uneven(why: &'static str) -> Error {
    Error::new(ErrorKind::Internal, "runtime.blobs", why)
}
