//! Where a piece of text stands: in bytes inside the product, in Unicode code points on its wires.

/// A half-open range of bytes, `start <= end`. Ranges of text fall on character boundaries; [`ByteRange::slice`] checks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ByteRange {
    start: usize,
    end: usize,
}

impl ByteRange {
    /// The range `start..end`; an `end` before `start` gives the empty range at `start`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// First byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start
    }

    /// One past the last byte.
    #[must_use]
    pub fn end(self) -> usize {
        self.end
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether no byte is in the range.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The same range, `by` bytes further on.
    #[must_use]
    pub fn shift(self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether at least one byte is in both.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }

    /// The text of the range, or `None` when it does not lie in `text` on character boundaries.
    #[must_use]
    pub fn slice(self, text: &str) -> Option<&str> {
        text.get(self.start..self.end)
    }

    /// The same range counted in code points of `text`; `None` as for [`ByteRange::slice`]. Linear in `end`.
    #[must_use]
    pub fn to_chars(self, text: &str) -> Option<CharRange> {
        let start = text.get(..self.start)?.chars().count();
        Some(CharRange::new(start, start + self.slice(text)?.chars().count()))
    }

    /// The range without white space at its ends; `None` as for [`ByteRange::slice`].
    #[must_use]
    pub fn trimmed(self, text: &str) -> Option<Self> {
        let slice = self.slice(text)?;
        let start = self.start + (slice.len() - slice.trim_start().len());
        Some(Self::new(start, start + slice.trim().len()))
    }
}

/// A half-open range of Unicode code points, `start <= end`: what evaluation files, Haystack and `OpenAI` clients count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CharRange {
    start: usize,
    end: usize,
}

impl CharRange {
    /// The range `start..end`; an `end` before `start` gives the empty range at `start`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// First code point.
    #[must_use]
    pub fn start(self) -> usize {
        self.start
    }

    /// One past the last code point.
    #[must_use]
    pub fn end(self) -> usize {
        self.end
    }

    /// The same range counted in bytes of `text`; `None` when it reaches past the end of `text`.
    #[must_use]
    pub fn to_bytes(self, text: &str) -> Option<ByteRange> {
        let mut offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let start = offsets.nth(self.start)?;
        let end = if self.end == self.start { start } else { offsets.nth(self.end - self.start - 1)? };
        Some(ByteRange::new(start, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_range_off_a_character_boundary_has_no_text() {
        assert_eq!(ByteRange::new(0, 1).slice("é"), None);
        assert_eq!(ByteRange::new(0, 3).slice("é"), None);
        assert_eq!(CharRange::new(1, 3).to_bytes("éa"), None);
    }

    proptest! {
        #[test]
        fn bytes_and_code_points_convert_both_ways(text in "\\PC{0,40}", a in 0usize..40, b in 0usize..40) {
            let n = text.chars().count();
            let chars = CharRange::new(a.min(n), b.min(n));
            let bytes = chars.to_bytes(&text).expect("inside the text");
            prop_assert_eq!(bytes.to_chars(&text), Some(chars));
            let direct: String = text.chars().skip(chars.start()).take(chars.end() - chars.start()).collect();
            prop_assert_eq!(bytes.slice(&text), Some(direct.as_str()));
        }
    }
}
