//! The table of file formats: detection, help, documentation and accept-lists follow from it.

use crate::converters::{Csv, Docx, Html, Json, Jsonl, Md, Pdf, Txt};
use pllm_core::Converter;

/// What a format's files become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatKind {
    /// One source of running text.
    Text,
    /// One source a row, each with its own metadata.
    Dataset,
    /// Rows where the content is a list of objects, else running text.
    Either,
}

/// One line of the table.
#[derive(Debug)]
pub struct Format {
    /// Name, as reports and help show it.
    pub name: &'static str,
    /// File name endings in lower case, without the dot; the first is the usual one.
    pub extensions: &'static [&'static str],
    /// Media type (IANA's registry, where it is there).
    pub media_type: &'static str,
    /// What it is, for people.
    pub description: &'static str,
    /// What its files become.
    pub kind: FormatKind,
    converter: fn() -> Box<dyn Converter>,
}

impl Format {
    /// Whether its files are text, so that any text may be one.
    pub(crate) fn is_text(&self) -> bool {
        !matches!(self.name, "pdf" | "docx")
    }

    /// A converter that reads this format.
    #[must_use]
    pub fn converter(&self) -> Box<dyn Converter> {
        (self.converter)()
    }
}

/// Every format that is read, in the order people are shown them.
#[must_use]
pub fn formats() -> &'static [Format] {
    FORMATS
}

/// The format of files that nothing else claims, if their text can be decoded.
pub(crate) fn plain_text() -> &'static Format {
    &FORMATS[0]
}

/// The format that claims this file name ending; the case of letters does not matter.
pub(crate) fn of_extension(extension: &str) -> Option<&'static Format> {
    let extension = extension.to_ascii_lowercase();
    FORMATS.iter().find(|format| format.extensions.contains(&extension.as_str()))
}

static FORMATS: &[Format] = &[
    Format {
        name: "txt",
        extensions: &["txt", "text", "log"],
        media_type: "text/plain",
        description: "plain text, and any other file whose text can be decoded",
        kind: FormatKind::Text,
        converter: || Box::new(Txt),
    },
    Format {
        name: "md",
        extensions: &["md", "markdown", "mkd"],
        media_type: "text/markdown",
        description: "Markdown, with front matter",
        kind: FormatKind::Text,
        converter: || Box::new(Md),
    },
    Format {
        name: "csv",
        extensions: &["csv"],
        media_type: "text/csv",
        description: "table with a header row; comma, semicolon, tab or bar between cells",
        kind: FormatKind::Dataset,
        converter: || Box::new(Csv::any_separator()),
    },
    Format {
        name: "tsv",
        extensions: &["tsv", "tab"],
        media_type: "text/tab-separated-values",
        description: "table with a header row and tabs between cells",
        kind: FormatKind::Dataset,
        converter: || Box::new(Csv::tabs()),
    },
    Format {
        name: "json",
        extensions: &["json"],
        media_type: "application/json",
        description: "JSON: a list of objects is a table, anything else is text",
        kind: FormatKind::Either,
        converter: || Box::new(Json),
    },
    Format {
        name: "jsonl",
        extensions: &["jsonl", "ndjson"],
        media_type: "application/jsonl",
        description: "one JSON object a line, each a row of a table",
        kind: FormatKind::Dataset,
        converter: || Box::new(Jsonl),
    },
    Format {
        name: "pdf",
        extensions: &["pdf"],
        media_type: "application/pdf",
        description: "PDF: pages with columns, tables and headings; no text is read from images",
        kind: FormatKind::Text,
        converter: || Box::new(Pdf),
    },
    Format {
        name: "docx",
        extensions: &["docx", "docm", "dotx", "dotm"],
        media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        description: "Word documents: headings, lists, tables, notes, comments",
        kind: FormatKind::Text,
        converter: || Box::new(Docx),
    },
    Format {
        name: "html",
        extensions: &["html", "htm", "xhtml"],
        media_type: "text/html",
        description: "web pages, without their menus",
        kind: FormatKind::Text,
        converter: || Box::new(Html),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_formats_claim_the_same_name_or_ending() {
        let mut seen = HashSet::new();
        for format in formats() {
            assert!(seen.insert(format.name) || format.extensions.contains(&format.name), "{}", format.name);
            assert_eq!(format.converter().format(), format.name);
            for ending in format.extensions {
                assert!(*ending == format.name || seen.insert(ending), "{ending}");
                assert_eq!(of_extension(&ending.to_uppercase()).map(|found| found.name), Some(format.name));
            }
        }
        assert_eq!(plain_text().name, "txt");
    }
}
