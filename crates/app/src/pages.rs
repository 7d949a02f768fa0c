//! One page of a source: its text, and where each line of it stands.

use crate::metadata::SourceRecord;
use pllm_core::{CanonicalText, Error, ErrorKind, PageArea, Place, Result};
use pllm_text::CharRange;

/// A page as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct PageText {
    /// The page, from 1.
    pub page: u32,
    /// Code points of the canonical text.
    pub chars: CharRange,
    /// Its text.
    pub text: String,
    /// Its lines, in the order of the text.
    pub lines: Vec<PageLine>,
}

/// A line on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct PageLine {
    /// Code points of the canonical text.
    pub chars: CharRange,
    /// Its text.
    pub text: String,
    /// Where it stands.
    pub area: PageArea,
}

/// Page `page`, from 1, of a source with this text.
///
/// # Errors
/// `Unsupported` for a format without pages, `NotFound` when there is no such page or nothing was read on it.
pub fn page_text(source: &SourceRecord, text: &CanonicalText, page: u32) -> Result<PageText> {
    let name = &source.detail.name;
    let report = &source.detail.report;
    if report.pages == 0 {
        return Err(Error::new(ErrorKind::Unsupported, OPERATION, format!("{name} has no pages"))
            .hint("`pllm sources show --text` shows its text"));
    }
    if page == 0 || page > report.pages {
        let message = format!("page {page} is not in {name}, expected 1 to {}", report.pages);
        return Err(Error::new(ErrorKind::NotFound, OPERATION, message));
    }
    let Some(range) = text.layout.page(page) else {
        let why = if report.pages_without_text.contains(&page) { " (scan?)" } else { "" };
        let message = format!("page {page} of {name} has no text{why}");
        return Err(Error::new(ErrorKind::NotFound, OPERATION, message));
    };
    let of_other_text = || {
        Error::new(ErrorKind::Corrupt, OPERATION, "the layout is not that of the text")
            .with("source", &text.source)
    };
    Ok(PageText {
        page,
        chars: range.to_chars(&text.text).ok_or_else(of_other_text)?,
        text: range.slice(&text.text).unwrap_or_default().to_owned(),
        lines: lines(text, page).ok_or_else(of_other_text)?,
    })
}

/// The lines of a page; none when they are not in the text. Linear in the text: a page may have any number of lines.
fn lines(text: &CanonicalText, page: u32) -> Option<Vec<PageLine>> {
    let (mut lines, mut counted) = (Vec::new(), Counted { text: &text.text, bytes: 0, chars: 0 });
    for (range, place) in text.layout.places() {
        let Place::Page { areas, .. } = place else { continue };
        if areas.iter().all(|area| area.page != page) {
            continue;
        }
        // Its words as one box, or one a cell.
        let Some(Place::Page { areas, .. }) = text.layout.locate(&text.text, *range) else { continue };
        if let Some(area) = areas.iter().find(|area| area.page == page) {
            let chars = CharRange::new(counted.up_to(range.start())?, counted.up_to(range.end())?);
            lines.push(PageLine { chars, text: range.slice(&text.text)?.to_owned(), area: area.clone() });
        }
    }
    Some(lines)
}

/// The code points of a text up to a byte, counted on from the byte that was asked for last.
struct Counted<'a> {
    text: &'a str,
    bytes: usize,
    chars: usize,
}

impl Counted<'_> {
    fn up_to(&mut self, bytes: usize) -> Option<usize> {
        match bytes >= self.bytes {
            true => self.chars += self.text.get(self.bytes..bytes)?.chars().count(),
            false => self.chars -= self.text.get(bytes..self.bytes)?.chars().count(),
        }
        self.bytes = bytes;
        Some(self.chars)
    }
}

const OPERATION: &str = "app.pages";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::{RevisionDetail, SourceKind};
    use crate::report::StoredReport;
    use pllm_core::{Layout, SourceId};
    use pllm_text::ByteRange;

    fn source(pages: u32) -> SourceRecord {
        SourceRecord {
            id: SourceId::new("s").expect("a safe name"),
            kind: SourceKind::File,
            parent: None,
            revision: 1,
            fingerprint: String::new(),
            bytes: 9,
            text_bytes: 9,
            documents: 1,
            language: None,
            updated_at: 0,
            detail: RevisionDetail {
                name: "lease.pdf".to_owned(),
                report: StoredReport { pages, pages_without_text: vec![2], ..StoredReport::default() },
                ..RevisionDetail::default()
            },
        }
    }

    #[test]
    fn a_page_is_its_lines() {
        let line =
            |page| Place::Page { headings: Vec::new(), areas: vec![PageArea { page, boxes: Vec::new() }] };
        let layout = Layout::new(vec![
            (ByteRange::new(0, 4), line(1)),
            (ByteRange::new(5, 8), line(1)),
            (ByteRange::new(9, 12), line(3)),
        ]);
        let text = "für\nein\ndrei".to_owned();
        let text =
            CanonicalText { source: SourceId::new("s").expect("a safe name"), revision: 1, text, layout };
        let page = page_text(&source(3), &text, 1).expect("a page");
        assert_eq!((page.text.as_str(), page.lines.len()), ("für\nein", 2));
        assert_eq!((page.lines[1].chars.start(), page.chars.end()), (4, 7));
        assert_eq!(page.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["für", "ein"]);
        let message =
            |pages, page| page_text(&source(pages), &text, page).map_err(|error| error.message().to_owned());
        assert_eq!(message(3, 2), Err("page 2 of lease.pdf has no text (scan?)".to_owned()));
        assert_eq!(message(3, 4), Err("page 4 is not in lease.pdf, expected 1 to 3".to_owned()));
        assert_eq!(message(0, 1), Err("lease.pdf has no pages".to_owned()));
    }
}
