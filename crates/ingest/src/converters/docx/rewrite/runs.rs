//! The runs of a part while they are read: what is written, what is hidden, what is text.

use super::text_element;

/// A run being read, or the whole part.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) xml: String,
    /// Its text, as far as it is shown.
    pub(super) text: String,
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

/// What is open.
#[derive(Debug, Default)]
pub(super) struct Runs {
    part: Run,
    /// The runs that are open: a run may hold a box of text with runs of its own.
    open: Vec<Run>,
    paragraphs: Vec<Paragraph>,
    ruby: Option<Ruby>,
}

impl Runs {
    /// What is written into: the run that is open, else the part.
    pub(super) fn last(&mut self) -> &mut Run {
        self.open.last_mut().unwrap_or(&mut self.part)
    }

    /// Ends all.
    pub(super) fn finish(mut self) -> Run {
        while !self.open.is_empty() {
            self.end_run();
        }
        self.part
    }

    /// Begins a run; those of text with a reading aid are no runs of the document.
    pub(super) fn begin_run(&mut self) {
        if self.ruby.is_none() {
            let is_hidden = self.paragraphs.last().is_some_and(|paragraph| paragraph.is_hidden);
            self.open.push(Run { is_hidden, ..Run::default() });
        }
    }

    /// Ends a run: it goes into what is around it, or, hidden, to the hidden text of its paragraph.
    pub(super) fn end_run(&mut self) {
        let Some(run) = self.open.pop_if(|_| self.ruby.is_none()) else { return };
        if !run.is_hidden {
            let outer = self.last();
            outer.xml.push_str(&run.xml);
            outer.text.push_str(&run.text);
        } else if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.hidden.push_str(&run.text);
        }
    }

    /// Begins a paragraph.
    pub(super) fn begin_paragraph(&mut self) {
        self.paragraphs.push(Paragraph::default());
    }

    /// Hides the paragraph that is open, by its style.
    pub(super) fn hide_paragraph(&mut self) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.is_hidden = true;
        }
    }

    /// Ends a paragraph; gives its hidden text, if it has any.
    pub(super) fn end_paragraph(&mut self) -> Option<String> {
        self.last().text.push('\n');
        let hidden = self.paragraphs.pop()?.hidden;
        Some(hidden.trim().to_owned()).filter(|hidden| !hidden.is_empty())
    }

    /// Hides the run that is open or shows it; `says_so` when it says so itself, not by its style.
    pub(super) fn hide(&mut self, is_hidden: bool, says_so: bool) {
        let run = self.last();
        if says_so || !run.says_so {
            (run.is_hidden, run.says_so) = (is_hidden, says_so);
        }
    }

    /// Begins text with a reading aid.
    pub(super) fn begin_ruby(&mut self) {
        self.ruby = Some(Ruby::default());
    }

    /// Ends it, and writes both: the aid in brackets.
    pub(super) fn end_ruby(&mut self, prefix: &str) {
        let Ruby { base, aid } = self.ruby.take().unwrap_or_default();
        let text = if aid.is_empty() { base } else { format!("{base} ({aid})") };
        self.write(prefix, &text);
    }

    /// Takes note of text, which the part has itself.
    pub(super) fn read(&mut self, text: &str, is_aid: bool) {
        match &mut self.ruby {
            Some(ruby) if is_aid => ruby.aid.push_str(text),
            Some(ruby) => ruby.base.push_str(text),
            None => self.last().text.push_str(text),
        }
    }

    /// Copies markup, but for that of text with a reading aid, which is written as a whole.
    pub(super) fn copy(&mut self, raw: &str) {
        if self.ruby.is_none() {
            self.last().xml.push_str(raw);
        }
    }

    /// Writes text that the part has in another form.
    pub(super) fn write(&mut self, prefix: &str, text: &str) {
        self.read(text, false);
        if self.ruby.is_none() {
            self.last().xml.push_str(&text_element(prefix, text));
        }
    }
}
