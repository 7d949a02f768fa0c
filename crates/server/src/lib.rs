//! The use cases over HTTP: the API under `/api`, OpenAI's language under `/v1`, their description, the files of the web page.
//! Maps, never decides.
//!
//! Only loopback can be bound, and only its own page may write: see `guard`. Every error is a `Problem` of one table.

mod about;
mod ask;
mod collections;
mod extract;
mod guard;
mod jobs;
mod limits;
mod listen;
mod llms;
pub mod local;
mod metrics;
mod openapi;
mod originals;
mod pages;
mod patience;
mod problem;
mod request;
mod router;
mod sources;
mod state;
mod stream;
mod traces;
mod uploads;
mod v1;

pub use ask::RetrievalMode;
pub use listen::{Bound, bind};
pub use openapi::document;
pub use problem::ProblemDocument;
pub use state::Options;
