//! PDF: pages in order, columns in reading order, tables as rows, and the box of every line.

mod accents;
mod bidi;
mod blocks;
mod columns;
mod compose;
mod fields;
mod glyphs;
mod headings;
mod hyphens;
mod info;
mod open;
mod page;
mod rows;
mod running;
mod segments;
mod tables;
mod view;
mod words;

use crate::parts;
use crate::warnings::Warnings;
use blocks::{Block, Kind};
use page::PageText;
use pdf_oxide::PdfDocument;
use pllm_core::converter::ConvertOptions;
use pllm_core::meta::{Meta, MetaValue, TITLE};
use pllm_core::{Converter, PageArea, PageSize, PartSink, Place, ReadingReport, Result};

/// Reads PDF.
#[derive(Debug)]
pub(crate) struct Pdf;

impl Converter for Pdf {
    fn format(&self) -> &'static str {
        "pdf"
    }

    fn convert(
        &self,
        input: &[u8],
        options: &ConvertOptions,
        sink: &mut dyn PartSink,
    ) -> Result<ReadingReport> {
        let document = open::open(input, &options.passwords)?;
        let count = open::page_count(&document)?;
        let mut warnings = Warnings::default();
        let mut pages = read_pages(&document, count, &mut warnings)?;
        let (pages_without_text, page_sizes) = (without_text(&pages), sizes(&pages));
        let dropped = running::take(&mut pages);
        let leading = blocks::usual_leading(pages.iter().map(|page| page.lines.as_slice()));
        let mut blocks: Vec<Block> =
            pages.into_iter().flat_map(|page| blocks::find(page.lines, leading)).collect();
        let usual = headings::Usual::of(&blocks, &info::outline(&document));
        usual.mark(&mut blocks);
        let blocks = compose::join_broken(blocks);
        let tables = blocks.iter().filter(|block| block.kind == Kind::Table).count();
        let made = compose::compose(&blocks, &usual, options.limits.max_text_bytes)?;
        parts::send(&made.text, made.places, sink)?;
        Ok(ReadingReport {
            format: self.format().into(),
            meta: meta(&document),
            pages: number(count),
            pages_without_text,
            page_sizes,
            tables: number(tables),
            dropped,
            warnings: warnings.finish(),
            ..ReadingReport::default()
        })
    }
}

/// The pages; one that cannot be read has no text, and a warning.
///
/// # Errors
/// `InvalidInput` when none can be read.
fn read_pages(document: &PdfDocument, count: usize, warnings: &mut Warnings) -> Result<Vec<PageText>> {
    let (mut pages, mut unread) = (Vec::with_capacity(count.min(1 << 16)), 0);
    for index in 0..count {
        let page = match open::guarded(|| page::read(document, index)) {
            Ok(page) => page,
            Err(reason) if index + 1 == count && unread == index => return Err(open::damaged(&reason)),
            Err(reason) => {
                unread += 1;
                let message = format!("page {} cannot be read: {reason}", index + 1);
                warnings.add("unreadable-page", place(index), message);
                PageText::default()
            }
        };
        if page.unknown * 4 > page.signs {
            let message = format!("page {} has characters that stand for no known letter", index + 1);
            warnings.add("undecodable-text", place(index), message);
        }
        pages.push(page);
    }
    Ok(pages)
}

/// A page, from 0, as a place.
fn place(index: usize) -> Option<Place> {
    let area = PageArea { page: number(index + 1), boxes: Vec::new() };
    Some(Place::Page { headings: Vec::new(), areas: vec![area] })
}

fn without_text(pages: &[PageText]) -> Vec<u32> {
    let empty = pages.iter().enumerate().filter(|(_, page)| page.lines.is_empty());
    empty.map(|(index, _)| number(index + 1)).collect()
}

/// The sizes of the pages, each where it is another than that of the page before.
fn sizes(pages: &[PageText]) -> Vec<PageSize> {
    let mut sizes: Vec<PageSize> = Vec::new();
    for (index, PageText { size: (width, height), .. }) in pages.iter().enumerate() {
        if sizes.last().is_none_or(|last| (last.width, last.height) != (*width, *height)) {
            sizes.push(PageSize { first: number(index + 1), width: *width, height: *height });
        }
    }
    sizes
}

fn meta(document: &PdfDocument) -> Meta {
    let title = info::title(document).map(|title| (TITLE.to_owned(), MetaValue::String(title)));
    title.into_iter().collect()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
