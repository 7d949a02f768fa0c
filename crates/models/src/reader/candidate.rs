//! The sentences that may answer: where they stand, and which of the question's terms they and their surroundings have.

use std::collections::HashSet;

use pllm_core::Document;
use pllm_core::meta::{HEADINGS, MetaValue, TITLE};
use pllm_text::{ByteRange, fold, sentences, words};

use super::question::{Question, TermSet};

/// A sentence, or a row of a table.
#[derive(Debug)]
pub(super) struct Candidate {
    /// Index of its Document.
    pub(super) document: usize,
    /// Trimmed bytes of the Document's content.
    pub(super) range: ByteRange,
    /// Terms in itself, in the sentence before, in its line, in the title and headings, in the whole Document.
    pub(super) own: TermSet,
    pub(super) before: TermSet,
    pub(super) line: TermSet,
    pub(super) titles: TermSet,
    pub(super) around: TermSet,
    /// Neighbouring terms of the question that stand close together: bit `i` for the terms `i` and `i + 1`.
    pub(super) pairs: TermSet,
    /// Words that the question has not.
    pub(super) new_words: usize,
    /// Whether it lacks the sort of answer that the question wants.
    pub(super) lacks_answer: bool,
    /// Whether it says something: no question and no heading.
    pub(super) states: bool,
}

/// The sentences of `documents`, best Document first. Overlapping chunks repeat sentences: a text counts once.
pub(super) fn candidates(question: &Question, documents: &[Document]) -> Vec<Candidate> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let parts = Parts::of(question, document);
        for unit in 0..parts.ranges.len() {
            let text = parts.text(unit);
            if seen.insert(text.split_whitespace().collect::<Vec<_>>().join(" ")) {
                found.push(parts.candidate(question, index, unit));
            }
        }
    }
    found
}

/// A Document in its sentences.
struct Parts<'a> {
    document: &'a Document,
    ranges: Vec<ByteRange>,
    hits: Vec<Vec<Option<usize>>>,
    titles: TermSet,
    around: TermSet,
}

impl<'a> Parts<'a> {
    fn of(question: &Question, document: &'a Document) -> Self {
        let ranges = units(document);
        let hits: Vec<_> = ranges
            .iter()
            .map(|range| question.hits(&document.content[range.start()..range.end()], document.language))
            .collect();
        let titles = titles(document).join("\n");
        Self {
            document,
            ranges,
            titles: set(&question.hits(&titles, document.language)),
            around: hits.iter().map(|hits| set(hits)).fold(TermSet::default(), TermSet::and),
            hits,
        }
    }

    fn text(&self, unit: usize) -> &'a str {
        &self.document.content[self.ranges[unit].start()..self.ranges[unit].end()]
    }

    fn candidate(&self, question: &Question, document: usize, unit: usize) -> Candidate {
        let (text, previous) = (self.text(unit), unit.checked_sub(1));
        let new = words(text).filter(|word| !question.known.contains(fold(word.text).as_ref()));
        Candidate {
            document,
            range: self.ranges[unit],
            own: set(&self.hits[unit]),
            before: previous.map_or_else(TermSet::default, |unit| set(&self.hits[unit])),
            line: self.line(unit),
            titles: self.titles,
            around: self.around,
            pairs: pairs(&self.hits[unit]),
            new_words: new.count(),
            lacks_answer: question.kind.is_some_and(|kind| !kind.stands_in(text, &question.known)),
            states: !is_question(text) && !is_heading(text, self.document),
        }
    }

    /// The terms of all sentences in the lines of one: who speaks in a chat is said at the beginning of the line.
    fn line(&self, unit: usize) -> TermSet {
        let content = &self.document.content;
        let start = content[..self.ranges[unit].start()].rfind('\n').unwrap_or(0);
        let end = content[self.ranges[unit].end()..]
            .find('\n')
            .map_or(content.len(), |at| at + self.ranges[unit].end());
        let line = ByteRange::new(start, end);
        let inside = self.ranges.iter().zip(&self.hits).filter(|(range, _)| range.overlaps(line));
        inside.map(|(_, hits)| set(hits)).fold(TermSet::default(), TermSet::and)
    }
}

/// A short row of a table is cited whole: a cell alone does not say what it is about.
fn units(document: &Document) -> Vec<ByteRange> {
    let content = &document.content;
    let whole = ByteRange::new(0, content.len()).trimmed(content).unwrap_or(ByteRange::new(0, 0));
    let has_words = |range: &ByteRange| range.slice(content).is_some_and(|text| words(text).next().is_some());
    if whole.len() <= LONGEST_WHOLE_ROW && is_row(content) {
        return Some(whole).filter(has_words).into_iter().collect();
    }
    sentences(content, document.language).into_iter().filter(has_words).collect()
}

/// In bytes.
const LONGEST_WHOLE_ROW: usize = 500;

/// Whether all lines are `column: value`, with another column each.
fn is_row(content: &str) -> bool {
    let mut columns = HashSet::new();
    let mut lines = content.lines().filter(|line| !line.trim().is_empty());
    lines.all(|line| line.split_once(": ").is_some_and(|(column, _)| columns.insert(column)))
        && columns.len() > 1
}

/// Title and headings, outermost first.
pub(super) fn titles(document: &Document) -> Vec<&str> {
    let title = document.meta.get(TITLE).and_then(MetaValue::as_str);
    let headings = match document.meta.get(HEADINGS) {
        Some(MetaValue::List(headings)) => headings.as_slice(),
        _ => &[],
    };
    title
        .into_iter()
        .chain(headings.iter().filter_map(MetaValue::as_str))
        .filter(|title| !title.is_empty())
        .collect()
}

fn is_heading(text: &str, document: &Document) -> bool {
    text.starts_with('#') || titles(document).contains(&text)
}

fn is_question(text: &str) -> bool {
    let end = text.trim_end_matches(['"', '”', '“', '’', '»', '」', '』', ')', '*', '_']);
    end.ends_with(['?', '？', '؟'])
}

fn set(hits: &[Option<usize>]) -> TermSet {
    let mut set = TermSet::default();
    hits.iter().flatten().for_each(|&term| set.insert(term));
    set
}

/// Terms that follow each other in the question and stand at most [`CLOSE`] words apart here, in either order.
fn pairs(hits: &[Option<usize>]) -> TermSet {
    let mut pairs = TermSet::default();
    for (at, hit) in hits.iter().enumerate() {
        let Some(term) = *hit else { continue };
        for near in hits[at + 1..].iter().take(CLOSE).flatten() {
            if near.abs_diff(term) == 1 {
                pairs.insert(term.min(*near));
            }
        }
    }
    pairs
}

const CLOSE: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use pllm_core::{DocumentId, meta::Meta};
    use pllm_text::Language;

    fn document(name: &str, content: &str) -> Document {
        let id = DocumentId::new(name).expect("a safe name");
        Document { language: Some(Language::ENGLISH), ..Document::new(id, content) }
    }

    fn found(question: &str, documents: &[Document]) -> Vec<Candidate> {
        candidates(&Question::of(question, documents), documents)
    }

    #[test]
    fn rows_stay_whole_and_prose_is_cut() {
        let check = |content: &str, expected: &[&str]| {
            let texts = found("What?", &[document("d", content)]);
            let texts: Vec<&str> = texts.iter().filter_map(|c| c.range.slice(content)).collect();
            assert_eq!(texts, expected);
        };
        check("code: A1\nprice: 44.70\n", &["code: A1\nprice: 44.70"]);
        check("Ann: Hi there.\nBen: Hi.\nAnn: Bye.", &["Ann: Hi there.", "Ben: Hi.", "Ann: Bye."]);
        check("It rains. It pours.", &["It rains.", "It pours."]);
        check(" \n--- ", &[]);
    }

    #[test]
    fn a_repeated_sentence_counts_once() {
        let documents = [document("a", "It rains. It pours."), document("b", "It  pours. It snows.")];
        let places: Vec<(usize, usize)> =
            found("What?", &documents).iter().map(|c| (c.document, c.range.start())).collect();
        assert_eq!(places, [(0, 0), (0, 10), (1, 11)]);
    }

    #[test]
    fn terms_are_found_in_the_sentence_and_around_it() {
        let mut document = document("d", "# Roof\nThe drain leaked. It cost 1,500.\nWho paid?");
        document.meta = Meta::from_iter([(TITLE.to_owned(), MetaValue::from("Minutes"))]);
        let found = found("Minutes: how much for the drain of the roof?", &[document]);
        let sets: Vec<[u64; 5]> =
            found.iter().map(|c| [c.own.0, c.before.0, c.line.0, c.titles.0, c.around.0]).collect();
        assert_eq!(sets, [[4, 0, 4, 1, 6], [2, 4, 2, 1, 6], [0, 2, 2, 1, 6], [0, 0, 0, 1, 6]]);
        let told: Vec<(bool, bool)> = found.iter().map(|c| (c.lacks_answer, c.states)).collect();
        assert_eq!(told, [(true, false), (true, true), (false, true), (true, false)]);
    }

    #[test]
    fn close_neighbours_of_the_question_are_pairs() {
        let check = |hits: &[Option<usize>], expected: u64| assert_eq!(pairs(hits).0, expected);
        check(&[Some(0), Some(1)], 0b1);
        check(&[Some(2), None, None, Some(1)], 0b10);
        check(&[Some(0), None, None, None, Some(1)], 0);
        check(&[Some(0), Some(2)], 0);
    }
}
