//! One long text to parts of bounded size: cut where a paragraph ends, else where a line ends, else between characters.

use pllm_core::{Part, PartSink, Place, Result};
use pllm_text::ByteRange;

/// A part is at least so long if there is more text.
const SMALLEST: usize = 16 << 10;
/// And at most so long: embedding it takes about a second, so progress moves and a cancel is heard.
const LARGEST: usize = 64 << 10;

/// Hands `text` over in parts. A place goes into the part in which it begins, its range ending with the part at the
/// latest: the text of a part before its first place belongs to the last place of the parts before. Blank text is no part.
pub(crate) fn send(text: &str, places: Vec<(ByteRange, Place)>, sink: &mut dyn PartSink) -> Result<()> {
    if text.trim().is_empty() {
        return Ok(());
    }
    let mut places = places.into_iter().peekable();
    let mut start = 0;
    while start < text.len() {
        let end = start + cut(&text[start..]);
        let mut here = Vec::new();
        while let Some((range, place)) = places.next_if(|(range, _)| range.start() < end) {
            here.push((ByteRange::new(range.start() - start, range.end().min(end) - start), place));
        }
        sink.part(Part { text: text[start..end].to_owned(), places: here })?;
        start = end;
    }
    Ok(())
}

/// Length of the first part of `rest`.
fn cut(rest: &str) -> usize {
    if rest.len() <= LARGEST {
        return rest.len();
    }
    let window = &rest[rest.floor_char_boundary(SMALLEST)..rest.floor_char_boundary(LARGEST)];
    let start = rest.floor_char_boundary(SMALLEST);
    let after = |border: &str| window.rfind(border).map(|at| start + at + border.len());
    after("\n\n").or_else(|| after("\n")).unwrap_or(start + window.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pllm_core::converter::Record;

    struct Collect(Vec<Part>);
    impl PartSink for Collect {
        fn part(&mut self, part: Part) -> Result<()> {
            self.0.push(part);
            Ok(())
        }
        fn record(&mut self, _: Record) -> Result<()> {
            Ok(())
        }
    }

    fn check(text: &str, lengths: &[usize]) {
        let row = |number| Place::Row { number };
        let middle = text.len() - 3;
        let mut sink = Collect(Vec::new());
        let places = vec![(ByteRange::new(0, middle), row(1)), (ByteRange::new(middle, text.len()), row(2))];
        send(text, places, &mut sink).expect("no limits");
        assert_eq!(sink.0.iter().map(|part| part.text.len()).collect::<Vec<_>>(), lengths);
        assert_eq!(sink.0.iter().map(|part| part.text.as_str()).collect::<String>(), text);
        let last = sink.0.last().expect("a part");
        let end = last.text.len();
        assert_eq!(last.places.last(), Some(&(ByteRange::new(end - 3, end), row(2))));
        assert_eq!(sink.0[0].places[0].0.end(), sink.0[0].text.len().min(middle));
    }

    #[test]
    fn parts_end_at_paragraphs_lines_or_characters() {
        check("short text", &[10]);
        let paragraph = format!("{}\n\n", "x".repeat(24_998));
        check(&paragraph.repeat(4), &[50_000, 50_000]);
        let line = format!("{}\n", "x".repeat(24_999));
        check(&line.repeat(3), &[50_000, 25_000]);
        check(&"é€".repeat(15_000), &[65_535, 9_465]);
    }
}
