//! The text of a source as the page shows it: cut where marks and headings begin and end, so that nobody else counts.

use pllm_core::{CanonicalText, Error, Result};
use pllm_text::{ByteRange, CharRange};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// So many code points are shown at most.
const MOST: usize = 200_000;

/// The canonical text of a source, or a window of it around what is marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceText {
    /// The text in pieces, in order; together they are the text byte for byte.
    pub segments: Vec<Segment>,
    /// Whether there is more text before or after.
    pub truncated: bool,
    /// The code point of the canonical text that the first piece begins at.
    pub start: usize,
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Segment {
    /// The piece.
    pub text: String,
    /// Whether it is (part of) what was asked for.
    pub mark: bool,
    /// Where it is a heading: its level, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<usize>,
}

impl SourceText {
    /// The text with `mark`, code points of it, told apart. Its time grows with the text and its headings, not with their product.
    ///
    /// # Errors
    /// `InvalidInput` when the mark reaches past the end of the text.
    pub fn new(text: &CanonicalText, mark: Option<CharRange>) -> Result<Self> {
        let marked = mark.map(|mark| bytes_of(text, mark)).transpose()?;
        let (window, truncated) = window(&text.text, mark);
        let headings = headings(text);
        let mut cuts: BTreeSet<usize> = [window.start(), window.end()].into();
        for (start, (end, _)) in &headings {
            cuts.extend([*start, *end]);
        }
        cuts.extend(marked.iter().flat_map(|range| [range.start(), range.end()]));
        let cuts: Vec<usize> = cuts.range(window.start()..=window.end()).copied().collect();
        let segment = |range: ByteRange| Segment {
            text: range.slice(&text.text).unwrap_or_default().to_owned(),
            mark: marked.is_some_and(|marked| marked.covers(range)),
            heading: heading_at(&headings, range),
        };
        let start = text.text.get(..window.start()).unwrap_or_default().chars().count();
        let segments = cuts.windows(2).map(|pair| segment(ByteRange::new(pair[0], pair[1]))).collect();
        Ok(Self { segments, truncated, start })
    }
}

/// The level of the heading that `range` is in.
fn heading_at(headings: &BTreeMap<usize, (usize, usize)>, range: ByteRange) -> Option<usize> {
    let (_, (end, level)) = headings.range(..=range.start()).next_back()?;
    (range.end() <= *end).then_some(*level)
}

/// The bytes of a range that a caller named.
pub(super) fn bytes_of(text: &CanonicalText, mark: CharRange) -> Result<ByteRange> {
    mark.to_bytes(&text.text).ok_or_else(|| {
        let count = text.text.chars().count();
        let message = format!(
            "range {}..{} is not in the text, expected 0 to {count} code points",
            mark.start(),
            mark.end()
        );
        Error::invalid("app.text", message)
    })
}

/// The part to show, and whether it is only a part.
fn window(text: &str, mark: Option<CharRange>) -> (ByteRange, bool) {
    let count = text.chars().count();
    if count <= MOST {
        return (ByteRange::new(0, text.len()), false);
    }
    let mark = mark.unwrap_or(CharRange::new(0, 0));
    let around = MOST.saturating_sub(mark.end() - mark.start()) / 2;
    let start = mark.start().saturating_sub(around).min(count - MOST);
    let shown = CharRange::new(start, start + MOST);
    (shown.to_bytes(text).unwrap_or(ByteRange::new(0, text.len())), true)
}

/// The lines that are headings: where each begins, where it ends and its level. The layout knows which headings stand above a part; a part that others stand
/// above than above the part before begins with them, a line each.
fn headings(text: &CanonicalText) -> BTreeMap<usize, (usize, usize)> {
    let (mut found, mut above): (BTreeMap<_, _>, &[String]) = (BTreeMap::new(), &[]);
    for (range, place) in text.layout.places() {
        let own = place.headings();
        let same = above.iter().zip(own).take_while(|(before, now)| before == now).count();
        let mut at = range.start();
        for (level, heading) in own.iter().enumerate().skip(same) {
            let line = next_line(&text.text, at).filter(|line| is_heading(&text.text, *line, heading));
            let Some(line) = line else { break };
            found.insert(line.start(), (line.end(), level + 1));
            at = line.end();
        }
        above = own;
    }
    found
}

/// The first line from `at` on that is not blank, without its end.
fn next_line(text: &str, at: usize) -> Option<ByteRange> {
    let rest = text.get(at..)?;
    let start = at + (rest.len() - rest.trim_start().len());
    let length = text.get(start..)?.find('\n').unwrap_or(text.len() - start);
    (length > 0).then(|| ByteRange::new(start, start + length))
}

/// Whether a line is this heading, whatever signs make it one.
fn is_heading(text: &str, line: ByteRange, heading: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let wanted = letters(heading);
    !wanted.is_empty() && line.slice(text).is_some_and(|line| letters(line) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pllm_core::{Layout, Place, SourceId};

    fn text(text: &str, layout: Layout) -> CanonicalText {
        let source = SourceId::new("s").expect("a safe name");
        CanonicalText { source, revision: 1, text: text.to_owned(), layout }
    }

    fn under(headings: &[&str]) -> Place {
        let headings = headings.iter().map(ToString::to_string).collect();
        Place::Section { headings, first_line: 1, last_line: 9 }
    }

    #[test]
    fn marks_and_headings_are_pieces_of_their_own() {
        let source = "# Lease\n\n## Deposit\n\nÄh 🏠: 900 euro.\n\nMore.\n";
        let at = source.find("Äh").expect("there");
        let layout = Layout::new(vec![
            (ByteRange::new(0, at), under(&["Lease", "Deposit"])),
            (ByteRange::new(at, source.len()), under(&["Lease", "Deposit"])),
        ]);
        let text = text(source, layout);
        let start = source.chars().position(|c| c == '9').expect("there");
        let shown = SourceText::new(&text, Some(CharRange::new(start, start + 8))).expect("inside");
        let pieces: Vec<_> = shown.segments.iter().map(|s| (s.text.as_str(), s.mark, s.heading)).collect();
        assert_eq!(
            pieces,
            [
                ("# Lease", false, Some(1)),
                ("\n\n", false, None),
                ("## Deposit", false, Some(2)),
                ("\n\nÄh 🏠: ", false, None),
                ("900 euro", true, None),
                (".\n\nMore.\n", false, None),
            ]
        );
        let wrong = SourceText::new(&text, Some(CharRange::new(0, 500))).map_err(|error| error.kind());
        assert_eq!(wrong, Err(pllm_core::ErrorKind::InvalidInput));
    }

    #[test]
    fn a_long_text_is_a_window_around_the_mark() {
        let check = |mark: Option<(usize, usize)>, start: usize| {
            let text = text(&"ä".repeat(MOST + 1000), Layout::default());
            let mark = mark.map(|(start, end)| CharRange::new(start, end));
            let shown = SourceText::new(&text, mark).expect("inside");
            let whole: String = shown.segments.iter().map(|segment| segment.text.as_str()).collect();
            assert_eq!((whole.chars().count(), shown.start, shown.truncated), (MOST, start, true));
            let marked: String = shown.segments.iter().filter(|s| s.mark).map(|s| s.text.as_str()).collect();
            assert_eq!(marked.chars().count(), mark.map_or(0, |mark| mark.end() - mark.start()));
        };
        check(None, 0);
        check(Some((10, 20)), 0);
        check(Some((100_500, 100_600)), 550);
        check(Some((MOST + 990, MOST + 1000)), 1000);
    }
}
