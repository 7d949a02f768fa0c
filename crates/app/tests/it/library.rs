//! The sample library: its rules, and how well its questions are answered.

use crate::fixture::{Fixture, Outcome, Silent, ensure, plain, repository, with_model};
use libtest_mimic::Trial;
use pllm_app::ask::Mode;
use pllm_app::evaluate::EvaluateOptions;
use pllm_app::evaluate::set::{Question, read_lines};
use pllm_app::ingest::IngestOptions;
use pllm_core::converter::{ConvertOptions, Record};
use pllm_core::{CancelFlag, Part, PartSink};
use pllm_text::Language;
use pllm_text::analysis::Analyzer;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

/// Share of answerable questions with a chunk that covers the gold quote among the first ten: the best reached − 0.02.
const RECALL_10: f64 = 0.98;
/// Share of answerable questions whose first citation covers the gold quote: the best reached − 0.02.
const FIRST_CITATION: f64 = 0.89;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("library::it_keeps_its_own_rules", rules),
        with_model("library::its_questions_are_answered", answered),
    ]
}

fn folder() -> PathBuf {
    repository().join("tests/data/library")
}

async fn rules() -> Outcome {
    let questions: Vec<Question> = read_lines(&folder().join("questions.jsonl"))?;
    let unanswerable = questions.iter().filter(|question| !question.answerable).count();
    let files = std::fs::read_dir(folder().join("files"))?.count();
    ensure((files, questions.len(), unanswerable) == (12, 60, 12), || {
        format!("{files} {} {unanswerable}", questions.len())
    })?;
    for question in questions.iter().filter(|question| question.answerable) {
        let (common, words) = shared_words(question)?;
        ensure(2 * common.len() <= words, || {
            format!("{} shares {common:?} of {words} words with its answer", question.id)
        })?;
    }
    Ok(())
}

/// The content words of a question that its answer sentence has too, and how many it has in all.
fn shared_words(question: &Question) -> anyhow::Result<(Vec<String>, usize)> {
    let gold = question.gold.first().ok_or_else(|| anyhow::anyhow!("{} has no gold", question.id))?;
    let detected = pllm_text::language::detect(&question.text);
    let language = detected.language.filter(|_| detected.reliable).unwrap_or(Language::ENGLISH);
    let passages = passages(&gold.file)?;
    let passage = passages.iter().find(|passage| passage.contains(&gold.quote));
    let passage = passage
        .ok_or_else(|| anyhow::anyhow!("{}: {:?} is not in {}", question.id, gold.quote, gold.file))?;
    let analyzer = Analyzer::new(&[language]);
    let answer: HashSet<String> = analyzer.document_terms(passage, Some(language)).into_iter().collect();
    let words = analyzer.query_terms(&question.text, &[]);
    let common =
        words.iter().filter_map(|word| word.alternatives.iter().find(|term| answer.contains(*term)).cloned());
    Ok((common.collect(), words.len()))
}

/// The sentences of a file's text, or the rows of its table.
fn passages(file: &str) -> anyhow::Result<Vec<String>> {
    let mut found = Passages(Vec::new());
    let bytes = std::fs::read(folder().join("files").join(file))?;
    pllm_ingest::convert(file, &bytes, &ConvertOptions::default(), &mut found)?;
    Ok(found.0)
}

struct Passages(Vec<String>);

impl PartSink for Passages {
    fn part(&mut self, part: Part) -> pllm_core::Result<()> {
        let sentences = pllm_text::sentences::sentences(&part.text, None);
        self.0.extend(sentences.into_iter().filter_map(|range| range.slice(&part.text)).map(str::to_owned));
        Ok(())
    }

    fn record(&mut self, record: Record) -> pllm_core::Result<()> {
        self.0.push(record.text);
        Ok(())
    }
}

async fn answered() -> Outcome {
    let fixture = Fixture::new().await?;
    let paths = [folder().join("files")];
    let summary = fixture
        .app
        .ingest("default", &paths, IngestOptions::default(), Arc::new(Silent), CancelFlag::default())
        .await?;
    ensure(summary.failed() == 0, || format!("{summary:?}"))?;
    let questions: Vec<Question> = read_lines(&folder().join("questions.jsonl"))?;
    let options = EvaluateOptions {
        mode: Mode::Hybrid,
        retrieval_only: false,
        given: false,
        out: None,
        cancel: CancelFlag::default(),
    };
    let report = fixture.app.evaluate_own("default", &questions, &options, &|_, _| {}).await?;
    println!("library: {report:?}");
    ensure(report.judged == 48, || format!("{report:?}"))?;
    ensure(report.recall_10 >= RECALL_10, || {
        format!("R@10 {:.3}, the gate is {RECALL_10}", report.recall_10)
    })?;
    let cited = report.first_citation;
    ensure(cited >= FIRST_CITATION, || format!("first citations {cited:.3}, the gate is {FIRST_CITATION}"))
}
