//! The model that the tests run, loaded once.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use pllm_models::bert::{BertConfig, BertTokenizer, Tensors, TokenBatch, Trunk, WordEmbeddings, mean_pooled};
use pllm_models::{Catalogue, MiniLm, ModelCache};

pub(crate) const MAX_TOKENS: usize = 256;

/// The parts of the embedder, without queue and threads.
pub(crate) struct Model {
    pub(crate) tokenizer: BertTokenizer,
    pub(crate) trunk: Trunk,
}

pub(crate) static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let folder = folder();
    let config = BertConfig::read(&folder.join("config.json")).unwrap();
    let tensors = Tensors::open(&folder.join("model.safetensors")).unwrap();
    let words = Arc::new(WordEmbeddings::open(&tensors, &config).unwrap());
    Model {
        tokenizer: BertTokenizer::read(&folder.join("tokenizer.json"), MAX_TOKENS).unwrap(),
        trunk: Trunk::read(&tensors, &config, words).unwrap(),
    }
});

/// The folder of the model, whose files are those of the catalogue.
pub(crate) fn folder() -> PathBuf {
    let catalogue = Catalogue::shipped();
    let entry = catalogue.get(MiniLm::NAME).unwrap();
    let opened = ModelCache::new(models_folder()).open(entry);
    opened.unwrap_or_else(|error| panic!("{error}: `make run` gets the model"))
}

/// Where models are kept.
fn models_folder() -> PathBuf {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    let cache =
        || variable("PLLM_CACHE").unwrap_or_else(|| std::env::home_dir().unwrap().join(".cache/pllm"));
    variable("PLLM_MODELS").unwrap_or_else(|| cache().join("models"))
}

impl Model {
    pub(crate) fn embed(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        let tokens: Vec<Vec<u32>> = texts.iter().map(|text| self.tokenizer.encode(text).unwrap()).collect();
        let batch: TokenBatch = tokens.iter().map(Vec::as_slice).collect();
        mean_pooled(&batch, &self.trunk.forward(&batch), self.trunk.hidden())
    }
}
