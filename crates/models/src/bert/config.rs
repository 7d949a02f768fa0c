//! Which BERT is it? Its sizes, as `config.json` states them.

use std::path::Path;

use pllm_core::Result;
use pllm_runtime::files;
use serde::Deserialize;

use crate::fault::{malformed, unusable};

/// The sizes of a BERT encoder. Settings of `config.json` that do not change the forward pass are not read.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct BertConfig {
    /// Width of a token's vector.
    #[serde(rename = "hidden_size")]
    pub hidden: usize,
    /// Width of the layer between the two linear layers of a block.
    #[serde(rename = "intermediate_size")]
    pub intermediate: usize,
    /// Number of blocks.
    #[serde(rename = "num_hidden_layers")]
    pub layers: usize,
    /// Attention heads of a block; divides `hidden`.
    #[serde(rename = "num_attention_heads")]
    pub heads: usize,
    /// Longest text in tokens that has position embeddings.
    #[serde(rename = "max_position_embeddings")]
    pub positions: usize,
    /// Number of words that have embeddings.
    #[serde(rename = "vocab_size")]
    pub vocabulary: usize,
    /// Number of segments that have embeddings; we use the first.
    #[serde(rename = "type_vocab_size")]
    pub segments: usize,
    /// Added to the variance in layer normalisation.
    #[serde(rename = "layer_norm_eps")]
    pub epsilon: f32,
    hidden_act: String,
    #[serde(default = "absolute")]
    position_embedding_type: String,
}

fn absolute() -> String {
    "absolute".to_owned()
}

impl BertConfig {
    /// Reads `config.json` and checks that the model is one that we can run.
    ///
    /// # Errors
    /// `NotFound`, `Corrupt` when it is no such file, `Unsupported` when we cannot run the model.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = files::read(path)?;
        let config: Self = serde_json::from_slice(&bytes)
            .map_err(|error| malformed(path, "the configuration of a BERT model", error))?;
        config.check()?;
        Ok(config)
    }

    /// Width of one attention head.
    pub fn head_width(&self) -> usize {
        self.hidden / self.heads
    }

    fn check(&self) -> Result<()> {
        if self.hidden_act != "gelu" {
            return Err(unusable("hidden_act", &self.hidden_act, "gelu"));
        }
        if self.position_embedding_type != "absolute" {
            return Err(unusable("position_embedding_type", &self.position_embedding_type, "absolute"));
        }
        let sizes = [
            ("hidden_size", self.hidden),
            ("intermediate_size", self.intermediate),
            ("num_attention_heads", self.heads),
            ("max_position_embeddings", self.positions),
            ("vocab_size", self.vocabulary),
            ("type_vocab_size", self.segments),
        ];
        if let Some((what, _)) = sizes.into_iter().find(|(_, size)| *size == 0) {
            return Err(unusable(what, 0, "at least 1"));
        }
        if !self.hidden.is_multiple_of(self.heads) {
            let expected = format!("a multiple of num_attention_heads {}", self.heads);
            return Err(unusable("hidden_size", self.hidden, &expected));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINILM: &str = r#"{"hidden_size": 384, "intermediate_size": 1536, "num_hidden_layers": 6, "num_attention_heads": 12,
        "max_position_embeddings": 512, "vocab_size": 30522, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
        "hidden_act": "gelu", "model_type": "bert", "pad_token_id": 0}"#;

    fn read(contents: &str) -> Result<BertConfig> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        std::fs::write(&path, contents).unwrap();
        BertConfig::read(&path)
    }

    #[test]
    fn reads_the_sizes() {
        let config = read(MINILM).unwrap();
        assert_eq!((config.hidden, config.layers, config.head_width(), config.epsilon), (384, 6, 32, 1e-12));
    }

    fn check(from: &str, to: &str, expected: &str) {
        assert_eq!(read(&MINILM.replace(from, to)).unwrap_err().to_string(), expected);
    }

    #[test]
    fn refuses_what_it_cannot_run() {
        check("\"gelu\"", "\"relu\"", "config.json has hidden_act relu, expected gelu");
        let expected = "config.json has hidden_size 380, expected a multiple of num_attention_heads 12";
        check("384", "380", expected);
        check("30522", "0", "config.json has vocab_size 0, expected at least 1");
        let relative = "\"position_embedding_type\": \"relative_key\", \"vocab_size\"";
        let expected = "config.json has position_embedding_type relative_key, expected absolute";
        check("\"vocab_size\"", relative, expected);
    }

    #[test]
    fn a_broken_or_missing_file_is_named() {
        assert!(
            read("{")
                .unwrap_err()
                .to_string()
                .contains("config.json is not the configuration of a BERT model")
        );
        let missing = BertConfig::read(Path::new("absent/config.json")).unwrap_err();
        assert_eq!(
            missing.to_string(),
            "cannot read absent/config.json: No such file or directory (os error 2)"
        );
    }
}
