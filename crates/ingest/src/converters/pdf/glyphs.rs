//! The characters of a page, grouped by how they are turned.

use super::view::{Frame, View};
use pdf_oxide::PdfDocument;
use pdf_oxide::layout::TextChar;
use std::collections::HashMap;

/// One character, in the frame of its group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    pub(super) sign: char,
    /// Where it begins and ends along the line.
    pub(super) start: f32,
    pub(super) end: f32,
    /// Where its base line is.
    pub(super) base: f32,
    /// How far it may reach above and below the base line.
    pub(super) up: f32,
    pub(super) down: f32,
    /// Size of its font in points, as shown.
    pub(super) size: f32,
    pub(super) bold: bool,
}

/// Characters that are turned the same way.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) frame: Frame,
    pub(super) glyphs: Vec<Glyph>,
}

/// The characters that are seen on the page `index`, from 0: the group with most of them first.
///
/// # Errors
/// Those of the parser, when the page cannot be read.
pub(super) fn read(document: &PdfDocument, index: usize, view: &View) -> pdf_oxide::Result<Vec<Group>> {
    let chars = document.extract_chars(index)?;
    let spans = if chars.iter().any(|char| is_steep(char) || is_east_asian(char.char)) {
        document.extract_spans(index)?
    } else {
        Vec::new()
    };
    let downwards: usize = spans.iter().filter(|span| span.wmode == 1).map(|span| span.text.len()).sum();
    let downwards = downwards * 2 > spans.iter().map(|span| span.text.len()).sum();
    let mut advances = HashMap::new();
    for span in spans.iter().filter(|span| span.char_widths.len() == span.text.chars().count()) {
        for (sign, width) in span.text.chars().zip(&span.char_widths) {
            advances.insert((span.font_name.as_str(), sign), width / span.font_size);
        }
    }
    let mut groups: Vec<(i32, Group)> = Vec::new();
    for char in &chars {
        let Some(seen) = Seen::of(char, view) else { continue };
        let upright = seen.degrees == 0 && downwards && is_east_asian(char.char);
        let (key, frame) =
            if upright { (360, Frame::DOWNWARDS) } else { (seen.degrees, view.frame(seen.degrees as f32)) };
        let glyph = if upright {
            seen.downwards(char)
        } else {
            seen.along(char, frame, advances.get(&(char.font_name.as_str(), char.char)))
        };
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.glyphs.push(glyph),
            None => groups.push((key, Group { frame, glyphs: vec![glyph] })),
        }
    }
    groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.glyphs.len()));
    Ok(groups.into_iter().map(|(_, group)| group).collect())
}

/// A character that is on the page.
struct Seen {
    point: (f32, f32),
    size: f32,
    /// How its text is turned, to whole degrees, counterclockwise.
    degrees: i32,
}

impl Seen {
    fn of(char: &TextChar, view: &View) -> Option<Self> {
        let point = view.point(char.origin_x, char.origin_y);
        let (width, height) = view.size();
        let inside = (-EDGE..=width + EDGE).contains(&point.0) && (-EDGE..=height + EDGE).contains(&point.1);
        let size = if (0.1..4000.0).contains(&char.font_size) { char.font_size } else { char.bbox.height };
        (inside && size.is_finite() && size > 0.0).then_some(Self {
            point,
            size,
            degrees: char.rotation_degrees.round() as i32,
        })
    }

    /// As part of a line in `frame`; `advance` is what is known of the width of such characters, in sizes.
    fn along(&self, char: &TextChar, frame: Frame, advance: Option<&f32>) -> Glyph {
        let (start, base) = frame.of_view(self.point);
        let width = if is_steep(char) {
            // The parser gives widths as they are on the page's horizontal axis.
            advance.map_or(0.5, |advance| advance.clamp(0.0, 2.0)) * self.size
        } else {
            char.advance_width / char.rotation_degrees.to_radians().cos()
        };
        let width = if width.is_finite() { width.clamp(0.0, 4.0 * self.size) } else { 0.5 * self.size };
        let (up, down) = (char.ascent / self.size, -char.descent / self.size);
        Glyph {
            sign: char.char,
            start,
            end: start + width,
            base,
            up: up.clamp(0.7, 1.05) * self.size,
            down: down.clamp(0.2, 0.4) * self.size,
            size: self.size,
            bold: char.font_weight.is_bold() || names_bold(&char.font_name),
        }
    }

    /// As part of a column that is read downwards: there the origin is the middle of the upper edge.
    fn downwards(&self, char: &TextChar) -> Glyph {
        let (start, middle) = Frame::DOWNWARDS.of_view(self.point);
        let half = self.size / 2.0;
        Glyph {
            sign: char.char,
            start: start - self.size * 0.12,
            end: start + self.size * 0.88,
            base: middle,
            up: half + self.size * 0.5,
            down: half + self.size * 0.5,
            size: self.size,
            bold: char.font_weight.is_bold(),
        }
    }
}

/// So far outside the page, in points, a character is still seen in part.
const EDGE: f32 = 2.0;

fn is_steep(char: &TextChar) -> bool {
    char.rotation_degrees.to_radians().cos().abs() < 0.9
}

fn names_bold(font: &str) -> bool {
    let font = font.to_ascii_lowercase();
    ["bold", "heavy", "black", "-medi"].iter().any(|mark| font.contains(mark))
}

/// Whether a character is of a script that is written without spaces and may be written downwards.
pub(super) fn is_east_asian(sign: char) -> bool {
    matches!(sign, '\u{2E80}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}
