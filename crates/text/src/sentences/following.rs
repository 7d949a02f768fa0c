//! What follows an end mark, as far as it tells whether a new sentence begins.

use super::marks::{closes_bracket, is_dash};

/// The text after an end mark and its closing quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Following<'a> {
    /// White space stands between.
    pub(super) spaced: bool,
    pub(super) kind: Kind,
    /// The first character that is not white space.
    pub(super) first: Option<char>,
    /// The first word, without the quotes, brackets and other signs before it; empty when there is none nearby.
    pub(super) word: &'a str,
    /// The word is one letter with a full stop: an initial.
    pub(super) is_initial: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing: the piece ends.
    Nothing,
    /// A comma, a colon and the like: the sentence goes on.
    Comma,
    Lower,
    Upper,
    Digit,
    /// A letter of a script without case, or no letter at all.
    Caseless,
}

/// Signs that are looked through for the first letter.
const MAX_SIGNS: usize = 8;
/// A longer word is none that any list has.
const MAX_WORD: usize = 24;

impl<'a> Following<'a> {
    pub(super) fn of(after: &'a str) -> Self {
        let rest = after.trim_start();
        let first = rest.chars().next();
        let start = rest.char_indices().take(MAX_SIGNS).find(|(_, c)| c.is_alphanumeric()).map(|(at, _)| at);
        let word = start.map_or("", |start| first_word(&rest[start..]));
        let after_word = &rest[start.unwrap_or(0) + word.len()..];
        let is_initial = word.chars().count() == 1 && after_word.starts_with('.');
        Self { spaced: rest.len() < after.len(), kind: kind(first, word), first, word, is_initial }
    }

    /// A dash comes first, as where a speaker is named after speech.
    pub(super) fn opens_with_dash(&self) -> bool {
        self.first.is_some_and(is_dash)
    }
}

fn kind(first: Option<char>, word: &str) -> Kind {
    match (first, word.chars().next()) {
        (None, _) => Kind::Nothing,
        (Some(',' | ';' | ':' | '،' | '؛' | '、' | '，' | '；' | '：' | '%' | '/'), _) => Kind::Comma,
        (Some(c), _) if closes_bracket(c) => Kind::Comma,
        (_, Some(c)) if c.is_lowercase() => Kind::Lower,
        (_, Some(c)) if c.is_uppercase() => Kind::Upper,
        (_, Some(c)) if c.is_numeric() => Kind::Digit,
        _ => Kind::Caseless,
    }
}

fn first_word(text: &str) -> &str {
    let end = text.char_indices().take(MAX_WORD).find(|(_, c)| !c.is_alphanumeric());
    let end = end.or_else(|| text.char_indices().nth(MAX_WORD));
    end.map_or(text, |(at, _)| &text[..at])
}
