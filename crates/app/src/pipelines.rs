//! The product's pipelines, bound to a collection.

use crate::app::App;
use crate::ask::Mode;
use crate::collections::Collection;
use async_trait::async_trait;
use pllm_core::id::hex;
use pllm_core::{
    DocumentSource, Error, ErrorKind, Part, Result, RunContext, SplitterSource, TextSource, Value, Values,
};
use pllm_ingest::{DocumentSplitter, SplitOptions};
use pllm_pipeline::prompt::SHIPPED_TEMPLATE;
use pllm_pipeline::{Bindings, Pipeline, PromptTemplate, Registry, Workers, describe};
use pllm_runtime::CpuPool;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A pipeline file that ships with the product.
#[derive(Debug, Clone, Copy)]
pub struct ShippedPipeline {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// What the product itself runs.
pub const SHIPPED: [ShippedPipeline; 3] = [
    ShippedPipeline { name: "index", text: include_str!("../../../pipelines/index.yaml") },
    ShippedPipeline { name: "ask", text: include_str!("../../../pipelines/ask.yaml") },
    ShippedPipeline { name: "extract", text: include_str!("../../../pipelines/extract.yaml") },
];

/// The name under which the prompt template is shown.
const PROMPT: &str = "prompt";
/// The branch of `ask.yaml` that searches by vectors.
const DENSE_BRANCH: [&str; 2] = ["query_embedder", "embedding_retriever"];
/// The branch that searches by words.
const KEYWORD_BRANCH: [&str; 1] = ["keyword_retriever"];

/// The pipelines of one collection.
#[derive(Debug)]
pub struct Pipelines {
    index: Pipeline,
    hybrid: Pipeline,
    keyword: Pipeline,
    dense: Pipeline,
}

impl Pipelines {
    fn build(bindings: &Bindings, ingest: Arc<dyn Workers>) -> Result<Self> {
        let registry = Registry::product();
        let load = |name: &str, bindings: &Bindings| {
            let text = SHIPPED.iter().find(|shipped| shipped.name == name).map_or("", |shipped| shipped.text);
            Pipeline::load(text, &format!("{name}.yaml"), &registry, bindings)
        };
        let hybrid = load("ask", bindings)?;
        Ok(Self {
            index: load("index", &Bindings { workers: ingest, ..bindings.clone() })?,
            keyword: hybrid.without(&DENSE_BRANCH)?,
            dense: hybrid.without(&KEYWORD_BRANCH)?,
            hybrid,
        })
    }

    /// The answering graph; a mode is the hybrid graph, less one branch.
    pub(crate) fn ask(&self, mode: Mode) -> &Pipeline {
        match mode {
            Mode::Hybrid => &self.hybrid,
            Mode::Keyword => &self.keyword,
            Mode::Dense => &self.dense,
        }
    }
}

impl App {
    /// The pipelines of a collection; loads the models when they are needed for the first time.
    ///
    /// # Errors
    /// `NotFound` when a model file is missing.
    pub(crate) async fn pipelines<'a>(&self, collection: &'a Collection) -> Result<&'a Pipelines> {
        let build = || async {
            let models = self.models.get().await?;
            let source: Arc<dyn DocumentSource> = collection.store.clone();
            let texts: Arc<dyn TextSource> = Arc::new(collection.texts.clone());
            let own_template = collection.record.settings.prompt_template.as_deref();
            let options = SplitOptions { max_tokens: self.config.chunk_tokens, ..SplitOptions::default() };
            let bindings = Bindings {
                source,
                store: Some(collection.store.clone()),
                embedder: models.embedder,
                reader: models.reader,
                splitter: Some(Arc::new(DocumentSplitter::new(models.counter, options))),
                texts,
                generators: Arc::new(self.llms_of(&collection.record)),
                template: PromptTemplate::parse(own_template.unwrap_or(SHIPPED_TEMPLATE))?,
                main_language: Some(collection.main_language),
                workers: Arc::new(QuestionWorkers(self.pool.clone())),
            };
            Pipelines::build(&bindings, Arc::new(IngestWorkers(self.pool.clone())))
        };
        collection.pipelines.get_or_try_init(build).await
    }
}

impl Pipelines {
    /// Splits, embeds and writes parts of a source; without parts, ends the source. Gives the number of Documents written.
    pub(crate) async fn index(
        &self,
        source: &Arc<SplitterSource>,
        parts: Option<Vec<Part>>,
        context: &RunContext,
    ) -> Result<u64> {
        let mut inputs = Values::new().with("source", Value::Source(Arc::clone(source)));
        if let Some(parts) = parts {
            inputs.insert("parts", Value::Parts(Arc::new(parts)));
        }
        let outputs = self.index.run(inputs, &["written"], context).await?;
        let report = outputs.written("written")?;
        Ok(report.written + report.overwritten + report.skipped)
    }
}

/// Plain work of questions, before everything that waits for the pool.
#[derive(Debug)]
struct QuestionWorkers(CpuPool);

/// Plain work of an ingest, in its turn.
#[derive(Debug)]
struct IngestWorkers(CpuPool);

#[async_trait]
impl Workers for QuestionWorkers {
    async fn run(&self, work: Box<dyn FnOnce() -> Result<Value> + Send>) -> Result<Value> {
        self.0.run_first(work).await?
    }
}

#[async_trait]
impl Workers for IngestWorkers {
    async fn run(&self, work: Box<dyn FnOnce() -> Result<Value> + Send>) -> Result<Value> {
        self.0.run(work).await?
    }
}

/// Checks a pipeline file; gives its graph as text for people.
///
/// # Errors
/// `InvalidInput` with every fault and its line.
pub fn check(text: &str, file: &str) -> Result<String> {
    Pipeline::check(text, file, &Registry::product()).map(|graph| graph.to_string())
}

/// Tells versions of a shipped pipeline apart.
pub(crate) fn digest(name: &str) -> String {
    let text = SHIPPED.iter().find(|shipped| shipped.name == name).map_or("", |shipped| shipped.text);
    hex(&Sha256::digest(text)[..8])
}

/// A shipped pipeline: its file, and its graph as text for people. `prompt` is the shipped prompt template.
///
/// # Errors
/// `NotFound` naming those there are.
pub fn show(name: &str) -> Result<String> {
    if name == PROMPT {
        return Ok(SHIPPED_TEMPLATE.to_owned());
    }
    let shipped = SHIPPED.iter().find(|shipped| shipped.name == name).ok_or_else(|| {
        let names: Vec<&str> = SHIPPED.iter().map(|shipped| shipped.name).chain([PROMPT]).collect();
        Error::new(ErrorKind::NotFound, "app.pipelines", format!("pipeline {name:?} is not there"))
            .hint(format!("there are: {}", names.join(", ")))
    })?;
    Ok(format!("{}\n{}", shipped.text, check(shipped.text, &format!("{name}.yaml"))?))
}

/// The kinds of components that a pipeline file can name, as text for people.
#[must_use]
pub fn show_kinds() -> String {
    describe::registry(&Registry::product())
}
