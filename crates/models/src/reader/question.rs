//! What a question looks for: its terms, each with a place in a [`TermSet`], and the sort of answer it wants.

use std::collections::{HashMap, HashSet};

use pllm_core::Document;
use pllm_text::{Analyzer, Language, detect, fold, words};

use super::answer_kind::AnswerKind;

/// Terms of a question, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TermSet(pub(super) u64);

impl TermSet {
    pub(super) fn insert(&mut self, term: usize) {
        self.0 |= 1 << term;
    }

    pub(super) fn contains(self, term: usize) -> bool {
        self.0 & (1 << term) != 0
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// More terms than this are not looked for.
pub(super) const MOST_TERMS: usize = 64;

/// A question, analysed for the Documents it is asked of.
#[derive(Debug)]
pub(super) struct Question {
    analyzer: Analyzer,
    /// The place of each term that a Document may have.
    places: HashMap<String, usize>,
    /// Number of places, at most [`MOST_TERMS`].
    pub(super) terms: usize,
    /// All its words, folded.
    pub(super) known: HashSet<String>,
    pub(super) kind: Option<AnswerKind>,
}

impl Question {
    pub(super) fn of(text: &str, documents: &[Document]) -> Self {
        let analyzer = Analyzer::new(&languages(text, documents));
        let mut terms = analyzer.query_terms(&without_asking(text), &[]);
        terms.truncate(MOST_TERMS);
        let alternatives = terms.iter().enumerate();
        let places =
            alternatives.flat_map(|(place, term)| term.alternatives.iter().map(move |t| (t.clone(), place)));
        Self {
            places: places.collect(),
            terms: terms.len(),
            known: words(text).map(|word| fold(word.text).into_owned()).collect(),
            kind: AnswerKind::of(text),
            analyzer,
        }
    }

    /// Which of the question's terms stand in `text`.
    pub(super) fn found_in(&self, text: &str, language: Option<Language>) -> Found {
        let mut found = Found::default();
        for term in self.analyzer.document_terms(text, language) {
            if let Some(place) = self.places.get(&term) {
                found.whole.insert(*place);
                continue;
            }
            let is_related = |other: &str| is_part(&term, other) || is_part(other, &term);
            let related = self.places.iter().filter(|(other, _)| is_related(other));
            related.for_each(|(_, place)| found.parts.insert(*place));
        }
        found
    }
}

/// What a text has of a question's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Found {
    /// The terms that are words of the text.
    pub(super) whole: TermSet,
    /// The terms that are the beginning or end of a word of the text, or the other way round: `Miete` in `Grundmiete`.
    pub(super) parts: TermSet,
}

/// Whether `part` begins or ends the longer `word`.
fn is_part(part: &str, word: &str) -> bool {
    part.len() >= SHORTEST_PART && part.len() < word.len() && (word.starts_with(part) || word.ends_with(part))
}

/// In bytes. Shorter ones are often endings.
const SHORTEST_PART: usize = 5;

/// The languages of the Documents; where they have none, that of the question.
fn languages(text: &str, documents: &[Document]) -> Vec<Language> {
    let mut languages: Vec<Language> = Vec::new();
    for language in documents.iter().filter_map(|document| document.language) {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    if languages.is_empty() {
        let detection = detect(text);
        languages.push(detection.language.filter(|_| detection.reliable).unwrap_or(Language::ENGLISH));
    }
    languages
}

/// A question in a script without spaces, without the characters that only ask: no answer repeats them, and in pairs with
/// their neighbours they would count as rare words.
fn without_asking(text: &str) -> String {
    ASKING.iter().fold(text.to_owned(), |text, asking| text.replace(asking, " "))
}

#[rustfmt::skip]
const ASKING: &[&str] = &[
    "请问", "为什么", "什么", "怎么", "怎样", "如何", "多少", "哪里", "哪儿", "哪个", "哪些", "哪", "谁", "几", "幾", "吗", "呢",
    "是否", "何时", "的", "了",
    "ですか", "ますか", "でしょうか", "どのくらい", "どれくらい", "いくつ", "いくら", "いつ", "どこ", "だれ", "誰", "なに", "何",
    "どの", "どう", "なぜ",
];

#[cfg(test)]
mod tests {
    use super::*;
    use pllm_core::DocumentId;

    fn document(language: &str) -> Document {
        let id = DocumentId::new(language).expect("a safe name");
        Document { language: Language::parse(language), ..Document::new(id, "") }
    }

    #[test]
    fn a_question_is_stemmed_as_the_documents_are() {
        let check = |question: &str, languages: &[&str], text: &str, whole: u64, parts: u64| {
            let documents: Vec<Document> = languages.iter().map(|language| document(language)).collect();
            let found =
                Question::of(question, &documents).found_in(text, documents.first().and_then(|d| d.language));
            assert_eq!((found.whole.0, found.parts.0), (whole, parts), "{text}");
        };
        check("Who repaired the roofs?", &["en"], "The roof repairs", 0b11, 0);
        check("Who repaired the drain?", &[], "the repairs", 0b01, 0);
        check("Welche Häuser?", &["de", "en"], "das Haus", 0b1, 0);
        check("Wie hoch ist die Kaution?", &["de"], "die Mietkaution", 0, 0b10);
        check("Wie hoch ist die Mietkaution?", &["de"], "die Kaution", 0, 0b10);
        check("车位多少钱?", &["zh"], "车位费", 0b1, 0);
    }
}
