//! The parts of a document that hold its text, made ready and packed again for the reader: without images, unpacked within
//! limits, with its comments as notes, and with the headers and footers that say something once.

use super::relations::Relations;
use super::rewrite::{PAGE_NUMBER, Rewritten, rewrite};
use super::{comments, xml};
use crate::decode::decode;
use crate::package::Package;
use crate::warnings::Warnings;
use pllm_core::{Dropped, Error, Result, Warning};
use quick_xml::events::Event;
use std::collections::HashSet;
use std::io::{Cursor, Write};
use zip::CompressionMethod;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A document made ready.
#[derive(Debug)]
pub(super) struct Story {
    /// An archive of the parts.
    pub(super) package: Vec<u8>,
    pub(super) dropped: Vec<Dropped>,
    pub(super) warnings: Vec<Warning>,
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
/// `InvalidInput` when it has no text or is damaged, `TooLarge` beyond the limits of [`Package`].
pub(super) fn read(package: &mut Package<'_>) -> Result<Story> {
    let main =
        Relations::of("", package)?.first("officeDocument").unwrap_or_else(|| "word/document.xml".to_owned());
    let relations = Relations::of(&main, package)?;
    let hiding =
        hiding_styles(&text_of(package, &relations.first("styles").unwrap_or_default())?.unwrap_or_default());
    let body = text_of(package, &main)?.ok_or_else(|| {
        Error::invalid(super::OPERATION, format!("the archive has no document: {main:?} is missing"))
    })?;
    let mut body = rewrite(&body, &hiding)?;
    let mut dropped = Vec::new();
    add_margins(&mut body, &relations, &hiding, package, &mut dropped)?;
    let comments = match text_of(package, &relations.first("comments").unwrap_or_default())? {
        Some(part) => comments::as_notes(&rewrite(&part, &hiding)?.xml)?,
        None => comments::Notes::default(),
    };
    let notes = relations.first("footnotes").unwrap_or_else(|| relations.path("footnotes.xml"));
    let endnotes = relations.first("endnotes").unwrap_or_default();
    let mut parts = vec![(main, std::mem::take(&mut body.xml))];
    let mut hidden = body.hidden;
    let mut footnotes = None;
    for name in [&notes, &endnotes] {
        let Some(part) = text_of(package, name)? else { continue };
        let part = rewrite(&part, &hiding)?;
        hidden.extend(part.hidden);
        if name == &notes { footnotes = Some(part.xml) } else { parts.push((name.clone(), part.xml)) }
    }
    parts.extend(comments.add_to(footnotes).map(|part| (notes, part)));
    dropped
        .extend(hidden.into_iter().take(LISTED).map(|text| left_out("hidden", &text, "formatted as hidden")));
    let chunks = body.chunks.iter().filter_map(|id| relations.by_id(id).map(|(_, path)| path));
    let warnings = not_read(package, chunks.collect());
    Ok(Story { package: pack(package, parts)?, dropped, warnings })
}

/// Says which files are inside of the document and not read: those of its own text, and attached ones.
fn not_read(package: &Package<'_>, chunks: Vec<String>) -> Vec<Warning> {
    let mut warnings = Warnings::default();
    for path in chunks {
        warnings.add(
            "embedded-text",
            None,
            format!("text of the document is in a file inside of it, not read: {path}"),
        );
    }
    for path in package.names().into_iter().filter(|name| name.starts_with("word/embeddings/")) {
        warnings.add("embedded-file", None, format!("a file inside of the document was not read: {path}"));
    }
    warnings.finish()
}

/// The styles that hide what has them.
fn hiding_styles(styles: &str) -> HashSet<String> {
    let (mut hiding, mut style) = (HashSet::new(), String::new());
    // Damaged styles are as good as none.
    let _ = xml::each(styles, &mut |event, raw| {
        let (Event::Start(element) | Event::Empty(element)) = event else { return };
        match xml::name(raw).1 {
            "style" => style = xml::attribute(element, "styleId").unwrap_or_default(),
            "vanish" if xml::is_on(element) && !style.is_empty() => drop(hiding.insert(style.clone())),
            _ => {}
        }
    });
    hiding
}

/// Puts the text of headers before the body and that of footers after it, each once; in a document of many pages only that of
/// first pages, which does not repeat.
fn add_margins(
    body: &mut Rewritten,
    relations: &Relations,
    hiding: &HashSet<String>,
    package: &mut Package<'_>,
    dropped: &mut Vec<Dropped>,
) -> Result<()> {
    let many_pages = pages(package)?.is_some_and(|pages| pages >= MANY_PAGES);
    let (mut seen, mut before, mut after) = (HashSet::new(), Vec::new(), Vec::new());
    for margin in &body.margins {
        let (kind, path) = match relations.by_id(&margin.relationship) {
            Some(("header", path)) => ("header", path),
            Some(("footer", path)) => ("footer", path),
            _ => continue,
        };
        let Some(part) = text_of(package, &path)? else { continue };
        let text = rewrite(&part, hiding)?.text;
        let (numbers, lines): (Vec<_>, Vec<_>) = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|line| !line.is_empty() && seen.insert((kind, line.clone())))
            .partition(|line| line.contains(PAGE_NUMBER) && line.chars().count() < PAGE_LINE);
        dropped.extend(numbers.iter().map(|line| left_out("page-number", line, "the number of each page")));
        let lines = lines.into_iter().map(|line| line.replace(PAGE_NUMBER, ""));
        match () {
            () if many_pages && !margin.is_first => {
                dropped.extend(lines.map(|line| left_out(kind, &line, "repeated on each page")));
            }
            () if kind == "header" => before.extend(lines),
            () => after.extend(lines),
        }
    }
    let (start, end) = body.body;
    let prefix = xml::name(body.xml.get(end..).unwrap_or_default()).0.to_owned();
    body.xml.insert_str(end, &paragraphs(&prefix, &after));
    body.xml.insert_str(start, &paragraphs(&prefix, &before));
    Ok(())
}

fn left_out(kind: &'static str, text: &str, reason: &str) -> Dropped {
    let text = text.replace(PAGE_NUMBER, "");
    Dropped { kind: kind.into(), text: text.trim().to_owned(), pages: Vec::new(), reason: reason.to_owned() }
}

fn paragraphs(prefix: &str, lines: &[String]) -> String {
    let paragraph = |line: &String| {
        let text = xml::escape(line);
        format!("<{prefix}p><{prefix}r><{prefix}t>{text}</{prefix}t></{prefix}r></{prefix}p>")
    };
    lines.iter().map(paragraph).collect()
}

/// How many pages the document had when it was last saved, where it says so.
fn pages(package: &mut Package<'_>) -> Result<Option<u32>> {
    let text = text_of(package, "docProps/app.xml")?.unwrap_or_default();
    let number = text.split_once("<Pages>").and_then(|(_, rest)| rest.split_once('<')?.0.trim().parse().ok());
    Ok(number)
}

/// A part as text; `None` where there is none of this name.
fn text_of(package: &mut Package<'_>, name: &str) -> Result<Option<String>> {
    let Some(content) = package.read(name)? else { return Ok(None) };
    match String::from_utf8(content) {
        Ok(text) => Ok(Some(text)),
        Err(error) => decode(error.as_bytes()).map(|decoded| Some(decoded.text)),
    }
}

/// An archive of `parts` and of the other parts of markup, not packed.
fn pack(package: &mut Package<'_>, parts: Vec<(String, String)>) -> Result<Vec<u8>> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut add = |name: &str, content: &[u8]| {
        out.start_file(name, stored).map_err(|error| not_packed(name, &error))?;
        out.write_all(content).map_err(|error| not_packed(name, &error))
    };
    for name in package.names() {
        let is_markup = name.ends_with(".xml") || name.ends_with(".rels");
        if is_markup && !parts.iter().any(|(part, _)| *part == name) {
            let content = package.read(&name)?.unwrap_or_default();
            add(&name, &content)?;
        }
    }
    for (name, content) in parts {
        add(&name, content.as_bytes())?;
    }
    Ok(out.finish().map_err(|error| not_packed("the archive", &error))?.into_inner())
}

fn not_packed(name: &str, error: &dyn std::fmt::Display) -> Error {
    Error::invalid(super::OPERATION, format!("a part of the document cannot be read: {name}, {error}"))
}
