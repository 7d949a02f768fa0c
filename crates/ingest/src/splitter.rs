//! Canonical text to Documents: heading section → block → sentence → word, within a budget of tokens.

mod packer;
mod session;
mod units;
mod window;

use pllm_core::{Splitter, SplitterSession, SplitterSource, TokenCounter};
use session::Session;
use std::sync::Arc;

/// How long chunks are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitOptions {
    /// Most tokens of a chunk's content. Fewer are taken where title and headings would otherwise not fit into the
    /// embedder's window, but never less than half of the window for their sake.
    pub max_tokens: usize,
    /// A chunk's last sentence is also the first of the next chunk of its section, if it has at most so many tokens.
    pub overlap_tokens: usize,
}

impl Default for SplitOptions {
    /// 200 tokens, about 150 English words; a sentence of up to 30 is repeated.
    fn default() -> Self {
        Self { max_tokens: 200, overlap_tokens: 30 }
    }
}

/// Splits text of every kind. Chunks never cross the border of a place; within one they are filled with whole blocks and
/// sentences, a sentence that is too long is cut at lines or words, a word that is too long at characters. The same text
/// gives the same Documents however it is cut into parts.
#[derive(Debug, Clone)]
pub struct DocumentSplitter {
    counter: Arc<dyn TokenCounter>,
    options: SplitOptions,
}

impl DocumentSplitter {
    /// A splitter that counts with `counter`, which should be the collection's embedder's.
    #[must_use]
    pub fn new(counter: Arc<dyn TokenCounter>, options: SplitOptions) -> Self {
        Self { counter, options }
    }
}

impl Splitter for DocumentSplitter {
    fn start(&self, source: Arc<SplitterSource>) -> Box<dyn SplitterSession> {
        Box::new(Session::new(Arc::clone(&self.counter), self.options, source))
    }
}

#[cfg(test)]
mod tests;
