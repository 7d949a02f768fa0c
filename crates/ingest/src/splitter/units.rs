//! The pieces that chunks are made of: sentences, lines of code, headings; and what is left of a sentence that is too long.

use super::window::Window;
use pllm_core::TokenCounter;
use pllm_text::{ByteRange, Language, sentences};
use std::sync::Arc;

/// A piece of text that stays whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// Where it stands in the canonical text; it begins and ends with a character that is not blank.
    pub(super) range: ByteRange,
    /// What it costs, at least 1.
    pub(super) tokens: usize,
    pub(super) kind: UnitKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitKind {
    /// Belongs to what follows it.
    Heading,
    /// A sentence, an item, a row, a line of code.
    Sentence,
    /// Part of a sentence that was too long.
    Fragment,
}

/// What text costs.
#[derive(Debug, Clone)]
pub(super) struct Scale(pub(super) Arc<dyn TokenCounter>);

impl Scale {
    /// Tokens of `text`, at least 1; if it is certainly more than `limit`, some number above `limit`.
    ///
    /// Counters of word pieces call the longest word one unknown token: text also costs a token for every 16 bytes that are
    /// not blank, which no real text reaches. That also keeps huge texts away from the counter.
    pub(super) fn cost(&self, text: &str, limit: usize) -> usize {
        let dense = text.split_whitespace().map(str::len).sum::<usize>() / MOST_BYTES_PER_TOKEN;
        if dense > limit { dense } else { self.0.count(text).max(dense).max(1) }
    }
}

const MOST_BYTES_PER_TOKEN: usize = 16;

/// Cuts the blocks of one section into units.
#[derive(Debug)]
pub(super) struct Cutter {
    scale: Scale,
    language: Option<Language>,
    /// Whether the next block goes on with a fenced code block.
    fenced: bool,
    /// Whether the next unit is the first of a section with headings, which is one whatever it looks like.
    first: bool,
    /// Whether all units so far are headings.
    headings: bool,
}

impl Cutter {
    /// Begins a section, which may begin with its headings.
    pub(super) fn new(scale: Scale, language: Option<Language>, has_headings: bool) -> Self {
        Self { scale, language, fenced: false, first: has_headings, headings: has_headings }
    }

    /// The units of a block: lines without a blank one among them. Costs above `limit` are not exact.
    pub(super) fn units(&mut self, window: &Window, block: ByteRange, limit: usize) -> Vec<Unit> {
        let text = window.slice(block);
        let starts: Vec<usize> = if self.fenced || text.contains("```") || text.contains("~~~") {
            self.starts_with_code(text)
        } else {
            sentences(text, self.language).iter().map(|range| range.start()).collect()
        };
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let ranges: Vec<_> =
            starts.iter().zip(ends).map(|(start, end)| ByteRange::new(*start, end)).collect();
        ranges
            .into_iter()
            .filter_map(|range| range.trimmed(text))
            .filter(|range| !range.is_empty())
            .map(|range| self.unit(text, range, block.start(), limit))
            .collect()
    }

    fn unit(&mut self, text: &str, range: ByteRange, shift: usize, limit: usize) -> Unit {
        let own = &text[range.start()..range.end()];
        // Below the first heading may be its underline or a deeper heading.
        let looks = own.starts_with('#') || own.chars().all(|c| matches!(c, '=' | '-'));
        self.headings &= std::mem::take(&mut self.first) || looks;
        let kind = if self.headings { UnitKind::Heading } else { UnitKind::Sentence };
        Unit { range: range.shift(shift), tokens: self.scale.cost(own, limit), kind }
    }

    /// Where the units of a block with fenced code begin: inside a fence with each line.
    fn starts_with_code(&mut self, text: &str) -> Vec<usize> {
        let (mut starts, mut prose, mut at) = (Vec::new(), 0, 0);
        for line in text.split_inclusive('\n') {
            let is_fence = matches!(line.trim_start().get(..3), Some("```" | "~~~"));
            if is_fence || self.fenced {
                starts.extend(
                    sentences(&text[prose..at], self.language).iter().map(|range| prose + range.start()),
                );
                starts.push(at);
                prose = at + line.len();
            }
            self.fenced ^= is_fence;
            at += line.len();
        }
        starts.extend(sentences(&text[prose..], self.language).iter().map(|range| prose + range.start()));
        starts
    }
}

/// Pieces of `range` that each cost at most `limit`: its lines, of longer lines the words, of longer words the halves of halves.
pub(super) fn fragments(window: &Window, range: ByteRange, scale: &Scale, limit: usize) -> Vec<Unit> {
    let text = window.slice(range);
    let mut found = Vec::new();
    let mut add = |piece: &str, tokens: usize| {
        let start = range.start() + (piece.as_ptr() as usize - text.as_ptr() as usize);
        let range = ByteRange::new(start, start + piece.len());
        found.push(Unit { range, tokens, kind: UnitKind::Fragment });
    };
    for line in text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        let tokens = scale.cost(line, limit);
        if tokens <= limit {
            add(line, tokens);
            continue;
        }
        for word in line.split_whitespace() {
            let mut pieces = vec![word];
            while let Some(piece) = pieces.pop() {
                let tokens = scale.cost(piece, limit);
                let middle = piece.ceil_char_boundary(piece.len() / 2);
                if tokens <= limit || middle == piece.len() {
                    add(piece, tokens);
                } else {
                    let (first, second) = piece.split_at(middle);
                    pieces.extend([second, first]);
                }
            }
        }
    }
    found
}
