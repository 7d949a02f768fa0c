//! A page of a source as a picture of it needs it: lines and marks as boxes.

use super::place::edges;
use super::text::bytes_of;
use crate::metadata::SourceRecord;
use crate::pages;
use pllm_core::{CanonicalText, PageArea, Place, Result};
use pllm_text::CharRange;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where the lines of a page stand, and which of them were asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PageLayout {
    /// The page, from 1.
    pub page: u32,
    /// Its lines, in the order of the text.
    pub lines: Vec<LayoutLine>,
    /// The boxes of the lines that the marked range touches on this page.
    pub marks: Vec<[f64; 4]>,
}

/// A line of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LayoutLine {
    /// Its text.
    pub text: String,
    /// `[left, top, right, bottom]`; of a line in several pieces, the box around all of them.
    #[serde(rename = "box")]
    pub edges: [f64; 4],
}

impl PageLayout {
    /// Page `page`, from 1, with the lines that `mark`, code points of the text, touches.
    ///
    /// # Errors
    /// As [`pages::page_text`]; `InvalidInput` when the mark reaches past the end of the text.
    pub fn new(
        source: &SourceRecord,
        text: &CanonicalText,
        page: u32,
        mark: Option<CharRange>,
    ) -> Result<Self> {
        let shown = pages::page_text(source, text, page)?;
        let line = |line: pages::PageLine| Some(LayoutLine { edges: hull(&line.area)?, text: line.text });
        let place = match mark {
            Some(mark) => text.layout.locate(&text.text, bytes_of(text, mark)?),
            None => None,
        };
        let areas = match place {
            Some(Place::Page { areas, .. }) => areas,
            _ => Vec::new(),
        };
        let marks = areas.iter().filter(|area| area.page == page).flat_map(|area| &area.boxes);
        Ok(Self {
            page,
            lines: shown.lines.into_iter().filter_map(line).collect(),
            marks: marks.map(edges).collect(),
        })
    }
}

/// The box around all boxes of an area.
fn hull(area: &PageArea) -> Option<[f64; 4]> {
    area.boxes
        .iter()
        .map(edges)
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}
