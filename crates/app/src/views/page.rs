//! A page of a source as a picture of it needs it: lines and marks as boxes.

use super::place::edges;
use super::round;
use super::text::bytes_of;
use crate::metadata::SourceRecord;
use crate::pages;
use pllm_core::{CanonicalText, PageArea, Place, Result};
use pllm_text::CharRange;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where the lines of a page stand, and the words that were asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PageLayout {
    /// The page, from 1.
    pub page: u32,
    /// Its width as it is shown, points; not known of what an earlier version read.
    #[schema(required)]
    pub width: Option<f64>,
    /// Its height.
    #[schema(required)]
    pub height: Option<f64>,
    /// Its lines, in the order of the text.
    pub lines: Vec<LayoutLine>,
    /// Where the words of the marked range are on this page, those side by side as one box.
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
    /// Page `page`, from 1, with the words that `mark`, code points of the text, touches.
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
        let size = source.detail.report.page_size(page);
        Ok(Self {
            page,
            width: size.map(|(width, _)| round(f64::from(width))),
            height: size.map(|(_, height)| round(f64::from(height))),
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
