//! The characters of a page, grouped by how they are turned.

use super::bidi::is_right_to_left;
use super::fields;
use super::view::{Frame, View};
use pdf_oxide::PdfDocument;
use pdf_oxide::layout::{TextChar, TextSpan};
use std::collections::HashMap;

/// One character, in the frame of its group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    pub(super) sign: char,
    /// Where it begins and ends along the line.
    pub(super) start: f32,
    pub(super) end: f32,
    /// Where its base line is.
    pub(super) base: f32,
    /// How far it may reach above and below the base line.
    pub(super) up: f32,
    pub(super) down: f32,
    /// Size of its font in points, as shown.
    pub(super) size: f32,
    pub(super) bold: bool,
}

/// Characters that are turned the same way.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) frame: Frame,
    pub(super) glyphs: Vec<Glyph>,
}

/// The characters that are seen on the page `index`, from 0: the group with most of them first.
///
/// # Errors
/// Those of the parser, when the page cannot be read.
pub(super) fn read(document: &PdfDocument, index: usize, view: &View) -> pdf_oxide::Result<Vec<Group>> {
    let mut chars = document.extract_chars(index)?;
    let spans = if chars.len() > MOST_CHARS { Vec::new() } else { document.extract_spans(index)? };
    take_runs(&mut chars, &spans);
    let downwards = mostly_downwards(&spans);
    let advances = advances(&spans);
    let mut groups: Vec<(i32, Group)> = Vec::new();
    for char in &chars {
        let Some(seen) = Seen::of(char, view) else { continue };
        let upright = seen.degrees == 0 && downwards && is_east_asian(char.char);
        let (key, frame, glyph) = if upright {
            (360, Frame::DOWNWARDS, seen.downwards(char))
        } else {
            let frame = view.frame(seen.degrees as f32);
            let advance = advances.get(&(char.font_name.as_str(), char.char));
            (seen.degrees, frame, seen.along(char, frame, advance))
        };
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.glyphs.push(glyph),
            None => groups.push((key, Group { frame, glyphs: vec![glyph] })),
        }
    }
    let filled_in = fields::glyphs(document, index, view);
    match groups.iter_mut().find(|(degrees, _)| *degrees == 0) {
        Some((_, group)) => group.glyphs.extend(filled_in),
        None if filled_in.is_empty() => {}
        None => groups.push((0, Group { frame: view.frame(0.0), glyphs: filled_in })),
    }
    groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.glyphs.len()));
    Ok(groups.into_iter().map(|(_, group)| group).collect())
}

/// A page with more is not looked at twice: no text has them, and the parser takes very long for runs printed on each other.
const MOST_CHARS: usize = 30_000;

/// Puts the characters of the parser's runs in the place of its single ones where they say something else: only runs know
/// replacement texts (ISO 32000-1, 14.9.4), annotations, and the blanks of some fonts of East Asia. Else the single ones stay,
/// whose places are better. So they do where text is turned or runs from the right to the left, which runs have in any order.
fn take_runs(chars: &mut Vec<TextChar>, spans: &[TextSpan]) {
    let level: Vec<&TextSpan> =
        spans.iter().filter(|span| span.rotation_degrees == 0.0 && span.wmode == 0).collect();
    let is_turned = level.iter().any(|span| span.page_rotation_applied != 0);
    if is_turned || chars.iter().any(|char| is_right_to_left(char.char)) || mostly_downwards(spans) {
        return;
    }
    let single = counts(chars.iter().filter(|char| char.rotation_degrees == 0.0).map(|char| char.char));
    let runs = counts(level.iter().flat_map(|span| span.text.chars()));
    let more = |own: &HashMap<char, usize>, other: &HashMap<char, usize>, counts: fn(char) -> bool| {
        own.iter().any(|(sign, count)| counts(*sign) && *count > other.get(sign).copied().unwrap_or(0))
    };
    if !more(&single, &runs, is_doubtful) && !more(&runs, &single, char::is_alphanumeric) {
        return;
    }
    chars.retain(|char| char.rotation_degrees != 0.0);
    chars.extend(level.into_iter().flat_map(chars_of));
}

/// Whether a single character may not be what the file says.
fn is_doubtful(sign: char) -> bool {
    sign == '?' || !sign.is_ascii() && sign != '\u{FFFD}'
}

/// How often each sign is there, blanks apart.
fn counts(signs: impl Iterator<Item = char>) -> HashMap<char, usize> {
    let mut counts = HashMap::new();
    for sign in signs.filter(|sign| !sign.is_whitespace()) {
        *counts.entry(plain_digit(sign)).or_default() += 1;
    }
    counts
}

/// The characters of a run, in order along it whatever the parser says about their places.
fn chars_of(span: &TextSpan) -> Vec<TextChar> {
    let mut chars = span.to_chars();
    let ends = span.bbox.x + span.bbox.width;
    let in_order = chars.windows(2).all(|pair| pair[0].origin_x <= pair[1].origin_x);
    let fits = chars.last().is_none_or(|last| last.origin_x <= ends);
    let known: f32 = span.char_widths.iter().sum();
    let scale =
        if span.char_widths.len() == chars.len() && known > 0.0 { span.bbox.width / known } else { 0.0 };
    let even = span.bbox.width / chars.len().max(1) as f32;
    let mut at = span.bbox.x;
    for (index, char) in chars.iter_mut().enumerate() {
        // The parser writes some raised and lowered digits as other characters than the file does.
        char.char = plain_digit(char.char);
        if in_order && fits {
            continue;
        }
        let width = if scale > 0.0 { span.char_widths[index] * scale } else { even };
        (char.origin_x, char.advance_width) = (at, width);
        at += width;
    }
    chars
}

/// The digit of a raised or lowered one.
fn plain_digit(sign: char) -> char {
    let digit = match sign {
        '\u{B9}' => 1,
        '\u{B2}' | '\u{B3}' => sign as u32 - 0xB0,
        '\u{2070}' | '\u{2074}'..='\u{2079}' => sign as u32 - 0x2070,
        '\u{2080}'..='\u{2089}' => sign as u32 - 0x2080,
        _ => return sign,
    };
    char::from_digit(digit, 10).unwrap_or(sign)
}

/// Whether most text of a page is written in columns that are read downwards.
fn mostly_downwards(spans: &[TextSpan]) -> bool {
    let signs = |spans: &mut dyn Iterator<Item = &TextSpan>| spans.map(|span| span.text.len()).sum::<usize>();
    signs(&mut spans.iter().filter(|span| span.wmode == 1)) * 2 > signs(&mut spans.iter())
}

/// How wide the characters of each font are, in sizes.
fn advances(spans: &[TextSpan]) -> HashMap<(&str, char), f32> {
    let measured = spans.iter().filter(|span| span.char_widths.len() == span.text.chars().count());
    let each = measured.flat_map(|span| {
        let signs = span.text.chars().zip(&span.char_widths);
        signs.map(|(sign, width)| ((span.font_name.as_str(), sign), width / span.font_size))
    });
    each.collect()
}

/// A character that is on the page.
struct Seen {
    point: (f32, f32),
    size: f32,
    /// How its text is turned, to whole degrees, counterclockwise.
    degrees: i32,
}

impl Seen {
    fn of(char: &TextChar, view: &View) -> Option<Self> {
        let point = view.point(char.origin_x, char.origin_y);
        let (width, height) = view.size();
        let inside = (-EDGE..=width + EDGE).contains(&point.0) && (-EDGE..=height + EDGE).contains(&point.1);
        let size = if (0.1..4000.0).contains(&char.font_size) { char.font_size } else { char.bbox.height };
        (inside && size.is_finite() && size > 0.0).then_some(Self {
            point,
            size,
            degrees: char.rotation_degrees.round() as i32,
        })
    }

    /// As part of a line in `frame`; `advance` is what is known of the width of such characters, in sizes.
    fn along(&self, char: &TextChar, frame: Frame, advance: Option<&f32>) -> Glyph {
        let (start, base) = frame.of_view(self.point);
        let width = if is_steep(char) {
            // The parser gives widths as they are on the page's horizontal axis.
            advance.map_or(0.5, |advance| advance.clamp(0.0, 2.0)) * self.size
        } else {
            char.advance_width / char.rotation_degrees.to_radians().cos()
        };
        let width = if width.is_finite() { width.clamp(0.0, 4.0 * self.size) } else { 0.5 * self.size };
        let (up, down) = (char.ascent / self.size, -char.descent / self.size);
        // The parser may know a hyphen at a line end only as something without a width.
        let is_hyphen = char.char == '\u{FFFD}' && width == 0.0;
        let (sign, width) = if is_hyphen { ('\u{AD}', HYPHEN_WIDTH * self.size) } else { (char.char, width) };
        Glyph {
            sign,
            start,
            end: start + width,
            base,
            // Fonts say too little as often as the right thing, and a box must cover its words.
            up: up.clamp(0.95, 1.05) * self.size,
            down: down.clamp(0.35, 0.4) * self.size,
            size: self.size,
            bold: char.font_weight.is_bold() || names_bold(&char.font_name),
        }
    }

    /// As part of a column that is read downwards: its cell is a square above and to the right of the origin.
    fn downwards(&self, char: &TextChar) -> Glyph {
        let (end, left) = Frame::DOWNWARDS.of_view(self.point);
        let half = self.size / 2.0;
        Glyph {
            sign: char.char,
            start: end - self.size,
            end,
            base: left - half,
            up: half,
            down: half,
            size: self.size,
            bold: char.font_weight.is_bold(),
        }
    }
}

/// How wide a hyphen is whose width is not known, in sizes: as in Times and Helvetica (their font metrics by Adobe).
const HYPHEN_WIDTH: f32 = 0.333;

/// So far outside the page, in points, a character is still seen in part.
const EDGE: f32 = 2.0;

fn is_steep(char: &TextChar) -> bool {
    char.rotation_degrees.to_radians().cos().abs() < 0.9
}

/// Whether the name of a font says that it is bold; TeX's do it by `bx`.
fn names_bold(font: &str) -> bool {
    let name = font.split_once('+').map_or(font, |(_, name)| name).to_ascii_lowercase();
    ["bold", "heavy", "black", "-medi"].iter().any(|mark| name.contains(mark))
        || ["cmbx", "sfbx", "eccbx", "ecbx", "cmssbx"].iter().any(|mark| name.starts_with(mark))
}

/// Whether a character is of a script that is written without spaces and may be written downwards.
pub(super) fn is_east_asian(sign: char) -> bool {
    matches!(sign, '\u{2E80}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}
