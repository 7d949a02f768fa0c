//! The language models that can be asked: those of the configuration, those of the catalogue that write, any GGUF file by its path.

mod settings;

use crate::config::Config;
use crate::metadata::CollectionRecord;
use crate::models::Models;
use pllm_core::{Error, ErrorKind, Generator, GeneratorInfo, Result};
use pllm_models::generators::OpenAiGenerator;
use pllm_models::generators::local::{self, LocalConfig, LocalGenerator};
use pllm_models::{Catalogue, ModelCache, ModelKind, ModelState};
use pllm_pipeline::Generators;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

pub use settings::LlmSettings;

/// A language model that can be asked, or could be.
#[derive(Debug, Clone)]
pub struct ListedLlm {
    /// What `--llm` calls it.
    pub name: String,
    /// What it is; none where that cannot be told.
    pub info: Option<GeneratorInfo>,
    /// Why it cannot be asked, where that is known without asking.
    pub fault: Option<String>,
}

/// The language models of this process; each is made when it is first asked for, and stays.
#[derive(Debug)]
pub(crate) struct Llms {
    settings: BTreeMap<String, LlmSettings>,
    cache: ModelCache,
    pool: pllm_runtime::CpuPool,
    made: Mutex<HashMap<String, Arc<dyn Generator>>>,
}

impl Llms {
    pub(crate) fn new(config: &Config, models: &Models) -> Self {
        Self {
            settings: config.llms.clone(),
            cache: ModelCache::new(config.models_dir.clone()),
            pool: models.pool(),
            made: Mutex::default(),
        }
    }

    /// One by its name.
    fn open(&self, name: &str) -> Result<Arc<dyn Generator>> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(generator) = made.get(name) {
            return Ok(Arc::clone(generator));
        }
        let generator = self.make(name)?;
        made.insert(name.to_owned(), Arc::clone(&generator));
        Ok(generator)
    }

    fn make(&self, name: &str) -> Result<Arc<dyn Generator>> {
        if let Some(settings) = self.settings.get(name) {
            return Ok(Arc::new(OpenAiGenerator::new(settings.open(name)?)?));
        }
        let config = LocalConfig::named(name, &self.cache, self.pool.clone()).map_err(|error| {
            if error.kind() != ErrorKind::NotFound || Catalogue::shipped().get(name).is_ok() {
                return error;
            }
            self.unknown(name)
        })?;
        let command = local::command(&config.file);
        Ok(Arc::new(LocalGenerator::open(&config, command)?))
    }

    fn unknown(&self, name: &str) -> Error {
        let message = format!("language model {name:?} is not known");
        Error::new(ErrorKind::NotFound, "app.llm", message)
            .hint(format!("there are: {}; or the path of a .gguf file", self.names().join(", ")))
    }

    /// Names of the configuration, then of the catalogue.
    fn names(&self) -> Vec<String> {
        let catalogue = Catalogue::shipped();
        let writes = catalogue.models().iter().filter(|entry| entry.kind == ModelKind::Generator);
        self.settings.keys().cloned().chain(writes.map(|entry| entry.name.clone())).collect()
    }

    /// Those there are. Nothing is asked, and a model that is not here is named with what is missing.
    pub(crate) fn list(&self) -> Vec<ListedLlm> {
        let listed = |name: String| match self.missing(&name).map_or_else(|| self.open(&name), Err) {
            Ok(generator) => ListedLlm { name, info: Some(generator.info()), fault: None },
            Err(error) => ListedLlm { name, info: None, fault: Some(error.message().to_owned()) },
        };
        self.names().into_iter().map(listed).collect()
    }

    /// The error of a model of the catalogue whose files are not here: its bytes need not be read to tell.
    fn missing(&self, name: &str) -> Option<Error> {
        let catalogue = Catalogue::shipped();
        let entry = catalogue.get(name).ok().filter(|_| !self.settings.contains_key(name))?;
        let message = format!("its files are not here; `pllm models pull {name}` loads them");
        (self.cache.state(entry) == ModelState::Missing)
            .then(|| Error::new(ErrorKind::NotFound, "app.llm", message))
    }

    /// The host that gets text for it; none where it stays on this computer.
    pub(crate) fn host(&self, name: &str) -> Result<Option<String>> {
        Ok(self.open(name)?.info().host)
    }

    /// Whether it answers now.
    pub(crate) async fn check(&self, name: &str) -> Result<GeneratorInfo> {
        let generator = self.open(name)?;
        generator.check().await?;
        Ok(generator.info())
    }
}

/// The language models that may get text of one collection.
#[derive(Debug)]
pub(crate) struct CollectionLlms {
    pub(crate) llms: Arc<Llms>,
    pub(crate) collection: String,
    /// Whether its text stays on this machine.
    pub(crate) local_only: bool,
}

impl Generators for CollectionLlms {
    fn get(&self, name: &str) -> Result<Arc<dyn Generator>> {
        let generator = self.llms.open(name)?;
        match generator.info() {
            GeneratorInfo { remote: true, host, .. } if self.local_only => {
                let (collection, host) = (&self.collection, host.unwrap_or_default());
                let message =
                    format!("collection {collection:?} is local only, its text is not sent to {host}");
                Err(Error::new(ErrorKind::Denied, "app.llm", message)
                    .hint("ask without this model, or with a model that runs on this computer"))
            }
            _ => Ok(generator),
        }
    }
}

impl crate::App {
    /// The language models there are, those of the configuration first.
    #[must_use]
    pub fn llms(&self) -> Vec<ListedLlm> {
        self.llms.list()
    }

    /// A request from elsewhere may name what is listed, and no path of this computer.
    ///
    /// # Errors
    /// `NotFound` naming those there are.
    pub fn listed_llm(&self, name: &str) -> Result<()> {
        let is_listed = self.llms.names().iter().any(|listed| listed == name);
        if is_listed { Ok(()) } else { Err(self.llms.unknown(name)) }
    }

    /// Whether a collection's text may be sent to a language model.
    ///
    /// # Errors
    /// `NotFound` for an unknown collection or model, `Denied` when it may not.
    pub(crate) async fn may_write(&self, collection: &str, llm: &str) -> Result<()> {
        let record = &self.collection(collection).await?.record;
        self.llms_of(record).get(llm).map(drop)
    }

    /// The language models that may get text of a collection.
    pub(crate) fn llms_of(&self, record: &CollectionRecord) -> CollectionLlms {
        CollectionLlms {
            llms: Arc::clone(&self.llms),
            collection: record.name.clone(),
            local_only: record.settings.local_only,
        }
    }

    /// Whether a language model answers now: a server is asked for its models, a file is loaded.
    ///
    /// # Errors
    /// `NotFound` for an unknown one; whatever keeps it from answering.
    pub async fn check_llm(&self, name: &str) -> Result<GeneratorInfo> {
        self.llms.check(name).await
    }
}
