//! Text made of a file whose own text is markup: blocks in, canonical text with the places of its headings out.

use pllm_core::Place;
use pllm_text::ByteRange;

/// Canonical text being made. Blocks are separated by a blank line, the lines of a block by a line end.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    text: String,
    places: Vec<(ByteRange, Place)>,
    /// The headings that are open, outermost first, with their levels.
    path: Vec<(u8, String)>,
    /// Where the open section begins, and on which line, from 0.
    start: usize,
    line: u32,
    /// Whether the open section has more than headings.
    has_body: bool,
    title: Option<String>,
}

/// What was made.
#[derive(Debug)]
pub(crate) struct Made {
    /// The canonical text; it ends with a line end, or is empty.
    pub(crate) text: String,
    /// One place a section, without gaps from the first byte to the last.
    pub(crate) places: Vec<(ByteRange, Place)>,
    /// The first heading of the first level.
    pub(crate) title: Option<String>,
}

impl Outline {
    /// Begins a section under a heading of `level`, from 1. A heading with nothing before a deeper heading makes no section of
    /// its own: it stands at the head of the deeper one's.
    pub(crate) fn heading(&mut self, level: u8, text: &str) {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            return;
        }
        let is_deeper = self.path.last().is_some_and(|(above, _)| *above < level);
        self.separate();
        if self.has_body || !is_deeper {
            self.close();
        }
        if level == 1 && self.title.is_none() {
            self.title = Some(words.clone());
        }
        self.path.retain(|(above, _)| *above < level);
        self.text.push_str(&words);
        self.path.push((level, words.chars().take(MAX_HEADING_CHARS).collect()));
        self.has_body = false;
    }

    /// Adds a block.
    pub(crate) fn block(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.separate();
            self.text.push_str(text.trim_end());
            self.has_body = true;
        }
    }

    /// Adds a line to the last block; begins one where the last is a heading.
    pub(crate) fn line(&mut self, text: &str) {
        if !self.has_body {
            self.block(text);
        } else if !text.trim().is_empty() {
            self.text.push('\n');
            self.text.push_str(text.trim_end());
        }
    }

    /// Ends the text.
    pub(crate) fn finish(mut self) -> Made {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.close();
        Made { text: self.text, places: self.places, title: self.title }
    }

    fn separate(&mut self) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
    }

    /// Ends the open section where the text ends now.
    fn close(&mut self) {
        let section = &self.text[self.start..];
        if section.is_empty() {
            return;
        }
        let count = |text: &str| u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX);
        let headings = self.path.iter().map(|(_, heading)| heading.clone()).collect();
        let first_line = self.line.saturating_add(1);
        let last_line = first_line.saturating_add(count(section.trim_end()));
        let place = Place::Text { headings, first_line, last_line };
        self.line = self.line.saturating_add(count(section));
        self.places.push((ByteRange::new(self.start, self.text.len()), place));
        self.start = self.text.len();
    }
}

/// A heading is kept for each section below it, so only so much of one is.
const MAX_HEADING_CHARS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_make_sections() {
        let mut outline = Outline::default();
        outline.block("Before.");
        outline.heading(1, " Lease \n of 2024");
        outline.heading(2, "Money");
        outline.block("Rent is due.");
        outline.line("- item  ");
        outline.heading(2, "Keys");
        outline.heading(2, "End");
        outline.line("Bye.");
        let made = outline.finish();
        assert_eq!(made.title.as_deref(), Some("Lease of 2024"));
        let found: Vec<_> = made
            .places
            .iter()
            .map(|(range, place)| {
                let Place::Text { headings, first_line, last_line } = place else { panic!("a text") };
                (range.slice(&made.text).expect("in the text"), headings.join("/"), *first_line, *last_line)
            })
            .collect();
        assert_eq!(
            found,
            [
                ("Before.\n\n", String::new(), 1, 1),
                ("Lease of 2024\n\nMoney\n\nRent is due.\n- item\n\n", "Lease of 2024/Money".into(), 3, 8),
                ("Keys\n\n", "Lease of 2024/Keys".into(), 10, 10),
                ("End\n\nBye.\n", "Lease of 2024/End".into(), 12, 14),
            ]
        );
    }

    #[test]
    fn nothing_makes_nothing() {
        let mut outline = Outline::default();
        outline.block(" \n");
        outline.heading(1, "");
        let made = outline.finish();
        assert_eq!((made.text.as_str(), made.places.len(), made.title), ("", 0, None));
    }
}
