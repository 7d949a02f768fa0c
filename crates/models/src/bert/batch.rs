//! How do several texts go through the model at once? Their tokens follow each other; no text is filled up.

use std::ops::Range;

/// The tokens of several texts, one text after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenBatch {
    tokens: Vec<u32>,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl TokenBatch {
    /// Adds a text; at least one token long.
    pub fn push(&mut self, tokens: &[u32]) {
        assert!(!tokens.is_empty(), "a text has at least its special tokens, so this is a bug");
        self.tokens.extend(tokens);
        self.ends.push(self.tokens.len());
    }

    /// All tokens of all texts.
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// Which of the tokens belong to each text, in the order of the texts.
    pub fn texts(&self) -> impl Iterator<Item = Range<usize>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(self.ends.iter().copied()).map(|(start, end)| start..end)
    }
}

impl<'a> FromIterator<&'a [u32]> for TokenBatch {
    fn from_iter<T: IntoIterator<Item = &'a [u32]>>(texts: T) -> Self {
        let mut batch = Self::default();
        texts.into_iter().for_each(|text| batch.push(text));
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_follow_each_other() {
        let batch: TokenBatch = [&[1, 2, 3][..], &[4], &[5, 6]].into_iter().collect();
        assert_eq!(batch.tokens(), [1, 2, 3, 4, 5, 6]);
        assert_eq!(batch.texts().collect::<Vec<_>>(), [0..3, 3..4, 4..6]);
    }
}
