//! An evaluation set in a throw-away collection, in a data directory of its own that is gone afterwards.

use super::report::{CitedPlace, Evaluation, EvaluationReport, QuestionResult};
use super::set::{CorpusDocument, EvaluationSet, Question};
use super::{EvaluateOptions, QuestionProgress, metrics};
use crate::app::App;
use crate::ask::AskOutcome;
use crate::collections::{Collection, NewCollection};
use crate::config::Config;
use crate::ingest::IngestProgress;
use pllm_core::converter::Record;
use pllm_core::{CancelFlag, Comparison, Filter, Meta, MetaValue, Place, Result, SourceId};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// An evaluation set, ingested verbatim; everything of it is gone when this is dropped.
#[derive(Debug)]
pub struct ThrowAway<'a> {
    set: &'a EvaluationSet,
    /// Before the folder, so that its files are closed when the folder is removed.
    app: App,
    collection: Arc<Collection>,
    /// The corpus' ids of sources.
    names: HashMap<SourceId, String>,
    _folder: Folder,
}

impl<'a> ThrowAway<'a> {
    /// Ingests the corpus of a set.
    ///
    /// # Errors
    /// As ingest; `Cancelled`.
    pub async fn fill(
        config: &Config,
        set: &'a EvaluationSet,
        progress: Arc<dyn IngestProgress>,
        cancel: CancelFlag,
    ) -> Result<Self> {
        let folder = Folder::new();
        let app = App::open(Config { data_dir: folder.0.clone(), ..config.clone() }, "pllm eval").await?;
        app.create_collection(&NewCollection::named("eval")).await?;
        let records = set.corpus.iter().map(record).collect();
        let sources = app.ingest_records("eval", "corpus", records, progress, cancel).await?;
        let names = sources.into_iter().zip(set.corpus.iter().map(|document| document.id.clone())).collect();
        let collection = app.collection("eval").await?;
        Ok(Self { set, app, collection, names, _folder: folder })
    }

    /// Asks the questions of the set.
    ///
    /// # Errors
    /// As ask; `Cancelled`.
    pub async fn evaluate(
        &self,
        options: &EvaluateOptions,
        progress: QuestionProgress<'_>,
    ) -> Result<Evaluation> {
        let (questions, mut results) = (&self.set.questions, Vec::new());
        for (n, question) in questions.iter().enumerate() {
            results.push(self.question(question, options).await?);
            progress(n as u64 + 1, questions.len() as u64);
        }
        let read = if options.retrieval_only { &[][..] } else { questions };
        // Where documents are given, none are retrieved, and there is nothing to count.
        let relevance = |id: &str| self.set.relevance.get(id).filter(|_| !options.given).cloned();
        let report = EvaluationReport::of(self.set.corpus.len() as u64, read, &results, relevance);
        Ok(Evaluation { report, results })
    }

    async fn question(&self, question: &Question, options: &EvaluateOptions) -> Result<QuestionResult> {
        let given = options.given.then(|| self.given(&question.id));
        let began = Instant::now();
        let outcome = options.ask(&self.app, &self.collection, &question.text, given).await?;
        Ok(self.result(question, &outcome, began.elapsed().as_secs_f64()))
    }

    /// The chunks of the documents that are relevant to a question.
    fn given(&self, question: &str) -> Filter {
        let relevant = self.set.relevance.get(question);
        let wanted = |name: &String| relevant.is_some_and(|relevant| relevant.contains_key(name));
        let mut sources: Vec<_> =
            self.names.iter().filter(|(_, name)| wanted(name)).map(|(source, _)| source.as_str()).collect();
        sources.sort_unstable();
        let sources = sources.into_iter().map(MetaValue::from).collect();
        Filter::compare("document.source", Comparison::In, MetaValue::List(sources))
    }

    fn result(&self, question: &Question, outcome: &AskOutcome, seconds: f64) -> QuestionResult {
        let answer = &outcome.answer;
        let cited = answer.citations.iter().filter_map(|citation| {
            Some(CitedPlace::new(self.names.get(citation.source())?.clone(), citation))
        });
        let (citations, hits): (Vec<CitedPlace>, _) = (cited.collect(), self.hits(outcome));
        let right = citations
            .first()
            .is_some_and(|first| question.answers.iter().any(|gold| metrics::holds(&first.quote, gold)));
        QuestionResult {
            id: question.id.clone(),
            ranking: hits.iter().map(|(name, _)| name.clone()).collect(),
            hits,
            answer: answer.text.clone(),
            score: answer.score,
            abstained: answer.abstained,
            citations,
            cited_right: right,
            seconds,
        }
    }

    /// Whole documents by their best chunk.
    fn hits(&self, outcome: &AskOutcome) -> Vec<(String, f64)> {
        let mut seen = HashSet::new();
        let mut hits = Vec::new();
        for document in outcome.documents.iter() {
            let name = document.span.as_ref().and_then(|span| self.names.get(&span.source));
            if let Some(name) = name.filter(|name| seen.insert((*name).clone())) {
                hits.push((name.clone(), document.score.unwrap_or_default()));
            }
        }
        hits
    }
}

fn record(document: &CorpusDocument) -> Record {
    let lines = u32::try_from(document.text.matches('\n').count() + 1).unwrap_or(u32::MAX);
    let mut meta = Meta::new();
    if let Some(title) = document.title.as_deref().filter(|title| !title.is_empty()) {
        meta.insert(pllm_core::meta::TITLE.to_owned(), title.into());
    }
    Record {
        key: document.id.clone(),
        text: document.text.clone(),
        place: Place::Section { headings: Vec::new(), first_line: 1, last_line: lines },
        meta,
    }
}

/// A folder that is removed when it is dropped.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = format!("pllm-eval-{}-{}", std::process::id(), crate::clock::now());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = pllm_runtime::files::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the throw-away collection was not removed");
        }
    }
}
