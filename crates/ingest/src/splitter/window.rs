//! The stretch of canonical text that is still needed, addressed by positions in the whole.

use pllm_text::ByteRange;

/// Text from one byte of the canonical text on.
#[derive(Debug, Default)]
pub(super) struct Window {
    text: String,
    start: usize,
}

impl Window {
    /// One past the last byte.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Adds what comes next.
    pub(super) fn append(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Forgets what is before the byte `keep`.
    pub(super) fn forget(&mut self, keep: usize) {
        self.text.drain(..keep - self.start);
        self.start = keep;
    }

    /// The text of a range that is inside, on character boundaries.
    pub(super) fn slice(&self, range: ByteRange) -> &str {
        &self.text[range.start() - self.start..range.end() - self.start]
    }

    /// The text from `start` to `end`, or to the character boundary before it.
    pub(super) fn head(&self, start: usize, end: usize) -> &str {
        let text = &self.text[start - self.start..];
        &text[..text.floor_char_boundary(end - start)]
    }

    /// The position of the first line end at or after `from` and before `to`.
    pub(super) fn line_end(&self, from: usize, to: usize) -> Option<usize> {
        let bytes = &self.text.as_bytes()[from - self.start..to.min(self.end()) - self.start];
        bytes.iter().position(|byte| *byte == b'\n').map(|at| from + at)
    }
}
