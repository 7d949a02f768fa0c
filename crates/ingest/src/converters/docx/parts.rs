//! Reading the parts of a document: the main one has to be whole, of the others a damaged one is left out and told.

use super::rewrite::{Rewritten, rewrite};
use super::xml;
use crate::decode::decode;
use crate::package::Package;
use crate::warnings::Warnings;
use pllm_core::{Error, ErrorKind, Result};
use quick_xml::events::Event;
use std::collections::HashSet;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The parts of a document.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) package: Package<'a>,
    pub(super) warnings: Warnings,
    /// The styles that hide what has them.
    hiding: HashSet<String>,
    /// The parts that are left out.
    damaged: HashSet<String>,
}

impl<'a> Parts<'a> {
    /// The parts in a package, of which no styles are known.
    pub(super) fn new(package: Package<'a>) -> Self {
        Self { package, warnings: Warnings::default(), hiding: HashSet::new(), damaged: HashSet::new() }
    }

    /// Takes note of the styles in the part `name`.
    pub(super) fn read_styles(&mut self, name: &str) -> Result<()> {
        let (styles, mut style) = (self.text(name)?.unwrap_or_default(), String::new());
        // Damaged styles are as good as none.
        let _ = xml::each(&styles, &mut |event, raw| {
            let (Event::Start(element) | Event::Empty(element)) = event else { return };
            match xml::name(raw).1 {
                "style" => style = xml::attribute(element, "styleId").unwrap_or_default(),
                "vanish" if xml::is_on(element) && !style.is_empty() => {
                    self.hiding.insert(style.clone());
                }
                _ => {}
            }
        });
        Ok(())
    }

    /// The main part, made ready.
    pub(super) fn main(&mut self, name: &str) -> Result<Rewritten> {
        let missing = || format!("the archive has no document: {name:?} is missing");
        let content = self.package.read(name)?.ok_or_else(|| Error::invalid(super::OPERATION, missing()))?;
        rewrite(&as_text(content)?, &self.hiding)
    }

    /// Another part, made ready; `None` where it is not there or is damaged.
    pub(super) fn other(&mut self, name: &str) -> Result<Option<Rewritten>> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let rewritten = rewrite(&text, &self.hiding).map(Some);
        self.unless_damaged(name, rewritten)
    }

    /// The text of a part; `None` where it is not there or is damaged.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>> {
        let text = self.package.read(name).and_then(|content| content.map(as_text).transpose());
        self.unless_damaged(name, text)
    }

    fn unless_damaged<T>(&mut self, name: &str, part: Result<Option<T>>) -> Result<Option<T>> {
        match part {
            Err(error) if error.kind() != ErrorKind::TooLarge => {
                let message = format!("a part of the document is damaged and was left out: {name}");
                self.warnings.add("damaged-part", None, message);
                self.damaged.insert(name.to_owned());
                Ok(None)
            }
            other => other,
        }
    }

    /// An archive of `ready` and of the other parts of markup, not packed.
    pub(super) fn pack(&mut self, ready: Vec<(String, String)>) -> Result<Vec<u8>> {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let mut add = |name: &str, content: &str| {
            out.start_file(name, stored).map_err(|error| not_packed(name, &error))?;
            out.write_all(content.as_bytes()).map_err(|error| not_packed(name, &error))
        };
        for name in self.package.names() {
            let is_markup = name.ends_with(".xml") || name.ends_with(".rels");
            let is_data = name.starts_with("customXml/") || name.starts_with("docProps/");
            let is_left_out = is_data || self.damaged.contains(&name);
            if is_markup && !is_left_out && !ready.iter().any(|(part, _)| *part == name) {
                self.text(&name)?.map_or(Ok(()), |content| add(&name, &content))?;
            }
        }
        for (name, content) in ready {
            add(&name, &content)?;
        }
        Ok(out.finish().map_err(|error| not_packed("the archive", &error))?.into_inner())
    }
}

fn as_text(content: Vec<u8>) -> Result<String> {
    match String::from_utf8(content) {
        Ok(text) => Ok(text),
        Err(error) => decode(error.as_bytes()).map(|decoded| decoded.text),
    }
}

fn not_packed(name: &str, error: &dyn std::fmt::Display) -> Error {
    Error::invalid(super::OPERATION, format!("a part of the document cannot be read: {name}, {error}"))
}
