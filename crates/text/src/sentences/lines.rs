//! Where a line end is certainly the end of a sentence: the layout of a text, before its punctuation.

mod kind;

use kind::{End, Kind, Line, Start};

use crate::function_words::is_function_word;
use crate::language::Language;
use crate::range::ByteRange;
use crate::words::fold;

/// A part of a text that no sentence reaches beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// Without white space at its ends, never empty.
    pub(super) range: ByteRange,
    /// One sentence whatever marks it has: a row of a table, a heading with its sign.
    pub(super) whole: bool,
}

/// The pieces of `text`, in order; what lies between them is white space.
pub(super) fn pieces(text: &str, language: Language) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut paragraph: Vec<Line<'_>> = Vec::new();
    for (start, line) in lines_of(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            flush(&mut paragraph, language, &mut pieces);
        } else {
            let indent = line.len() - line.trim_start().len();
            paragraph.push(Line::new(start + indent, trimmed, line.starts_with('\u{3000}')));
        }
    }
    flush(&mut paragraph, language, &mut pieces);
    pieces
}

/// Each line with its place; `\r\n` is one line end.
fn lines_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_line_end =
        |c: char| matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut at = 0;
    std::iter::from_fn(move || {
        if at > text.len() {
            return None;
        }
        let (start, rest) = (at, &text[at..]);
        let length = rest.find(is_line_end).unwrap_or(rest.len());
        let sign = rest[length..].chars().next().map_or(1, char::len_utf8);
        at = start + length + if rest[length..].starts_with("\r\n") { 2 } else { sign };
        Some((start, &rest[..length]))
    })
}

/// Turns the lines between two blank lines into pieces.
fn flush(paragraph: &mut Vec<Line<'_>>, language: Language, pieces: &mut Vec<Piece>) {
    let width = paragraph.iter().map(|line| line.chars).max().unwrap_or(0);
    let mut previous: Option<Line<'_>> = None;
    for mut line in paragraph.drain(..) {
        let range = ByteRange::new(line.start, line.start + line.text.len());
        match (pieces.last_mut(), &previous) {
            (Some(piece), Some(above)) if !line_end_breaks(above, &line, width, language) => {
                piece.range = ByteRange::new(piece.range.start(), range.end());
                // A line that goes on with an item is still in that item.
                line.kind = above.kind;
            }
            _ => pieces.push(Piece { range, whole: line.kind == Kind::Row }),
        }
        previous = Some(line);
    }
}

/// Whether a sentence ends between two lines of a paragraph whose longest line has `width` characters.
fn line_end_breaks(above: &Line<'_>, line: &Line<'_>, width: usize, language: Language) -> bool {
    let closed = matches!(above.end, End::Mark | End::Colon);
    let in_list = above.kind == Kind::Item || closed;
    match (above.kind, line.kind) {
        (Kind::Row, _) | (_, Kind::Row | Kind::Item) => true,
        (Kind::Pair, Kind::Pair) => true,
        (_, Kind::Pair) if above.end == End::Mark => true,
        (_, Kind::Number) if in_list || above.kind == Kind::Number => true,
        (_, Kind::Dash) if in_list || above.kind == Kind::Dash || line.first_letter != Start::Lower => true,
        _ if line.indented => true,
        _ if above.end == End::Mark => false,
        _ => !goes_on(above, line, width, language),
    }
}

/// Whether `line` goes on with a sentence that `above` leaves without an end mark.
fn goes_on(above: &Line<'_>, line: &Line<'_>, width: usize, language: Language) -> bool {
    if above.end == End::Comma || line.first_letter == Start::Lower || line.goes_on {
        return true;
    }
    if is_function_word(&fold(above.last_word()), language) {
        return true;
    }
    !above.is_title() && fills(above, line, width)
}

/// Whether `above` is about as long as the lines of its paragraph, so that it was wrapped and not ended.
fn fills(above: &Line<'_>, line: &Line<'_>, width: usize) -> bool {
    let least = if line.first_letter == Start::Caseless { MIN_WRAPPED_EAST_ASIAN } else { MIN_WRAPPED };
    above.chars >= least && (above.chars + 1 + line.first_word_chars()) * 4 >= width * 3
}

/// Nobody wraps a text at fewer characters than this.
const MIN_WRAPPED: usize = 25;
const MIN_WRAPPED_EAST_ASIAN: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_break_by_layout() {
        let check = |text: &str, expected: &[&str]| {
            let found = pieces(text, Language::ENGLISH);
            let found: Vec<&str> = found.iter().filter_map(|piece| piece.range.slice(text)).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("", &[]);
        check(" \n\t\r\n", &[]);
        check("a\n\nb\r\n\r\nc", &["a", "b", "c"]);
        check(
            "The lid has to be opened with the\nFinnish key.",
            &["The lid has to be opened with the\nFinnish key."],
        );
        check(
            "Summary\nThe lid has to be opened with a key.",
            &["Summary", "The lid has to be opened with a key."],
        );
        check("Shopping:\n- milk\n- bread\n  and butter", &["Shopping:", "- milk", "- bread\n  and butter"]);
        check("1) Open it\n2) Close it", &["1) Open it", "2) Close it"]);
        check("name: Anna\ncity: Rome", &["name: Anna", "city: Rome"]);
        check("# Title. Part\ntext", &["# Title. Part", "text"]);
        check("| a | b. |\n|---|---|\n| C. D | e |", &["| a | b. |", "|---|---|", "| C. D | e |"]);
        check("a\tb\nc\td", &["a\tb", "c\td"]);
        check("　今天下雨。\n　明天晴。", &["今天下雨。", "明天晴。"]);
    }
}
