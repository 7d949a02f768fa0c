//! Which abbreviations a language has, and what may follow them.

mod lists;

use lists::{INTERNATIONAL, List};

use crate::language::Language;

/// What a full stop after an abbreviation may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Something belongs to it, whatever it is: `Dr. Smith`, `z. B. Äpfel`. No sentence ends here.
    Inside,
    /// An abbreviation only in front of a number: `No. 5`, `fig. IV`, `Jan. 5`; else a word like any other.
    BeforeNumber,
    /// Both are common: `Acme Inc. Boston`, `Acme Inc. The price`. The next word decides.
    Either,
    /// Stands at the end of something: `etc.`, `usw.`; a capital begins a sentence.
    Last,
}

/// The abbreviations of one language, and those that every language borrows.
#[derive(Debug)]
pub(super) struct Abbreviations {
    own: &'static List,
}

/// A part of an abbreviation in parts (`z. B.`, `т. д.`, `EE. UU.`) is no longer than this, in characters.
const MAX_PART: usize = 4;
/// What follows a time of day and belongs to it.
#[rustfmt::skip]
const AFTER_TIME: [&str; 24] = [
    "BST", "CDT", "CEST", "CET", "CST", "CT", "EDT", "EST", "ET", "Friday", "GMT", "MDT", "MST", "MT", "Monday", "PDT",
    "PST", "PT", "Saturday", "Sunday", "Thursday", "Tuesday", "UTC", "Wednesday",
];

impl Abbreviations {
    pub(super) fn of(language: Language) -> Self {
        Self { own: lists::of(language) }
    }

    /// The class of `word`, or of the short words with full stops before it and `word` together; `word` ends `before`.
    pub(super) fn class(&self, before: &str, word: &str) -> Option<Class> {
        let mut key = word.to_lowercase();
        let mut longest = self.class_of(&key);
        let mut start = before.len() - word.len();
        while key.chars().count() <= 3 * MAX_PART {
            let Some(earlier) = before[..start].trim_end().strip_suffix('.') else { break };
            let part: usize = earlier
                .chars()
                .rev()
                .take(MAX_PART + 1)
                .take_while(|c| c.is_alphabetic())
                .map(char::len_utf8)
                .sum();
            let part = &earlier[earlier.len() - part..];
            if part.is_empty() || part.chars().count() > MAX_PART {
                break;
            }
            key = format!("{}.{key}", part.to_lowercase());
            longest = self.class_of(&key).or(longest);
            start = earlier.len() - part.len();
        }
        longest
    }

    /// Whether `word` and `next` are parts of one abbreviation: `EE. UU.`
    pub(super) fn is_first_part(&self, word: &str, next: &str) -> bool {
        let short = next.len() <= 4 * MAX_PART && !next.is_empty();
        short && self.class_of(&format!("{word}.{next}").to_lowercase()).is_some()
    }

    fn class_of(&self, key: &str) -> Option<Class> {
        self.own.class(key).or_else(|| INTERNATIONAL.class(key))
    }

    /// Whether `next` belongs to the time of day that `word` ends: `5 p.m. Monday`.
    pub(super) fn follows_time(&self, word: &str, next: &str) -> bool {
        word.to_lowercase().ends_with('m') && AFTER_TIME.binary_search(&next).is_ok()
    }

    /// Whether `word`, lower case, often begins a sentence though it is no function word.
    pub(super) fn is_opener(&self, word: &str) -> bool {
        self.own.openers.binary_search(&word).is_ok()
    }
}

impl List {
    fn class(&self, key: &str) -> Option<Class> {
        let classes = [
            (self.inside, Class::Inside),
            (self.before_number, Class::BeforeNumber),
            (self.either, Class::Either),
            (self.last, Class::Last),
        ];
        let listed = classes.into_iter().find(|(words, _)| words.binary_search(&key).is_ok());
        let by_suffix =
            || self.either_suffixes.iter().any(|suffix| key.ends_with(suffix)).then_some(Class::Either);
        listed.map(|(_, class)| class).or_else(by_suffix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_no_word_is_in_two() {
        for list in lists::ALL.into_iter().chain([&INTERNATIONAL]) {
            let mut all: Vec<&str> = Vec::new();
            for words in [list.inside, list.before_number, list.either, list.last] {
                assert!(words.is_sorted_by(|a, b| a < b), "{words:?}");
                all.extend(words);
            }
            assert!(list.openers.is_sorted_by(|a, b| a < b));
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count, "{all:?}");
            assert!(all.iter().all(|word| word.to_lowercase() == *word && !word.ends_with('.')));
        }
        assert!(AFTER_TIME.is_sorted());
    }

    #[test]
    fn abbreviations_in_parts_are_found_with_and_without_spaces() {
        let check = |code: &str, before: &str, word: &str, expected: Option<Class>| {
            let abbreviations = Abbreviations::of(Language::parse(code).expect("a code"));
            assert_eq!(abbreviations.class(before, word), expected, "{before}");
        };
        check("de", "Obst, z. B", "B", Some(Class::Inside));
        check("de", "Obst, z.B", "z.B", Some(Class::Inside));
        check("ru", "мука и т. д", "д", Some(Class::Last));
        check("es", "en los EE. UU", "UU", Some(Class::Either));
        check("en", "Mr", "Mr", Some(Class::Inside));
        check("de", "in der Bahnhofstr", "Bahnhofstr", Some(Class::Either));
        check("en", "the house", "house", None);
        check("xx", "usw", "usw", None);
    }
}
