//! One source being split: parts in, sections and their blocks found line by line, Documents out.

use super::SplitOptions;
use super::packer::Packer;
use super::units::{Cutter, Scale};
use super::window::Window;
use pllm_core::document::Span;
use pllm_core::meta::{self, MetaValue};
use pllm_core::{Document, DocumentId, Part, Place, Result, SplitterSession, SplitterSource, TokenCounter};
use pllm_text::{ByteRange, detect};
use std::sync::Arc;

/// Keeps what is not finished from part to part. Positions are those of the canonical text.
#[derive(Debug)]
pub(super) struct Session {
    counter: Arc<dyn TokenCounter>,
    options: SplitOptions,
    source: Arc<SplitterSource>,
    window: Window,
    /// Where the block that is not finished begins; blank so far if `line` is no further.
    block: usize,
    /// Where the line that is not finished begins.
    line: usize,
    /// So far no line end was found in it.
    searched: usize,
    section: Section,
}

/// No block is longer, bytes: a log without blank lines must not become one.
const MAX_BLOCK: usize = 64 << 10;

/// The section that is open.
#[derive(Debug)]
struct Section {
    names: Vec<String>,
    /// The headings above, for the metadata.
    headings: Option<MetaValue>,
    cutter: Cutter,
    packer: Packer,
}

impl SplitterSession for Session {
    fn push(&mut self, part: &Part) -> Result<Vec<Document>> {
        let (mut documents, mut taken) = (Vec::new(), 0);
        for (range, place) in &part.places {
            if self.goes_on(place) {
                continue;
            }
            self.take(&part.text[taken..range.start()], &mut documents);
            taken = range.start();
            self.end_section(&mut documents);
            self.section = self.begin_section(place.headings());
        }
        self.take(&part.text[taken..], &mut documents);
        self.window.forget(self.section.packer.needs_from().unwrap_or(self.block).min(self.block));
        Ok(documents)
    }

    fn finish(&mut self) -> Result<Vec<Document>> {
        let mut documents = Vec::new();
        self.end_section(&mut documents);
        Ok(documents)
    }
}

impl Session {
    /// Begins a source.
    pub(super) fn new(
        counter: Arc<dyn TokenCounter>,
        options: SplitOptions,
        source: Arc<SplitterSource>,
    ) -> Self {
        let section = Section::new(&counter, options, &source, &[]);
        Self { counter, options, source, window: Window::default(), block: 0, line: 0, searched: 0, section }
    }

    /// Whether a place is but the next line of the open section: a page's lines are places, and no borders.
    fn goes_on(&self, place: &Place) -> bool {
        matches!(place, Place::Page { headings, .. } if *headings == self.section.names)
    }

    fn begin_section(&self, headings: &[String]) -> Section {
        Section::new(&self.counter, self.options, &self.source, headings)
    }

    /// Takes more text of the open section: each blank line in it ends a block.
    fn take(&mut self, text: &str, documents: &mut Vec<Document>) {
        self.window.append(text);
        loop {
            let limit = self.block + MAX_BLOCK;
            match self.window.line_end(self.searched, limit) {
                Some(end) if self.window.slice(ByteRange::new(self.line, end)).trim().is_empty() => {
                    self.end_block(self.line, documents);
                    (self.block, self.line, self.searched) = (end + 1, end + 1, end + 1);
                }
                Some(end) => (self.line, self.searched) = (end + 1, end + 1),
                None if self.window.end() > limit => self.cut_block(limit, documents),
                None => {
                    self.searched = self.window.end();
                    return;
                }
            }
        }
    }

    /// Ends a block that has no end before `limit`: after its last line, else after its last word, else where it is.
    fn cut_block(&mut self, limit: usize, documents: &mut Vec<Document>) {
        let mut end = self.line;
        if end == self.block {
            let head = self.window.head(self.block, limit);
            end = self.block + head.rfind(char::is_whitespace).filter(|at| *at > 0).unwrap_or(head.len());
        }
        self.end_block(end, documents);
        (self.block, self.line, self.searched) = (end, end, end);
    }

    fn end_block(&mut self, end: usize, documents: &mut Vec<Document>) {
        if self.block < end {
            let block = ByteRange::new(self.block, end);
            let Section { cutter, packer, .. } = &mut self.section;
            let units = cutter.units(&self.window, block, packer.budget());
            packer.add_block(&self.window, units);
            self.send(documents);
        }
    }

    fn end_section(&mut self, documents: &mut Vec<Document>) {
        let end = self.window.end();
        self.end_block(end, documents);
        self.section.packer.finish(&self.window);
        self.send(documents);
        (self.block, self.line, self.searched) = (end, end, end);
    }

    fn send(&mut self, documents: &mut Vec<Document>) {
        for range in self.section.packer.take_full() {
            documents.push(self.document(range));
        }
    }

    fn document(&self, range: ByteRange) -> Document {
        let SplitterSource { source, revision, meta, language } = &*self.source;
        let content = self.window.slice(range);
        let mut meta = meta.clone();
        if let Some(headings) = &self.section.headings {
            meta.insert(meta::HEADINGS.to_owned(), headings.clone());
        }
        let detected = detect(content);
        Document {
            meta,
            language: detected.language.filter(|_| detected.reliable).or(*language),
            span: Some(Span { source: source.clone(), revision: *revision, range }),
            ..Document::new(DocumentId::of_chunk(source, *revision, range.start(), content), content)
        }
    }
}

impl Section {
    fn new(
        counter: &Arc<dyn TokenCounter>,
        options: SplitOptions,
        source: &SplitterSource,
        headings: &[String],
    ) -> Self {
        let scale = Scale(Arc::clone(counter));
        let window = counter.max_tokens();
        let title = source.meta.get(meta::TITLE).and_then(MetaValue::as_str).unwrap_or_default();
        let above = counter.count(&format!("{title}\n{}", headings.join("\n")));
        let budget = options.max_tokens.min(window.saturating_sub(above).max(window / 2)).max(1);
        let values = headings.iter().cloned().map(MetaValue::String).collect::<Vec<_>>();
        Self {
            names: headings.to_vec(),
            headings: (!values.is_empty()).then_some(MetaValue::List(values)),
            cutter: Cutter::new(scale.clone(), source.language, !headings.is_empty()),
            packer: Packer::new(scale, budget, options.overlap_tokens),
        }
    }
}
