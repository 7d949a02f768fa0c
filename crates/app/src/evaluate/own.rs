//! Questions on one's own documents: gold is a file and a quote, found in the stored texts.

use super::metrics::{self, Relevance};
use super::report::{CitedPlace, Evaluation, EvaluationReport, QuestionResult};
use super::set::{GoldQuote, Question};
use super::{EvaluateOptions, QuestionProgress};
use crate::app::App;
use crate::ask::AskOutcome;
use crate::collections::Collection;
use crate::metadata::{SourceRecord, SourceScope};
use pllm_core::{Document, Error, Result, SourceId, TextSource};
use pllm_text::ByteRange;
use std::collections::HashMap;
use std::time::Instant;

/// Every place where a gold quote stands.
type GoldPlaces = Vec<(SourceId, ByteRange)>;

impl App {
    /// Asks `questions` of a collection and compares with their gold.
    ///
    /// # Errors
    /// As ask; `InvalidInput` naming a question whose gold quote is not in the collection.
    pub async fn evaluate_own(
        &self,
        name: &str,
        questions: &[Question],
        options: &EvaluateOptions,
        progress: QuestionProgress<'_>,
    ) -> Result<Evaluation> {
        let collection = self.collection(name).await?;
        let gold = resolve(self, &collection, questions).await?;
        let (mut results, mut relevance) = (Vec::new(), HashMap::new());
        for (n, (question, places)) in questions.iter().zip(&gold).enumerate() {
            let began = Instant::now();
            let outcome = options.ask(self, &collection, &question.text, None).await?;
            results.push(result(question, places, &outcome, began.elapsed().as_secs_f64()));
            if !places.is_empty() {
                let golds = (0..places.len()).map(|n| (gold_name(n), 1.0));
                relevance.insert(question.id.clone(), golds.collect::<Relevance>());
            }
            progress(n as u64 + 1, questions.len() as u64);
        }
        let documents = collection.store.count(None).await?;
        let read = if options.retrieval_only { &[][..] } else { questions };
        let report = EvaluationReport::of(documents, read, &results, |id| relevance.get(id).cloned());
        Ok(Evaluation { report, results })
    }
}

async fn resolve(app: &App, collection: &Collection, questions: &[Question]) -> Result<Vec<Vec<GoldPlaces>>> {
    let sources = app.meta.sources(&collection.record.id, SourceScope::WithText).await?;
    let mut texts = Vec::new();
    for source in &sources {
        texts.push((source, collection.texts.text(&source.id, source.revision).await?));
    }
    let places = |gold: &GoldQuote| -> GoldPlaces {
        let of_file = texts.iter().filter(|(source, _)| is_file(source, &gold.file));
        let found = of_file.flat_map(|(source, text)| {
            gold.places_in(&text.text).into_iter().map(|range| (source.id.clone(), range))
        });
        found.collect()
    };
    let of_question = |question: &Question| {
        let found: Vec<GoldPlaces> = question.gold.iter().map(places).collect();
        match found.iter().position(Vec::is_empty) {
            Some(n) => Err(missing(question, &question.gold[n])),
            None => Ok(found),
        }
    };
    questions.iter().map(of_question).collect()
}

fn is_file(source: &SourceRecord, file: &str) -> bool {
    std::path::Path::new(&source.detail.path).ends_with(file)
}

fn missing(question: &Question, gold: &GoldQuote) -> Error {
    let message = format!("question {:?}: the quote {:?} is not in {}", question.id, gold.quote, gold.file);
    Error::invalid("app.evaluate", message)
        .hint("ingest the file first, and quote it as `pllm sources show ID --text` prints it")
}

fn gold_name(n: usize) -> String {
    format!("gold {n}")
}

fn result(question: &Question, gold: &[GoldPlaces], outcome: &AskOutcome, seconds: f64) -> QuestionResult {
    let answer = &outcome.answer;
    let cited =
        answer.citations.iter().map(|citation| CitedPlace::new(citation.source().to_string(), citation));
    let citations: Vec<CitedPlace> = cited.collect();
    let right = answer.citations.first().is_some_and(|first| {
        gold.iter().flatten().any(|(source, range)| source == first.source() && first.range().covers(*range))
            || (gold.is_empty() && question.answers.iter().any(|gold| metrics::holds(first.quote(), gold)))
    });
    QuestionResult {
        id: question.id.clone(),
        hits: sources(&outcome.documents),
        ranking: ranking(gold, &outcome.documents),
        answer: answer.text.clone(),
        score: answer.score,
        abstained: answer.abstained,
        citations,
        cited_right: right,
        seconds,
    }
}

/// The ranking in terms of gold quotes: a chunk that covers one counts as that quote, once; every other chunk as itself.
fn ranking(gold: &[GoldPlaces], documents: &[Document]) -> Vec<String> {
    let mut ranking = Vec::new();
    for document in documents {
        let covered = gold.iter().position(|places| places.iter().any(|place| covers(document, place)));
        let name = covered.map_or_else(|| document.id.to_string(), gold_name);
        if !ranking.contains(&name) {
            ranking.push(name);
        }
    }
    ranking
}

/// Sources by their best chunk.
fn sources(documents: &[Document]) -> Vec<(String, f64)> {
    let mut hits: Vec<(String, f64)> = Vec::new();
    for document in documents {
        let source = document.span.as_ref().map(|span| span.source.to_string()).unwrap_or_default();
        if !hits.iter().any(|(seen, _)| *seen == source) {
            hits.push((source, document.score.unwrap_or_default()));
        }
    }
    hits
}

fn covers(document: &Document, (source, range): &(SourceId, ByteRange)) -> bool {
    document.span.as_ref().is_some_and(|span| span.source == *source && span.range.covers(*range))
}
