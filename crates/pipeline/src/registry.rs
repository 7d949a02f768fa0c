//! What a pipeline file can name, and what its components are bound to. A file cannot reach anything else.

use crate::components;
use crate::fault::nearest;
use crate::parameter::{Parameter, Parameters};
use crate::prompt::PromptTemplate;
use async_trait::async_trait;
use pllm_core::{
    Component, DocumentSource, DocumentStore, Embedder, Error, Generator, Reader, Result, Sockets, Splitter,
    TextSource, Value,
};
use pllm_text::Language;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

/// Runs plain work where it does not keep anybody waiting: on the pool.
#[async_trait]
pub trait Workers: Send + Sync + Debug {
    /// Runs `work` elsewhere and gives what it gives.
    ///
    /// # Errors
    /// The work's own; `Overloaded` when there is too much of it.
    async fn run(&self, work: Box<dyn FnOnce() -> Result<Value> + Send>) -> Result<Value>;
}

/// The language models that can be asked.
pub trait Generators: Send + Sync + Debug {
    /// One by the name it was set up with.
    ///
    /// # Errors
    /// `NotFound` naming those there are; `Denied` where the collection's text may not be sent to it.
    fn get(&self, name: &str) -> Result<Arc<dyn Generator>>;
}

/// What the components of one collection's pipelines work on.
#[derive(Debug, Clone)]
pub struct Bindings {
    /// Where retrievers find Documents.
    pub source: Arc<dyn DocumentSource>,
    /// Where a writer writes; only for the index pipeline.
    pub store: Option<Arc<dyn DocumentStore>>,
    /// The collection's embedder.
    pub embedder: Arc<dyn Embedder>,
    /// The collection's reader.
    pub reader: Arc<dyn Reader>,
    /// The collection's splitter; only for the index pipeline.
    pub splitter: Option<Arc<dyn Splitter>>,
    /// Canonical texts, to cite from.
    pub texts: Arc<dyn TextSource>,
    /// The language models that may get text of the collection.
    pub generators: Arc<dyn Generators>,
    /// The collection's prompt template.
    pub template: PromptTemplate,
    /// What a question counts as when its language cannot be told.
    pub main_language: Option<Language>,
    /// Where plain functions run.
    pub workers: Arc<dyn Workers>,
}

/// What a component is built from.
#[derive(Debug, Clone, Copy)]
pub struct Setup<'a> {
    /// Its name in the pipeline file.
    pub name: &'a str,
    /// What the file tells it.
    pub parameters: &'a Parameters,
    /// What it works on.
    pub bindings: &'a Bindings,
}

impl Setup<'_> {
    /// The store to write to.
    ///
    /// # Errors
    /// `InvalidInput` where the pipeline may only read.
    pub fn store(&self) -> Result<Arc<dyn DocumentStore>> {
        self.bindings.store.clone().ok_or_else(|| self.unbound("a store that can be written"))
    }

    /// The splitter.
    ///
    /// # Errors
    /// `InvalidInput` where the pipeline has none.
    pub fn splitter(&self) -> Result<Arc<dyn Splitter>> {
        self.bindings.splitter.clone().ok_or_else(|| self.unbound("a splitter"))
    }

    fn unbound(&self, what: &str) -> Error {
        let message = format!("component {:?} needs {what}, which this pipeline is not given", self.name);
        Error::invalid("pipeline.build", message).hint("only the index pipeline splits and writes")
    }
}

/// A kind of component.
#[derive(Debug, Clone)]
pub struct Kind {
    /// What a file calls it: `pllm.Reader`.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// What it takes and gives.
    pub sockets: Sockets,
    /// What it can be told.
    pub parameters: Vec<Parameter>,
    /// Makes one.
    pub build: fn(&Setup<'_>) -> Result<Arc<dyn Component>>,
}

/// The kinds there are.
#[derive(Debug, Clone, Default)]
pub struct Registry(BTreeMap<&'static str, Kind>);

impl Registry {
    /// No kinds.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The product's own kinds, `pllm.*`.
    #[must_use]
    pub fn product() -> Self {
        components::kinds().into_iter().fold(Self::new(), Self::with)
    }

    /// With one more kind; one of the same name is replaced.
    #[must_use]
    pub fn with(mut self, kind: Kind) -> Self {
        self.0.insert(kind.name, kind);
        self
    }

    /// A kind by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Kind> {
        self.0.get(name)
    }

    /// All kinds, by name.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.0.values()
    }

    pub(crate) fn nearest(&self, name: &str) -> Option<String> {
        nearest(name, self.0.keys().copied())
    }
}
