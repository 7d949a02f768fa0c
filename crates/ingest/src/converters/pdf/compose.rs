//! Blocks to canonical text, and the place of each line in it.

use super::blocks::{Block, Kind, closes};
use super::headings::{Path, Usual};
use super::hyphens::Hyphens;
use super::page::Line;
use crate::convert::too_large;
use pllm_core::{PageArea, Place, Result};
use pllm_text::ByteRange;

/// A text with the places of its lines.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) places: Vec<(ByteRange, Place)>,
}

/// Joins the paragraphs that a page or a column break cuts. Notes and tables between the halves come before the whole, so that
/// the pages stay in order.
pub(super) fn join_broken(blocks: Vec<Block>) -> Vec<Block> {
    let mut joined: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match begun(&joined, &block) {
            Some(at) => {
                let mut whole = joined.remove(at);
                whole.lines.extend(block.lines);
                joined.push(whole);
            }
            None => joined.push(block),
        }
    }
    joined
}

/// So many blocks may stand between the halves of a paragraph.
const MOST_BETWEEN: usize = 6;

/// The one of `blocks` that `next` goes on with.
fn begun(blocks: &[Block], next: &Block) -> Option<usize> {
    let last = blocks.last()?;
    if goes_on(last, next) {
        return Some(blocks.len() - 1);
    }
    let starts = next.lines.first().is_some_and(|line| line.text.starts_with(char::is_lowercase));
    let mut near = blocks.iter().enumerate().rev().take(MOST_BETWEEN + 1).skip(1);
    let between = |at: usize| blocks[at + 1..].iter().all(|block| is_aside(block, next));
    near.find(|(at, block)| starts && between(*at) && goes_on(block, next)).map(|(at, _)| at)
}

/// Whether a block may stand between the halves of a paragraph: a note or caption, in smaller letters, or a table.
fn is_aside(block: &Block, text: &Block) -> bool {
    let size = |block: &Block| block.lines.iter().map(|line| line.size).fold(0.0, f32::max);
    block.kind == Kind::Table || block.kind != Kind::Heading && size(block) < 0.95 * size(text)
}

/// Whether `next` goes on with the sentence that `last` leaves open at the end of a page or column.
fn goes_on(last: &Block, next: &Block) -> bool {
    let (Some(above), Some(line)) = (last.lines.last(), next.lines.first()) else { return false };
    let elsewhere = above.page != line.page || above.column != line.column;
    let near = line.page <= above.page + 1;
    let running = matches!(last.kind, Kind::Paragraph | Kind::Item) && next.kind == Kind::Paragraph;
    let alike = above.frame == line.frame
        && (above.size - line.size).abs() <= 0.1 * above.size
        && above.bold == line.bold;
    if !elsewhere || !near || !running || !alike || closes(&above.text) {
        return false;
    }
    let first = line.text.chars().next().unwrap_or(' ');
    let open = above.text.ends_with(['-', '\u{AD}', '\u{2010}', ',']);
    let width = above.column_end - above.column_start;
    let full = above.area.width() > 0.85 * width && width > 15.0 * above.size;
    open || first.is_lowercase() || full && first.is_alphanumeric()
}

/// The text of `blocks`; `limit` is how long it may be, bytes.
///
/// # Errors
/// `TooLarge` beyond the limit.
pub(super) fn compose(blocks: &[Block], usual: &Usual, limit: u64) -> Result<Text> {
    let hyphens = Hyphens::of(blocks);
    let mut made = Text::default();
    let mut path = Path::default();
    for (at, block) in blocks.iter().enumerate() {
        if block.kind == Kind::Heading {
            path.enter(block, usual);
        }
        let headings = section_headings(&blocks[at..], &path, usual);
        if at > 0 {
            let is_list = block.kind == Kind::Item && blocks[at - 1].kind == Kind::Item;
            made.text.push_str(if is_list { "\n" } else { "\n\n" });
        }
        made.add(block, &hyphens, &headings);
        if made.text.len() as u64 > limit {
            return Err(too_large("bytes of text", limit));
        }
    }
    if !made.text.is_empty() {
        made.text.push('\n');
    }
    Ok(made)
}

/// The headings above the first of `blocks`. A heading right above deeper ones belongs to their section, so that no section
/// is a bare heading.
fn section_headings(blocks: &[Block], path: &Path, usual: &Usual) -> Vec<String> {
    let mut texts = path.texts();
    if blocks[0].kind != Kind::Heading {
        return texts;
    }
    let mut deeper = Path::default();
    deeper.enter(&blocks[0], usual);
    for next in blocks[1..].iter().take_while(|next| next.kind == Kind::Heading) {
        let depth = deeper.depth();
        deeper.enter(next, usual);
        if deeper.depth() <= depth {
            return texts;
        }
        texts.extend(deeper.texts().pop());
    }
    texts
}

impl Text {
    fn add(&mut self, block: &Block, hyphens: &Hyphens, headings: &[String]) {
        for (at, line) in block.lines.iter().enumerate() {
            if at > 0 {
                let above = &block.lines[at - 1];
                if block.kind == Kind::Table || block.ended.contains(&(at - 1)) {
                    self.text.push('\n');
                } else {
                    self.join(above, line, hyphens);
                }
            }
            let start = self.text.len();
            self.text.push_str(line.text.trim());
            let area = PageArea { page: line.page, boxes: line.boxes.clone() };
            let place = Place::Page { headings: headings.to_vec(), areas: vec![area] };
            self.places.push((ByteRange::new(start, self.text.len()), place));
        }
    }

    /// Ends a line that goes on: with a blank, or without its hyphen.
    fn join(&mut self, above: &Line, line: &Line, hyphens: &Hyphens) {
        let cut = hyphens.join(above.text.trim(), line.text.trim());
        if let Some(signs) = cut.without {
            let end = self.text.len() - signs;
            self.text.truncate(end);
            if let Some((range, _)) = self.places.last_mut() {
                *range = ByteRange::new(range.start(), end);
            }
        }
        if cut.blank {
            self.text.push(' ');
        }
    }
}
