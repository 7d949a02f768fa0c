//! The use cases: collections, sources, ingest, search, ask, evaluate; the metadata database; configuration to components.

pub mod answer;
pub mod app;
pub mod ask;
pub mod caller;
mod clear;
pub mod clock;
pub mod collections;
pub mod config;
pub mod conversion;
pub mod doctor;
pub mod embed;
pub mod evaluate;
mod gates;
pub mod ingest;
pub mod jobs;
pub mod layout;
pub mod llms;
pub mod metadata;
pub mod models;
pub mod pages;
pub mod pipelines;
pub mod report;
pub mod shown;
pub mod sources;
mod tables;
pub mod texts;
pub mod traces;
pub mod views;

pub use app::{App, Opened};
pub use models::DEFAULT_EMBEDDER;
