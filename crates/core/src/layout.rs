//! Which range of a canonical text stands where in its file.

use crate::place::{PageArea, Place};
use pllm_text::ByteRange;

/// The places of one revision's canonical text: ranges in ascending order that do not overlap. Of a file with pages, each
/// line has one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout(Vec<(ByteRange, Place)>);

impl Layout {
    /// Takes places in any order and sorts them.
    #[must_use]
    pub fn new(mut places: Vec<(ByteRange, Place)>) -> Self {
        places.sort_by_key(|(range, _)| *range);
        Self(places)
    }

    /// All places, in the order of the text.
    #[must_use]
    pub fn places(&self) -> &[(ByteRange, Place)] {
        &self.0
    }

    /// The place of `range`: that of the part it begins in, narrowed to the lines of the range, or to all the lines on pages
    /// that it touches.
    #[must_use]
    pub fn locate(&self, text: &str, range: ByteRange) -> Option<Place> {
        let index = self.0.partition_point(|(part, _)| part.start() <= range.start()).checked_sub(1)?;
        let (part, place) = &self.0[index];
        let narrow = |first_line: &u32| {
            let breaks = |from: usize, to: usize| text.get(from..to).map_or(0, |s| s.matches('\n').count());
            let first = first_line + u32::try_from(breaks(part.start(), range.start())).unwrap_or(u32::MAX);
            (first, first + u32::try_from(breaks(range.start(), range.end())).unwrap_or(0))
        };
        Some(match place {
            Place::Section { headings, first_line, .. } => {
                let (first_line, last_line) = narrow(first_line);
                Place::Section { headings: headings.clone(), first_line, last_line }
            }
            Place::Text { headings, first_line, .. } => {
                let (first_line, last_line) = narrow(first_line);
                Place::Text { headings: headings.clone(), first_line, last_line }
            }
            Place::Page { headings, .. } => {
                Place::Page { headings: headings.clone(), areas: self.areas(index, range) }
            }
            other @ Place::Row { .. } => other.clone(),
        })
    }

    /// The text of one page, from 1: from its first line to its last, `None` where nothing stands on it.
    #[must_use]
    pub fn page(&self, page: u32) -> Option<ByteRange> {
        let on_page = |(_, place): &&(ByteRange, Place)| matches!(place, Place::Page { areas, .. } if areas.iter().any(|area| area.page == page));
        let mut lines = self.0.iter().filter(on_page).map(|(range, _)| *range);
        let first = lines.next()?;
        let end = lines.map(|range| range.end()).fold(first.end(), usize::max);
        Some(ByteRange::new(first.start(), end))
    }

    /// The lines that `range` touches, from the line at `index` on, by page.
    fn areas(&self, index: usize, range: ByteRange) -> Vec<PageArea> {
        let mut areas: Vec<PageArea> = Vec::new();
        let touched =
            |(line, _): &&(ByteRange, Place)| line.start() < range.end() || line.start() <= range.start();
        for (line, place) in self.0[index..].iter().take_while(touched) {
            let Place::Page { areas: own, .. } = place else { break };
            // The range may begin in the blank between two lines.
            if line.end() <= range.start() {
                continue;
            }
            for area in own {
                match areas.last_mut().filter(|last| last.page == area.page) {
                    Some(last) => last.boxes.extend(&area.boxes),
                    None => areas.push(area.clone()),
                }
            }
        }
        areas
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::PageBox;

    #[test]
    fn lines_narrow_to_the_range() {
        let text = "a\nb\nc\nd\ne\n";
        let section = |headings: &[&str], first_line, last_line| Place::Section {
            headings: headings.iter().map(ToString::to_string).collect(),
            first_line,
            last_line,
        };
        let layout = Layout::new(vec![
            (ByteRange::new(4, 10), section(&["Top"], 3, 5)),
            (ByteRange::new(0, 4), section(&[], 1, 2)),
        ]);
        assert_eq!(layout.locate(text, ByteRange::new(2, 3)), Some(section(&[], 2, 2)));
        assert_eq!(layout.locate(text, ByteRange::new(6, 9)), Some(section(&["Top"], 4, 5)));
        assert_eq!(Layout::default().locate(text, ByteRange::new(0, 1)), None);
        let made = |first_line, last_line| Place::Text { headings: Vec::new(), first_line, last_line };
        let layout = Layout::new(vec![(ByteRange::new(0, 10), made(1, 5))]);
        assert_eq!(layout.locate(text, ByteRange::new(2, 3)), Some(made(2, 2)));
    }

    #[test]
    fn a_sentence_over_a_page_break_keeps_both_places() {
        let text = "One line\nends here.\nOverleaf it\ngoes on.";
        let edge = |top: f32| PageBox { left: 1.0, top, right: 9.0, bottom: top + 1.0 };
        let line = |page, top| Place::Page {
            headings: vec!["4 Money".to_owned()],
            areas: vec![PageArea { page, boxes: vec![edge(top)] }],
        };
        let layout = Layout::new(vec![
            (ByteRange::new(0, 8), line(3, 10.0)),
            (ByteRange::new(9, 19), line(3, 20.0)),
            (ByteRange::new(20, 31), line(4, 10.0)),
            (ByteRange::new(32, 40), line(4, 20.0)),
        ]);
        let check = |range: ByteRange, expected: &[(u32, &[f32])]| {
            let Some(Place::Page { areas, .. }) = layout.locate(text, range) else { panic!("a page") };
            let found: Vec<(u32, Vec<f32>)> = areas
                .iter()
                .map(|area| (area.page, area.boxes.iter().map(|edge| edge.top).collect()))
                .collect();
            let expected: Vec<(u32, Vec<f32>)> =
                expected.iter().map(|(page, tops)| (*page, tops.to_vec())).collect();
            assert_eq!(found, expected, "{range:?}");
        };
        check(ByteRange::new(0, 3), &[(3, &[10.0])]);
        check(ByteRange::new(4, 40), &[(3, &[10.0, 20.0]), (4, &[10.0, 20.0])]);
        check(ByteRange::new(14, 31), &[(3, &[20.0]), (4, &[10.0])]);
        check(ByteRange::new(19, 31), &[(4, &[10.0])]);
        assert_eq!(layout.page(3), Some(ByteRange::new(0, 19)));
        assert_eq!(layout.page(4), Some(ByteRange::new(20, 40)));
        assert_eq!(layout.page(5), None);
    }
}
