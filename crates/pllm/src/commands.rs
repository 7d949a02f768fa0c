//! The commands: each turns arguments into a use case of `app`, and its result into text or JSON.

pub(crate) mod ask;
pub(crate) mod collections;
pub(crate) mod config;
pub(crate) mod convert;
pub(crate) mod doctor;
pub(crate) mod eval;
pub(crate) mod ingest;
pub(crate) mod models;
pub(crate) mod pipeline;
mod report;
pub(crate) mod search;
pub(crate) mod sources;

use crate::arguments::Filtered;
use anyhow::Result;
use pllm_app::ask::Timings;
use pllm_core::{Error, Filter, PageArea, Place};
use serde_json::{Map, Value, json};
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
    matches!(place, Place::Row { .. })
}

/// A place as JSON.
fn place_json(place: Option<&Place>) -> Value {
    let Some(place) = place else { return Value::Null };
    let mut json = json!({"kind": place.kind(), "label": place.label()});
    match place {
        Place::Section { headings, first_line, last_line } => {
            json["headings"] = json!(headings);
            json["first_line"] = json!(first_line);
            json["last_line"] = json!(last_line);
        }
        Place::Text { headings, first_line, last_line } => {
            json["headings"] = json!(headings);
            json["first_line"] = json!(first_line);
            json["last_line"] = json!(last_line);
        }
        Place::Page { headings, areas } => {
            json["headings"] = json!(headings);
            json["pages"] = areas.iter().map(area_json).collect();
        }
        Place::Row { number } => json["row"] = json!(number),
        _ => {}
    }
    json
}

/// A page and its boxes as `[left, top, right, bottom]`, points from the top left corner of the page as it is shown.
fn area_json(area: &PageArea) -> Value {
    let boxes = area
        .boxes
        .iter()
        .map(|edges| [edges.left, edges.top, edges.right, edges.bottom].map(|edge| round(f64::from(edge))));
    json!({"page": area.page, "boxes": boxes.collect::<Vec<_>>()})
}

/// Timings as JSON: milliseconds by component, and their sum.
fn timings_json(timings: &Timings) -> Value {
    let mut map = Map::new();
    let mut total = 0.0;
    for (component, elapsed) in timings {
        let ms = elapsed.as_secs_f64() * 1000.0;
        total += ms;
        map.insert(format!("{component}_ms"), json!(round(ms)));
    }
    map.insert("total_ms".to_owned(), json!(round(total)));
    Value::Object(map)
}

/// To three digits after the point.
fn round(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
