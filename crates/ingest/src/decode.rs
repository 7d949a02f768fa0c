//! Bytes to text: encoding by byte order mark, UTF-8, UTF-16 and UTF-32 by their shape, else by statistics; line ends as `\n`.

mod wide;

use crate::warnings::Warnings;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};
use pllm_core::{Error, ErrorKind, Result};

/// The text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text: line ends are `\n`, and of the control characters only tab, line feed and form feed are left.
    pub text: String,
    /// The encoding by its name in the WHATWG Encoding Standard, or `UTF-32LE`, `UTF-32BE`.
    pub encoding: &'static str,
    /// Places whose bytes mean nothing in the encoding; the text has U+FFFD there.
    pub undecodable: usize,
    /// Control characters that became spaces.
    pub controls: usize,
}

/// Decodes a file.
///
/// # Errors
/// `Unsupported` when more than 5 % (and more than a handful) of the
/// characters are undecodable or control characters: that is not text.
pub fn decode(bytes: &[u8]) -> Result<Decoded> {
    finish(decode_characters(bytes, None))
}

/// Decodes a file that says it is in `encoding`, which is ASCII-compatible: that is believed unless the bytes are UTF-8 (or, by
/// their shape, UTF-16 or UTF-32).
///
/// # Errors
/// As [`decode`].
pub(crate) fn decode_labelled(bytes: &[u8], encoding: &'static Encoding) -> Result<Decoded> {
    finish(decode_characters(bytes, Some(encoding)))
}

fn finish(raw: Raw) -> Result<Decoded> {
    let (text, controls) = clean(raw.text);
    let decoded = Decoded { text, controls, encoding: raw.encoding, undecodable: raw.undecodable };
    let bad = decoded.undecodable + decoded.controls;
    if bad > A_HANDFUL && bad > A_HANDFUL + decoded.text.chars().count() / 20 {
        return Err(Error::new(ErrorKind::Unsupported, OPERATION, "not decodable text, of no known format"));
    }
    Ok(decoded)
}

impl Decoded {
    /// What the reader of a report should know about the decoding.
    pub(crate) fn warnings(&self) -> Warnings {
        let mut warnings = Warnings::default();
        let count = |n: usize| if n == 1 { "1 character".to_owned() } else { format!("{n} characters") };
        if self.undecodable > 0 {
            let message = format!("{} could not be decoded as {}", count(self.undecodable), self.encoding);
            warnings.add("replaced-characters", None, message);
        }
        if self.controls > 0 {
            let message = format!("{} of control became spaces", count(self.controls));
            warnings.add("control-characters", None, message);
        }
        warnings
    }
}

const OPERATION: &str = "ingest.decode";
/// So many bad characters are forgiven in however small a file.
const A_HANDFUL: usize = 8;

/// Text before line ends and control characters are put right.
struct Raw {
    text: String,
    encoding: &'static str,
    undecodable: usize,
}

fn decode_characters(bytes: &[u8], label: Option<&'static Encoding>) -> Raw {
    if let Some(raw) = wide::decode(bytes) {
        return raw;
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // ISO-2022-JP is the one encoding whose files are valid UTF-8 and yet mean something else.
    let shifts = bytes.windows(2).any(|pair| pair == b"\x1B$");
    if !shifts && let Ok(text) = std::str::from_utf8(bytes) {
        return Raw { text: text.to_owned(), encoding: UTF_8.name(), undecodable: 0 };
    }
    if let Some(raw) = label.map(|label| decode_as(bytes, label)).filter(|raw| raw.undecodable == 0) {
        return raw;
    }
    decode_as(bytes, if !shifts && is_damaged_utf8(bytes) { UTF_8 } else { guess(bytes) })
}

fn decode_as(bytes: &[u8], encoding: &'static Encoding) -> Raw {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let undecodable = if had_errors { text.matches(char::REPLACEMENT_CHARACTER).count() } else { 0 };
    Raw { text: text.into_owned(), encoding: encoding.name(), undecodable }
}

/// Whether the bytes are UTF-8 but for a few: statistics would then make every other letter wrong for the sake of these.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut letters, mut faults) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    faults * 10 <= letters
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

/// Makes line ends `\n` and other control characters than tab, line feed and form feed spaces; also gives their number.
fn clean(text: String) -> (String, usize) {
    let odd = |c: char| matches!(c, '\0'..='\x1F' | '\x7F') && !matches!(c, '\t' | '\n' | '\x0C');
    if !text.contains(odd) {
        return (text, 0);
    }
    let (mut out, mut controls, mut rest) = (String::with_capacity(text.len()), 0, text.as_str());
    while let Some(at) = rest.find(odd) {
        out.push_str(&rest[..at]);
        let (found, after) = rest[at..].split_at(1);
        rest = after;
        match (found, rest.starts_with('\n')) {
            ("\r", true) => {}
            ("\r", false) => out.push('\n'),
            _ => {
                out.push(' ');
                controls += 1;
            }
        }
    }
    out.push_str(rest);
    (out, controls)
}

#[cfg(test)]
mod tests;
