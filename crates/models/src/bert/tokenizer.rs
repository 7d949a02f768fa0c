//! How does a text become tokens? By the model's own `tokenizer.json`, cut at our own limit.

use std::ops::Range;
use std::path::Path;

use pllm_core::{Result, TokenCounter};
use pllm_runtime::files;
use tokenizers::Tokenizer;

use crate::fault::{malformed, not_tokenized};

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
    ///
    /// # Errors
    /// `NotFound`, or `Corrupt` when the file is no tokenizer.
    pub fn read(path: &Path, max_tokens: usize) -> Result<Self> {
        assert!(max_tokens >= SPECIAL_TOKENS, "the limit leaves room for the special tokens");
        let bytes = files::read(path)?;
        let failed = |error: tokenizers::Error| malformed(path, "a tokenizer", error);
        let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(failed)?;
        tokenizer.with_truncation(None).map_err(failed)?;
        tokenizer.with_padding(None);
        Ok(Self { tokenizer, max_tokens })
    }

    /// The tokens of `text` between `[CLS]` and `[SEP]`, at most `max_tokens` in all; an empty text has just these two.
    ///
    /// # Errors
    /// `Internal` when the tokenizer fails.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self.tokenizer.encode_fast(text, true).map_err(not_tokenized)?;
        let ids = encoding.get_ids();
        if ids.len() <= self.max_tokens {
            return Ok(ids.to_vec());
        }
        let kept = self.max_tokens - 1;
        Ok(ids[..kept].iter().chain(ids.last()).copied().collect())
    }

    /// The byte range of each token in `text`, special tokens left out, in order and not cut.
    ///
    /// # Errors
    /// `Internal` when the tokenizer fails.
    pub fn token_ranges(&self, text: &str) -> Result<Vec<Range<usize>>> {
        let encoding = self.tokenizer.encode(text, false).map_err(not_tokenized)?;
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
