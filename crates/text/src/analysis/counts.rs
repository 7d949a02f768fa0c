//! How often does a document have which terms? For the index, which asks it of many documents one after another.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Analyzer, document_term};
use crate::language::Language;
use crate::words::words;

/// Words beyond this are forgotten all together, so that a large collection takes no memory without end.
const MOST_WORDS: usize = 1 << 17;

/// The words of earlier documents with their terms. Most words of a document were in one before it: to look them up is several
/// times faster than to analyse them again.
#[derive(Debug, Default)]
pub struct KnownWords {
    /// By language, for the term depends on it: words as they are written, and the number of their term.
    words: HashMap<Option<Language>, HashMap<Box<str>, u32>>,
    count: usize,
    terms: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

/// The terms of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermCounts {
    /// Each term once, with how often it is there; in no order.
    pub terms: Vec<(Arc<str>, u32)>,
    /// Words in all.
    pub words: u32,
}

impl Analyzer {
    /// The terms of a document, counted: those of [`document_terms`](Self::document_terms), whatever is known.
    #[must_use]
    pub fn count_terms(&self, text: &str, language: Option<Language>, known: &mut KnownWords) -> TermCounts {
        let mut numbers = known.numbers(text, language.or(self.languages.first().copied()));
        numbers.sort_unstable();
        let mut counts = TermCounts { terms: Vec::new(), words: 0 };
        for same in numbers.chunk_by(|one, other| one == other) {
            let count = u32::try_from(same.len()).unwrap_or(u32::MAX);
            counts.terms.push((Arc::clone(&known.terms[same[0] as usize]), count));
            counts.words = counts.words.saturating_add(count);
        }
        counts
    }
}

impl KnownWords {
    /// The number of each word's term.
    fn numbers(&mut self, text: &str, language: Option<Language>) -> Vec<u32> {
        if self.count > MOST_WORDS {
            *self = Self::default();
        }
        let Self { words: all, count, terms, numbers } = self;
        let known = all.entry(language).or_default();
        let number = |word: &str| match known.get(word) {
            Some(number) => *number,
            None => {
                let number = number_of(document_term(word, language), terms, numbers);
                known.insert(word.into(), number);
                *count += 1;
                number
            }
        };
        words(text).map(|word| word.text).map(number).collect()
    }
}

fn number_of(term: String, terms: &mut Vec<Arc<str>>, numbers: &mut HashMap<Arc<str>, u32>) -> u32 {
    if let Some(number) = numbers.get(term.as_str()) {
        return *number;
    }
    let (term, number): (Arc<str>, _) = (term.into(), u32::try_from(terms.len()).unwrap_or(u32::MAX));
    terms.push(Arc::clone(&term));
    numbers.insert(term, number);
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn counts_are_those_of_the_terms_whatever_was_counted_before() {
        let analyzer = Analyzer::new(&[Language::ENGLISH]);
        let mut known = KnownWords::default();
        let mut check = |text: &str, code: &str| {
            let language = Language::parse(code);
            let mut expected: BTreeMap<String, u32> = BTreeMap::new();
            let terms = analyzer.document_terms(text, language);
            terms.iter().for_each(|term| *expected.entry(term.clone()).or_default() += 1);
            let found = analyzer.count_terms(text, language, &mut known);
            assert_eq!(found.words as usize, terms.len(), "{text}");
            let found: Vec<(String, u32)> =
                found.terms.into_iter().map(|(term, count)| (term.to_string(), count)).collect();
            assert_eq!(found.len(), expected.len(), "a term is there twice: {found:?}");
            assert_eq!(found.into_iter().collect::<BTreeMap<_, _>>(), expected, "{text} in {code:?}");
        };
        check("Engines run; the running engine ran.", "");
        check("Die Engines der Engine", "de");
        check("the Engine runs, ENGINES RUN", "en");
        check("Engines machines", "fr");
        check("東京タワーと東京", "ja");
        check("", "");
    }

    #[test]
    fn what_is_known_does_not_grow_without_end() {
        let analyzer = Analyzer::new(&[Language::ENGLISH]);
        let mut known = KnownWords::default();
        for start in (0..3 * MOST_WORDS).step_by(1000) {
            let text: Vec<String> = (start..start + 1000).map(|n| format!("w{n}")).collect();
            assert_eq!(analyzer.count_terms(&text.join(" "), None, &mut known).terms.len(), 1000);
            assert!(known.count <= MOST_WORDS + 1000 && known.terms.len() <= MOST_WORDS + 1000);
        }
    }
}
