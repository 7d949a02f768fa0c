//! The headings of a Markdown text, and the sections between them.

use pllm_core::Place;
use pllm_text::ByteRange;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// What is found in a text.
#[derive(Debug)]
pub(super) struct Sections {
    /// One place a section, without gaps from the first byte to the last.
    pub(super) places: Vec<(ByteRange, Place)>,
    /// The first heading of the first level.
    pub(super) title: Option<String>,
}

#[derive(Debug)]
struct Heading {
    level: HeadingLevel,
    text: String,
    /// Where its line begins.
    start: usize,
    /// Where the line after it begins.
    end: usize,
}

/// Finds the sections of `text`, which begins after `lines_before` lines of its file.
///
/// A heading with nothing but blanks before a deeper heading makes no section of its own: it stands at the head of the
/// deeper one's, so that no section is a bare heading unless nothing follows it.
pub(super) fn find(text: &str, lines_before: u32) -> Sections {
    let headings = headings(text);
    let title = headings.iter().find(|heading| heading.level == HeadingLevel::H1).map(|h| h.text.clone());
    let mut places = Places { text, places: Vec::new(), counted: 0, line: lines_before };
    let mut path: Vec<&Heading> = Vec::new();
    let mut start = 0;
    for heading in &headings {
        let above = path.last();
        let bare = above.is_some_and(|above| {
            above.level < heading.level && text[above.end..heading.start].trim().is_empty()
        });
        if !bare && !text[start..heading.start].trim().is_empty() {
            places.add(start, heading.start, &path);
            start = heading.start;
        }
        path.retain(|outer| outer.level < heading.level);
        path.push(heading);
    }
    places.add(start, text.len(), &path);
    Sections { places: places.places, title }
}

/// Places being made, in order.
struct Places<'a> {
    text: &'a str,
    places: Vec<(ByteRange, Place)>,
    /// Bytes whose lines are counted.
    counted: usize,
    /// Lines of the file before them.
    line: u32,
}

impl Places<'_> {
    fn add(&mut self, start: usize, end: usize, path: &[&Heading]) {
        let first_line = self.line_of(start);
        let last = start + self.text[start..end].trim_end().len();
        let last_line = self.line_of(last.max(start));
        let headings = path.iter().map(|heading| heading.text.clone()).collect();
        self.places.push((ByteRange::new(start, end), Place::Section { headings, first_line, last_line }));
    }

    /// The line of the file, from 1, in which the byte `at` stands; called with rising positions.
    fn line_of(&mut self, at: usize) -> u32 {
        let breaks = self.text[self.counted..at].matches('\n').count();
        self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.counted = at;
        self.line.saturating_add(1)
    }
}

/// The headings that are in no list or quotation, in order.
fn headings(text: &str) -> Vec<Heading> {
    let (mut found, mut depth) = (Vec::<Heading>::new(), 0_usize);
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                if depth == 0 {
                    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
                    found.push(Heading { level, text: String::new(), start, end: usize::MAX });
                }
                depth += 1;
            }
            Event::End(TagEnd::Heading(_)) => {
                depth = depth.saturating_sub(1);
                close(&mut found, range.end);
            }
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(piece) | Event::Code(piece) => write(&mut found, &piece),
            Event::SoftBreak | Event::HardBreak => write(&mut found, " "),
            _ => {}
        }
    }
    found
}

/// Adds to the heading that is open, if one is.
fn write(found: &mut [Heading], piece: &str) {
    if let Some(heading) = found.last_mut().filter(|heading| heading.end == usize::MAX) {
        heading.text.push_str(piece);
    }
}

fn close(found: &mut [Heading], end: usize) {
    if let Some(heading) = found.last_mut().filter(|heading| heading.end == usize::MAX) {
        heading.end = end;
        let words = heading.text.split_whitespace().collect::<Vec<_>>().join(" ");
        heading.text = words.chars().take(MAX_HEADING_CHARS).collect();
    }
}

/// A heading is kept for each section below it, so only so much of one is.
const MAX_HEADING_CHARS: usize = 200;

#[cfg(test)]
mod tests;
