//! What goes through the pipes between a worker and its parent: a request is a head and a body, a reply is frames.
//!
//! Request: head length (u32), body length (u64), memory limit (u64), head, body. Frame: kind (u8), length (u32), payload.
//! Numbers are little endian. A reply is any number of [`Kind::Item`], then [`Kind::Result`] or [`Kind::Panic`], then
//! [`Kind::Usage`]. The first frame of a worker, before any request, is [`Kind::Hello`].

use std::io::{self, Read, Write};

/// The largest frame either side takes.
pub(super) const MAX_FRAME: u32 = 128 << 20;
/// Bytes before the head of a request.
pub(super) const REQUEST_PREFIX: usize = 20;
/// Bytes before the payload of a frame.
pub(super) const FRAME_PREFIX: usize = 5;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The worker is ready; how it is confined, as JSON.
    Hello,
    /// A part of the reply.
    Item,
    /// The end of the reply, as the handler gave it.
    Result,
    /// The handler panicked; where in the source.
    Panic,
    /// What the work used, as JSON.
    Usage,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Hello, Self::Item, Self::Result, Self::Panic, Self::Usage];

    fn of(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == byte)
    }
}

/// The first bytes of a request.
pub(super) fn request_prefix(head: u32, body: u64, memory: u64) -> [u8; REQUEST_PREFIX] {
    let mut bytes = [0; REQUEST_PREFIX];
    bytes[..4].copy_from_slice(&head.to_le_bytes());
    bytes[4..12].copy_from_slice(&body.to_le_bytes());
    bytes[12..].copy_from_slice(&memory.to_le_bytes());
    bytes
}

/// Head length, body length and memory limit of a request; none when the parent has closed the pipe instead.
pub(super) fn read_request_prefix(input: &mut impl Read) -> io::Result<Option<(u32, u64, u64)>> {
    let mut bytes = [0; REQUEST_PREFIX];
    match input.read_exact(&mut bytes) {
        Ok(()) => Ok(Some((u32_at(&bytes, 0), u64_at(&bytes, 4), u64_at(&bytes, 12)))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a frame whose payload is `pieces` one after the other.
pub(super) fn write(output: &mut impl Write, kind: Kind, pieces: &[&[u8]]) -> io::Result<()> {
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    let length = u32::try_from(length).ok().filter(|length| *length <= MAX_FRAME);
    let length = length.ok_or_else(|| io::Error::other("a reply is larger than a frame may be"))?;
    output.write_all(&[kind as u8])?;
    output.write_all(&length.to_le_bytes())?;
    pieces.iter().try_for_each(|piece| output.write_all(piece))
}

/// Kind and payload length of a frame; none when they are not those of a frame.
pub(super) fn frame_prefix(bytes: [u8; FRAME_PREFIX]) -> Option<(Kind, u32)> {
    let length = u32_at(&bytes, 1);
    Kind::of(bytes[0]).filter(|_| length <= MAX_FRAME).map(|kind| (kind, length))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    (0..4).map(|n| u32::from(bytes[at + n]) << (8 * n)).sum()
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    (0..8).map(|n| u64::from(bytes[at + n]) << (8 * n)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() -> io::Result<()> {
        let prefix = request_prefix(7, 1 << 40, u64::MAX);
        assert_eq!(read_request_prefix(&mut prefix.as_slice())?, Some((7, 1 << 40, u64::MAX)));
        assert_eq!(read_request_prefix(&mut [].as_slice())?, None);
        let mut bytes = Vec::new();
        write(&mut bytes, Kind::Panic, &[b"ab", b"c"])?;
        assert_eq!(bytes, b"\x03\x03\0\0\0abc");
        assert_eq!(frame_prefix([3, 3, 0, 0, 0]), Some((Kind::Panic, 3)));
        assert_eq!(frame_prefix([9, 3, 0, 0, 0]), None);
        assert_eq!(frame_prefix([1, 0, 0, 0, 0xFF]), None);
        Ok(())
    }
}
