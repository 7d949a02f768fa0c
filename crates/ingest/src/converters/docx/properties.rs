//! Title and author of a document, from its core properties (ECMA-376 part 2, 11).

use pllm_core::meta::{Meta, MetaValue, TITLE};
use quick_xml::Reader;
use quick_xml::events::Event;

/// What the properties say.
#[derive(Debug, Default)]
pub(super) struct Properties {
    title: String,
    author: String,
}

/// Reads them; they may be missing, and damaged ones are no reason to refuse the document.
pub(super) fn read(part: &str) -> Properties {
    let (mut reader, mut found, mut open) = (Reader::from_str(part), Properties::default(), String::new());
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => element.local_name().as_ref().clone_into(&mut open),
            Ok(Event::End(_)) => open.clear(),
            Ok(Event::Text(text)) => found.add(&open, &text),
            Ok(Event::GeneralRef(reference)) => found.add(&open, &super::xml::resolve(&reference)),
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

impl Properties {
    fn add(&mut self, element: &str, text: &str) {
        match element {
            "title" => self.title.push_str(text),
            "creator" => self.author.push_str(text),
            _ => {}
        }
    }
}

/// The document's title, else its first heading; and its author.
pub(super) fn meta(properties: Properties, heading: Option<String>) -> Meta {
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = Some(words(properties.title)).filter(|title| !title.is_empty()).or(heading);
    let author = Some(words(properties.author)).filter(|author| !author.is_empty());
    let named = |(key, value): (&str, Option<String>)| Some((key.to_owned(), MetaValue::String(value?)));
    [(TITLE, title), ("author", author)].into_iter().filter_map(named).collect()
}
