//! What is filled into the fields of a form, as characters on their page.

use super::glyphs::Glyph;
use super::info::decode;
use super::open::guarded;
use super::view::View;
use pdf_oxide::annotation_types::WidgetFieldType;
use pdf_oxide::object::Object;
use pdf_oxide::{Annotation, PdfDocument};

/// The characters in the text and choice fields of the page `index`, from 0, in the frame of text that is not turned. The file
/// says where a field is, not where its characters are: they are spread over it.
pub(super) fn glyphs(document: &PdfDocument, index: usize, view: &View) -> Vec<Glyph> {
    let found = guarded(|| document.get_annotations(index)).unwrap_or_default();
    let filled = found.iter().filter_map(|field| Some((value_of(document, field)?, rect_of(field)?)));
    filled.flat_map(|(value, rect)| spread(&value, rect, view)).collect()
}

/// What is filled in and seen.
fn value_of(document: &PdfDocument, field: &Annotation) -> Option<String> {
    let is_text = matches!(field.field_type, Some(WidgetFieldType::Text | WidgetFieldType::Choice { .. }));
    if !is_text || field.flags.is_hidden() || field.flags.is_invisible() {
        return None;
    }
    let own = field.raw_dict.as_ref()?;
    let resolve = |object: &Object| guarded(|| document.resolve_object(object)).ok();
    let value = match own.get("V") {
        Some(value) => resolve(value)?,
        // The widgets of one field share what stands in the field.
        None => resolve(resolve(own.get("Parent")?)?.as_dict()?.get("V")?)?,
    };
    let value = decode(value.as_string()?);
    (!value.trim().is_empty()).then_some(value)
}

/// Left, lower, right and upper edge.
fn rect_of(field: &Annotation) -> Option<[f32; 4]> {
    let [x, y, other_x, other_y] = field.rect?.map(|edge| edge as f32);
    let rect = [x.min(other_x), y.min(other_y), x.max(other_x), y.max(other_y)];
    (rect.iter().all(|edge| edge.is_finite()) && rect[0] < rect[2] && rect[1] < rect[3]).then_some(rect)
}

fn spread(value: &str, [left, lower, right, upper]: [f32; 4], view: &View) -> Vec<Glyph> {
    let frame = view.frame(0.0);
    let lines: Vec<&str> = value.lines().collect();
    let pitch = (upper - lower) / lines.len().max(1) as f32;
    let size = (pitch * 0.8).clamp(1.0, 12.0);
    let line = |(number, line): (usize, &&str)| -> Vec<Glyph> {
        let base = upper - pitch * (number as f32 + 0.5) - 0.3 * size;
        let width = ((right - left) / line.chars().count().max(1) as f32).min(0.5 * size);
        let glyph = |(at, sign): (usize, char)| {
            let (start, base) = frame.of_view(view.point(left + width * at as f32, base));
            let (up, down) = (0.95 * size, 0.35 * size);
            Glyph { sign, start, end: start + width, base, up, down, size, bold: false }
        };
        line.chars().enumerate().map(glyph).collect()
    };
    lines.iter().enumerate().flat_map(line).collect()
}
