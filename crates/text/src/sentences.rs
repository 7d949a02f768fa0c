//! Where the sentences of a text are.
//!
//! Two steps. `lines` cuts the text where a line end is certainly the end of a sentence: at blank lines, list items,
//! headings, rows of tables. Inside such a piece, `ending` decides at every end mark whether a sentence ends there.
//! Each decision looks a bounded distance back and ahead, so the whole is linear in the length of the text.
//!
//! Candidates come from an own table of end marks, not from the Unicode rules (UAX 29): those know no ellipsis, no
//! list item and no speech, and every one of their breaks would have to be decided again here.

mod abbreviations;
mod ending;
mod following;
mod lines;
mod marks;
mod speech;

use crate::language::{Language, detect};
use crate::range::ByteRange;
use ending::{Rules, Stop};

pub use marks::is_east_asian;

/// The sentences of `text`: trimmed, in order, not overlapping, together covering every character but white space.
///
/// Headings, list items and rows of tables count as sentences. `language` chooses abbreviations and other habits;
/// without it, it is guessed. Text without any end mark is one sentence to its next blank line, however long.
///
/// ```
/// let text = "Dr. Smith came at 5 p.m. on Jan. 5. Nobody took notes.";
/// let found = pllm_text::sentences(text, Some(pllm_text::Language::ENGLISH));
/// assert_eq!(found.iter().filter_map(|range| range.slice(text)).collect::<Vec<_>>(), [
///     "Dr. Smith came at 5 p.m. on Jan. 5.",
///     "Nobody took notes.",
/// ]);
/// ```
#[must_use]
pub fn sentences(text: &str, language: Option<Language>) -> Vec<ByteRange> {
    let language = language.or_else(|| detect(text).language).unwrap_or(Language::ENGLISH);
    let rules = Rules::of(language);
    let mut found = Vec::new();
    for piece in lines::pieces(text, language) {
        if piece.whole {
            found.push(piece.range);
        } else {
            split(text, piece.range, &rules, &mut found);
        }
    }
    found
}

/// Appends the sentences of a piece whose ends are not white space.
fn split(text: &str, piece: ByteRange, rules: &Rules, found: &mut Vec<ByteRange>) {
    let mut start = piece.start();
    let mut at = start;
    while let Some(stop) = Stop::find(text, start, at, piece.end()) {
        at = stop.end;
        if rules.ends(&stop) {
            found.push(ByteRange::new(start, at));
            start = piece.end() - text[at..piece.end()].trim_start().len();
            at = start;
        }
    }
    if start < piece.end() {
        found.push(ByteRange::new(start, piece.end()));
    }
}

#[cfg(test)]
mod tests;
