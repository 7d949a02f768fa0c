//! The boxes of the words of a line.

use super::bidi::Read;
use super::segments::Segment;
use super::view::{Area, Frame};
use pllm_core::{PageBox, printed_words};

/// A word of a piece of a line, and where it is.
#[derive(Debug)]
pub(super) struct Boxed {
    is_bar: bool,
    edges: PageBox,
}

/// The words of `piece`, which was read as `read`; across the lines they reach as far as `band`.
pub(super) fn boxes(read: &Read, piece: &Segment, band: Area, frame: Frame) -> Vec<Boxed> {
    let mut signs = read.text.char_indices().zip(&read.glyphs).peekable();
    let words = printed_words(&read.text);
    let boxed = words.iter().filter_map(|word| {
        while signs.next_if(|((at, _), _)| *at < word.start()).is_some() {}
        let mut area: Option<Area> = None;
        while let Some((_, glyph)) = signs.next_if(|((at, _), _)| *at < word.end()) {
            let glyph = piece.glyphs.get(*glyph)?;
            let own = Area { start: glyph.start, end: glyph.end.max(glyph.start), ..band };
            area = Some(area.map_or(own, |area| area.union(own)));
        }
        let is_bar = word.slice(&read.text) == Some("|");
        area.map(|area| Boxed { is_bar, edges: frame.page_box(&area) })
    });
    boxed.collect()
}

/// The boxes of the words of a whole line; `None` where they are not those of its words.
pub(super) fn of_line(line: &str, boxed: Vec<Boxed>) -> Option<Vec<PageBox>> {
    let count = printed_words(line).len();
    let all = boxed.len() == count;
    let boxes = boxed.into_iter().filter(|word| all || !word.is_bar).map(|word| word.edges);
    Some(boxes.collect::<Vec<_>>()).filter(|boxes| boxes.len() == count && count > 0)
}
