//! What a file says about itself: its title, its outline.

use super::open::guarded;
use pdf_oxide::object::Object;
use pdf_oxide::{OutlineItem, PdfDocument};

/// The title in the document information dictionary (ISO 32000-1, 14.3.3), if it is one a person would give.
pub(super) fn title(document: &PdfDocument) -> Option<String> {
    guarded(|| {
        let info = document.trailer().as_dict().and_then(|trailer| trailer.get("Info")).cloned();
        let info = document.resolve_object(&info.unwrap_or(Object::Null))?;
        let title = info.as_dict().and_then(|info| info.get("Title")).cloned().unwrap_or(Object::Null);
        let title = document.resolve_object(&title)?;
        Ok(title.as_string().map(decode))
    })
    .ok()
    .flatten()
    .and_then(|title| sane_title(&title))
}

/// A text string (ISO 32000-1, 7.9.2.2): UTF-16 or UTF-8 with its mark, else one byte a character.
pub(super) fn decode(bytes: &[u8]) -> String {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes),
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8(bytes.to_vec())
            .unwrap_or_else(|_| bytes.iter().map(|byte| *byte as char).collect()),
    }
}

/// No file names of programs, no placeholders.
fn sane_title(title: &str) -> Option<String> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = title.to_lowercase();
    let is_file = [
        ".doc", ".docx", ".indd", ".dvi", ".tex", ".pdf", ".ppt", ".pptx", ".xls", ".xlsx", ".qxd", ".odt",
        ".rtf", ".txt",
    ]
    .iter()
    .any(|ending| lower.ends_with(ending));
    let is_placeholder = [
        "untitled",
        "title",
        "document",
        "none",
        "noname",
        "(anonymous)",
        "(unspecified)",
        "powerpoint presentation",
    ]
    .contains(&lower.as_str())
        || lower.starts_with("untitled")
        || lower.starts_with("microsoft word -")
        || lower.starts_with("microsoft powerpoint -");
    let letters = title.chars().filter(|sign| sign.is_alphabetic()).count();
    let is_sane = letters >= 3 && title.chars().count() <= 300 && !title.contains('\u{FFFD}');
    (is_sane && !is_file && !is_placeholder).then_some(title)
}

/// The titles of the outline with their depth, from 1.
pub(super) fn outline(document: &PdfDocument) -> Vec<(String, usize)> {
    let items = guarded(|| document.get_outline()).ok().flatten().unwrap_or_default();
    let mut found = Vec::new();
    collect(&items, 1, &mut found);
    found
}

fn collect(items: &[OutlineItem], depth: usize, found: &mut Vec<(String, usize)>) {
    for item in items {
        found.push((item.title.clone(), depth));
        collect(&item.children, depth + 1, found);
    }
}
