//! Where in a file a piece of its text stands, in words that people read.

use pllm_text::ByteRange;

/// A place in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// Under these headings (outermost first, none for plain text), on these lines of the file, from 1, both included.
    Section {
        /// Headings above, outermost first.
        headings: Vec<String>,
        /// First line.
        first_line: u32,
        /// Last line.
        last_line: u32,
    },
    /// Lines of the text that was made of the file, from 1, both included, where the file's own lines are others.
    Text {
        /// First line.
        first_line: u32,
        /// Last line.
        last_line: u32,
    },
    /// A row of a table, from 1, the header row not counted.
    Row {
        /// The row's number.
        number: u64,
    },
}

impl Place {
    /// The kind in a word, as JSON shows it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Section { .. } => "section",
            Self::Text { .. } => "text",
            Self::Row { .. } => "row",
        }
    }

    /// The place as people write it: `§ 4 Deposit, lines 12–14`, `row 7`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Section { headings, first_line, last_line } => {
                let lines = lines(*first_line, *last_line);
                match headings.last() {
                    Some(heading) => format!("“{heading}”, {lines}"),
                    None => lines,
                }
            }
            Self::Text { first_line, last_line } => format!("{} of its text", lines(*first_line, *last_line)),
            Self::Row { number } => format!("row {number}"),
        }
    }
}

fn lines(first: u32, last: u32) -> String {
    if first == last { format!("line {first}") } else { format!("lines {first}–{last}") }
}

/// The places of one revision's canonical text: ranges in ascending order that do not overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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

    /// The place of `range`: that of the part it begins in, its lines narrowed to those of the range.
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
            Place::Text { first_line, .. } => {
                let (first_line, last_line) = narrow(first_line);
                Place::Text { first_line, last_line }
            }
            other @ Place::Row { .. } => other.clone(),
        })
    }
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
        assert_eq!(section(&["Top"], 4, 5).label(), "“Top”, lines 4–5");
        let made = Layout::new(vec![(ByteRange::new(0, 10), Place::Text { first_line: 1, last_line: 5 })]);
        let place = made.locate(text, ByteRange::new(2, 3)).expect("within");
        assert_eq!((place.kind(), place.label().as_str()), ("text", "line 2 of its text"));
    }
}
