//! The commands: each turns arguments into a use case of `app`, and its result into text or JSON.

pub(crate) mod ask;
pub(crate) mod collections;
pub(crate) mod config;
pub(crate) mod convert;
pub(crate) mod doctor;
pub(crate) mod eval;
pub(crate) mod ingest;
pub(crate) mod llms;
pub(crate) mod models;
pub(crate) mod pipeline;
mod report;
pub(crate) mod search;
pub(crate) mod serve;
pub(crate) mod sources;
pub(crate) mod trace;

use crate::arguments::Filtered;
use anyhow::Result;
use pllm_app::views::Place;
use pllm_core::{Error, Filter};
use std::path::Path;

impl Filtered {
    fn parse(&self) -> Result<Option<Filter>> {
        Ok(self.filter.as_deref().map(Filter::parse).transpose()?)
    }
}

/// A file that has to be text.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    let bytes = pllm_runtime::files::read(path)?;
    let text = String::from_utf8(bytes);
    Ok(text.map_err(|_| Error::invalid("pllm.read", format!("{} is not UTF-8", path.display())))?)
}

/// A row's name has its number in it already.
fn names_itself(place: &Place) -> bool {
    place.row.is_some()
}
