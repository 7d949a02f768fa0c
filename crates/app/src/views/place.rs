//! Where something stands, as JSON.

use super::round;
use pllm_core as core;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where in a file a text stands: `label` for people, the rest by kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// `section` (lines of the file), `text` (lines of its text), `page` or `row`.
    pub kind: String,
    /// As people write it: `p. 12, § 4.2`.
    pub label: String,
    /// Headings above, outermost first; not for rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headings: Option<Vec<String>>,
    /// First line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_line: Option<u32>,
    /// Last line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_line: Option<u32>,
    /// The pages it stands on, with the boxes of its lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<Vec<PageArea>>,
    /// The row of a table, from 1, the header not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
}

impl Place {
    /// A place as JSON.
    #[must_use]
    pub fn new(place: &core::Place) -> Self {
        let mut view = Self {
            kind: place.kind().to_owned(),
            label: place.label(),
            headings: None,
            first_line: None,
            last_line: None,
            pages: None,
            row: None,
        };
        match place {
            core::Place::Section { headings, first_line, last_line }
            | core::Place::Text { headings, first_line, last_line } => {
                view.headings = Some(headings.clone());
                (view.first_line, view.last_line) = (Some(*first_line), Some(*last_line));
            }
            core::Place::Page { headings, areas } => {
                view.headings = Some(headings.clone());
                view.pages = Some(areas.iter().map(PageArea::new).collect());
            }
            core::Place::Row { number } => view.row = Some(*number),
            _ => {}
        }
        view
    }
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PageArea {
    /// The page, from 1.
    pub page: u32,
    /// Its boxes, in the order of the text.
    pub boxes: Vec<[f64; 4]>,
}

impl PageArea {
    /// A page and its boxes as JSON.
    #[must_use]
    pub fn new(area: &core::PageArea) -> Self {
        Self { page: area.page, boxes: area.boxes.iter().map(edges).collect() }
    }
}

/// A box as `[left, top, right, bottom]`.
pub(super) fn edges(edges: &core::PageBox) -> [f64; 4] {
    [edges.left, edges.top, edges.right, edges.bottom].map(|edge| round(f64::from(edge)))
}
