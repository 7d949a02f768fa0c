//! Comments of a document, made notes: they stand below the text that they are about.

use super::xml;
use pllm_core::Result;
use quick_xml::events::Event;

/// The id of the note that a comment becomes; notes of the document itself have numbers.
pub(super) fn note_id(comment: &str) -> String {
    format!("comment-{}", xml::escape(comment))
}

/// The comments of the part `comments`, each as a note: who wrote it, then what. Empty where there are none.
///
/// # Errors
/// `InvalidInput` when the part is not well-formed.
pub(super) fn as_notes(comments: &str) -> Result<Notes> {
    let (mut notes, mut names, mut start) = (Notes::default(), String::new(), None);
    xml::each(comments, &mut |event, raw| {
        let (prefix, name) = xml::name(raw);
        let at = raw.as_ptr() as usize - comments.as_ptr() as usize;
        match (event, name) {
            (Event::Start(element), "comments") => {
                names = element.attributes_raw().to_owned();
                notes.prefix = prefix.to_owned();
                notes.names.clone_from(&names);
            }
            (Event::Start(element), "comment") => {
                let value = |name| xml::attribute(element, name).unwrap_or_default();
                start = Some((at + raw.len(), value("id"), value("author")));
            }
            (Event::End(_), "comment") => {
                let Some((start, id, author)) = start.take() else { return };
                let author = match author.trim() {
                    "" => String::new(),
                    author => {
                        format!(
                            "<{prefix}p><{prefix}r><{prefix}t>{}:</{prefix}t></{prefix}r></{prefix}p>",
                            xml::escape(author)
                        )
                    }
                };
                let content = &comments[start..at];
                notes.list += &format!(
                    "<{prefix}footnote {names} {prefix}id=\"{}\">{author}{content}</{prefix}footnote>",
                    note_id(&id)
                );
            }
            _ => {}
        }
    })?;
    Ok(notes)
}

/// Notes as markup.
#[derive(Debug, Default)]
pub(super) struct Notes {
    prefix: String,
    /// The declarations of names that the notes need.
    names: String,
    list: String,
}

impl Notes {
    /// The part of footnotes with these notes as well; `None` where it was not there and need not be.
    pub(super) fn add_to(self, footnotes: Option<String>) -> Option<String> {
        let Self { prefix, names, list } = self;
        match footnotes {
            Some(part) => {
                let end = part.rfind("</").unwrap_or(part.len());
                Some(format!("{}{list}{}", &part[..end], &part[end..]))
            }
            None if list.is_empty() => None,
            None => Some(format!("<{prefix}footnotes {names}>{list}</{prefix}footnotes>")),
        }
    }
}
