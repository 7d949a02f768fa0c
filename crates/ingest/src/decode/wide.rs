//! UTF-16 and UTF-32: by byte order mark, and UTF-16 without one by where its bytes differ and where they do not.

use super::{Raw, decode_as};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use std::collections::HashSet;

/// The text, when the bytes are UTF-16 or UTF-32.
pub(super) fn decode(bytes: &[u8]) -> Option<Raw> {
    // The mark of UTF-32LE begins with that of UTF-16LE.
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE\0\0").filter(|rest| rest.len().is_multiple_of(4)) {
        return Some(decode_32(rest, u32::from_le_bytes, "UTF-32LE"));
    }
    if let Some(rest) = bytes.strip_prefix(b"\0\0\xFE\xFF") {
        return Some(decode_32(rest, u32::from_be_bytes, "UTF-32BE"));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return Some(decode_as(rest, UTF_16LE));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return Some(decode_as(rest, UTF_16BE));
    }
    let raw = decode_as(bytes, guess_16(bytes)?);
    let is_text =
        raw.undecodable == 0 && raw.text.chars().filter(|c| is_control(*c)).count() * 100 <= raw.text.len();
    is_text.then_some(raw)
}

fn decode_32(bytes: &[u8], unit: fn([u8; 4]) -> u32, encoding: &'static str) -> Raw {
    let mut undecodable = 0;
    let (units, rest) = bytes.as_chunks::<4>();
    let mut text: String = units
        .iter()
        .map(|bytes| {
            char::from_u32(unit(*bytes)).unwrap_or_else(|| {
                undecodable += 1;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
        undecodable += 1;
    }
    Raw { text, encoding, undecodable }
}

/// Which UTF-16 the bytes may be. In text of 8-bit encodings and UTF-8 control characters are rare; in UTF-16 one byte of
/// most characters is one, be it the 0 of ASCII or the 4 of Cyrillic, or by chance in Chinese. The byte that takes fewer
/// values is the high one.
fn guess_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(16 << 10)];
    let controls = head.iter().filter(|byte| is_control(char::from(**byte))).count();
    if bytes.is_empty() || !bytes.len().is_multiple_of(2) || controls * 25 < head.len() {
        return None;
    }
    let values = |first: usize| head[first..].iter().step_by(2).collect::<HashSet<_>>().len();
    Some(if values(1) <= values(0) { UTF_16LE } else { UTF_16BE })
}

fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\x1F') && !matches!(c, '\t' | '\n' | '\r' | '\x0C' | '\x1B')
}
