//! What a line of text is by its looks: prose, an item of a list, a row of a table, a name with its value.

use super::super::marks;

/// A line without the white space around it, never empty.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) start: usize,
    pub(super) text: &'a str,
    /// Its length in characters.
    pub(super) chars: usize,
    /// Begins with an ideographic space, as Chinese and Japanese paragraphs do.
    pub(super) indented: bool,
    pub(super) kind: Kind,
    pub(super) end: End,
    /// Case of the first letter, after the sign of an item and opening quotes.
    pub(super) first_letter: Start,
    /// Begins with a sign that follows something: a comma, a closing bracket.
    pub(super) goes_on: bool,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Prose,
    /// `- milk`, `• milk`, `a) milk`.
    Item,
    /// `1. milk`; wrapped prose can have a date or year there.
    Number,
    /// `– milk`, `— Hello`; wrapped prose can have a dash there.
    Dash,
    /// `city: Rome`.
    Pair,
    /// `| a | b |`, cells with tabs between, a heading with its sign (`## Title`), a ruled line.
    Row,
}

/// What a line ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Mark,
    Colon,
    Comma,
    Open,
}

/// The case of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    Lower,
    /// Or a digit, or none at all.
    Upper,
    Caseless,
}

/// Longest name in front of a value, in characters and words.
const MAX_NAME: usize = 40;
const MAX_NAME_WORDS: usize = 4;

impl<'a> Line<'a> {
    pub(super) fn new(start: usize, text: &'a str, indented: bool) -> Self {
        let (kind, sign) = kind_of(text);
        let letter = text[sign..].chars().take(8).find(|c| c.is_alphanumeric());
        let goes_on = text
            .starts_with(|c: char| marks::closes_bracket(c) || matches!(c, ',' | ';' | '，' | '、' | '）'));
        Self {
            start,
            text,
            chars: text.chars().count(),
            indented,
            kind,
            end: end_of(text),
            first_letter: case_of(letter),
            goes_on,
        }
    }

    pub(super) fn last_word(&self) -> &'a str {
        self.text.split_whitespace().next_back().unwrap_or(self.text)
    }

    pub(super) fn first_word_chars(&self) -> usize {
        self.text.chars().take_while(|c| !c.is_whitespace()).take(MAX_NAME).count()
    }

    /// Whether every longer word has a capital, as in an English title; two words at least.
    pub(super) fn is_title(&self) -> bool {
        let mut long = self.text.split_whitespace().filter(|word| word.chars().nth(3).is_some());
        let capital = |word: &str| word.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric());
        long.clone().nth(1).is_some() && long.all(capital)
    }
}

/// The kind of a line and the length of the sign that shows it.
fn kind_of(text: &str) -> (Kind, usize) {
    if is_row(text) {
        return (Kind::Row, 0);
    }
    let first = text.chars().next().unwrap_or(' ');
    let after = &text[first.len_utf8()..];
    let spaced = after.starts_with(char::is_whitespace);
    match first {
        '-' | '*' | '+' | '•' | '◦' | '▪' | '●' | '■' | '‣' | '·' | '○' | '□' if spaced => {
            (Kind::Item, first.len_utf8())
        }
        '•' | '●' | '■' | '▪' | '①'..='⑳' => (Kind::Item, first.len_utf8()),
        '–' | '—' | '―' => (Kind::Dash, first.len_utf8()),
        _ => match numbered(text) {
            Some(numbered) => numbered,
            None if is_pair(text) => (Kind::Pair, 0),
            None => (Kind::Prose, 0),
        },
    }
}

/// `1. `, `12) `, `(3) `, `a) `, `一、`: the kind of item and the length of its number.
fn numbered(text: &str) -> Option<(Kind, usize)> {
    let body = text.strip_prefix(['(', '（']).unwrap_or(text);
    let open = text.len() - body.len();
    let is_count = |c: char| {
        c.is_ascii_digit() || matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
    };
    let mut length: usize = body.chars().take(3).take_while(|&c| is_count(c)).map(char::len_utf8).sum();
    let letter = body.chars().next().filter(|c| c.is_alphabetic() && length == 0);
    length += letter.map_or(0, char::len_utf8);
    let sign = body[length..].chars().next().filter(|_| length > 0)?;
    let end = open + length + sign.len_utf8();
    let spaced = text[end..].starts_with(char::is_whitespace);
    match sign {
        '、' | '．' if letter.is_none() => Some((Kind::Number, end)),
        '）' => Some((Kind::Item, end)),
        ')' if spaced => Some((Kind::Item, end)),
        '.' if spaced && letter.is_none() && open == 0 => Some((Kind::Number, end)),
        _ => None,
    }
}

fn is_row(text: &str) -> bool {
    let heading = text.trim_start_matches('#');
    let hashes = text.len() - heading.len();
    ((1..=6).contains(&hashes) && heading.starts_with(' '))
        || (text.starts_with('|') && text[1..].contains('|'))
        || text.starts_with("```")
        || has_cells(text)
        || (text.chars().nth(2).is_some() && text.chars().all(|c| "-=*_~+|: ".contains(c)))
}

/// Whether tabs stand in the line; the one after the sign of an item does not count.
fn has_cells(text: &str) -> bool {
    let Some((head, _)) = text.split_once('\t') else {
        return false;
    };
    let is_sign = !head.chars().any(char::is_alphanumeric)
        || numbered(&text[..=head.len()]).is_some_and(|(_, n)| n == head.len());
    !is_sign || text[head.len() + 1..].trim_start().contains('\t')
}

/// A short name, a colon, a space and a value; the name has no end mark or comma.
fn is_pair(text: &str) -> bool {
    let Some((name, value)) = text.split_once([':', '：']) else {
        return false;
    };
    let sign_spaced = value.starts_with(char::is_whitespace) || text[name.len()..].starts_with('：');
    let short = name.chars().nth(MAX_NAME).is_none() && name.split_whitespace().nth(MAX_NAME_WORDS).is_none();
    let plain = !name.contains([',', ';', '，', '、', '"', '“', '„', '«'])
        && !name.contains(|c| marks::mark_of(c).is_some());
    short && plain && sign_spaced && name.starts_with(char::is_alphanumeric) && !value.trim().is_empty()
}

fn end_of(text: &str) -> End {
    let closing = |c: char| {
        marks::closes_quote(c) || marks::closes_bracket(c) || matches!(c, '*' | '_' | ' ' | '\u{A0}')
    };
    let last = text.chars().rev().take(8).find(|&c| !closing(c));
    match last {
        Some(c) if marks::mark_of(c).is_some() => End::Mark,
        Some(':' | '：' | ';' | '；') => End::Colon,
        Some(',' | '，' | '、' | '-' | '–' | '—' | '/' | '&') => End::Comma,
        _ => End::Open,
    }
}

fn case_of(letter: Option<char>) -> Start {
    match letter {
        Some(c) if c.is_lowercase() => Start::Lower,
        Some(c) if c.is_alphabetic() && !c.is_uppercase() => Start::Caseless,
        _ => Start::Upper,
    }
}
