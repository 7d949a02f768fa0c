//! Contract: one step of a pipeline, with typed sockets.

use crate::{
    Answer, Document, Embedding, Error, Filter, Generated, Part, Prompt, Reading, Result, RunContext,
    SplitterSource, WriteReport,
};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

/// What may pass between components. Payloads are shared, never copied.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value {
    /// A question or another text.
    Text(Arc<str>),
    /// A number of results.
    Count(usize),
    /// A number, such as a weight.
    Number(f64),
    /// A condition on Documents.
    Filter(Arc<Filter>),
    /// A vector.
    Embedding(Embedding),
    /// Documents, best first where they have scores.
    Documents(Arc<Vec<Document>>),
    /// The reader's spans.
    Reading(Arc<Reading>),
    /// The answer.
    Answer(Arc<Answer>),
    /// What a generator is told.
    Prompt(Arc<Prompt>),
    /// What a generator wrote, checked.
    Generated(Arc<Generated>),
    /// Parts of a source's text.
    Parts(Arc<Vec<Part>>),
    /// The source that is being ingested.
    Source(Arc<SplitterSource>),
    /// What a writer did.
    Written(WriteReport),
}

/// The type of a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SocketType {
    /// [`Value::Text`].
    Text,
    /// [`Value::Count`].
    Count,
    /// [`Value::Number`].
    Number,
    /// [`Value::Filter`].
    Filter,
    /// [`Value::Embedding`].
    Embedding,
    /// [`Value::Documents`].
    Documents,
    /// [`Value::Reading`].
    Reading,
    /// [`Value::Answer`].
    Answer,
    /// [`Value::Prompt`].
    Prompt,
    /// [`Value::Generated`].
    Generated,
    /// [`Value::Parts`].
    Parts,
    /// [`Value::Source`].
    Source,
    /// [`Value::Written`].
    Written,
}

impl SocketType {
    /// The type's name in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Count => "count",
            Self::Number => "number",
            Self::Filter => "filter",
            Self::Embedding => "embedding",
            Self::Documents => "documents",
            Self::Reading => "reading",
            Self::Answer => "answer",
            Self::Prompt => "prompt",
            Self::Generated => "generated",
            Self::Parts => "parts",
            Self::Source => "source",
            Self::Written => "written",
        }
    }
}

impl Value {
    /// The socket type that takes this value.
    #[must_use]
    pub fn socket_type(&self) -> SocketType {
        match self {
            Self::Text(_) => SocketType::Text,
            Self::Count(_) => SocketType::Count,
            Self::Number(_) => SocketType::Number,
            Self::Filter(_) => SocketType::Filter,
            Self::Embedding(_) => SocketType::Embedding,
            Self::Documents(_) => SocketType::Documents,
            Self::Reading(_) => SocketType::Reading,
            Self::Answer(_) => SocketType::Answer,
            Self::Prompt(_) => SocketType::Prompt,
            Self::Generated(_) => SocketType::Generated,
            Self::Parts(_) => SocketType::Parts,
            Self::Source(_) => SocketType::Source,
            Self::Written(_) => SocketType::Written,
        }
    }
}

/// One socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Socket {
    /// Its name in connections.
    pub name: &'static str,
    /// What passes through it.
    pub kind: SocketType,
    /// For an input: whether the component waits for a value. An input that is optional and connected is waited for as well,
    /// unless its sender did not run or left its output empty.
    pub required: bool,
}

impl Socket {
    /// An input that must be given, or an output.
    #[must_use]
    pub const fn new(name: &'static str, kind: SocketType) -> Self {
        Self { name, kind, required: true }
    }

    /// An input that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str, kind: SocketType) -> Self {
        Self { name, kind, required: false }
    }
}

/// A component's sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sockets {
    /// What it takes.
    pub inputs: &'static [Socket],
    /// What it gives.
    pub outputs: &'static [Socket],
}

/// Values by socket name. The getters check the type once more, so that a defect is an error and not a panic.
#[derive(Debug, Clone, Default)]
pub struct Values(BTreeMap<String, Value>);

macro_rules! getters {
    ($($(#[$doc:meta])* $name:ident: $variant:ident -> $type:ty;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// `Internal` when there is no such value.
        pub fn $name(&self, socket: &str) -> Result<$type> {
            match self.0.get(socket) {
                Some(Value::$variant(value)) => Ok(value.clone()),
                other => Err(Self::missing(socket, stringify!($variant), other)),
            }
        }
    )*};
}

impl Values {
    /// No values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more value.
    #[must_use]
    pub fn with(mut self, socket: &str, value: Value) -> Self {
        self.0.insert(socket.to_owned(), value);
        self
    }

    /// Sets a value.
    pub fn insert(&mut self, socket: &str, value: Value) {
        self.0.insert(socket.to_owned(), value);
    }

    /// A value, if it is there.
    #[must_use]
    pub fn get(&self, socket: &str) -> Option<&Value> {
        self.0.get(socket)
    }

    /// All values in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    getters! {
        /// A text.
        text: Text -> Arc<str>;
        /// A count.
        count: Count -> usize;
        /// A number.
        number: Number -> f64;
        /// A filter.
        filter: Filter -> Arc<Filter>;
        /// A vector.
        embedding: Embedding -> Embedding;
        /// Documents.
        documents: Documents -> Arc<Vec<Document>>;
        /// The reader's spans.
        reading: Reading -> Arc<Reading>;
        /// The answer.
        answer: Answer -> Arc<Answer>;
        /// What a generator is told.
        prompt: Prompt -> Arc<Prompt>;
        /// What a generator wrote.
        generated: Generated -> Arc<Generated>;
        /// Parts.
        parts: Parts -> Arc<Vec<Part>>;
        /// The source.
        source: Source -> Arc<SplitterSource>;
        /// What a writer did.
        written: Written -> WriteReport;
    }

    fn missing(socket: &str, wanted: &str, got: Option<&Value>) -> Error {
        let got = got.map_or("nothing", |value| value.socket_type().name());
        let message = format!("socket {socket:?} holds {got}, expected {}", wanted.to_lowercase());
        Error::new(crate::ErrorKind::Internal, "core.values", message)
    }
}

/// One step of a pipeline. Shared by concurrent runs, so it keeps no state of a run: that lives in the [`RunContext`].
#[async_trait]
pub trait Component: Send + Sync + Debug {
    /// What it takes and gives.
    fn sockets(&self) -> Sockets;

    /// Loads what it needs before the first run.
    ///
    /// # Errors
    /// Whatever keeps it from running.
    async fn warm_up(&self) -> Result<()> {
        Ok(())
    }

    /// One run: every required input is there, every output that is there has its socket's type.
    ///
    /// # Errors
    /// Its own; `Cancelled` and `Timeout` from the context.
    async fn run(&self, inputs: Values, context: &RunContext) -> Result<Values>;
}
