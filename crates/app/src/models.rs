//! The models of this process: loaded when first needed, from the model directory.

use crate::config::Config;
use pllm_core::{Embedder, Reader, Result, TokenCounter};
use pllm_models::{Catalogue, MiniLm, ModelCache, ModelEntry, SentenceReader};

pub use pllm_models::{ModelState, PullProgress};
use pllm_runtime::{CpuPool, HttpClient, HttpConfig};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// Pieces of work that may wait for a model.
const QUEUE: usize = 1024;

/// What a collection remembers of its embedder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EmbedderChoice {
    pub(crate) name: &'static str,
    pub(crate) dimension: usize,
}

/// The embedder of new collections.
pub(crate) const EMBEDDER: EmbedderChoice = EmbedderChoice { name: MiniLm::NAME, dimension: 384 };

/// Loaded models.
#[derive(Debug, Clone)]
pub(crate) struct LoadedModels {
    pub(crate) embedder: Arc<dyn Embedder>,
    pub(crate) counter: Arc<dyn TokenCounter>,
    pub(crate) reader: Arc<dyn Reader>,
}

/// The models, loaded once.
#[derive(Debug)]
pub(crate) struct Models {
    cache: ModelCache,
    /// A queue of its own, one worker a core over shared weights, so that a question waits for one piece at most.
    pool: CpuPool,
    loaded: OnceCell<LoadedModels>,
}

impl Models {
    pub(crate) fn new(config: &Config) -> Self {
        Self { cache: cache(config), pool: CpuPool::new(config.threads, QUEUE), loaded: OnceCell::new() }
    }

    /// Where the models compute; a language model of this computer takes turns with them.
    pub(crate) fn pool(&self) -> CpuPool {
        self.pool.clone()
    }

    /// The models.
    pub(crate) async fn get(&self) -> Result<LoadedModels> {
        let load = || async {
            let (cache, workers) = (self.cache.clone(), self.pool());
            self.pool.run(move || load(&cache, workers)).await?
        };
        self.loaded.get_or_try_init(load).await.cloned()
    }
}

fn load(cache: &ModelCache, pool: CpuPool) -> Result<LoadedModels> {
    let folder = cache.open(Catalogue::shipped().get(MiniLm::NAME)?)?;
    let mini_lm = MiniLm::load(&folder, pool)?;
    let counter: Arc<dyn TokenCounter> = mini_lm.tokenizer();
    let reader: Arc<dyn Reader> = Arc::new(SentenceReader::new(mini_lm.clone()));
    // What came out of the files is packed anew, and the old form is freed.
    pllm_kernels::give_back_freed();
    Ok(LoadedModels { embedder: Arc::new(mini_lm), counter, reader })
}

/// A model of the catalogue.
#[derive(Debug, Clone)]
pub struct ListedModel {
    /// What the catalogue says of it.
    pub entry: ModelEntry,
    /// Whether its files are here.
    pub state: ModelState,
    /// Where they are or would be.
    pub folder: PathBuf,
}

/// The models of the catalogue.
#[must_use]
pub fn list(config: &Config) -> Vec<ListedModel> {
    let cache = cache(config);
    let listed = |entry: &ModelEntry| ListedModel {
        state: cache.state(entry),
        folder: cache.folder(entry),
        entry: entry.clone(),
    };
    Catalogue::shipped().models().iter().map(listed).collect()
}

/// Hashes the files of a model, or of every model that is here; gives the names of those that were hashed.
///
/// # Errors
/// `NotFound` for an unknown or absent model, `Corrupt` for wrong bytes.
pub fn verify(config: &Config, name: Option<&str>) -> Result<Vec<String>> {
    let (catalogue, cache) = (Catalogue::shipped(), cache(config));
    let entries: Vec<&ModelEntry> = match name {
        Some(name) => vec![catalogue.get(name)?],
        None => catalogue.models().iter().filter(|entry| cache.state(entry) != ModelState::Missing).collect(),
    };
    entries.into_iter().map(|entry| cache.verify(entry).map(|()| entry.name.clone())).collect()
}

/// Loads a model from the network; gives its folder.
///
/// # Errors
/// `NotFound` for an unknown model; `Unavailable` without network; `Corrupt` when what came is not what the catalogue says.
pub async fn pull(
    config: &Config,
    name: &str,
    progress: &mut (dyn FnMut(PullProgress<'_>) + Send),
) -> Result<PathBuf> {
    let (catalogue, cache) = (Catalogue::shipped(), cache(config));
    let entry = catalogue.get(name)?;
    cache.pull(entry, &HttpClient::new(HttpConfig::default())?, progress).await?;
    Ok(cache.folder(entry))
}

/// Takes the files of a model from a folder; gives its own folder.
///
/// # Errors
/// `NotFound` when a file is missing, `Corrupt` when one is not what the catalogue says.
pub fn install(config: &Config, name: &str, from: &Path) -> Result<PathBuf> {
    cache(config).install(Catalogue::shipped().get(name)?, from)
}

fn cache(config: &Config) -> ModelCache {
    ModelCache::new(config.models_dir.clone())
}

/// The embedder that `pllm models pull` loads when none is named.
pub const DEFAULT_EMBEDDER: &str = MiniLm::NAME;
