//! One part of a document: what the reader of the model would not see is put into words that it sees, and what nobody is shown
//! is taken out.

mod runs;

use super::{comments, symbols, xml};
use pllm_core::Result;
use quick_xml::events::{BytesStart, Event};
use runs::Runs;
use std::collections::HashSet;

/// A part made ready.
#[derive(Debug, Default)]
pub(super) struct Rewritten {
    /// The markup, in place of the part's own.
    pub(super) xml: String,
    /// The text of the part's paragraphs, a line each; one with a page number has [`PAGE_NUMBER`] in it.
    pub(super) text: String,
    /// Where in `xml` the body begins and ends, of a part that has one.
    pub(super) body: (usize, usize),
    /// Hidden text that was taken out, by paragraph.
    pub(super) hidden: Vec<String>,
    /// Headers and footers that the part's sections show.
    pub(super) margins: Vec<Margin>,
    /// The relationships that lead to files of other formats that are shown as text of the document.
    pub(super) chunks: Vec<String>,
}

/// Stands in a text where a page number does.
pub(super) const PAGE_NUMBER: char = '\u{1}';

/// A reference to a header or a footer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Margin {
    /// Whether it is on the first page of its section alone.
    pub(super) is_first: bool,
    /// The relationship that leads to it.
    pub(super) relationship: String,
}

/// Rewrites a part. Styles named in `hiding` hide the paragraphs and runs that have them.
///
/// # Errors
/// `InvalidInput` when the part is not well-formed.
pub(super) fn rewrite(part: &str, hiding: &HashSet<String>) -> Result<Rewritten> {
    let mut pass = Pass {
        hiding,
        path: Vec::new(),
        runs: Runs::default(),
        field: None,
        section: Section::default(),
        looks: 0,
        done: Rewritten::default(),
    };
    xml::each(part, &mut |event, raw| pass.event(event, raw))?;
    let whole = pass.runs.finish();
    Ok(Rewritten { xml: whole.xml, text: whole.text, ..pass.done })
}

/// The beginning of a field: where it stands in its run, and the state of its checkbox.
#[derive(Debug)]
struct Field {
    at: usize,
    checked: Option<bool>,
}

/// What the section being read refers to.
#[derive(Debug, Default)]
struct Section {
    /// With the pages that they are on: `default`, `first` or `even`.
    margins: Vec<(String, Margin)>,
    has_first_page: bool,
}

struct Pass<'x> {
    hiding: &'x HashSet<String>,
    /// The elements that are open, without prefixes.
    path: Vec<&'x str>,
    runs: Runs,
    field: Option<Field>,
    section: Section,
    /// Elements about the look of text that are open.
    looks: usize,
    done: Rewritten,
}

impl<'x> Pass<'x> {
    fn event(&mut self, event: &Event<'x>, raw: &'x str) {
        let (prefix, name) = xml::name(raw);
        match event {
            Event::Start(element) => {
                self.begin(element, name);
                self.looks += usize::from(is_look(prefix, name));
                self.put(element, prefix, name, raw);
                self.path.push(name);
            }
            Event::Empty(element) => {
                if !matches!(name, "r" | "p" | "ruby") {
                    self.begin(element, name);
                }
                if !is_look(prefix, name) {
                    self.put(element, prefix, name, raw);
                }
            }
            Event::End(_) => {
                self.path.pop();
                self.end(prefix, name, raw);
                self.looks -= usize::from(is_look(prefix, name));
            }
            Event::Text(_) => {
                self.read(raw);
                self.runs.copy(raw);
            }
            Event::CData(text) => self.read_and_write(text),
            Event::GeneralRef(reference) => self.read_and_write(&xml::resolve(reference)),
            _ => {}
        }
    }

    /// What the beginning of an element changes.
    fn begin(&mut self, element: &BytesStart<'x>, name: &str) {
        let above = self.path.last().copied().unwrap_or_default();
        let of_run = above == "rPr" && self.path.iter().nth_back(1) == Some(&"r");
        let hides = || xml::attribute(element, "val").is_some_and(|style| self.hiding.contains(&style));
        match name {
            "r" => self.runs.begin_run(),
            "p" => self.runs.begin_paragraph(),
            "pStyle" if above == "pPr" && hides() => self.runs.hide_paragraph(),
            "rStyle" if of_run && hides() => self.runs.hide(true, false),
            "vanish" if of_run => self.runs.hide(xml::is_on(element), true),
            "ruby" => self.runs.begin_ruby(),
            "fldChar" => self.field = Some(Field { at: self.runs.last().xml.len(), checked: None }),
            "default" if above == "checkBox" => self.check(xml::is_on(element), false),
            "checked" if above == "checkBox" => self.check(xml::is_on(element), true),
            "fldSimple" => self.field_code(&xml::attribute(element, "instr").unwrap_or_default()),
            "headerReference" | "footerReference" => self.refer(element),
            "titlePg" => self.section.has_first_page = xml::is_on(element),
            "altChunk" => self.done.chunks.extend(xml::attribute(element, "id")),
            "tab" | "ptab" | "br" | "cr" if above == "r" => self.runs.last().text.push(' '),
            _ => {}
        }
    }

    /// Writes the beginning of an element, or what stands in its place.
    fn put(&mut self, element: &BytesStart<'x>, prefix: &str, name: &str, raw: &str) {
        let value = |name| xml::attribute(element, name).unwrap_or_default();
        match name {
            _ if self.looks > 0 => {}
            // Their attributes tell when they were edited.
            "p" | "r" if !raw.ends_with("/>") => self.runs.copy(&format!("<{prefix}{name}>")),
            "noBreakHyphen" => self.runs.write(prefix, "-"),
            "sym" => {
                let found = symbols::character(&value("font"), &value("char"));
                found.into_iter().for_each(|sign| self.runs.write(prefix, sign.encode_utf8(&mut [0; 4])));
            }
            "commentReference" => {
                let id = comments::note_id(&value("id"));
                self.runs.copy(&format!("<{prefix}footnoteReference {prefix}id=\"{id}\"/>"));
            }
            _ => self.runs.copy(raw),
        }
        if name == "body" {
            self.done.body.0 = self.runs.last().xml.len();
        }
    }

    fn end(&mut self, prefix: &str, name: &str, raw: &str) {
        match name {
            "ruby" => return self.runs.end_ruby(prefix),
            "noBreakHyphen" | "sym" | "commentReference" => return,
            "body" => self.done.body.1 = self.runs.last().xml.len(),
            _ => {}
        }
        if self.looks == 0 {
            self.runs.copy(raw);
        }
        match name {
            "r" => self.runs.end_run(),
            "p" => self.done.hidden.extend(self.runs.end_paragraph()),
            "fldChar" => self.end_field(prefix),
            "sectPr" => {
                let Section { margins, has_first_page } = std::mem::take(&mut self.section);
                let is_shown = |kind: &str| kind == "default" || kind == "first" && has_first_page;
                let shown = margins.into_iter().filter(|(kind, _)| is_shown(kind));
                self.done.margins.extend(shown.map(|(_, margin)| margin));
            }
            _ => {}
        }
    }

    /// Takes note of a checkbox: its own state counts more than the one it begins with.
    fn check(&mut self, checked: bool, is_own: bool) {
        if let Some(field) = self.field.as_mut().filter(|field| is_own || field.checked.is_none()) {
            field.checked = Some(checked);
        }
    }

    /// Writes the state of a field's checkbox before the field, where it is seen.
    fn end_field(&mut self, prefix: &str) {
        if let Some(Field { at, checked: Some(checked) }) = self.field.take() {
            let run = self.runs.last();
            let at = at.min(run.xml.len());
            run.xml.insert_str(at, &text_element(prefix, anydoc::model::checkbox_text(checked)));
        }
    }

    fn refer(&mut self, element: &BytesStart<'_>) {
        let kind = xml::attribute(element, "type").unwrap_or_else(|| "default".to_owned());
        if let Some(relationship) = xml::attribute(element, "id") {
            let margin = Margin { is_first: kind == "first", relationship };
            self.section.margins.push((kind, margin));
        }
    }

    fn read_and_write(&mut self, text: &str) {
        self.read(text);
        self.runs.copy(&xml::escape(text));
    }

    /// Takes note of text that is shown, and of the code of a field.
    fn read(&mut self, text: &str) {
        match self.path.last() {
            Some(&"t") => self.runs.read(text, self.path.contains(&"rt")),
            Some(&"instrText") => self.field_code(text),
            _ => {}
        }
    }

    /// Takes note of a field that shows the number of the page.
    fn field_code(&mut self, code: &str) {
        if code.split_whitespace().next() == Some("PAGE") {
            self.runs.last().text.push(PAGE_NUMBER);
        }
    }
}

/// Whether an element is about the look of text or the work on it. The model need not have them: in most documents they are
/// more than half of the markup.
fn is_look(prefix: &str, name: &str) -> bool {
    matches!(name, "rPr" | "proofErr" | "bookmarkStart" | "bookmarkEnd" | "lastRenderedPageBreak")
        && prefix != "m:"
}

/// An element with text.
fn text_element(prefix: &str, text: &str) -> String {
    format!("<{prefix}t xml:space=\"preserve\">{}</{prefix}t>", xml::escape(text))
}
