//! A library of one text, a store that remembers what it was asked, and graphs of components that write down their runs.

use crate::prompt::SHIPPED_TEMPLATE;
use crate::{Bindings, Generators, PromptTemplate, Workers};
use async_trait::async_trait;
use pllm_core::*;
use pllm_text::{ByteRange, Language};
use std::sync::{Arc, Mutex};

/// Everything of a collection.
#[derive(Debug, Default)]
pub(super) struct Library {
    /// What `search` finds: keyword, dense.
    pub(super) keyword: Vec<Document>,
    pub(super) dense: Vec<Document>,
    pub(super) languages: Vec<Language>,
    pub(super) reading: Reading,
    /// By source, revision 1.
    pub(super) texts: Vec<Arc<CanonicalText>>,
    pub(super) searches: Mutex<Vec<SearchQuery>>,
    pub(super) read: Mutex<Vec<Vec<Document>>>,
    pub(super) written: Mutex<Vec<Document>>,
    /// What the language model writes, and what it was asked.
    pub(super) writes: Vec<&'static str>,
    pub(super) window: usize,
    pub(super) asked: Arc<Mutex<Vec<GenerationRequest>>>,
}

pub(super) fn bindings(library: &Arc<Library>) -> Bindings {
    let library = || Arc::clone(library);
    Bindings {
        source: library(),
        store: Some(library()),
        embedder: library(),
        reader: library(),
        splitter: Some(library()),
        texts: library(),
        generators: library(),
        template: PromptTemplate::parse(SHIPPED_TEMPLATE).expect("the shipped template is usable"),
        main_language: None,
        workers: Arc::new(Here),
    }
}

/// Runs work at once.
#[derive(Debug)]
struct Here;

#[async_trait]
impl Workers for Here {
    async fn run(&self, work: Box<dyn FnOnce() -> Result<Value> + Send>) -> Result<Value> {
        work()
    }
}

pub(super) fn source(name: &str) -> SourceId {
    SourceId::new(name).expect("a safe name")
}

/// A Document of `content`, which must stand in the text.
pub(super) fn document(text: &CanonicalText, content: &str, score: f64) -> Document {
    let start = text.text.find(content).expect("in the text");
    let id = DocumentId::of_chunk(&text.source, text.revision, start, content);
    let range = ByteRange::new(start, start + content.len());
    let span = Some(Span { source: text.source.clone(), revision: text.revision, range });
    Document { score: Some(score), span, ..Document::new(id, content) }
}

pub(super) fn text(name: &str, text: &str) -> Arc<CanonicalText> {
    let layout = Layout::default();
    Arc::new(CanonicalText { source: source(name), revision: 1, text: text.to_owned(), layout })
}

pub(super) fn query(text: &str) -> Value {
    Value::Text(text.into())
}

#[async_trait]
impl DocumentSource for Library {
    fn info(&self) -> StoreInfo {
        unreachable!("no component asks")
    }
    async fn count(&self, _: Option<&Filter>) -> Result<u64> {
        unreachable!("no component asks")
    }
    async fn fetch(&self, _: Option<&Filter>, _: Cursor) -> Result<Page> {
        unreachable!("no component asks")
    }
    async fn get(&self, _: &[DocumentId]) -> Result<Vec<Document>> {
        unreachable!("no component asks")
    }
    async fn search(&self, query: &SearchQuery) -> Result<Vec<Document>> {
        self.searches.lock().expect("no panic").push(query.clone());
        let (found, top_k) = match query {
            SearchQuery::Keyword { top_k, .. } => (&self.keyword, *top_k),
            SearchQuery::Embedding { top_k, .. } => (&self.dense, *top_k),
        };
        Ok(found.iter().take(top_k).cloned().collect())
    }
}

#[async_trait]
impl DocumentStore for Library {
    async fn write(&self, documents: Vec<Document>, _: DuplicatePolicy, _: Visible) -> Result<WriteReport> {
        let written = documents.len() as u64;
        self.written.lock().expect("no panic").extend(documents);
        Ok(WriteReport { written, ..WriteReport::default() })
    }
    async fn flush(&self) -> Result<()> {
        Ok(())
    }
    async fn delete(&self, _: &Filter) -> Result<u64> {
        unreachable!("no component asks")
    }
}

#[async_trait]
impl Embedder for Library {
    fn info(&self) -> EmbedderInfo {
        EmbedderInfo {
            model: "lengths".into(),
            dimension: 1,
            max_tokens: 8,
            normalised: false,
            languages: self.languages.clone(),
        }
    }
    /// The length of the text.
    async fn embed(&self, _: EmbedRole, texts: Vec<String>) -> Result<Vec<Embedding>> {
        texts.iter().map(|text| Embedding::new(vec![text.len() as f32])).collect()
    }
}

impl Reader for Library {
    fn read(&self, _: &str, documents: &[Document], _: usize) -> Result<Reading> {
        self.read.lock().expect("no panic").push(documents.to_vec());
        Ok(self.reading.clone())
    }
}

#[async_trait]
impl TextSource for Library {
    async fn text(&self, source: &SourceId, _: u32) -> Result<Arc<CanonicalText>> {
        let found = self.texts.iter().find(|text| text.source == *source);
        found.cloned().ok_or_else(|| Error::new(ErrorKind::NotFound, "test.text", "deleted"))
    }
}

/// One Document a line; a line without an end waits for the next part.
#[derive(Debug)]
struct Lines {
    source: Arc<SplitterSource>,
    rest: String,
}

impl Splitter for Library {
    fn start(&self, source: Arc<SplitterSource>) -> Box<dyn SplitterSession> {
        Box::new(Lines { source, rest: String::new() })
    }
}

impl Lines {
    fn document(&self, content: &str) -> Document {
        Document::new(DocumentId::of_chunk(&self.source.source, 1, 0, content), content)
    }
}

impl SplitterSession for Lines {
    fn push(&mut self, part: &Part) -> Result<Vec<Document>> {
        self.rest.push_str(&part.text);
        let whole = self.rest.rfind('\n').map_or(0, |at| at + 1);
        let lines: String = self.rest.drain(..whole).collect();
        Ok(lines.lines().map(|line| self.document(line)).collect())
    }
    fn finish(&mut self) -> Result<Vec<Document>> {
        let rest = std::mem::take(&mut self.rest);
        Ok(if rest.is_empty() { Vec::new() } else { vec![self.document(&rest)] })
    }
}

/// Keeps the names of started and finished components, and progress.
#[derive(Default)]
pub(super) struct Heard(pub(super) Mutex<Vec<String>>);

impl EventSink for Heard {
    fn emit(&self, event: Event) {
        let line = match event {
            Event::Started { component } => format!("+{component}"),
            Event::Finished { component, .. } => format!("-{component}"),
            Event::Progress { component, done, total } => format!("{component} {done}/{total:?}"),
            other => format!("{other:?}"),
        };
        self.0.lock().expect("no panic").push(line);
    }
}

/// A context and what is heard of it.
pub(super) fn listen() -> (RunContext, Arc<Heard>) {
    let heard = Arc::new(Heard::default());
    let events: Arc<dyn EventSink> = Arc::<Heard>::clone(&heard);
    (RunContext::new(CancelFlag::default()).with_events(events), heard)
}

impl Heard {
    /// The components that ran, in order.
    pub(super) fn ran(&self) -> Vec<String> {
        let heard = self.0.lock().expect("no panic");
        heard.iter().filter_map(|line| line.strip_prefix('-').map(str::to_owned)).collect()
    }
}

impl Generators for Library {
    fn get(&self, name: &str) -> Result<Arc<dyn Generator>> {
        let (pieces, window, asked) = (self.writes.clone(), self.window, Arc::clone(&self.asked));
        match name {
            "script" => Ok(Arc::new(Script { pieces, window, asked })),
            _ => Err(Error::new(ErrorKind::NotFound, "test.generators", "no such model")),
        }
    }
}

/// Writes its pieces, whatever it is asked; a word is a token.
#[derive(Debug)]
struct Script {
    pieces: Vec<&'static str>,
    window: usize,
    asked: Arc<Mutex<Vec<GenerationRequest>>>,
}

#[async_trait]
impl Generator for Script {
    fn info(&self) -> GeneratorInfo {
        GeneratorInfo {
            model: "script-1".into(),
            context_tokens: self.window,
            host: None,
            remote: false,
            draft: true,
        }
    }
    async fn count_tokens(&self, text: &str) -> Result<usize> {
        Ok(text.split_whitespace().count())
    }
    async fn generate(
        &self,
        request: GenerationRequest,
        _: &RunContext,
    ) -> Result<Box<dyn GenerationStream>> {
        self.asked.lock().expect("no panic").push(request);
        let texts = self.pieces.iter().map(|piece| GenerationEvent::Text((*piece).to_owned()));
        let usage = Usage { prompt_tokens: 9, cached_tokens: 0, completion_tokens: 3 };
        let end = [GenerationEvent::Usage(usage), GenerationEvent::Finish(FinishReason::Stop)];
        Ok(Box::new(Told(texts.chain(end).collect())))
    }
    async fn check(&self) -> Result<()> {
        Ok(())
    }
}

struct Told(std::collections::VecDeque<GenerationEvent>);

#[async_trait]
impl GenerationStream for Told {
    async fn next(&mut self) -> Result<Option<GenerationEvent>> {
        Ok(self.0.pop_front())
    }
}
