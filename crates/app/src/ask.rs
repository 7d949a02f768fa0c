//! A question to its answer, and a search to its Documents: one graph, stopped where the caller wants.

use crate::app::App;
use crate::clear::documents_of;
use crate::collections::Collection;
use crate::metadata::RevisionDetail;
use pllm_core::store::Cursor;
use pllm_core::{
    Answer, CancelFlag, Citation, Document, Error, Event, EventSink, Filter, Generated, Place, Prompt,
    Reading, Result, RunContext, SourceId, Span, Value, Values,
};
use pllm_text::CharRange;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How to retrieve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// By words and by vectors.
    #[default]
    Hybrid,
    /// By words alone.
    Keyword,
    /// By vectors alone.
    Dense,
}

impl Mode {
    /// The mode in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hybrid => "hybrid",
            Self::Keyword => "keyword",
            Self::Dense => "dense",
        }
    }

    /// A mode by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Hybrid, Self::Keyword, Self::Dense].into_iter().find(|mode| mode.name() == name)
    }

    /// The outputs of the ask pipeline that are lists of one search.
    fn lists(self) -> &'static [&'static str] {
        match self {
            Self::Hybrid => &["keyword", "dense"],
            Self::Keyword => &["keyword"],
            Self::Dense => &["dense"],
        }
    }
}

impl Lists {
    fn of(values: &Values) -> Self {
        let list = |name| values.documents(name).ok();
        Self { keyword: list("keyword"), dense: list("dense") }
    }
}

/// A question.
#[derive(Debug, Clone)]
pub struct AskRequest {
    /// As it was typed.
    pub question: String,
    /// Only Documents that match.
    pub filter: Option<Filter>,
    /// Most Documents in the result; none = as configured.
    pub top_k: Option<usize>,
    /// How to retrieve.
    pub mode: Mode,
    /// The Documents to read, in write order, instead of retrieving any.
    pub given: Option<Filter>,
    /// Whether the lists of both searches are wanted too, for a trace.
    pub lists: bool,
    /// To stop.
    pub cancel: CancelFlag,
    /// When the answer is of no use any more.
    pub deadline: Option<Instant>,
}

impl AskRequest {
    /// A question with the usual settings.
    #[must_use]
    pub fn new(question: &str) -> Self {
        Self {
            question: question.to_owned(),
            filter: None,
            top_k: None,
            mode: Mode::default(),
            given: None,
            lists: false,
            cancel: CancelFlag::default(),
            deadline: None,
        }
    }
}

/// How long each component took, in the order they ran.
pub type Timings = Vec<(String, Duration)>;

/// What a question got.
#[derive(Debug, Clone)]
pub struct AskOutcome {
    /// The answer.
    pub answer: Arc<Answer>,
    /// The Documents it was looked for in, best first.
    pub documents: Arc<Vec<Document>>,
    /// What the reader found in them.
    pub reading: Arc<Reading>,
    /// What each search found, where that was wanted.
    pub lists: Lists,
    /// How long each component took.
    pub timings: Timings,
}

/// The Documents of both searches before they were joined, best first; none of a search that did not run.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// By words.
    pub keyword: Option<Arc<Vec<Document>>>,
    /// By meaning.
    pub dense: Option<Arc<Vec<Document>>>,
}

/// What a language model wrote about a question.
#[derive(Debug, Clone)]
pub struct Writing {
    /// The name that it was asked by.
    pub llm: String,
    /// The host that got the prompt; none when it stayed on this computer.
    pub host: Option<String>,
    /// What it wrote, checked.
    pub generated: Arc<Generated>,
    /// What it was told.
    pub prompt: Arc<Prompt>,
    /// What its sentences rest on, each once, in their order.
    pub citations: Vec<NamedCitation>,
    /// How long each component took.
    pub timings: Timings,
}

/// A Document with its place.
#[derive(Debug, Clone)]
pub struct FoundDocument {
    /// The Document.
    pub document: Document,
    /// The file's name, with the row for a dataset.
    pub name: String,
    /// The file's path.
    pub path: String,
    /// Where it stands in the file.
    pub place: Option<Place>,
    /// Code points of the canonical text.
    pub chars: Option<CharRange>,
}

/// A citation with the names that people know.
#[derive(Debug, Clone)]
pub struct NamedCitation {
    /// The citation.
    pub citation: Citation,
    /// The file's name, with the row for a dataset.
    pub name: String,
    /// The file's path.
    pub path: String,
    /// The format it was read as.
    pub format: String,
    /// What of the file was not read, for people.
    pub unread: Option<String>,
}

impl NamedCitation {
    /// None for a source that was deleted since it was read: it is not cited any more.
    pub(crate) fn new(citation: &Citation, details: &Details) -> Option<Self> {
        let detail = details.get(citation.source())?.clone();
        Some(Self {
            citation: citation.clone(),
            name: detail.name,
            unread: detail.report.unread(),
            path: detail.path,
            format: detail.format,
        })
    }
}

/// What is known about the current revisions of sources.
pub(crate) type Details = HashMap<SourceId, RevisionDetail>;

/// What of the best source was not read: the answer may stand there.
#[must_use]
pub fn unread_note(citations: &[NamedCitation]) -> Option<String> {
    let best = citations.first()?;
    best.unread.as_ref().map(|unread| format!("{} was not read as a whole: {unread}", best.name))
}

impl App {
    /// Answers a question from a collection.
    ///
    /// # Errors
    /// `InvalidInput` for an empty question or a filter that cannot be evaluated; `NotFound` for an unknown collection.
    pub async fn ask(
        &self,
        collection: &str,
        request: &AskRequest,
    ) -> Result<(AskOutcome, Vec<NamedCitation>)> {
        self.ask_telling(collection, request, None).await
    }

    /// The same, while `listener` hears which component works.
    ///
    /// # Errors
    /// As [`App::ask`].
    pub async fn ask_telling(
        &self,
        collection: &str,
        request: &AskRequest,
        listener: Option<Arc<dyn EventSink>>,
    ) -> Result<(AskOutcome, Vec<NamedCitation>)> {
        let collection = self.collection(collection).await?;
        let outcome = self.ask_in(&collection, request, listener).await?;
        let citations = self.named_citations(&collection, &outcome.answer.citations).await?;
        Ok((outcome, citations))
    }

    /// Lets the language model `llm` write about a question that was asked, from what was found for it. The same graph as
    /// [`App::ask`], entered at the prompt builder; `listener` hears each sentence when it is checked.
    ///
    /// # Errors
    /// `NotFound` for an unknown model; `Denied` when the collection's text may not be sent to it; the generator's own.
    pub async fn write(
        &self,
        collection: &str,
        request: &AskRequest,
        llm: &str,
        outcome: &AskOutcome,
        listener: Option<Arc<dyn EventSink>>,
    ) -> Result<Writing> {
        let collection = self.collection(collection).await?;
        let clock = Arc::new(StopWatch { listener, ..StopWatch::default() });
        let inputs = Values::new()
            .with("query", Value::Text(request.question.as_str().into()))
            .with("llm", Value::Text(llm.into()))
            .with("prompt_builder.documents", Value::Documents(Arc::clone(&outcome.documents)))
            .with("prompt_builder.reading", Value::Reading(Arc::clone(&outcome.reading)));
        let pipeline = self.pipelines(&collection).await?.ask(request.mode);
        let values = pipeline.run(inputs, &["prompt", "generated"], &context(request, clock.clone())).await?;
        let (generated, prompt) = (values.generated("generated")?, values.prompt("prompt")?);
        let mut cited: Vec<Citation> = Vec::new();
        for citation in generated.sentences.iter().flat_map(|sentence| &sentence.citations) {
            if !cited.contains(citation) {
                cited.push(citation.clone());
            }
        }
        Ok(Writing {
            llm: llm.to_owned(),
            host: self.llms.host(llm)?,
            citations: self.named_citations(&collection, &cited).await?,
            generated,
            prompt,
            timings: clock.take(),
        })
    }

    /// The best Documents for a question with their places, and how long it took.
    ///
    /// # Errors
    /// As [`App::ask`].
    pub async fn search(
        &self,
        collection: &str,
        request: &AskRequest,
    ) -> Result<(Vec<FoundDocument>, Timings)> {
        let collection = self.collection(collection).await?;
        let (documents, timings) = self.retrieve(&collection, request).await?;
        let mut documents = Arc::unwrap_or_clone(documents);
        documents.truncate(request.top_k.unwrap_or(self.config.search_top_k));
        Ok((self.found(&collection, documents).await?, timings))
    }

    /// The Documents with their places; all are looked up at once.
    pub(crate) async fn found(
        &self,
        collection: &Collection,
        documents: Vec<Document>,
    ) -> Result<Vec<FoundDocument>> {
        let spans: Vec<Span> = documents.iter().filter_map(|document| document.span.clone()).collect();
        let details = self.details(collection, spans.iter().map(|span| &span.source)).await?;
        let mut standings = collection.texts.stand(spans).await?.into_iter();
        let found = |document: Document| {
            let span = document.span.as_ref();
            let detail = span.and_then(|span| details.get(&span.source)).cloned().unwrap_or_default();
            let standing = span.and_then(|_| standings.next());
            let (place, chars) = standing.map_or((None, None), |standing| (standing.place, standing.chars));
            FoundDocument { document, name: detail.name, path: detail.path, place, chars }
        };
        Ok(documents.into_iter().map(found).collect())
    }

    /// What is known about the current revisions of sources.
    pub(crate) async fn details(
        &self,
        collection: &Collection,
        sources: impl Iterator<Item = &SourceId>,
    ) -> Result<Details> {
        let sources: BTreeSet<SourceId> = sources.cloned().collect();
        let records = self.meta.sources_of(&collection.record.id, sources.into_iter().collect()).await?;
        Ok(records.into_iter().map(|record| (record.id, record.detail)).collect())
    }

    pub(crate) async fn retrieve(
        &self,
        collection: &Collection,
        request: &AskRequest,
    ) -> Result<(Arc<Vec<Document>>, Timings)> {
        let clock = Arc::new(StopWatch::default());
        let values = self.run(collection, request, &["documents"], &clock).await?;
        Ok((values.documents("documents")?, clock.take()))
    }

    /// The best Documents, and the lists that they were joined from.
    pub(crate) async fn retrieve_lists(
        &self,
        collection: &Collection,
        request: &AskRequest,
    ) -> Result<(Arc<Vec<Document>>, Lists)> {
        let outputs: Vec<&str> = ["documents"].iter().chain(request.mode.lists()).copied().collect();
        let values = self.run(collection, request, &outputs, &Arc::default()).await?;
        Ok((values.documents("documents")?, Lists::of(&values)))
    }

    pub(crate) async fn ask_in(
        &self,
        collection: &Collection,
        request: &AskRequest,
        listener: Option<Arc<dyn EventSink>>,
    ) -> Result<AskOutcome> {
        let clock = Arc::new(StopWatch { listener, ..StopWatch::default() });
        let mut outputs = vec!["answer", "reading"];
        if request.given.is_none() {
            outputs.push("documents");
            outputs.extend(request.mode.lists().iter().filter(|_| request.lists));
        }
        let values = self.run(collection, request, &outputs, &clock).await?;
        Ok(AskOutcome {
            answer: values.answer("answer")?,
            documents: values.documents("documents").unwrap_or_default(),
            reading: values.reading("reading")?,
            lists: Lists::of(&values),
            timings: clock.take(),
        })
    }

    async fn run(
        &self,
        collection: &Collection,
        request: &AskRequest,
        outputs: &[&str],
        clock: &Arc<StopWatch>,
    ) -> Result<Values> {
        if request.question.trim().is_empty() {
            return Err(Error::invalid("app.ask", "the question is empty, expected a text"));
        }
        let mut inputs = Values::new().with("query", Value::Text(request.question.as_str().into()));
        match &request.given {
            Some(given) => {
                inputs
                    .insert("reader.documents", Value::Documents(Arc::new(fetch(collection, given).await?)));
            }
            None => self.retrieval_inputs(collection, request, &mut inputs).await?,
        }
        self.pipelines(collection)
            .await?
            .ask(request.mode)
            .run(inputs, outputs, &context(request, clock.clone()))
            .await
    }

    async fn retrieval_inputs(
        &self,
        collection: &Collection,
        request: &AskRequest,
        inputs: &mut Values,
    ) -> Result<()> {
        if let Some(filter) = self.visible(collection, request.filter.as_ref()).await? {
            inputs.insert("filter", Value::Filter(Arc::new(filter)));
        }
        Ok(())
    }

    /// The caller's filter, without Documents of revisions that are not finished.
    async fn visible(&self, collection: &Collection, filter: Option<&Filter>) -> Result<Option<Filter>> {
        let pending = self.meta.pending(&collection.record.id).await?;
        if pending.is_empty() {
            return Ok(filter.cloned());
        }
        let mut all = vec![Filter::Not(vec![documents_of(&pending)])];
        all.extend(filter.cloned());
        Ok(Some(Filter::And(all)))
    }

    /// Citations with the names of their files.
    async fn named_citations(
        &self,
        collection: &Collection,
        citations: &[Citation],
    ) -> Result<Vec<NamedCitation>> {
        let details = self.details(collection, citations.iter().map(Citation::source)).await?;
        Ok(citations.iter().filter_map(|citation| NamedCitation::new(citation, &details)).collect())
    }
}

/// The context of a run for a question.
fn context(request: &AskRequest, clock: Arc<StopWatch>) -> RunContext {
    let context = RunContext::new(request.cancel.clone()).with_events(clock);
    match request.deadline {
        Some(deadline) => context.with_deadline(deadline),
        None => context,
    }
}

async fn fetch(collection: &Collection, filter: &Filter) -> Result<Vec<Document>> {
    let (mut documents, mut cursor) = (Vec::new(), Cursor::default());
    loop {
        let page = collection.store.fetch(Some(filter), cursor).await?;
        documents.extend(page.documents);
        match page.next {
            Some(next) => cursor = next,
            None => return Ok(documents),
        }
    }
}

/// Hears how long components take, and passes on what it hears.
#[derive(Default)]
struct StopWatch {
    timings: Mutex<Timings>,
    listener: Option<Arc<dyn EventSink>>,
}

impl StopWatch {
    fn take(&self) -> Timings {
        std::mem::take(&mut self.timings.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl EventSink for StopWatch {
    fn emit(&self, event: Event) {
        if let Event::Finished { component, elapsed } = &event {
            let mut timings = self.timings.lock().unwrap_or_else(PoisonError::into_inner);
            timings.push((component.to_string(), *elapsed));
        }
        if let Some(listener) = &self.listener {
            listener.emit(event);
        }
    }
}
