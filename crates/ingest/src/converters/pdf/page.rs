//! One page to its lines, in reading order.

use super::segments::Segment;
use super::view::{Area, Frame, View};
use super::{bidi, columns, glyphs, rows, segments};
use pdf_oxide::PdfDocument;
use pllm_core::PageBox;

/// A line of text, or a row of a table.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// The page it is on, from 1.
    pub(super) page: u32,
    /// Its text, never blank; of a row `| cell | cell |`.
    pub(super) text: String,
    /// Where its words are seen; one box where only the whole is known, of a row one a cell.
    pub(super) boxes: Vec<PageBox>,
    /// Where it is along and across the lines of its group.
    pub(super) area: Area,
    /// Its base line, across the lines of its group.
    pub(super) base: f32,
    /// Size of most of its characters, points.
    pub(super) size: f32,
    /// Whether most of its characters are bold.
    pub(super) bold: bool,
    /// Whether it is a row of a table.
    pub(super) is_row: bool,
    /// Whether it is read from the right to the left.
    pub(super) reversed: bool,
    /// How it is turned.
    pub(super) frame: Frame,
    /// How far it is from the edge of the page that its text takes for the upper one, points.
    pub(super) from_top: f32,
    /// How far it is from there to the lower edge, points.
    pub(super) page_height: f32,
    /// Lines with the same number are of one column.
    pub(super) column: u32,
    /// Where its column begins and ends.
    pub(super) column_start: f32,
    pub(super) column_end: f32,
}

/// What is on a page.
#[derive(Debug, Default)]
pub(super) struct PageText {
    /// Its lines in reading order.
    pub(super) lines: Vec<Line>,
    /// Characters that could not be decoded, and all that are not blank.
    pub(super) unknown: usize,
    pub(super) signs: usize,
    /// Width and height as it is shown, points; 0 where it could not be read.
    pub(super) size: (f32, f32),
}

/// Reads the page `index`, from 0.
///
/// # Errors
/// Those of the parser, when the page cannot be read.
pub(super) fn read(document: &PdfDocument, index: usize) -> pdf_oxide::Result<PageText> {
    let view = View::of(document, index);
    let groups = glyphs::read(document, index, &view)?;
    if groups.is_empty() {
        check_content(document, index)?;
    }
    let mut page = PageText { size: view.size(), ..PageText::default() };
    let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
    let mut column = 0;
    for group in groups {
        page.signs += group.glyphs.iter().filter(|glyph| !glyph.sign.is_whitespace()).count();
        page.unknown += group.glyphs.iter().filter(|glyph| is_unknown(glyph.sign)).count();
        let segments = segments::find(group.glyphs);
        let reversed = bidi::is_reversed(segments.iter().flat_map(|segment| &segment.glyphs));
        for items in columns::order(&segments, reversed) {
            let pieces: Vec<Segment> = items.into_iter().map(|index| segments[index].clone()).collect();
            let context = rows::Context {
                page: number,
                column,
                frame: group.frame,
                across: group.frame.across(view.size()),
                reversed,
            };
            page.lines.extend(rows::lines(&pieces, &context));
            column += 1;
        }
    }
    Ok(page)
}

/// An error where the content of a page is not what a page without text has: the parser takes content that it cannot decode
/// or decrypt for none.
fn check_content(document: &PdfDocument, index: usize) -> pdf_oxide::Result<()> {
    let content = document.get_page_content_data(index)?;
    if document.is_encrypted() && !content.iter().take(1024).any(|byte| byte.is_ascii_alphabetic()) {
        return Err(pdf_oxide::Error::Decode("its encryption is not understood".to_owned()));
    }
    Ok(())
}

/// Whether a character stands for one that nobody knows: none of Unicode's own, or a private one.
fn is_unknown(sign: char) -> bool {
    matches!(sign, '\u{FFFD}' | '\u{E000}'..='\u{EFFF}' | '\u{F0000}'..)
        || sign.is_control() && !sign.is_whitespace()
}
