//! What the words of a text are, for search, and what form of a word is compared.
//!
//! - A word is a run of letters, marks and digits. Hyphens, dots, slashes and underscores separate, so `A4-17` is found
//!   by `A4`, `v2.1.3` by `v2`, `www.example.org` by `example`: a part finds the whole, and the parts together rank it first.
//! - An apostrophe separates (`l'eau`: `l`, `eau`) but for English: `don't` is one word, and the tail of `company's`
//!   or `we'll` is left out.
//! - A number with one decimal sign (`3.14`) and one with thousands separators (`1,250.00`) is one word, because its
//!   parts are other numbers; longer chains (dates, versions, addresses) are parts again.
//! - Han, Kana, Hangul, Thai, Lao, Khmer and Burmese runs give overlapping pairs of characters, so that no dictionary
//!   is needed and a Korean word is found without its endings.

mod fold;
mod numbers;

use unicode_normalization::char::is_combining_mark;

use crate::range::ByteRange;

pub use fold::{fold, without_accents};

/// A word and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// Its bytes in the text.
    pub range: ByteRange,
    /// Exactly as written, see [`fold()`].
    pub text: &'a str,
}

/// The words of `text`, in order. Linear in its length.
///
/// ```
/// let found: Vec<&str> = pllm_text::words("The company's 1,250 cars (A4-17)").map(|word| word.text).collect();
/// assert_eq!(found, ["The", "company", "1,250", "cars", "A4", "17"]);
/// ```
pub fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    Words { text, at: 0, run_end: 0 }
}

struct Words<'a> {
    text: &'a str,
    /// Everything before is done.
    at: usize,
    /// Where the run without spaces ends that `at` stands in; not after `at` outside such a run.
    run_end: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        if self.at < self.run_end {
            return Some(self.next_pair());
        }
        let rest = &self.text[self.at..];
        let (skipped, first) = rest.char_indices().find(|&(_, c)| c.is_alphanumeric())?;
        let start = self.at + skipped;
        if is_unspaced(first) {
            self.at = start;
            self.run_end = start + length_while(&self.text[start..], |c| is_unspaced(c) || is_inner(c));
            return Some(self.next_pair());
        }
        let length = spaced_word(self.text, start);
        self.at = start + length + tail_length(&self.text[start + length..]);
        Some(self.word(start, start + length))
    }
}

impl<'a> Words<'a> {
    fn word(&self, start: usize, end: usize) -> Word<'a> {
        Word { range: ByteRange::new(start, end), text: &self.text[start..end] }
    }

    /// The pair of characters at `at`, or the single one of a run of one.
    fn next_pair(&mut self) -> Word<'a> {
        let start = self.at;
        let second = start + cluster_length(&self.text[start..self.run_end]);
        let end = second + cluster_length(&self.text[second..self.run_end]);
        self.at = if end >= self.run_end { self.run_end } else { second };
        self.word(start, end)
    }
}

/// Length of the first character with the marks that belong to it; 0 at the end.
fn cluster_length(run: &str) -> usize {
    let first = run.chars().next().map_or(0, char::len_utf8);
    first + length_while(&run[first..], is_inner)
}

/// Length of the word of a spaced script that starts at `start`, with an inner `n't`, without `'s` and the like.
fn spaced_word(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    if let Some(length) = numbers::length(&text[..start], rest) {
        return length;
    }
    let length = length_while(rest, |c| (c.is_alphanumeric() && !is_unspaced(c)) || is_inner(c));
    let negation = contraction(&rest[length..]).filter(|tail| tail.letters.eq_ignore_ascii_case("t"));
    match negation {
        Some(tail) if rest[..length].ends_with(['n', 'N']) => length + tail.length,
        _ => length,
    }
}

/// The end of an English word after its apostrophe.
struct Contraction<'a> {
    /// With the apostrophe, in bytes.
    length: usize,
    letters: &'a str,
}

fn contraction(rest: &str) -> Option<Contraction<'_>> {
    let after = rest.strip_prefix(APOSTROPHES)?;
    let apostrophe = rest.len() - after.len();
    // At most two letters count: no need to walk through a long word.
    let letters = after.char_indices().take(3).take_while(|(_, c)| c.is_alphanumeric() || is_inner(*c));
    let length: usize = letters.map(|(_, c)| c.len_utf8()).sum();
    Some(Contraction { length: apostrophe + length, letters: &after[..length] })
}

/// How much of `rest`, which follows a word, is an English tail such as `'s` and no word of its own.
fn tail_length(rest: &str) -> usize {
    const TAILS: [&str; 6] = ["s", "ll", "re", "ve", "d", "m"];
    let tail =
        contraction(rest).filter(|tail| TAILS.iter().any(|known| tail.letters.eq_ignore_ascii_case(known)));
    tail.map_or(0, |tail| tail.length)
}

/// The signs that people type for an apostrophe.
const APOSTROPHES: [char; 4] = ['\'', '’', '\u{2BC}', '＇'];

/// Whether a character goes on with a word but does not begin one: marks, soft hyphens and joiners.
fn is_inner(c: char) -> bool {
    !c.is_ascii() && (matches!(c, '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{2060}') || is_combining_mark(c))
}

/// Whether a letter is of a script that puts no spaces between words, or long words of many parts (Hangul).
fn is_unspaced(c: char) -> bool {
    c >= '\u{0E00}'
        && matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1100..=0x11FF | 0x1780..=0x17FF | 0x2E80..=0x2FDF | 0x3005..=0x3007
        | 0x3021..=0x3029 | 0x3031..=0x3035 | 0x303B..=0x30FA | 0x30FC..=0x318F | 0x31A0..=0x31FF | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xF900..=0xFAFF | 0xFF66..=0xFFDC
        | 0x1B000..=0x1B16F | 0x20000..=0x3FFFF)
        && c.is_alphanumeric()
}

fn length_while(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|c| !holds(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests;
