//! The words of the domain: documents, spans, filters, answers, citations, the contracts and the error.
//!
//! No IO, no async runtime, no threads: whoever depends on this crate learns what the product *means*, not how it works.

pub mod answer;
pub mod blob;
pub mod component;
pub mod context;
pub mod converter;
pub mod document;
pub mod embedder;
pub mod error;
pub mod filter;
pub mod generated;
pub mod generator;
pub mod id;
pub mod layout;
pub mod meta;
pub mod place;
pub mod prompt;
pub mod reader;
pub mod seal;
pub mod splitter;
pub mod store;
pub mod time;

pub use answer::{Answer, CanonicalText, Citation, TextSource};
pub use blob::{BlobKey, BlobStore, BlobWriter};
pub use component::{Component, Socket, SocketType, Sockets, Value, Values};
pub use context::{CancelFlag, Event, EventSink, RunContext};
pub use converter::{Converter, Dropped, Limits, Part, PartSink, ReadingReport, Warning};
pub use document::{Document, Span};
pub use embedder::{EmbedRole, Embedder, EmbedderInfo, Embedding};
pub use error::{Error, ErrorKind, Result, Retry};
pub use filter::{Comparison, Filter};
pub use generated::{Generated, GeneratedSentence, Support, Unsupported};
pub use generator::{
    FinishReason, GenerationEvent, GenerationRequest, GenerationStream, Generator, GeneratorInfo, Message,
    Role, Usage,
};
pub use id::{CollectionId, DocumentId, SourceId};
pub use layout::{Layout, printed_words};
pub use meta::{Meta, MetaValue};
pub use place::{PageArea, PageBox, PageSize, Place};
pub use prompt::{LeftOut, Passage, Prompt, Segment};
pub use reader::{Reader, ReaderSpan, Reading};
pub use seal::{IdentitySeal, Purpose, Seal, SealContext};
pub use splitter::{Splitter, SplitterSession, SplitterSource, TokenCounter};
pub use store::{
    Bm25Variant, Capabilities, Cursor, DocumentSource, DocumentStore, DuplicatePolicy, KeywordParameters,
    Page, Schema, SearchQuery, Similarity, StoreBackend, StoreHealth, StoreInfo, StoreKey, Visible,
    WriteReport,
};
