//! What is left of a word without its endings, by the Snowball stemmers (crate `frostem`).

use std::borrow::Cow;
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

use crate::language::Language;

/// The stem of `word`, which is as [`fold`](crate::fold) gives it; the word itself in a language without a stemmer.
///
/// ```
/// let stem = pllm_text::stem("connections", pllm_text::Language::ENGLISH);
/// assert_eq!(stem, "connect");
/// ```
#[must_use]
pub fn stem(word: &str, language: Language) -> Cow<'_, str> {
    match STEMMERS.get(index(language)).copied().flatten() {
        Some(stemmer) => stemmer.stem(word),
        None => Cow::Borrowed(word),
    }
}

/// The stemmer of each code, by its two letters: the names are compared once and not with every word.
static STEMMERS: LazyLock<Vec<Option<Stemmer>>> = LazyLock::new(|| {
    let codes = (b'a'..=b'z').flat_map(|first| (b'a'..=b'z').map(move |second| [first, second]));
    codes.map(|code| algorithm(Language(code)).map(Stemmer::new)).collect()
});

/// The place of a language among all codes of two small letters.
fn index(Language([first, second]): Language) -> usize {
    usize::from(first.wrapping_sub(b'a')) * 26 + usize::from(second.wrapping_sub(b'a'))
}

/// Snowball's names of its algorithms include the two-letter codes, but for the two written forms of Norwegian.
fn algorithm(language: Language) -> Option<Algorithm> {
    match language.code() {
        "nb" | "nn" => Some(Algorithm::Norwegian),
        code => Algorithm::from_name(code).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_share_a_stem() {
        let check = |code: &str, one: &str, other: &str| {
            let language = Language::parse(code).expect("a code");
            assert_eq!(stem(one, language), stem(other, language), "{code}");
        };
        check("en", "retrieving", "retrieved");
        check("de", "häuser", "haus");
        check("fr", "continuellement", "continuelle");
        check("es", "casas", "casa");
        check("it", "abbandonata", "abbandonato");
        check("ru", "книгами", "книга");
        check("nb", "husene", "huset");
    }

    #[test]
    fn other_words_and_languages_stay_as_they_are() {
        let check = |word: &str, code: &str| {
            assert_eq!(stem(word, Language::parse(code).expect("a code")), word);
        };
        check("東京", "ja");
        check("houses", "xx");
        check("1250", "en");
        check("", "en");
    }
}
