//! The keyword analysis of a collection: which terms a document is found by, and which terms a question looks for.
//!
//! A document is stemmed in its own language; a question, whose language is often unsure, in every language of the
//! collection. So a question's word is a set of alternatives, and a document's term matches when it is one of them.

mod counts;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::function_words::is_function_word;
use crate::language::{Detection, Language, Script, detect, scripts_of};
use crate::stems::stem;
use crate::words::{fold, without_accents, words};

pub use counts::{KnownWords, TermCounts};

/// Changes whenever the terms of a document or a question change: an index of another version has to be built anew.
pub const ANALYSIS_VERSION: u32 = 1;

/// The analysis of one collection.
#[derive(Debug, Clone)]
pub struct Analyzer {
    languages: Vec<Language>,
}

/// A word of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryTerm {
    /// The terms of documents that match it: distinct, at least one.
    pub alternatives: Vec<String>,
    /// How often the question has it.
    pub count: u32,
}

impl Analyzer {
    /// The analysis of a collection in `languages`, the main one first. With none, words are not stemmed but where a
    /// document states its language.
    #[must_use]
    pub fn new(languages: &[Language]) -> Self {
        Self { languages: languages.to_vec() }
    }

    /// The terms of a document, one a word, in order; function words too, so that `The Who` can be found.
    ///
    /// A document without a language is taken to be in the collection's main one.
    #[must_use]
    pub fn document_terms(&self, text: &str, language: Option<Language>) -> Vec<String> {
        let language = language.or(self.languages.first().copied());
        // Few different words make up most of a text: stemming each once is several times faster.
        let mut known: HashMap<&str, String> = HashMap::new();
        let mut term_of = |word| known.entry(word).or_insert_with(|| document_term(word, language)).clone();
        words(text).map(|word| term_of(word.text)).collect()
    }

    /// The terms of a question, each once, in the order of their first words; function words only if there is no other.
    ///
    /// `also` are the languages of the documents present, where they go beyond the collection's.
    #[must_use]
    pub fn query_terms(&self, text: &str, also: &[Language]) -> Vec<QueryTerm> {
        let languages: Vec<Language> = self.languages.iter().chain(also).copied().collect();
        let all: Vec<Cow<'_, str>> = words(text).map(|word| fold(word.text)).collect();
        let asked_in = question_language(text, &languages);
        let content: Vec<&str> = all
            .iter()
            .map(AsRef::as_ref)
            .filter(|word| !asked_in.is_some_and(|language| is_function_word(word, language)))
            .collect();
        let chosen = if content.is_empty() { all.iter().map(AsRef::as_ref).collect() } else { content };
        count_terms(&chosen, &languages)
    }
}

/// The language whose function words a question may have: what it is detected as, if that is sure or one of
/// `languages`, else the first of them.
fn question_language(text: &str, languages: &[Language]) -> Option<Language> {
    let Detection { language, reliable, .. } = detect(text);
    let credible = language.filter(|language| reliable || languages.contains(language));
    credible.or(languages.first().copied())
}

fn count_terms(words: &[&str], languages: &[Language]) -> Vec<QueryTerm> {
    let mut terms: Vec<QueryTerm> = Vec::new();
    let mut places: HashMap<Vec<String>, usize> = HashMap::new();
    for word in words {
        let alternatives = alternatives(word, languages);
        let place = *places.entry(alternatives.clone()).or_insert(terms.len());
        match terms.get_mut(place) {
            Some(term) => term.count += 1,
            None => terms.push(QueryTerm { alternatives, count: 1 }),
        }
    }
    terms
}

/// The distinct stems of `word` by the languages that it may be in; without any, the word itself.
fn alternatives(word: &str, languages: &[Language]) -> Vec<String> {
    let mut stems: Vec<String> = Vec::new();
    for &language in languages.iter().filter(|&&language| fits(word, language)) {
        let stem = term(word, Some(language));
        if !stems.contains(&stem) {
            stems.push(stem);
        }
    }
    if stems.is_empty() {
        stems.push(term(word, None));
    }
    stems
}

/// Whether `word` is in a script of `language`; a language of unknown scripts takes any.
fn fits(word: &str, language: Language) -> bool {
    let scripts = scripts_of(language);
    scripts.is_empty() || word.chars().find_map(Script::of).is_some_and(|script| scripts.contains(&script))
}

/// The term of a word of a document in `language`.
fn document_term(word: &str, language: Option<Language>) -> String {
    let folded = fold(word);
    term(&folded, language.filter(|&language| fits(&folded, language)))
}

/// The term of a folded word.
fn term(word: &str, language: Option<Language>) -> String {
    let stem = language.map_or(Cow::Borrowed(word), |language| stem(word, language));
    without_accents(&stem).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn languages(codes: &str) -> Vec<Language> {
        codes.split_whitespace().map(|code| Language::parse(code).expect("a code")).collect()
    }

    #[test]
    fn a_document_is_stemmed_in_its_own_language() {
        let check = |text: &str, language: &str, expected: &[&str]| {
            let analyzer = Analyzer::new(&languages("en de"));
            assert_eq!(analyzer.document_terms(text, Language::parse(language)), expected, "{text}");
        };
        check(
            "The engines of the company's 1,250 cars",
            "",
            &["the", "engin", "of", "the", "compani", "1250", "car"],
        );
        check("Die Häuser", "de", &["die", "haus"]);
        check("Les élèves", "fr", &["le", "elev"]);
        check("machines 東京タワー", "en", &["machin", "東京", "京タ", "タワ", "ワー"]);
        check("книги machines", "ru", &["книг", "machines"]);
    }

    #[test]
    fn a_question_has_the_stems_of_every_language() {
        let check = |collection: &str, also: &str, question: &str, expected: &[(&[&str], u32)]| {
            let terms = Analyzer::new(&languages(collection)).query_terms(question, &languages(also));
            let found: Vec<(Vec<&str>, u32)> = terms
                .iter()
                .map(|t| (t.alternatives.iter().map(String::as_str).collect(), t.count))
                .collect();
            let expected: Vec<(Vec<&str>, u32)> = expected.iter().map(|(a, n)| (a.to_vec(), *n)).collect();
            assert_eq!(found, expected, "{question}");
        };
        check("en", "", "What is the forecast? Forecasting!", &[(&["forecast"], 2)]);
        check("en de", "", "running", &[(&["run", "running"], 1)]);
        check("en", "ru", "engines книгами", &[(&["engin"], 1), (&["книг"], 1)]);
        check("en", "", "Who are they?", &[(&["who"], 1), (&["are"], 1), (&["they"], 1)]);
        check("", "", "Engines", &[(&["engines"], 1)]);
        check("fr", "", "eleve", &[(&["elev"], 1)]);
        check("en", "", "?", &[]);
    }
}
