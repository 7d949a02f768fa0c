//! How the layout of a text is stored: JSON lines `[start, end, place]`, bytes of the canonical text.

use pllm_core::{Error, ErrorKind, Layout, PageArea, PageBox, Place, Result};
use pllm_text::ByteRange;
use serde::{Deserialize, Serialize};

/// A place as it is written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum StoredPlace {
    Section {
        headings: Vec<String>,
        first_line: u32,
        last_line: u32,
    },
    Text {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        headings: Vec<String>,
        first_line: u32,
        last_line: u32,
    },
    Page {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        headings: Vec<String>,
        areas: Vec<StoredArea>,
    },
    Row {
        number: u64,
    },
}

/// A page, and boxes as left, top, right, bottom in hundredths of a point, rounded outwards.
pub(crate) type StoredArea = (u32, Vec<[i32; 4]>);

/// The bytes to store.
///
/// # Errors
/// `Unsupported` for a kind of place that this version cannot store.
pub fn to_bytes(layout: &Layout) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for (range, place) in layout.places() {
        let line = serde_json::to_vec(&(range.start(), range.end(), stored(place)?)).map_err(|error| {
            Error::new(ErrorKind::Internal, "app.layout", "a place does not serialise").caused_by(error)
        })?;
        bytes.extend(line);
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// The layout of stored bytes.
///
/// # Errors
/// `Corrupt` when they do not read.
pub fn from_bytes(bytes: &[u8]) -> Result<Layout> {
    let corrupt =
        |error| Error::new(ErrorKind::Corrupt, "app.layout", "a layout does not read").caused_by(error);
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let places = lines.map(|line| {
        let (start, end, place): (usize, usize, StoredPlace) =
            serde_json::from_slice(line).map_err(corrupt)?;
        Ok((ByteRange::new(start, end), opened(place)))
    });
    places.collect::<Result<_>>().map(Layout::new)
}

/// A place to write down.
///
/// # Errors
/// `Unsupported` for a kind of place that this version cannot store.
pub(crate) fn stored(place: &Place) -> Result<StoredPlace> {
    match place {
        Place::Section { headings, first_line, last_line } => Ok(StoredPlace::Section {
            headings: headings.clone(),
            first_line: *first_line,
            last_line: *last_line,
        }),
        Place::Text { headings, first_line, last_line } => Ok(StoredPlace::Text {
            headings: headings.clone(),
            first_line: *first_line,
            last_line: *last_line,
        }),
        Place::Page { headings, areas } => Ok(StoredPlace::Page {
            headings: headings.clone(),
            areas: areas
                .iter()
                .map(|area| (area.page, area.boxes.iter().map(stored_box).collect()))
                .collect(),
        }),
        Place::Row { number } => Ok(StoredPlace::Row { number: *number }),
        other => {
            let message = format!("a place of kind {} cannot be stored", other.kind());
            Err(Error::new(ErrorKind::Unsupported, "app.layout", message))
        }
    }
}

/// The place that was written down.
pub(crate) fn opened(place: StoredPlace) -> Place {
    match place {
        StoredPlace::Section { headings, first_line, last_line } => {
            Place::Section { headings, first_line, last_line }
        }
        StoredPlace::Text { headings, first_line, last_line } => {
            Place::Text { headings, first_line, last_line }
        }
        StoredPlace::Page { headings, areas } => {
            let area = |(page, boxes): StoredArea| PageArea {
                page,
                boxes: boxes.into_iter().map(opened_box).collect(),
            };
            Place::Page { headings, areas: areas.into_iter().map(area).collect() }
        }
        StoredPlace::Row { number } => Place::Row { number },
    }
}

fn stored_box(edges: &PageBox) -> [i32; 4] {
    let (low, high) = (|edge: f32| (edge * 100.0).floor() as i32, |edge: f32| (edge * 100.0).ceil() as i32);
    [low(edges.left), low(edges.top), high(edges.right), high(edges.bottom)]
}

fn opened_box([left, top, right, bottom]: [i32; 4]) -> PageBox {
    let points = |hundredths: i32| hundredths as f32 / 100.0;
    PageBox { left: points(left), top: points(top), right: points(right), bottom: points(bottom) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_reads_back() -> Result<()> {
        let section =
            Place::Section { headings: vec!["A".into(), "B \"x\"".into()], first_line: 1, last_line: 9 };
        let edges = PageBox { left: 0.5, top: 1.25, right: 100.0, bottom: 12.75 };
        let area = |page| PageArea { page, boxes: vec![edges] };
        let layout = Layout::new(vec![
            (ByteRange::new(0, 5), section),
            (ByteRange::new(5, 7), Place::Row { number: 3 }),
            (ByteRange::new(7, 9), Place::Text { headings: vec!["A".into()], first_line: 2, last_line: 3 }),
            (ByteRange::new(9, 12), Place::Page { headings: Vec::new(), areas: vec![area(1), area(2)] }),
        ]);
        assert_eq!(from_bytes(&to_bytes(&layout)?)?, layout);
        assert_eq!(from_bytes(b"[1,2]\n").map_err(|e| e.kind()), Err(ErrorKind::Corrupt));
        Ok(())
    }
}
