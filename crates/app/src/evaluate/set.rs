//! Evaluation sets as files: `corpus.jsonl`, `queries.jsonl`, `qrels.tsv`, or questions on one's own documents.

use super::metrics::Relevance;
use pllm_core::{Error, Result};
use pllm_text::ByteRange;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// A document of a corpus.
#[derive(Debug, Clone, Deserialize)]
pub struct CorpusDocument {
    /// Its id in qrels and spans.
    pub id: String,
    /// Indexed with the text, never cited.
    #[serde(default)]
    pub title: Option<String>,
    /// The canonical text, verbatim.
    pub text: String,
}

/// Where an answer is known to stand.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GoldQuote {
    /// The file's name, or the end of its path.
    pub file: String,
    /// A piece of its text, as a person reads it: how its white space runs is left open.
    pub quote: String,
}

impl GoldQuote {
    /// Where the quote stands in `text`, in order. Any run of white space equals any other: a line or a page may end there.
    #[must_use]
    pub fn places_in(&self, text: &str) -> Vec<ByteRange> {
        let mut words = self.quote.split_whitespace();
        let Some(first) = words.next() else { return Vec::new() };
        let starts = text.match_indices(first).map(|(start, _)| start);
        let range = |start| {
            let end = words.clone().try_fold(start + first.len(), |at, word| next_word(text, at, word));
            Some(ByteRange::new(start, end?))
        };
        starts.filter_map(range).collect()
    }
}

/// The end of `word`, if nothing but white space is between `at` and it.
fn next_word(text: &str, at: usize, word: &str) -> Option<usize> {
    let left = text.get(at..)?;
    let next = left.trim_start();
    (next.len() < left.len() && next.starts_with(word)).then(|| text.len() - next.len() + word.len())
}

/// A question with what is known about it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Question {
    /// Its id.
    pub id: String,
    /// The question.
    #[serde(alias = "question")]
    pub text: String,
    /// Right answers, any of them.
    #[serde(default)]
    pub answers: Vec<String>,
    /// Whether the documents hold an answer.
    #[serde(default = "yes")]
    pub answerable: bool,
    /// For questions on one's own documents: where the answer stands.
    #[serde(default)]
    pub gold: Vec<GoldQuote>,
}

fn yes() -> bool {
    true
}

/// An evaluation set.
#[derive(Debug, Clone)]
pub struct EvaluationSet {
    /// The documents.
    pub corpus: Vec<CorpusDocument>,
    /// The questions, in the order of the file.
    pub questions: Vec<Question>,
    /// Relevant documents by question; questions without any are not judged.
    pub relevance: HashMap<String, Relevance>,
}

impl EvaluationSet {
    /// Reads a folder.
    ///
    /// # Errors
    /// `NotFound` for a missing file, `InvalidInput` naming file and line, or a document's id that stands there twice.
    pub fn read(folder: &Path) -> Result<Self> {
        let corpus = folder.join("corpus.jsonl");
        let documents: Vec<CorpusDocument> = read_lines(&corpus)?;
        let mut seen = HashSet::new();
        if let Some(twice) = documents.iter().find(|document| !seen.insert(document.id.as_str())) {
            let message = format!("document {:?} stands there twice, expected ids that differ", twice.id);
            return Err(Error::invalid("app.evaluate", message).with("file", corpus.display()));
        }
        Ok(Self {
            corpus: documents,
            questions: read_lines(&folder.join("queries.jsonl"))?,
            relevance: read_qrels(&folder.join("qrels.tsv"))?,
        })
    }
}

/// Reads a file of JSON lines; blank lines are skipped.
///
/// # Errors
/// As [`EvaluationSet::read`].
pub fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = read_text(path)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(n, line)| serde_json::from_str(line).map_err(|error| bad_line(path, n, &error.to_string())))
        .collect()
}

fn read_qrels(path: &Path) -> Result<HashMap<String, Relevance>> {
    let mut relevance: HashMap<String, Relevance> = HashMap::new();
    for (n, line) in read_text(path)?.lines().enumerate().skip(1) {
        let mut cells = line.split('\t');
        if let (Some(query), Some(document), Some(grade)) = (cells.next(), cells.next(), cells.next()) {
            let grade: f64 =
                grade.trim().parse().map_err(|_| bad_line(path, n, "the third column is no number"))?;
            if grade > 0.0 {
                relevance.entry(query.to_owned()).or_default().insert(document.to_owned(), grade);
            }
        } else if !line.trim().is_empty() {
            return Err(bad_line(path, n, "expected query, document and grade between tabs"));
        }
    }
    Ok(relevance)
}

fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(pllm_runtime::files::read(path)?)
        .map_err(|_| Error::invalid("app.evaluate", "the file is not UTF-8").with("file", path.display()))
}

fn bad_line(path: &Path, index: usize, why: &str) -> Error {
    Error::invalid("app.evaluate", format!("line {} does not read: {why}", index + 1))
        .with("file", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_found_however_its_white_space_runs() {
        let check = |text: &str, quote: &str, expected: &[&str]| {
            let gold = GoldQuote { file: String::new(), quote: quote.to_owned() };
            let found = gold.places_in(text).into_iter().filter_map(|range| range.slice(text));
            assert_eq!(found.collect::<Vec<_>>(), expected, "{quote:?} in {text:?}");
        };
        check("five months\nbefore, five months", "five months before", &["five months\nbefore"]);
        check("five  months, five\n\nmonths", "five months", &["five  months", "five\n\nmonths"]);
        check("five months", "five  months ", &["five months"]);
        check("fivemonths, five more months", "five months", &[]);
        check("年满二十一天。", "二十一天", &["二十一天"]);
        check("five months", " ", &[]);
    }
}
