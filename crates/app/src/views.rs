//! What the product shows of itself as JSON: one shape for `--json` and for the API, made from the words of `core` and `app`.
//!
//! Ranges are code points of the canonical text, boxes `[left, top, right, bottom]` in points from the top left corner of the
//! page, times ISO 8601 in UTC. A field may come; none goes or changes its meaning.

mod about;
mod answer;
mod collection;
mod generated;
mod ingest;
mod job;
mod page;
mod place;
mod report;
mod source;
mod table;
mod text;
mod trace;

pub use about::{
    Effective, Effectives, ErrorDetail, Failure, Faults, Findings, Format, InstalledModel, Model,
    PipelineText, VerifiedModels,
};
pub use answer::{Answer, Citation, FoundDocument, SearchResult, ServedAnswer, Timings};
pub use collection::{Collection, CollectionSummary, DeletedCollection};
pub use generated::{Generated, Llm, Missing, Sentence, WrittenSentence};
pub use ingest::{ConvertedFile, IngestSummary, IngestedFile};
pub use job::{Job, JobFile, Reading, UploadOptions};
pub use page::{LayoutLine, PageLayout};
pub use place::{PageArea, Place};
pub use report::{ConversionReport, Dropped, Report, Warning};
pub use source::{DeletedSources, PageLine, PageText, ShownSource, Source, SourcePage};
pub use table::{ProposedColumns, TableColumn, TableColumns};
pub use text::{Segment, SourceText};
pub use trace::{
    DeletedTraces, ListedTrace, MovedCandidate, Replay, Trace, TraceCandidate, TraceCitation, TraceFound,
    TraceGenerated, TraceLeftOut, TracePassage, TracePlace, TracePrompt, TraceSegment, TraceSentence,
    TraceSpan,
};

/// To three digits after the point.
fn round(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
