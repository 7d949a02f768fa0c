//! The sentences that may answer: where they stand, and which of the question's terms they and their surroundings have.

use std::collections::HashSet;

use pllm_core::Document;
use pllm_core::meta::{HEADINGS, MetaValue, TITLE};
use pllm_text::{ByteRange, sentences, words};

use super::question::{Found, Question, TermSet};

/// A sentence, or a row of a table.
#[derive(Debug)]
pub(super) struct Candidate {
    /// Index of its Document.
    pub(super) document: usize,
    /// Trimmed bytes of the Document's content.
    pub(super) range: ByteRange,
    /// Terms in itself, in the sentence before it in the Document, in title and headings, all of its row and the head of its
    /// table.
    pub(super) own: TermSet,
    pub(super) before: TermSet,
    pub(super) titles: TermSet,
    /// Terms of which it has a part, see [`Found`].
    pub(super) parts: TermSet,
    /// How much it lacks of the sort of answer that the question wants, 0 to 1.
    pub(super) lack: f64,
    /// Whether it is a question.
    pub(super) asks: bool,
}

/// The sentences of `documents`, best Document first. Overlapping chunks repeat sentences: a text counts once.
pub(super) fn candidates(question: &Question, documents: &[Document]) -> Vec<Candidate> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let parts = Parts::of(question, document);
        for unit in parts.answering() {
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
    found: Vec<Found>,
    titles: TermSet,
}

impl<'a> Parts<'a> {
    fn of(question: &Question, document: &'a Document) -> Self {
        let ranges = units(document);
        let find = |text: &str| question.found_in(text, document.language);
        let found: Vec<Found> =
            ranges.iter().map(|range| find(&document.content[range.start()..range.end()])).collect();
        let mut titles = find(&titles(document).join("\n")).whole;
        if is_row(&document.content) {
            titles = found.iter().map(|found| found.whole).fold(titles, TermSet::and);
        }
        Self { document, ranges, found, titles }
    }

    fn text(&self, unit: usize) -> &'a str {
        &self.document.content[self.ranges[unit].start()..self.ranges[unit].end()]
    }

    /// All units but headings, which only say what follows; these too where there is nothing else.
    fn answering(&self) -> Vec<usize> {
        let all = 0..self.ranges.len();
        let titles = titles(self.document);
        let is_heading = |unit: &usize| {
            let text = self.text(*unit);
            text.starts_with('#') || titles.contains(&text) || self.is_run_in(*unit)
        };
        let others: Vec<usize> = all.clone().filter(|unit| !is_heading(unit)).collect();
        if others.is_empty() { all.collect() } else { others }
    }

    /// Whether it is a numbered heading that its paragraph goes on from: `4.1 Amount. On signing, …`.
    fn is_run_in(&self, unit: usize) -> bool {
        let Some((number, name)) = self.text(unit).split_once(' ') else { return false };
        let is_number =
            number.contains('.') && number.split('.').all(|part| part.bytes().all(|b| b.is_ascii_digit()));
        let is_name =
            name.starts_with(char::is_uppercase) && name.split_whitespace().count() <= MOST_WORDS_OF_HEADING;
        is_number && is_name && self.gap_after(unit).is_some_and(|gap| !gap.contains('\n'))
    }

    /// The first row of the table that the row `unit` stands in: where the columns have names, they stand there.
    fn table_head(&self, unit: usize) -> Option<usize> {
        let is_row = |unit: usize| self.text(unit).starts_with('|');
        let follows =
            |unit: &usize| is_row(*unit) && self.gap_after(*unit).is_some_and(|gap| !gap.contains("\n\n"));
        is_row(unit).then(|| (0..unit).rev().take_while(follows).last())?
    }

    /// What stands between a unit and the next.
    fn gap_after(&self, unit: usize) -> Option<&'a str> {
        self.document.content.get(self.ranges[unit].end()..self.ranges.get(unit + 1)?.start())
    }

    fn candidate(&self, question: &Question, document: usize, unit: usize) -> Candidate {
        let text = self.text(unit);
        let Found { whole, parts } = self.found[unit];
        Candidate {
            document,
            range: self.ranges[unit],
            own: whole,
            before: unit.checked_sub(1).map_or_else(TermSet::default, |before| self.found[before].whole),
            titles: self.table_head(unit).map_or(self.titles, |head| self.titles.and(self.found[head].whole)),
            parts,
            lack: question.kind.map_or(0.0, |kind| kind.lack(text, &question.known)),
            asks: is_question(text),
        }
    }
}

/// Beside its number.
const MOST_WORDS_OF_HEADING: usize = 4;

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

/// Whether the lines are all `column: value`, with another column each.
fn is_row(content: &str) -> bool {
    let mut columns = HashSet::new();
    content.trim().lines().all(|line| column(line).is_some_and(|column| columns.insert(column)))
        && columns.len() > 1
}

/// The column of a line of a row: a few words, where prose has a sentence or a list its mark.
fn column(line: &str) -> Option<&str> {
    let (column, _) = line.split_once(": ")?;
    let is_name = column.starts_with(char::is_alphanumeric)
        && column.split_whitespace().count() <= MOST_WORDS_OF_COLUMN;
    is_name.then_some(column)
}

const MOST_WORDS_OF_COLUMN: usize = 4;

/// Title and headings, outermost first.
fn titles(document: &Document) -> Vec<&str> {
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

fn is_question(text: &str) -> bool {
    let end = text.trim_end_matches(['"', '”', '“', '’', '»', '」', '』', ')', '*', '_']);
    end.ends_with(['?', '？', '؟'])
}

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
        check(
            "You need not resign: it ends.\n\nBonus: none.",
            &["You need not resign: it ends.", "Bonus: none."],
        );
        check("# Rain\nIt pours.", &["It pours."]);
        check("# Rain", &["# Rain"]);
        check("4.1 Amount due. The tenants pay.\n\n4.2 No.", &["The tenants pay.", "4.2 No."]);
        check("4 Hens lay. 2.5 litres a day.", &["4 Hens lay.", "2.5 litres a day."]);
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
    fn a_row_has_the_terms_of_its_tables_head() {
        let content = "Prices rose.\n\n| Boat | Single fare |\n|---|---|\n| Punt | 2.10 |\n| Raft | 3.40 |\n\n| Dog | free |";
        let found = found("What is the single fare of the raft?", &[document("d", content)]);
        let sets: Vec<[u64; 2]> = found.iter().map(|c| [c.own.0, c.titles.0]).collect();
        assert_eq!(sets, [[0, 0], [0b11, 0], [0, 0b11], [0b100, 0b11], [0, 0]]);
    }

    #[test]
    fn terms_are_found_in_the_sentence_and_around_it() {
        let mut document = document("d", "# Roof\nThe drain leaked. It cost 1,500.\nWho paid?");
        document.meta = Meta::from_iter([(TITLE.to_owned(), MetaValue::from("Minutes"))]);
        let found = found("Minutes: how much for the drain of the roof?", &[document]);
        let sets: Vec<[u64; 3]> = found.iter().map(|c| [c.own.0, c.before.0, c.titles.0]).collect();
        assert_eq!(sets, [[0b10, 0b100, 0b1], [0, 0b10, 0b1], [0, 0, 0b1]]);
        let told: Vec<(f64, bool)> = found.iter().map(|c| (c.lack, c.asks)).collect();
        assert_eq!(told, [(1.0, false), (0.5, false), (1.0, true)]);
    }
}
