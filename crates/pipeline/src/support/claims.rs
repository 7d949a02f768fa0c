//! The sentences of generated text, without what is only form: list signs, headings, markers of citations.

use pllm_text::{ByteRange, Language, sentences};

/// A sentence of generated text.
#[derive(Debug, Clone)]
pub(super) struct Sentence {
    /// Its bytes in the generated text, trimmed.
    pub(super) range: ByteRange,
    /// The same text, of the same length, with spaces for what is not to be checked.
    pub(super) plain: String,
    /// Whether it is a heading by its form.
    pub(super) heading: bool,
}

/// The sentences of `generated`, in order.
pub(super) fn split(generated: &str, language: Option<Language>) -> Vec<Sentence> {
    let masked = masked(generated);
    let ranges = sentences(&masked, language);
    let of = |range: &ByteRange| {
        let range = range.trimmed(generated)?;
        let plain = range.slice(&masked)?.to_owned();
        let line = generated.get(..range.start())?.rfind('\n').map_or(0, |at| at + 1);
        let head = generated.get(line..range.end())?.trim_start();
        let heading = head.starts_with('#') && head.trim_start_matches('#').starts_with(' ');
        Some(Sentence { range, plain, heading })
    };
    ranges.iter().filter_map(of).filter(|sentence| !sentence.range.is_empty()).collect()
}

/// `text` with a space for every byte of a citation marker, list sign, code fence or Markdown sign; line ends stay.
fn masked(text: &str) -> String {
    let mut bytes: Vec<bool> = vec![false; text.len()];
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(range) = signs_of_line(line) {
            bytes[line_start + range.start()..line_start + range.end()].fill(true);
        }
        line_start += line.len();
    }
    for range in markers(text) {
        bytes[range.start()..range.end()].fill(true);
    }
    let mut plain = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if bytes[at] || matches!(c, '*' | '`') {
            plain.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            plain.push(c);
        }
    }
    plain
}

/// The list sign, heading sign, quotation sign or code fence at the start of a line.
fn signs_of_line(line: &str) -> Option<ByteRange> {
    let rest = line.trim_start();
    let start = line.len() - rest.len();
    if rest.starts_with("```") || rest.starts_with("~~~") {
        return Some(ByteRange::new(start, start + rest.trim_end().len()));
    }
    let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = rest.len() - number.len();
    let length = match number.chars().next()? {
        '#' if digits == 0 => number.len() - number.trim_start_matches('#').len(),
        '-' | '•' | '>' | '–' | '+' if digits == 0 => number.chars().next()?.len_utf8(),
        ')' | '.' if (1..=2).contains(&digits) => digits + 1,
        _ => return None,
    };
    let spaced = rest.get(length..)?.starts_with([' ', '\t']);
    spaced.then(|| ByteRange::new(start, start + length))
}

/// `[1]`, `[1, 2]`, `[^3]`, `【1】`, `(source 2)`, `(Passage 1)`.
fn markers(text: &str) -> Vec<ByteRange> {
    let mut found = Vec::new();
    for (start, open) in text.char_indices().filter(|(_, c)| matches!(c, '[' | '【' | '(')) {
        let close = match open {
            '[' => ']',
            '【' => '】',
            _ => ')',
        };
        let inner_start = start + open.len_utf8();
        let rest = &text[inner_start..];
        let Some(length) = rest.char_indices().take(40).find(|(_, c)| *c == close).map(|(at, _)| at) else {
            continue;
        };
        if is_marker(&rest[..length], open == '(') {
            found.push(ByteRange::new(start, inner_start + length + close.len_utf8()));
        }
    }
    found
}

fn is_marker(inner: &str, needs_word: bool) -> bool {
    let lower = inner.trim().to_lowercase();
    let word = MARKER_WORDS.iter().find_map(|word| lower.strip_prefix(word));
    let rest = word.unwrap_or(&lower).trim_start_matches(['s', 'n', 'e']).trim();
    let numbers = rest
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ',' | ' ' | '^' | '-' | '–' | '.' | '#' | ';'));
    let short = rest.split(|c: char| !c.is_ascii_digit()).all(|number| number.len() < 4);
    numbers && short && rest.chars().any(|c| c.is_ascii_digit()) && (word.is_some() || !needs_word)
}

const MARKER_WORDS: &[&str] = &[
    "source",
    "passage",
    "document",
    "doc",
    "ref",
    "quelle",
    "abschnitt",
    "fuente",
    "fonte",
    "context",
    "citation",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_is_no_text() {
        let check = |text: &str, expected: &[&str]| {
            let found = split(text, Some(Language::ENGLISH));
            let plain: Vec<String> =
                found.iter().map(|s| s.plain.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
            assert_eq!(plain, expected, "{text}");
            assert!(found.iter().all(|s| s.plain.len() == s.range.len()));
        };
        check("The fee is 12 [1]. It rose (source 2).", &["The fee is 12 .", "It rose ."]);
        check("## Fees\n- The **fee** is 12.\n2. It rose.", &["Fees", "The fee is 12.", "It rose."]);
        check("In [2021] it rose (by 3).", &["In [2021] it rose (by 3)."]);
    }
}
