//! One part of a document: what the reader of the model would not see is put into words that it sees, and what nobody is shown
//! is taken out.

use super::{symbols, xml};
use pllm_core::Result;
use quick_xml::events::{BytesStart, Event};
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
        frames: vec![Frame::default()],
        paragraphs: Vec::new(),
        ruby: None,
        field: None,
        section: Vec::new(),
        has_first_page: false,
        done: Rewritten::default(),
    };
    xml::each(part, &mut |event, raw| pass.event(event, raw))?;
    while pass.frames.len() > 1 {
        pass.end_run();
    }
    let whole = pass.frames.pop().unwrap_or_default();
    Ok(Rewritten { xml: whole.xml, text: whole.text, ..pass.done })
}

/// A run being read, or the whole part.
#[derive(Debug, Default)]
struct Frame {
    xml: String,
    text: String,
    is_hidden: bool,
    /// Whether the run says itself whether it is hidden: then its style does not.
    says_so: bool,
}

/// A paragraph being read.
#[derive(Debug, Default)]
struct Paragraph {
    is_hidden: bool,
    /// Its hidden text.
    hidden: String,
}

/// Text with a reading aid.
#[derive(Debug, Default)]
struct Ruby {
    base: String,
    aid: String,
}

/// The beginning of a field: where it stands in the frame, and the state of its checkbox.
#[derive(Debug)]
struct Field {
    at: usize,
    checked: Option<bool>,
}

struct Pass<'x> {
    hiding: &'x HashSet<String>,
    /// The elements that are open, without prefixes.
    path: Vec<&'x str>,
    /// The part, and each run that is open.
    frames: Vec<Frame>,
    paragraphs: Vec<Paragraph>,
    ruby: Option<Ruby>,
    field: Option<Field>,
    /// What the section being read refers to.
    section: Vec<(String, Margin)>,
    has_first_page: bool,
    done: Rewritten,
}

impl<'x> Pass<'x> {
    fn event(&mut self, event: &Event<'x>, raw: &'x str) {
        match event {
            Event::Start(element) => {
                let (prefix, name) = xml::name(raw);
                self.begin(element, prefix, name, raw);
                self.path.push(name);
            }
            Event::Empty(element) => {
                let (prefix, name) = xml::name(raw);
                match name {
                    "r" | "p" => self.copy(raw),
                    _ => self.begin(element, prefix, name, raw),
                }
            }
            Event::End(_) => {
                self.path.pop();
                let (prefix, name) = xml::name(raw);
                self.end(prefix, name, raw);
            }
            Event::Text(_) => {
                self.read(raw);
                self.copy(raw);
            }
            Event::CData(text) => {
                self.read(text);
                self.copy(&xml::escape(text));
            }
            Event::GeneralRef(reference) => {
                let text = xml::resolve(reference);
                self.read(&text);
                self.copy(&xml::escape(&text));
            }
            _ => {}
        }
    }

    /// An element begins, or is empty.
    fn begin(&mut self, element: &BytesStart<'x>, prefix: &str, name: &str, raw: &str) {
        let value = || xml::attribute(element, "val").unwrap_or_default();
        let above = self.path.last().copied().unwrap_or_default();
        let of_run = above == "rPr" && self.path.iter().nth_back(1) == Some(&"r");
        match name {
            "r" if self.ruby.is_none() => {
                let is_hidden = self.paragraphs.last().is_some_and(|paragraph| paragraph.is_hidden);
                self.frames.push(Frame { is_hidden, ..Frame::default() });
            }
            "p" => self.paragraphs.push(Paragraph::default()),
            "pStyle" if above == "pPr" => {
                let is_hidden = self.hiding.contains(&value());
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.is_hidden = is_hidden;
                }
            }
            "rStyle" if of_run && self.hiding.contains(&value()) => self.hide(true, false),
            "vanish" if of_run => self.hide(xml::is_on(element), true),
            "ruby" => self.ruby = Some(Ruby::default()),
            "fldChar" => self.field = Some(Field { at: self.frame().xml.len(), checked: None }),
            "checked" | "default" if above == "checkBox" => {
                if let Some(field) = &mut self.field {
                    let is_set = name == "checked" || field.checked.is_none();
                    field.checked = if is_set { Some(xml::is_on(element)) } else { field.checked };
                }
            }
            "headerReference" | "footerReference" => self.refer(element),
            "tab" | "ptab" | "br" | "cr" if above == "r" => self.frame().text.push(' '),
            "fldSimple" => self.field_code(&xml::attribute(element, "instr").unwrap_or_default()),
            "altChunk" => self.done.chunks.extend(xml::attribute(element, "id")),
            "titlePg" => self.has_first_page = xml::is_on(element),
            _ => {}
        }
        match name {
            "noBreakHyphen" => self.write(prefix, "-"),
            "sym" => {
                let (font, code) = (xml::attribute(element, "font"), xml::attribute(element, "char"));
                let found = symbols::character(&font.unwrap_or_default(), &code.unwrap_or_default());
                found.into_iter().for_each(|sign| self.write(prefix, sign.encode_utf8(&mut [0; 4])));
            }
            "commentReference" => {
                let id = xml::attribute(element, "id").unwrap_or_default();
                self.copy(&format!(
                    "<{prefix}footnoteReference {prefix}id=\"{}\"/>",
                    super::comments::note_id(&id)
                ));
            }
            _ => self.copy(raw),
        }
        if name == "body" {
            self.done.body.0 = self.frame().xml.len();
        }
    }

    fn end(&mut self, prefix: &str, name: &str, raw: &str) {
        match name {
            "body" => {
                self.done.body.1 = self.frame().xml.len();
                self.copy(raw);
            }
            "ruby" => {
                let Ruby { base, aid } = self.ruby.take().unwrap_or_default();
                let text = if aid.is_empty() { base } else { format!("{base} ({aid})") };
                self.write(prefix, &text);
            }
            "noBreakHyphen" | "sym" | "commentReference" => {}
            _ => self.copy(raw),
        }
        match name {
            "r" if self.ruby.is_none() => self.end_run(),
            "p" => {
                let hidden = self.paragraphs.pop().unwrap_or_default().hidden;
                if !hidden.trim().is_empty() {
                    self.done.hidden.push(hidden.trim().to_owned());
                }
                self.frame().text.push('\n');
            }
            "fldChar" => {
                let field = self.field.take();
                if let Some(Field { at, checked: Some(checked) }) = field {
                    let text = text_element(prefix, anydoc::model::checkbox_text(checked));
                    let frame = self.frame();
                    let at = at.min(frame.xml.len());
                    frame.xml.insert_str(at, &text);
                }
            }
            "sectPr" => {
                let has_first_page = std::mem::take(&mut self.has_first_page);
                let shown = |kind: &str| kind == "default" || kind == "first" && has_first_page;
                let section = std::mem::take(&mut self.section).into_iter().filter(|(kind, _)| shown(kind));
                self.done.margins.extend(section.map(|(_, margin)| margin));
            }
            _ => {}
        }
    }

    fn end_run(&mut self) {
        let Some(run) = self.frames.pop() else { return };
        if run.is_hidden {
            if let Some(paragraph) = self.paragraphs.last_mut() {
                paragraph.hidden.push_str(&run.text);
            }
        } else {
            let outer = self.frame();
            outer.xml.push_str(&run.xml);
            outer.text.push_str(&run.text);
        }
    }

    fn hide(&mut self, is_hidden: bool, says_so: bool) {
        let frame = self.frame();
        if says_so || !frame.says_so {
            (frame.is_hidden, frame.says_so) = (is_hidden, says_so);
        }
    }

    fn refer(&mut self, element: &BytesStart<'_>) {
        let kind = xml::attribute(element, "type").unwrap_or_else(|| "default".to_owned());
        if let Some(relationship) = xml::attribute(element, "id") {
            self.section.push((kind.clone(), Margin { is_first: kind == "first", relationship }));
        }
    }

    /// Takes note of text that is shown.
    fn read(&mut self, text: &str) {
        match self.path.last() {
            Some(&"t") => {}
            Some(&"instrText") => return self.field_code(text),
            _ => return,
        }
        let in_aid = self.path.contains(&"rt");
        match &mut self.ruby {
            Some(ruby) if in_aid => ruby.aid.push_str(text),
            Some(ruby) => ruby.base.push_str(text),
            None => self.frame().text.push_str(text),
        }
    }

    /// Takes note of a field that shows the number of the page.
    fn field_code(&mut self, code: &str) {
        if code.split_whitespace().next() == Some("PAGE") {
            self.frame().text.push(PAGE_NUMBER);
        }
    }

    /// Copies markup, but for that of text with a reading aid, which is written as a whole.
    fn copy(&mut self, raw: &str) {
        if self.ruby.is_none() {
            self.frame().xml.push_str(raw);
        }
    }

    /// Writes text into the run that is open.
    fn write(&mut self, prefix: &str, text: &str) {
        match &mut self.ruby {
            Some(ruby) => ruby.base.push_str(text),
            None => {
                let frame = self.frame();
                frame.text.push_str(text);
                frame.xml.push_str(&text_element(prefix, text));
            }
        }
    }

    fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }
}

fn text_element(prefix: &str, text: &str) -> String {
    format!("<{prefix}t xml:space=\"preserve\">{}</{prefix}t>", xml::escape(text))
}
