//! The shipped pipelines run over fakes; files with faults; the engine's promises.

mod answers;
mod engine;
mod fakes;
mod files;
mod generated;
mod retrieval;
mod shipped;
