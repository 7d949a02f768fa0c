//! The model that the tests run, loaded once.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use pllm_models::bert::{BertConfig, BertTokenizer, Tensors, TokenBatch, Trunk, WordEmbeddings, mean_pooled};

pub(crate) const FOLDER: &str = "all-minilm-l6-v2-53aa5117";
pub(crate) const MAX_TOKENS: usize = 256;

/// The parts of the embedder, without queue and threads.
pub(crate) struct Model {
    pub(crate) tokenizer: BertTokenizer,
    pub(crate) trunk: Trunk,
}

pub(crate) static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let folder = models_folder().join(FOLDER);
    assert!(folder.is_dir(), "{} is missing: `make run` gets the model", folder.display());
    let config = BertConfig::read(&folder.join("config.json")).unwrap();
    let tensors = Tensors::open(&folder.join("model.safetensors")).unwrap();
    let words = Arc::new(WordEmbeddings::open(&tensors, &config).unwrap());
    Model {
        tokenizer: BertTokenizer::read(&folder.join("tokenizer.json"), MAX_TOKENS).unwrap(),
        trunk: Trunk::read(&tensors, &config, words).unwrap(),
    }
});

/// Where models are kept.
pub(crate) fn models_folder() -> PathBuf {
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
