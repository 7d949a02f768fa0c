//! From a file to its Documents: each is a slice of the stored text, and its place can be told.

use crate::collect::collect;
use crate::golden;
use pllm_core::converter::ConvertOptions;
use pllm_core::{Document, Layout, Meta, Part, Place, SourceId, Splitter, SplitterSource, TokenCounter};
use pllm_ingest::{DocumentSplitter, SplitOptions};
use pllm_text::ByteRange;
use std::sync::Arc;

#[derive(Debug)]
struct Words;

impl TokenCounter for Words {
    fn count(&self, text: &str) -> usize {
        text.split_whitespace().count()
    }

    fn max_tokens(&self) -> usize {
        100
    }
}

fn split(parts: &[Part]) -> Vec<Document> {
    let options = SplitOptions { max_tokens: 8, overlap_tokens: 2 };
    let source = SourceId::new("s").expect("a safe name");
    let source = SplitterSource { source, revision: 1, meta: Meta::new(), language: None };
    let mut session = DocumentSplitter::new(Arc::new(Words), options).start(Arc::new(source));
    let mut documents: Vec<_> =
        parts.iter().flat_map(|part| session.push(part).expect("no errors")).collect();
    documents.extend(session.finish().expect("no errors"));
    documents
}

#[test]
fn every_document_of_every_golden_file_is_a_slice_with_a_place() {
    let mut chunks = 0;
    for (name, bytes) in golden::inputs() {
        let Ok(found) = collect(&name, &bytes, &ConvertOptions::default()) else { continue };
        let rows = found.records.into_iter().map(|record| {
            let places = vec![(ByteRange::new(0, record.text.len()), record.place)];
            vec![Part { text: record.text, places }]
        });
        for parts in rows.chain([found.parts]) {
            chunks += check(&name, &parts);
        }
    }
    assert!(chunks > 50, "{chunks}");
}

fn check(name: &str, parts: &[Part]) -> usize {
    let (mut text, mut places) = (String::new(), Vec::new());
    for part in parts {
        places.extend(part.places.iter().map(|(range, place)| (range.shift(text.len()), place.clone())));
        text.push_str(&part.text);
    }
    let layout = Layout::new(places);
    let documents = split(parts);
    for document in &documents {
        let range = document.span.as_ref().expect("a span").range;
        assert_eq!(range.slice(&text), Some(document.content.as_str()), "{name}");
        match layout.locate(&text, range).expect("a place") {
            Place::Section { first_line, last_line, headings } => {
                let lines = document.content.matches('\n').count();
                assert_eq!((last_line - first_line) as usize, lines, "{name}");
                assert_eq!(headings.is_empty(), !document.meta.contains_key("headings"), "{name}");
            }
            Place::Text { first_line, last_line, .. } => {
                assert_eq!(
                    (last_line - first_line) as usize,
                    document.content.matches('\n').count(),
                    "{name}"
                );
            }
            Place::Page { areas, headings } => {
                assert!(areas.iter().all(|area| !area.boxes.is_empty()) && !areas.is_empty(), "{name}");
                assert!(areas.is_sorted_by_key(|area| area.page), "{name}");
                assert_eq!(headings.is_empty(), !document.meta.contains_key("headings"), "{name}");
            }
            place => assert!(matches!(place, Place::Row { .. }), "{name}"),
        }
    }
    documents.len()
}
