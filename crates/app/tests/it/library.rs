//! The sample library: its rules, and how well its questions are answered.

use crate::fixture::{Fixture, Outcome, Silent, ensure, plain, repository, with_model};
use libtest_mimic::Trial;
use pllm_app::ask::Mode;
use pllm_app::evaluate::EvaluateOptions;
use pllm_app::evaluate::set::{GoldQuote, Question, read_lines};
use pllm_app::ingest::IngestOptions;
use pllm_core::converter::{ConvertOptions, Record};
use pllm_core::{CancelFlag, Part, PartSink, Place};
use pllm_text::analysis::Analyzer;
use pllm_text::{ByteRange, Language};
use serde::Deserialize;
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What has to be reached: the best so far − 0.02.
#[derive(Debug)]
struct Gates {
    /// Questions with an answer.
    judged: u64,
    /// Share of them with a chunk that covers the gold quote among the first ten.
    recall_10: f64,
    /// Share of them whose first citation covers the gold quote.
    first_citation: f64,
}

/// The first sixty questions, asked of the twelve files of plain text.
const PLAIN: Gates = Gates { judged: 48, recall_10: 0.98, first_citation: 0.89 };
/// All questions, asked of all files. The later forty share fewer words with their answers, or none.
const ALL: Gates = Gates { judged: 80, recall_10: 0.905, first_citation: 0.64 };

const PLAIN_FORMATS: [&str; 4] = ["txt", "md", "csv", "json"];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("library::it_keeps_its_own_rules", rules),
        with_model("library::questions_on_its_plain_text_are_answered", || answered(is_plain, PLAIN)),
        with_model("library::its_questions_are_answered", || answered(|_| true, ALL)),
    ]
}

pub(crate) fn folder() -> PathBuf {
    repository().join("tests/data/library")
}

async fn rules() -> Outcome {
    let questions: Vec<Question> = read_lines(&folder().join("questions.jsonl"))?;
    let unanswerable = questions.iter().filter(|question| !question.answerable).count();
    let files = std::fs::read_dir(folder().join("files"))?.count();
    ensure((files, questions.len(), unanswerable) == (20, 100, 20), || {
        format!("{files} {} {unanswerable}", questions.len())
    })?;
    let named: Vec<Paged> = read_lines(&folder().join("questions.jsonl"))?;
    for (question, paged) in questions.iter().zip(&named).filter(|(question, _)| question.answerable) {
        let (gold, page) = question
            .gold
            .first()
            .zip(paged.gold.first())
            .ok_or_else(|| anyhow::anyhow!("{} has no gold", question.id))?;
        let (passage, pages) = Read::of(&gold.file)?.passage(gold)?;
        ensure(pages == page.pages(), || format!("{} is found on pages {pages:?}", question.id))?;
        let (common, words) = shared_words(question, &passage);
        ensure(2 * common.len() <= words, || {
            format!("{} shares {common:?} of {words} words with its answer", question.id)
        })?;
    }
    Ok(())
}

/// A question's pages, which the product itself does not ask for.
#[derive(Deserialize)]
struct Paged {
    gold: Vec<PagedGold>,
}

#[derive(Deserialize)]
struct PagedGold {
    page: Option<u32>,
    #[serde(default)]
    pages: BTreeSet<u32>,
}

impl PagedGold {
    fn pages(&self) -> BTreeSet<u32> {
        self.pages.iter().copied().chain(self.page).collect()
    }
}

/// The content words of a question that its answer sentence has too, and how many it has in all.
fn shared_words(question: &Question, passage: &str) -> (Vec<String>, usize) {
    let detected = pllm_text::language::detect(&question.text);
    let language = detected.language.filter(|_| detected.reliable).unwrap_or(Language::ENGLISH);
    let analyzer = Analyzer::new(&[language]);
    let answer: HashSet<String> = analyzer.document_terms(passage, Some(language)).into_iter().collect();
    let words = analyzer.query_terms(&question.text, &[]);
    let common =
        words.iter().filter_map(|word| word.alternatives.iter().find(|term| answer.contains(*term)).cloned());
    (common.collect(), words.len())
}

/// A file as the product reads it: its canonical text and what stands where, or the rows of its table.
#[derive(Default)]
struct Read {
    text: String,
    places: Vec<(ByteRange, Place)>,
    rows: Vec<String>,
}

impl PartSink for Read {
    fn part(&mut self, part: Part) -> pllm_core::Result<()> {
        let before = self.text.len();
        self.places.extend(part.places.into_iter().map(|(range, place)| (range.shift(before), place)));
        self.text += &part.text;
        Ok(())
    }

    fn record(&mut self, record: Record) -> pllm_core::Result<()> {
        self.rows.push(record.text);
        Ok(())
    }
}

impl Read {
    fn of(file: &str) -> anyhow::Result<Self> {
        let mut read = Self::default();
        let bytes = std::fs::read(folder().join("files").join(file))?;
        pllm_ingest::convert(file, &bytes, &ConvertOptions::default(), &mut read)?;
        Ok(read)
    }

    /// The sentence or row that holds the quote, and the pages it stands on; it must be the only one.
    fn passage(&self, gold: &GoldQuote) -> anyhow::Result<(String, BTreeSet<u32>)> {
        let in_rows = self.rows.iter().flat_map(|row| gold.places_in(row).into_iter().map(move |_| row));
        let found: Vec<&String> = in_rows.collect();
        match (found.as_slice(), gold.places_in(&self.text).as_slice()) {
            ([row], []) => Ok(((*row).clone(), BTreeSet::new())),
            ([], [place]) => Ok((self.sentence(gold, *place)?, self.pages(*place))),
            (rows, places) => {
                let times = rows.len() + places.len();
                anyhow::bail!("{:?} stands {times} times in {}", gold.quote, gold.file)
            }
        }
    }

    fn sentence(&self, gold: &GoldQuote, place: ByteRange) -> anyhow::Result<String> {
        let sentences = pllm_text::sentences::sentences(&self.text, None);
        let sentence = sentences.into_iter().find(|sentence| sentence.covers(place));
        let text = sentence.and_then(|range| range.slice(&self.text)).map(str::to_owned);
        text.ok_or_else(|| anyhow::anyhow!("{:?} is not in one sentence of {}", gold.quote, gold.file))
    }

    fn pages(&self, range: ByteRange) -> BTreeSet<u32> {
        let here = self.places.iter().filter(|(place, _)| place.overlaps(range));
        let areas = here.filter_map(|(_, place)| match place {
            Place::Page { areas, .. } => Some(areas.iter().map(|area| area.page)),
            _ => None,
        });
        areas.flatten().collect()
    }
}

fn is_plain(file: &Path) -> bool {
    PLAIN_FORMATS.iter().any(|format| file.extension().is_some_and(|extension| extension == *format))
}

/// Asks the questions whose answer stands in one of the `wanted` files, and those without an answer.
async fn answered(wanted: fn(&Path) -> bool, gates: Gates) -> Outcome {
    let fixture = Fixture::new().await?;
    let files = std::fs::read_dir(folder().join("files"))?.map(|entry| Ok(entry?.path()));
    let files: Vec<PathBuf> = files.collect::<anyhow::Result<_>>()?;
    let files: Vec<PathBuf> = files.into_iter().filter(|file| wanted(file)).collect();
    let options = IngestOptions::default();
    let summary =
        fixture.app.ingest("default", &files, options, Arc::new(Silent), CancelFlag::default()).await?;
    ensure(summary.failed() == 0, || format!("{summary:?}"))?;
    let mut questions: Vec<Question> = read_lines(&folder().join("questions.jsonl"))?;
    questions.retain(|question| question.gold.iter().all(|gold| wanted(Path::new(&gold.file))));
    let options = EvaluateOptions {
        mode: Mode::Hybrid,
        retrieval_only: false,
        given: false,
        cancel: CancelFlag::default(),
    };
    let report = fixture.app.evaluate_own("default", &questions, &options, &|_, _| {}).await?.report;
    println!("library: {report:?}");
    ensure(report.judged == gates.judged, || format!("{report:?}"))?;
    let reached = report.recall_10 >= gates.recall_10 && report.first_citation >= gates.first_citation;
    ensure(reached, || {
        format!("R@10 {:.3}, first citations {:.3}: below {gates:?}", report.recall_10, report.first_citation)
    })
}
