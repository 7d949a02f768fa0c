//! Words as one string of signs: without blanks, and a hyphen at the end of a line is there or is not.

use super::words::Word;

/// A sign of a text, and the word it is of.
#[derive(Debug, Clone, Copy)]
struct Sign {
    sign: char,
    word: usize,
    /// Whether it is a hyphen at the end of a line.
    may_go: bool,
}

/// Text to look for other text in.
#[derive(Debug)]
pub(super) struct Folded(Vec<Sign>);

impl Folded {
    pub(super) fn of<'a>(words: impl IntoIterator<Item = &'a Word>) -> Self {
        let mut signs = Vec::new();
        for (at, word) in words.into_iter().enumerate() {
            signs.extend(word.text.chars().map(|sign| Sign { sign, word: at, may_go: false }));
            if let Some(last) = signs.last_mut().filter(|_| word.ends_line) {
                last.may_go = matches!(last.sign, '-' | '\u{AD}' | '\u{2010}');
            }
        }
        Self(signs)
    }

    /// Where `wanted` stands, blanks not counted: first and last word of each place. It neither begins nor ends in a number or
    /// a word of Latin letters.
    pub(super) fn find(&self, wanted: &str) -> Vec<(usize, usize)> {
        let wanted: Vec<char> = wanted.chars().filter(|sign| !sign.is_whitespace()).collect();
        let places = (0..self.0.len()).filter_map(|start| {
            let end = self.end_of(start, &wanted)?;
            let whole = !self.cuts(start) && !self.cuts(end);
            whole.then(|| (self.0[start].word, self.0[end - 1].word))
        });
        places.collect()
    }

    /// Whether this and `wanted` are the same.
    pub(super) fn is(&self, wanted: &str) -> bool {
        let wanted: Vec<char> = wanted.chars().filter(|sign| !sign.is_whitespace()).collect();
        let end = self.end_of(0, &wanted);
        end.is_some_and(|end| self.0[end..].iter().all(|sign| sign.may_go))
    }

    /// The end of `wanted`, if it stands at `start`.
    fn end_of(&self, start: usize, wanted: &[char]) -> Option<usize> {
        let mut at = start;
        for (number, sign) in wanted.iter().enumerate() {
            while number > 0 && self.0.get(at).is_some_and(|own| own.may_go && own.sign != *sign) {
                at += 1;
            }
            self.0.get(at).filter(|own| own.sign == *sign)?;
            at += 1;
        }
        (at > start).then_some(at)
    }

    /// Whether a word is cut before the sign `at`.
    fn cuts(&self, at: usize) -> bool {
        let sign = |at: usize| self.0.get(at).filter(|sign| sign.sign.is_ascii_alphanumeric());
        let (Some(left), Some(right)) = (at.checked_sub(1).and_then(sign), sign(at)) else { return false };
        left.word == right.word
    }
}
