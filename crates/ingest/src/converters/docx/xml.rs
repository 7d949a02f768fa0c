//! Reading markup (XML 1.0) event by event, with the text of each event; entities that a document declares stand for nothing.

use pllm_core::{Error, Result};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Calls `visit` for each event that is an element, text or a reference, with its text in `xml`.
///
/// # Errors
/// `InvalidInput` when `xml` is not well-formed.
pub(super) fn each<'x>(xml: &'x str, visit: &mut dyn FnMut(&Event<'x>, &'x str)) -> Result<()> {
    let mut reader = Reader::from_str(xml);
    let position = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
    let mut open = 0_usize;
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|error| malformed(&error))?;
        let raw = xml.get(start..position(&reader)).unwrap_or_default();
        match event {
            Event::Eof if open > 0 => return Err(malformed(&"it ends in the middle")),
            Event::Eof => return Ok(()),
            Event::Decl(_) | Event::DocType(_) | Event::PI(_) | Event::Comment(_) => {}
            event => {
                match &event {
                    Event::Start(_) => open += 1,
                    Event::End(_) => open = open.saturating_sub(1),
                    _ => {}
                }
                visit(&event, raw);
            }
        }
    }
}

fn malformed(error: &dyn std::fmt::Display) -> Error {
    Error::invalid(super::OPERATION, format!("the document's markup is damaged: {error}"))
}

/// The name of the element whose tag `raw` is, without its prefix; and the prefix with its colon.
pub(super) fn name(raw: &str) -> (&str, &str) {
    let tag = raw.trim_start_matches(['<', '/']);
    let tag = &tag[..tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(tag.len())];
    tag.split_at(tag.find(':').map_or(0, |colon| colon + 1))
}

/// The value of an attribute by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found =
        element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::default()).ok().map(std::borrow::Cow::into_owned)
}

/// Whether a property is on: it is, unless its value says it is not (ST_OnOff).
pub(super) fn is_on(element: &BytesStart<'_>) -> bool {
    !matches!(attribute(element, "val").as_deref(), Some("0" | "false" | "off"))
}

/// What `&name;` and `&#number;` stand for; entities that a document declares itself are none.
pub(super) fn resolve(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    quick_xml::escape::resolve_predefined_entity(reference).unwrap_or_default().to_owned()
}

/// `text` as it is written in markup.
pub(super) fn escape(text: &str) -> String {
    quick_xml::escape::partial_escape(text).into_owned()
}
