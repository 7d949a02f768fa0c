//! Characters to pieces of lines: neighbours on one base line with no more than a blank between them.

use super::glyphs::{Glyph, is_east_asian};
use super::view::Area;
use super::{accents, bidi};

/// A piece of a line, from the start of the line on.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// Its characters in the order they are seen; a blank stands as a space.
    pub(super) glyphs: Vec<Glyph>,
    pub(super) area: Area,
    /// Where its base line is.
    pub(super) base: f32,
    /// Size of most of its characters.
    pub(super) size: f32,
    /// Whether most of its characters are bold.
    pub(super) bold: bool,
    /// Whether it begins a cell of a table, however near the piece before it is.
    pub(super) begins_cell: bool,
}

impl Segment {
    fn new(glyphs: Vec<Glyph>) -> Option<Self> {
        let first = glyphs.first()?;
        let mut largest = *first;
        let mut area = area_of(first);
        for glyph in &glyphs {
            area = area.union(area_of(glyph));
            if glyph.size > largest.size {
                largest = *glyph;
            }
        }
        let bold = glyphs.iter().filter(|glyph| glyph.bold).count() * 2 > glyphs.len();
        let mut sizes: Vec<f32> = glyphs.iter().map(|glyph| glyph.size).collect();
        let middle = sizes.len() / 2;
        let size = *sizes.select_nth_unstable_by(middle, f32::total_cmp).1;
        let base = if first.size < 0.8 * largest.size { largest.base } else { first.base };
        Some(Self { glyphs, area, base, size, bold, begins_cell: false })
    }

    /// Its parts before and after the blank before `start`, the second as the beginning of a cell; `None` where it has no blank
    /// there.
    pub(super) fn part(&self, start: f32) -> Option<(Self, Self)> {
        let near = |glyph: &Glyph| (glyph.start - start).abs() < 0.25 * self.size;
        let at = self.glyphs.windows(2).position(|pair| pair[0].sign == ' ' && near(&pair[1]))?;
        let head =
            Self { begins_cell: self.begins_cell, base: self.base, ..Self::new(self.glyphs[..at].to_vec())? };
        let tail = Self { begins_cell: true, base: self.base, ..Self::new(self.glyphs[at + 1..].to_vec())? };
        Some((head, tail))
    }

    /// The number of its characters that are not blank.
    pub(super) fn signs(&self) -> usize {
        self.glyphs.iter().filter(|glyph| glyph.sign != ' ').count()
    }
}

fn area_of(glyph: &Glyph) -> Area {
    let (top, bottom) = (glyph.base - glyph.up, glyph.base + glyph.down);
    Area { start: glyph.start, end: glyph.end.max(glyph.start), top, bottom }
}

/// The pieces of lines that `glyphs` make, each line from its start, lines in the order of their base lines.
pub(super) fn find(mut glyphs: Vec<Glyph>) -> Vec<Segment> {
    glyphs.sort_by(|a, b| a.base.total_cmp(&b.base));
    accents::put_on(&mut glyphs);
    bidi::part_ligatures(&mut glyphs);
    let mut segments = Vec::new();
    let mut start = 0;
    for at in 1..=glyphs.len() {
        let same_line = glyphs.get(at).is_some_and(|next| {
            let (first, last) = (&glyphs[start], &glyphs[at - 1]);
            next.base - last.base <= 0.5 && next.base - first.base <= 0.15 * first.size.max(next.size) + 0.3
        });
        if !same_line {
            cut_line(&mut glyphs[start..at], &mut segments);
            start = at;
        }
    }
    attach_raised(&mut segments);
    segments
}

/// Cuts the characters of one base line where a gap is wider than a blank.
fn cut_line(line: &mut [Glyph], segments: &mut Vec<Segment>) {
    line.sort_by(|a, b| a.start.total_cmp(&b.start));
    let mut piece: Vec<Glyph> = Vec::new();
    let mut blank = false;
    // Marks have no width, and stand over a letter that goes on behind them.
    let mut reach = f32::NEG_INFINITY;
    for glyph in line.iter() {
        if glyph.sign.is_whitespace() {
            blank = true;
            continue;
        }
        if let Some(last) = piece.last() {
            if is_printed_twice(last, glyph) {
                continue;
            }
            let gap = glyph.start - reach;
            let size = last.size.max(glyph.size);
            if gap > WIDEST_BLANK * size {
                segments.extend(Segment::new(std::mem::take(&mut piece)));
                reach = f32::NEG_INFINITY;
            } else if gap > least_blank(last, glyph) * size || blank && gap > 0.02 * size {
                piece.push(Glyph { sign: ' ', start: last.end, end: glyph.start, ..*last });
            }
        }
        blank = false;
        reach = reach.max(glyph.end);
        piece.push(*glyph);
    }
    segments.extend(Segment::new(piece));
}

/// A gap of so many sizes is more than a blank.
const WIDEST_BLANK: f32 = 0.75;

/// From so many sizes on a gap is a blank.
fn least_blank(last: &Glyph, next: &Glyph) -> f32 {
    if is_east_asian(last.sign) || is_east_asian(next.sign) { 0.4 } else { 0.13 }
}

/// Bold by printing the same character again a little to the side, and shadows.
fn is_printed_twice(last: &Glyph, next: &Glyph) -> bool {
    let width = (last.end - last.start).max(0.1 * last.size);
    last.sign == next.sign && next.start - last.start < 0.3 * width.min(last.size)
}

/// Puts raised and lowered characters (notes, exponents, indices) into the piece they stand at, and joins the pieces that
/// only they kept apart.
fn attach_raised(segments: &mut Vec<Segment>) {
    for index in 0..segments.len() {
        if segments[index].signs() > MOST_RAISED {
            continue;
        }
        if let Some(owner) = owner_of(segments, index) {
            let glyphs = std::mem::take(&mut segments[index].glyphs);
            segments[owner].take(glyphs);
        }
    }
    segments.retain(|segment| !segment.glyphs.is_empty());
    segments.sort_by(|a, b| a.base.total_cmp(&b.base).then(a.area.start.total_cmp(&b.area.start)));
    let mut joined: Vec<Segment> = Vec::with_capacity(segments.len());
    for segment in segments.drain(..) {
        match joined.last_mut() {
            Some(last)
                if (segment.base - last.base).abs() < 0.5
                    && segment.area.start - last.area.end < WIDEST_BLANK * last.size
                    && segment.area.start > last.area.end - 0.3 * last.size =>
            {
                last.take(segment.glyphs);
            }
            _ => joined.push(segment),
        }
    }
    *segments = joined;
}

/// Raised text is no longer than this, characters.
const MOST_RAISED: usize = 16;

/// The larger piece of text at whose side, or in whose blank, the small piece `index` stands.
fn owner_of(segments: &[Segment], index: usize) -> Option<usize> {
    let small = &segments[index];
    let reach = 3.0 * small.size + 12.0;
    let from = segments.partition_point(|other| other.base < small.base - reach);
    let near = segments[from..].iter().enumerate().take_while(|(_, other)| other.base <= small.base + reach);
    near.map(|(at, other)| (from + at, other))
        .filter(|(at, other)| *at != index && !other.glyphs.is_empty() && small.size <= 0.85 * other.size)
        .filter(|(_, other)| {
            let shift = other.base - small.base;
            (-0.45 * other.size..0.8 * other.size).contains(&shift)
        })
        .filter(|(_, other)| {
            let (before, after) = (other.area.start - small.area.end, small.area.start - other.area.end);
            let near = |gap: f32| gap.abs() < 0.25 * other.size;
            near(before) || near(after) || before < 0.0 && after < 0.0 && fits_into(other, small)
        })
        .min_by(|(_, a), (_, b)| (a.base - small.base).abs().total_cmp(&(b.base - small.base).abs()))
        .map(|(at, _)| at)
}

/// Whether no character of `other` is where `small` is.
fn fits_into(other: &Segment, small: &Segment) -> bool {
    let slack = 0.15 * small.size;
    let covers = |glyph: &Glyph| {
        glyph.sign.is_alphanumeric()
            && glyph.start < small.area.end - slack
            && glyph.end > small.area.start + slack
    };
    !other.glyphs.iter().any(covers)
}

impl Segment {
    /// Takes characters in and sets the blanks anew.
    fn take(&mut self, glyphs: Vec<Glyph>) {
        let base = self.base;
        let mut all = std::mem::take(&mut self.glyphs);
        all.extend(glyphs);
        let blanks: Vec<(f32, f32)> =
            all.iter().filter(|glyph| glyph.sign == ' ').map(|glyph| (glyph.start, glyph.end)).collect();
        all.retain(|glyph| glyph.sign != ' ');
        all.sort_by(|a, b| a.start.total_cmp(&b.start));
        let mut spaced: Vec<Glyph> = Vec::with_capacity(all.len() + blanks.len());
        for glyph in all {
            if let Some(last) = spaced.last().copied() {
                let gap = glyph.start - last.end;
                let known = blanks.iter().any(|(start, end)| {
                    *start >= last.end - 0.1 * last.size && *end <= glyph.start + 0.1 * last.size
                });
                if gap > least_blank(&last, &glyph) * last.size.max(glyph.size) || known && gap > 0.0 {
                    spaced.push(Glyph { sign: ' ', start: last.end, end: glyph.start, ..last });
                }
            }
            spaced.push(glyph);
        }
        if let Some(whole) = Self::new(spaced) {
            *self = whole;
            self.base = base;
        }
    }
}
