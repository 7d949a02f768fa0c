//! Units to chunks: greedily, as many as the budget allows, whole blocks where that leaves no chunk half empty.

use super::units::{Scale, Unit, UnitKind, fragments};
use super::window::Window;
use pllm_text::ByteRange;
use std::collections::VecDeque;

/// Fills the chunks of one section.
#[derive(Debug)]
pub(super) struct Packer {
    scale: Scale,
    /// Most tokens of a chunk.
    budget: usize,
    /// Most tokens of a sentence that is repeated in the next chunk.
    overlap: usize,
    /// The chunk being filled.
    open: Vec<Unit>,
    /// So many of its units were in the chunk before, too.
    repeated: usize,
    /// Chunks that are full.
    full: Vec<ByteRange>,
}

impl Packer {
    /// An empty packer. Chunks cost at most `budget` tokens, which is at least 1.
    pub(super) fn new(scale: Scale, budget: usize, overlap: usize) -> Self {
        Self { scale, budget, overlap, open: Vec::new(), repeated: 0, full: Vec::new() }
    }

    /// Most tokens of a chunk.
    pub(super) fn budget(&self) -> usize {
        self.budget
    }

    /// Where the text begins that is still needed, if any is.
    pub(super) fn needs_from(&self) -> Option<usize> {
        self.open.first().map(|unit| unit.range.start())
    }

    /// Takes the chunks that are full.
    pub(super) fn take_full(&mut self) -> Vec<ByteRange> {
        std::mem::take(&mut self.full)
    }

    /// Adds the units of a block. A block that fits into a chunk but not into the open one begins a new chunk, unless that
    /// would leave the open one less than half full.
    pub(super) fn add_block(&mut self, window: &Window, units: Vec<Unit>) {
        let (block, open) = (cost(&units), cost(&self.open));
        let mut queue = VecDeque::from(units);
        if block <= self.budget && open + block > self.budget && open * 2 >= self.budget && !self.is_bare() {
            self.close(window, &mut queue);
        }
        while let Some(unit) = queue.pop_front() {
            self.add(window, unit, &mut queue);
        }
    }

    /// Ends the section.
    pub(super) fn finish(&mut self, window: &Window) {
        let mut queue = VecDeque::new();
        while self.open.len() > self.repeated {
            self.close(window, &mut queue);
            while let Some(unit) = queue.pop_front() {
                self.add(window, unit, &mut queue);
            }
        }
    }

    fn add(&mut self, window: &Window, unit: Unit, queue: &mut VecDeque<Unit>) {
        let left = self.budget.saturating_sub(cost(&self.open));
        if unit.tokens <= left || self.open.is_empty() && unit.kind == UnitKind::Fragment {
            self.open.push(unit);
        } else if self.open.len() == self.repeated && self.repeated > 0 {
            // Only what the last chunk has already, and it is in the way.
            self.open.clear();
            self.repeated = 0;
            queue.push_front(unit);
        } else if unit.kind != UnitKind::Fragment && (unit.tokens > self.budget || self.is_bare()) {
            let limit = if self.is_bare() { left.max(1) } else { self.budget };
            prepend(queue, fragments(window, unit.range, &self.scale, limit));
        } else {
            queue.push_front(unit);
            self.close(window, queue);
        }
    }

    /// Whether the open chunk has headings and nothing below them.
    fn is_bare(&self) -> bool {
        !self.open.is_empty() && self.open.iter().all(|unit| unit.kind == UnitKind::Heading)
    }

    /// Ends the open chunk. Costs do not quite add up, so units that turn out too many go back to the head of the queue.
    fn close(&mut self, window: &Window, queue: &mut VecDeque<Unit>) {
        while self.open.len() > 1 && self.is_over(window) {
            if self.repeated > 0 {
                self.open.drain(..std::mem::take(&mut self.repeated));
            } else if let Some(unit) = self.open.pop() {
                queue.push_front(unit);
            }
        }
        self.full.extend(extent(&self.open));
        let repeats = |unit: &Unit| unit.kind == UnitKind::Sentence && unit.tokens <= self.overlap;
        let fresh = self.open.len() - self.repeated;
        let last = self.open.pop().filter(|unit| fresh > 1 && repeats(unit));
        self.open.clear();
        self.open.extend(last);
        self.repeated = self.open.len();
    }

    fn is_over(&self, window: &Window) -> bool {
        extent(&self.open)
            .is_some_and(|range| self.scale.cost(window.slice(range), self.budget) > self.budget)
    }
}

fn cost(units: &[Unit]) -> usize {
    units.iter().map(|unit| unit.tokens).sum()
}

/// From the first byte of the first unit to the last of the last.
fn extent(units: &[Unit]) -> Option<ByteRange> {
    Some(ByteRange::new(units.first()?.range.start(), units.last()?.range.end()))
}

fn prepend(queue: &mut VecDeque<Unit>, units: Vec<Unit>) {
    for unit in units.into_iter().rev() {
        queue.push_front(unit);
    }
}
