//! HTML: the text that a reader of the page sees, without its menus; headings make the places.

mod charset;
mod chrome;
mod depth;
mod elements;
mod hidden;
mod survey;
mod walk;
mod writer;

use crate::parts;
use dom_query::Document;
use pllm_core::converter::ConvertOptions;
use pllm_core::meta::{Meta, MetaValue, TITLE};
use pllm_core::{Converter, PartSink, ReadingReport, Result};

/// Reads HTML and XHTML.
#[derive(Debug)]
pub(crate) struct Html;

impl Converter for Html {
    fn format(&self) -> &'static str {
        "html"
    }

    fn convert(&self, input: &[u8], _: &ConvertOptions, sink: &mut dyn PartSink) -> Result<ReadingReport> {
        let decoded = charset::decode(input)?;
        let warnings = decoded.warnings();
        let page = Document::from(&*depth::flatten(&decoded.text));
        let title = title(&page);
        let read = walk::read(&page, title.as_deref());
        parts::send(&read.made.text, read.made.places, sink)?;
        Ok(ReadingReport {
            format: self.format().into(),
            encoding: decoded.encoding.to_owned(),
            meta: meta(&page, title.or(read.made.title)),
            tables: read.tables,
            dropped: read.dropped,
            warnings: warnings.finish(),
            ..ReadingReport::default()
        })
    }
}

/// The page's title, on one line.
fn title(page: &Document) -> Option<String> {
    let title = page.head()?.descendants_it().find(|node| node.has_name("title"))?;
    Some(words(&title.text())).filter(|title| !title.is_empty())
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the page is called, and its author where it says so.
fn meta(page: &Document, title: Option<String>) -> Meta {
    let head = page.head();
    let author = head
        .iter()
        .flat_map(|head| head.descendants_it())
        .filter(|node| node.attr("name").is_some_and(|name| name.eq_ignore_ascii_case("author")))
        .find_map(|node| node.attr("content"))
        .map(|name| words(&name));
    let found = [(TITLE, title), ("author", author)];
    let named = |(key, value): (&str, Option<String>)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some((key.to_owned(), MetaValue::String(value)))
    };
    found.into_iter().filter_map(named).collect()
}
