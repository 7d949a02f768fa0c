//! How the layout of a text is stored: JSON lines `[start, end, place]`, bytes of the canonical text.

use pllm_core::{Error, ErrorKind, Layout, Place, Result};
use pllm_text::ByteRange;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum StoredPlace {
    Section { headings: Vec<String>, first_line: u32, last_line: u32 },
    Text { first_line: u32, last_line: u32 },
    Row { number: u64 },
}

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

fn stored(place: &Place) -> Result<StoredPlace> {
    match place {
        Place::Section { headings, first_line, last_line } => Ok(StoredPlace::Section {
            headings: headings.clone(),
            first_line: *first_line,
            last_line: *last_line,
        }),
        Place::Text { first_line, last_line } => {
            Ok(StoredPlace::Text { first_line: *first_line, last_line: *last_line })
        }
        Place::Row { number } => Ok(StoredPlace::Row { number: *number }),
        other => {
            let message = format!("a place of kind {} cannot be stored", other.kind());
            Err(Error::new(ErrorKind::Unsupported, "app.layout", message))
        }
    }
}

fn opened(place: StoredPlace) -> Place {
    match place {
        StoredPlace::Section { headings, first_line, last_line } => {
            Place::Section { headings, first_line, last_line }
        }
        StoredPlace::Text { first_line, last_line } => Place::Text { first_line, last_line },
        StoredPlace::Row { number } => Place::Row { number },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_reads_back() -> Result<()> {
        let section =
            Place::Section { headings: vec!["A".into(), "B \"x\"".into()], first_line: 1, last_line: 9 };
        let layout = Layout::new(vec![
            (ByteRange::new(0, 5), section),
            (ByteRange::new(5, 7), Place::Row { number: 3 }),
            (ByteRange::new(7, 9), Place::Text { first_line: 2, last_line: 3 }),
        ]);
        assert_eq!(from_bytes(&to_bytes(&layout)?)?, layout);
        assert_eq!(from_bytes(b"[1,2]\n").map_err(|e| e.kind()), Err(ErrorKind::Corrupt));
        Ok(())
    }
}
