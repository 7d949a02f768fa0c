//! What an evaluation found: a line a question in files, the means for people.

use super::metrics::{self, Relevance, RetrievalFigures};
use super::set::Question;
use pllm_core::{Citation, Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::Path;

/// A citation as evaluation files have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitedPlace {
    /// The document's id in the corpus, or the source's.
    pub doc: String,
    /// First code point of its text.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The text between.
    pub quote: String,
}

impl CitedPlace {
    /// A citation, with the name its document has in the evaluation.
    pub(super) fn new(doc: String, citation: &Citation) -> Self {
        let chars = citation.chars();
        Self { doc, start: chars.start(), end: chars.end(), quote: citation.quote().to_owned() }
    }
}

/// What one question got.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QuestionResult {
    /// Its id.
    pub id: String,
    /// Documents of the corpus, or sources, with scores, best first, each once.
    pub hits: Vec<(String, f64)>,
    /// The ranking that is judged; for own questions the chunks, each that covers a gold quote named after it.
    pub ranking: Vec<String>,
    /// The answer; empty when abstained.
    pub answer: String,
    /// See [`pllm_core::Answer::score`].
    pub score: f64,
    /// Whether it said that the documents do not say.
    pub abstained: bool,
    /// What it cited.
    pub citations: Vec<CitedPlace>,
    /// Whether the first citation holds a right answer.
    pub cited_right: bool,
    /// Time from question to answer, seconds.
    pub seconds: f64,
}

/// The means over all questions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EvaluationReport {
    /// Documents of the corpus.
    pub documents: u64,
    /// Questions asked.
    pub questions: u64,
    /// Questions with relevant documents, over which retrieval is counted.
    pub judged: u64,
    /// Recall among the first five, ten and hundred documents.
    pub recall_5: f64,
    /// As above.
    pub recall_10: f64,
    /// As above.
    pub recall_100: f64,
    /// Mean reciprocal rank over ten.
    pub mrr_10: f64,
    /// nDCG over ten.
    pub ndcg_10: f64,
    /// Questions that have an answer in the documents, with answers known.
    pub answerable: u64,
    /// Questions that have none.
    pub unanswerable: u64,
    /// Share of all questions answered exactly; an unanswerable one by abstaining.
    pub exact: f64,
    /// Mean F1 of words, the same way.
    pub f1: f64,
    /// Share of answerable questions whose first citation holds a right answer, abstained or not.
    pub first_citation: f64,
    /// Share of answerable questions that were refused an answer.
    pub abstained_answerable: f64,
    /// Share of unanswerable questions that were refused an answer.
    pub abstained_unanswerable: f64,
    /// Median time of a question, seconds.
    pub seconds_median: f64,
    /// The time within which 95 % of the questions were answered, seconds.
    pub seconds_p95: f64,
}

impl EvaluationReport {
    /// The means of `results`, which stand in the order of `questions`; without questions, answers are not counted.
    pub(super) fn of(
        documents: u64,
        questions: &[Question],
        results: &[QuestionResult],
        relevance: impl Fn(&str) -> Option<Relevance>,
    ) -> Self {
        let judged: Vec<_> = results
            .iter()
            .filter_map(|result| {
                relevance(&result.id).map(|relevant| RetrievalFigures::of(&relevant, &result.ranking))
            })
            .collect();
        let retrieval = RetrievalFigures::mean(&judged);
        let pairs: Vec<_> = questions.iter().zip(results).collect();
        let can = |question: &Question| question.answerable && !question.answers.is_empty();
        let (answerable, unanswerable): (Vec<_>, Vec<_>) = pairs
            .iter()
            .filter(|(question, _)| can(question) || !question.answerable)
            .copied()
            .partition(|(question, _)| can(question));
        let counted = || answerable.iter().chain(&unanswerable).copied();
        let abstained = |pairs: &[(&Question, &QuestionResult)]| {
            metrics::mean(pairs.iter().map(|(_, r)| f64::from(r.abstained)))
        };
        let seconds: Vec<f64> = results.iter().map(|result| result.seconds).collect();
        Self {
            documents,
            questions: results.len() as u64,
            judged: judged.len() as u64,
            recall_5: retrieval.recall_5,
            recall_10: retrieval.recall_10,
            recall_100: retrieval.recall_100,
            mrr_10: retrieval.mrr_10,
            ndcg_10: retrieval.ndcg_10,
            answerable: answerable.len() as u64,
            unanswerable: unanswerable.len() as u64,
            exact: metrics::mean(
                counted().map(|(q, r)| score(q, r, |answer, gold| f64::from(metrics::exact(answer, gold)))),
            ),
            f1: metrics::mean(counted().map(|(q, r)| score(q, r, metrics::f1))),
            first_citation: metrics::mean(answerable.iter().map(|(_, r)| f64::from(r.cited_right))),
            abstained_answerable: abstained(&answerable),
            abstained_unanswerable: abstained(&unanswerable),
            seconds_median: metrics::quantile(&seconds, 0.5),
            seconds_p95: metrics::quantile(&seconds, 0.95),
        }
    }
}

fn score(question: &Question, result: &QuestionResult, compare: impl Fn(&str, &str) -> f64) -> f64 {
    if !question.answerable || result.abstained {
        return f64::from(result.abstained && !question.answerable);
    }
    question.answers.iter().map(|gold| compare(&result.answer, gold)).fold(0.0, f64::max)
}

/// What an evaluation found, as a whole and for each question.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Evaluation {
    /// The means.
    pub report: EvaluationReport,
    /// In the order of the questions.
    pub results: Vec<QuestionResult>,
}

impl Evaluation {
    /// Writes `run.jsonl` and `answers.jsonl` into `folder`.
    ///
    /// # Errors
    /// As [`pllm_runtime::files::failed`].
    pub fn write(&self, folder: &Path) -> Result<()> {
        pllm_runtime::files::create_dir_all(folder)?;
        let (mut run, mut answers) = (String::new(), String::new());
        for result in &self.results {
            let hits: Vec<_> =
                result.hits.iter().map(|(doc, score)| json!({"doc": doc, "score": score})).collect();
            push_line(&mut run, &json!({"id": result.id, "hits": hits}))?;
            let answer = json!({
                "id": result.id, "answer": result.answer, "score": result.score, "abstained": result.abstained,
                "citations": result.citations,
            });
            push_line(&mut answers, &answer)?;
        }
        pllm_runtime::files::write_atomic(&folder.join("run.jsonl"), run.as_bytes())?;
        pllm_runtime::files::write_atomic(&folder.join("answers.jsonl"), answers.as_bytes())
    }
}

fn push_line(text: &mut String, value: &serde_json::Value) -> Result<()> {
    let line = serde_json::to_string(value).map_err(|error| {
        Error::new(ErrorKind::Internal, "app.evaluate", "a result does not serialise").caused_by(error)
    })?;
    text.push_str(&line);
    text.push('\n');
    Ok(())
}
