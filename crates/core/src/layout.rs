//! Which range of a canonical text stands where in its file.

use crate::place::{PageArea, PageBox, Place};
use pllm_text::{ByteRange, is_east_asian};

/// The places of one revision's canonical text: ranges in ascending order that do not overlap. Of a file with pages, each
/// line has one, with a box for each of its [`printed_words`]; one with another number of boxes is known as a whole only.
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

    /// The place of `range`: that of the part it begins in, narrowed to the lines of the range, or to all the words on pages
    /// that it touches; words side by side are one box.
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
                Place::Page { headings: headings.clone(), areas: self.areas(text, index, range) }
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

    /// What `range` touches of the lines from the one at `index` on, by page.
    fn areas(&self, text: &str, index: usize, range: ByteRange) -> Vec<PageArea> {
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
                let boxes = narrowed(text, *line, &area.boxes, range);
                match areas.last_mut().filter(|last| last.page == area.page) {
                    Some(last) => last.boxes.extend(boxes),
                    None => areas.push(PageArea { page: area.page, boxes }),
                }
            }
        }
        areas
    }
}

/// The boxes of the words of `line` that `range` touches, those side by side as one; all of a line that is known as a whole.
fn narrowed(text: &str, line: ByteRange, boxes: &[PageBox], range: ByteRange) -> Vec<PageBox> {
    let printed = line.slice(text).unwrap_or_default();
    let words = printed_words(printed);
    if words.len() != boxes.len() {
        return boxes.to_vec();
    }
    let (mut narrowed, mut end) = (Vec::<PageBox>::new(), 0);
    for (word, edges) in words.iter().zip(boxes) {
        let (from, to) = (line.start() + word.start(), line.start() + word.end());
        if to <= range.start() || from > range.start() && from >= range.end() {
            continue;
        }
        let same_cell = !printed[end..word.start()].contains('|');
        match narrowed.last_mut() {
            Some(last) if same_cell && last.is_beside(edges) => *last = last.union(edges),
            _ => narrowed.push(*edges),
        }
        end = word.end();
    }
    narrowed
}

/// The words of a line, or of a row `| cell | cell |`, that have a box on its page: what blanks part, each East Asian sign by
/// itself, and not the bars of a row. Bytes of the line, ascending.
#[must_use]
pub fn printed_words(line: &str) -> Vec<ByteRange> {
    let is_row = line.len() > 1 && line.starts_with('|') && line.ends_with('|');
    let (mut words, mut start) = (Vec::new(), None);
    let mut add = |from: usize, to: usize| {
        if !(is_row && &line[from..to] == "|") {
            words.push(ByteRange::new(from, to));
        }
    };
    for (at, sign) in line.char_indices() {
        let alone = is_east_asian(sign);
        if (alone || sign.is_whitespace())
            && let Some(from) = start.take()
        {
            add(from, at);
        }
        if alone {
            add(at, at + sign.len_utf8());
        } else if !sign.is_whitespace() {
            start.get_or_insert(at);
        }
    }
    if let Some(from) = start {
        add(from, line.len());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn boxes_narrow_to_the_words_of_the_range() {
        let edges = |left: f32, top: f32| PageBox { left, top, right: left + 5.0, bottom: top + 8.0 };
        let check = |text: &str, boxes: Vec<PageBox>, part: &str, expected: &[(f32, f32)]| {
            let place = Place::Page { headings: Vec::new(), areas: vec![PageArea { page: 1, boxes }] };
            let layout = Layout::new(vec![(ByteRange::new(0, text.len()), place)]);
            let start = text.find(part).expect("a part of the text");
            let found = layout.locate(text, ByteRange::new(start, start + part.len()));
            let Some(Place::Page { areas, .. }) = found else { panic!("a page") };
            let found: Vec<(f32, f32)> = areas[0].boxes.iter().map(|edge| (edge.left, edge.right)).collect();
            assert_eq!(found, expected, "{part:?} of {text:?}");
        };
        let line = || vec![edges(0.0, 1.0), edges(10.0, 1.0), edges(20.0, 1.0), edges(30.0, 1.0)];
        check("It is due. Pay", line(), "It is due.", &[(0.0, 25.0)]);
        check("It is due. Pay", line(), "ue. P", &[(20.0, 35.0)]);
        check("It is due. Pay", vec![edges(0.0, 1.0)], "due", &[(0.0, 5.0)]);
        check("是的。好", line(), "好", &[(30.0, 35.0)]);
        let row = || vec![edges(0.0, 1.0), edges(10.0, 1.0), edges(40.0, 1.0), edges(41.0, 11.0)];
        check(
            "| one two | three four |",
            row(),
            "| one two | three four |",
            &[(0.0, 15.0), (40.0, 45.0), (41.0, 46.0)],
        );
        check("| one two | three four |", row(), "two | three", &[(10.0, 15.0), (40.0, 45.0)]);
    }

    #[test]
    fn words_are_what_is_printed() {
        let check = |line: &str, expected: &[&str]| {
            let words: Vec<&str> = printed_words(line).iter().filter_map(|word| word.slice(line)).collect();
            assert_eq!(words, expected, "{line:?}");
        };
        check("It is  due.", &["It", "is", "due."]);
        check("| a b | | c |", &["a", "b", "c"]);
        check("a | b", &["a", "|", "b"]);
        check("第3条 OK，好", &["第", "3", "条", "OK", "，", "好"]);
        check("", &[]);
        check("|", &["|"]);
    }
}
