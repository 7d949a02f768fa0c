//! The form of a word that is compared: width, case, accents.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{APOSTROPHES, numbers};

/// A word as it is stemmed: compatibility forms unified (NFKC), lower case, `'` for every apostrophe, soft hyphens and
/// joiners gone, numbers written alike. Accents stay, since stemmers need them; see [`without_accents`].
#[must_use]
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return fold_ascii(word);
    }
    let lower: String =
        word.chars().filter_map(fold_sign).nfkc().flat_map(char::to_lowercase).nfc().collect();
    match numbers::canonical(&lower) {
        Cow::Owned(number) => Cow::Owned(number),
        Cow::Borrowed(_) => Cow::Owned(lower),
    }
}

fn fold_ascii(word: &str) -> Cow<'_, str> {
    if word.starts_with(|c: char| c.is_ascii_digit()) && !word.bytes().all(|b| b.is_ascii_digit()) {
        return numbers::canonical(word).to_ascii_lowercase().into();
    }
    if word.bytes().any(|b| b.is_ascii_uppercase()) { word.to_ascii_lowercase().into() } else { word.into() }
}

fn fold_sign(c: char) -> Option<char> {
    match c {
        '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{2060}' => None,
        // Inside a word a space stands only between the digits of a number.
        '\u{A0}' | '\u{202F}' | '\u{2009}' => Some('\''),
        _ if APOSTROPHES.contains(&c) => Some('\''),
        _ => Some(c),
    }
}

/// The word without the accents that people leave out when they type: `élève` and `eleve` are then one word.
///
/// Done after stemming, on documents and questions alike: a stemmer knows endings by their accents (`é`, `ão`), a
/// person in a hurry does not. Latin and Greek letters lose all their marks, the Russian `ё` is `е`; marks of other
/// scripts (`й`, `が`, vowel signs) make another letter and stay.
#[must_use]
pub fn without_accents(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let mut plain = String::with_capacity(word.len());
    for c in word.nfc() {
        plain_letter(c, &mut plain);
    }
    Cow::Owned(plain)
}

fn plain_letter(c: char, plain: &mut String) {
    match c {
        'ß' => plain.push_str("ss"),
        'æ' => plain.push_str("ae"),
        'œ' => plain.push_str("oe"),
        'ø' => plain.push('o'),
        'ł' => plain.push('l'),
        'đ' | 'ð' => plain.push('d'),
        'ı' => plain.push('i'),
        'ё' => plain.push('е'),
        'ς' => plain.push('σ'),
        '\u{C0}'..='\u{3FF}' | '\u{1E00}'..='\u{1FFF}' => {
            plain.extend(std::iter::once(c).nfd().filter(|part| !is_combining_mark(*part)));
        }
        _ => plain.push(c),
    }
}
