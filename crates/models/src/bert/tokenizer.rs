//! How does a text become tokens? By the model's own `tokenizer.json`, cut at our own limit.

use std::ops::Range;
use std::path::Path;

use pllm_core::TokenCounter;
use tokenizers::Tokenizer;

use crate::error::ModelError;

/// Special tokens that stand around a text: `[CLS]` and `[SEP]`.
const SPECIAL_TOKENS: usize = 2;

/// The WordPiece tokenizer of a BERT model.
#[derive(Debug)]
pub struct BertTokenizer {
    tokenizer: Tokenizer,
    max_tokens: usize,
}

impl BertTokenizer {
    /// Reads `tokenizer.json`. Texts are cut at `max_tokens`, special tokens included.
    ///
    /// The file's own cutting and filling-up are switched off: that of MiniLM cuts at 128 tokens where the model takes 256.
    pub fn read(path: &Path, max_tokens: usize) -> Result<Self, ModelError> {
        assert!(max_tokens >= SPECIAL_TOKENS, "the limit leaves room for the special tokens");
        let bytes = crate::files::read(path)?;
        let failed = |error: tokenizers::Error| ModelError::Format {
            path: path.to_owned(),
            expected: "a tokenizer",
            reason: error.to_string(),
        };
        let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(failed)?;
        tokenizer.with_truncation(None).map_err(failed)?;
        tokenizer.with_padding(None);
        Ok(Self { tokenizer, max_tokens })
    }

    /// The tokens of `text` between `[CLS]` and `[SEP]`, at most `max_tokens` in all; an empty text has just these two.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        let encoding = self.tokenizer.encode_fast(text, true).map_err(failed)?;
        let ids = encoding.get_ids();
        if ids.len() <= self.max_tokens {
            return Ok(ids.to_vec());
        }
        let kept = self.max_tokens - 1;
        Ok(ids[..kept].iter().chain(ids.last()).copied().collect())
    }

    /// The byte range of each token in `text`, special tokens left out, in order and not cut.
    pub fn token_ranges(&self, text: &str) -> Result<Vec<Range<usize>>, ModelError> {
        let encoding = self.tokenizer.encode(text, false).map_err(failed)?;
        Ok(encoding.get_offsets().iter().map(|&(start, end)| start..end).collect())
    }
}

impl TokenCounter for BertTokenizer {
    /// A text that the tokenizer refuses counts a token a byte.
    fn count(&self, text: &str) -> usize {
        self.tokenizer.encode_fast(text, false).map_or(text.len(), |encoding| encoding.len())
    }

    fn max_tokens(&self) -> usize {
        self.max_tokens - SPECIAL_TOKENS
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn failed(error: tokenizers::Error) -> ModelError {
    ModelError::Tokenizer { reason: error.to_string() }
}
