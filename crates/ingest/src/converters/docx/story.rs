//! The text of a document made ready for the model: with its comments as notes, with the headers and footers that say
//! something once, and without what nobody is shown.

use super::comments::{self, Notes};
use super::parts::Parts;
use super::relations::Relations;
use super::rewrite::{PAGE_NUMBER, Rewritten};
use super::xml;
use pllm_core::{Dropped, Result};
use std::collections::HashSet;

/// A document made ready.
#[derive(Debug)]
pub(super) struct Story {
    /// An archive of the parts.
    pub(super) package: Vec<u8>,
    pub(super) dropped: Vec<Dropped>,
}

/// Headers and footers of documents with so many pages and more repeat, and are left out.
const MANY_PAGES: u32 = 3;
/// Longer lines say more than the number of the page.
const PAGE_LINE: usize = 40;
/// So many hidden paragraphs are listed.
const LISTED: usize = 100;

/// Makes a document ready.
///
/// # Errors
/// `InvalidInput` when its main part is missing or damaged, `TooLarge` beyond the limits of the package.
pub(super) fn read(parts: &mut Parts<'_>) -> Result<Story> {
    let main = Relations::of("", &mut parts.package)?.first("officeDocument");
    let main = main.unwrap_or_else(|| "word/document.xml".to_owned());
    let relations = Relations::of(&main, &mut parts.package)?;
    parts.read_styles(&relations.first("styles").unwrap_or_default())?;
    let mut body = parts.main(&main)?;
    let mut dropped = Vec::new();
    add_margins(&mut body, &relations, parts, &mut dropped)?;
    warn_of_files(&body, &relations, parts);
    let mut hidden = body.hidden;
    let mut ready = vec![(main, body.xml)];
    add_notes(&relations, parts, &mut ready, &mut hidden)?;
    let hidden = hidden.iter().take(LISTED).map(|text| left_out("hidden", text, "formatted as hidden"));
    dropped.extend(hidden);
    Ok(Story { package: parts.pack(ready)?, dropped })
}

/// Adds the parts of notes, with the comments as notes of their own.
fn add_notes(
    relations: &Relations,
    parts: &mut Parts<'_>,
    ready: &mut Vec<(String, String)>,
    hidden: &mut Vec<String>,
) -> Result<()> {
    let path = |kind: &str| relations.first(kind).unwrap_or_else(|| relations.path(&format!("{kind}.xml")));
    if let Some(endnotes) = parts.other(&path("endnotes"))? {
        hidden.extend(endnotes.hidden);
        ready.push((path("endnotes"), endnotes.xml));
    }
    let footnotes = parts.other(&path("footnotes"))?.map(|part| {
        hidden.extend(part.hidden);
        part.xml
    });
    let comments = match parts.other(&path("comments"))? {
        Some(part) => comments::as_notes(&part.xml)?,
        None => Notes::default(),
    };
    ready.extend(comments.add_to(footnotes).map(|part| (path("footnotes"), part)));
    Ok(())
}

/// Says which files are inside of the document and not read: those of its own text, and attached ones.
fn warn_of_files(body: &Rewritten, relations: &Relations, parts: &mut Parts<'_>) {
    for (_, path) in body.chunks.iter().filter_map(|id| relations.by_id(id)) {
        let message = format!("text of the document is in a file inside of it, not read: {path}");
        parts.warnings.add("embedded-text", None, message);
    }
    for path in parts.package.names().into_iter().filter(|name| name.starts_with("word/embeddings/")) {
        let message = format!("a file inside of the document was not read: {path}");
        parts.warnings.add("embedded-file", None, message);
    }
}

/// Puts the text of headers before the body and that of footers after it, each once; in a document of many pages only that of
/// first pages, which does not repeat.
fn add_margins(
    body: &mut Rewritten,
    relations: &Relations,
    parts: &mut Parts<'_>,
    dropped: &mut Vec<Dropped>,
) -> Result<()> {
    let many_pages = pages(parts)?.is_some_and(|pages| pages >= MANY_PAGES);
    let (mut seen, mut before, mut after) = (HashSet::new(), Vec::new(), Vec::new());
    for margin in &body.margins {
        let (kind, path) = match relations.by_id(&margin.relationship) {
            Some(("header", path)) => ("header", path),
            Some(("footer", path)) => ("footer", path),
            _ => continue,
        };
        let Some(part) = parts.other(&path)? else { continue };
        let lines = part.text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        for line in lines.filter(|line| !line.is_empty()) {
            let is_number = line.contains(PAGE_NUMBER) && line.chars().count() < PAGE_LINE;
            let line = line.replace(PAGE_NUMBER, "");
            match () {
                () if !seen.insert((kind, line.clone())) => {}
                () if is_number => dropped.push(left_out("page-number", &line, "the number of each page")),
                () if many_pages && !margin.is_first => {
                    dropped.push(left_out(kind, &line, "repeated on each page"));
                }
                () if kind == "header" => before.push(line),
                () => after.push(line),
            }
        }
    }
    let (start, end) = body.body;
    let prefix = xml::name(body.xml.get(end..).unwrap_or_default()).0.to_owned();
    body.xml.insert_str(end, &paragraphs(&prefix, &after));
    body.xml.insert_str(start, &paragraphs(&prefix, &before));
    Ok(())
}

fn left_out(kind: &'static str, text: &str, reason: &str) -> Dropped {
    let text = text.trim().to_owned();
    Dropped { kind: kind.into(), text, pages: Vec::new(), reason: reason.to_owned() }
}

fn paragraphs(prefix: &str, lines: &[String]) -> String {
    let paragraph = |line: &String| {
        let text = xml::escape(line);
        format!("<{prefix}p><{prefix}r><{prefix}t>{text}</{prefix}t></{prefix}r></{prefix}p>")
    };
    lines.iter().map(paragraph).collect()
}

/// How many pages the document had when it was last saved, where it says so.
fn pages(parts: &mut Parts<'_>) -> Result<Option<u32>> {
    let text = parts.text("docProps/app.xml")?.unwrap_or_default();
    let number = text.split_once("<Pages>").and_then(|(_, rest)| rest.split_once('<')?.0.trim().parse().ok());
    Ok(number)
}
