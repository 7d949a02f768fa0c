//! The pieces of one column to its lines, and to rows where they stand below each other as cells.

use super::bidi;
use super::blocks::is_item;
use super::page::Line;
use super::segments::Segment;
use super::tables;
use super::view::{Area, Frame};
use super::words;
use pllm_core::PageBox;

/// What the lines of a column have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    /// The page, from 1.
    pub(super) page: u32,
    pub(super) column: u32,
    pub(super) frame: Frame,
    /// Where the page begins and ends across the lines.
    pub(super) across: (f32, f32),
    pub(super) reversed: bool,
}

/// Pieces on one base line, from the start of the line on.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) pieces: Vec<&'a Segment>,
    /// Lines below it that go on with one of its cells, from 0.
    pub(super) wrapped: Vec<(usize, &'a Segment)>,
    /// Of a row of a table the column of each cell, from 0, ascending.
    pub(super) columns: Vec<usize>,
    /// That of `pieces`.
    pub(super) area: Area,
    pub(super) base: f32,
    pub(super) size: f32,
}

/// The lines of a column, downwards.
pub(super) fn lines(pieces: &[Segment], context: &Context) -> Vec<Line> {
    let cut = tables::cut_cells(&rows(pieces));
    let (rows, in_table) = tables::find(rows(&cut));
    let start = rows.iter().map(|row| row.area.start).fold(f32::INFINITY, f32::min);
    let end = rows.iter().map(|row| row.area.end).fold(f32::NEG_INFINITY, f32::max);
    let made = rows.iter().zip(in_table).map(|(row, is_row)| {
        let line = row.line(context, is_row);
        Line { column_start: start, column_end: end, ..line }
    });
    made.filter(|line| !line.text.trim().is_empty()).collect()
}

/// The pieces by their base lines.
fn rows(pieces: &[Segment]) -> Vec<Row<'_>> {
    let mut pieces: Vec<&Segment> = pieces.iter().collect();
    pieces.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut rows: Vec<Row<'_>> = Vec::new();
    for piece in pieces {
        match rows.last_mut() {
            Some(row) if piece.base - row.base <= 0.4 * piece.size.min(row.size) => {
                row.area = row.area.union(piece.area);
                row.size = row.size.max(piece.size);
                row.pieces.push(piece);
            }
            _ => rows.push(Row::of(piece)),
        }
    }
    for row in &mut rows {
        row.pieces.sort_by(|a, b| a.area.start.total_cmp(&b.area.start));
    }
    rows
}

impl<'a> Row<'a> {
    fn of(piece: &'a Segment) -> Self {
        Self {
            pieces: vec![piece],
            wrapped: Vec::new(),
            columns: Vec::new(),
            area: piece.area,
            base: piece.base,
            size: piece.size,
        }
    }

    /// Its pieces by cell: those nearer than a cell's gap are one.
    pub(super) fn cells(&self) -> Vec<&[&'a Segment]> {
        let gap = |left: &&Segment, right: &&Segment| {
            let gap = (right.area.start - left.area.end) / left.size.max(right.size);
            !right.begins_cell && (gap < LEAST_CELL_GAP || gap < MOST_SIGN_GAP && is_item_sign(left, right))
        };
        self.pieces.chunk_by(gap).collect()
    }

    fn line(&self, context: &Context, is_row: bool) -> Line {
        let mut cells: Vec<Vec<&Segment>> = self.cells().into_iter().map(<[&Segment]>::to_vec).collect();
        if context.reversed {
            cells.iter_mut().for_each(|cell| cell.reverse());
        }
        for (at, piece) in &self.wrapped {
            cells[*at].push(piece);
        }
        if context.reversed {
            cells.reverse();
        }
        let mut boxes = Vec::new();
        let mut text_of = |pieces: &Vec<&Segment>| {
            let band = if is_row { band(pieces) } else { Some(self.area) };
            let mut texts = Vec::with_capacity(pieces.len());
            for piece in pieces {
                let read = bidi::read(&piece.glyphs, context.reversed);
                boxes.extend(words::boxes(&read, piece, band.unwrap_or(piece.area), context.frame));
                texts.push(read.text);
            }
            texts.join(" ")
        };
        let texts: Vec<String> = cells.iter().map(&mut text_of).collect();
        let text = if is_row {
            row_text(&texts, &self.columns, context.reversed)
        } else {
            texts.join(" ").trim().to_owned()
        };
        let boxes = words::of_line(&text, boxes).unwrap_or_else(|| self.whole(&cells, is_row, context.frame));
        let largest = self.pieces.iter().max_by_key(|piece| piece.signs());
        let bold = self.pieces.iter().all(|piece| piece.bold);
        Line {
            page: context.page,
            text,
            boxes,
            area: self.area,
            base: self.base,
            size: largest.map_or(self.size, |piece| piece.size),
            bold,
            is_row,
            reversed: context.reversed,
            frame: context.frame,
            from_top: self.area.top - context.across.0,
            page_height: context.across.1 - context.across.0,
            column: context.column,
            column_start: self.area.start,
            column_end: self.area.end,
        }
    }

    /// The boxes of a line whose words have none: one, or of a row one a cell.
    fn whole(&self, cells: &[Vec<&Segment>], is_row: bool, frame: Frame) -> Vec<PageBox> {
        if !is_row {
            return vec![frame.page_box(&self.area)];
        }
        let area_of = |pieces: &Vec<&Segment>| {
            pieces.iter().map(|piece| piece.area).reduce(Area::union).unwrap_or(self.area)
        };
        cells.iter().map(|cell| frame.page_box(&area_of(cell))).collect()
    }
}

/// Where all words of a cell begin and end across the lines; `None` where it has lines of its own.
fn band(pieces: &[&Segment]) -> Option<Area> {
    let first = pieces.first()?;
    let one_line =
        pieces.iter().all(|piece| (piece.base - first.base).abs() <= 0.4 * piece.size.min(first.size));
    pieces.iter().map(|piece| piece.area).reduce(Area::union).filter(|_| one_line)
}

/// `| cell | | cell |`: a row as Markdown writes it, with the cells that are empty before its last.
fn row_text(cells: &[String], columns: &[usize], reversed: bool) -> String {
    let mut text = String::from("|");
    let last = columns.last().copied().unwrap_or(0);
    let mut next = 0;
    for (at, cell) in cells.iter().enumerate() {
        // Cells are in reading order, columns in the order they are seen.
        let column = if reversed {
            columns.iter().rev().nth(at).map(|column| last - column)
        } else {
            columns.get(at).copied()
        };
        let column = column.unwrap_or(next).max(next);
        text.push_str(&" |".repeat(column - next));
        text.push_str(&format!(" {} |", cell.trim()));
        next = column + 1;
    }
    text
}

/// A gap of so many sizes parts two cells.
const LEAST_CELL_GAP: f32 = 1.0;

/// A gap of so many sizes may be between the sign of a list's item and its text.
const MOST_SIGN_GAP: f32 = 4.0;

/// Whether a piece is but the sign of a list's item or the number of a section, and the next its text: `•`, `1.`, `(a)`, `4.2`.
fn is_item_sign(piece: &Segment, next: &Segment) -> bool {
    let text = bidi::text_of(&piece.glyphs, false);
    let is_number = text.starts_with(|sign: char| sign.is_ascii_digit())
        && text.contains('.')
        && text.chars().all(|sign| sign.is_ascii_digit() || sign == '.')
        && next.glyphs.first().is_some_and(|glyph| glyph.sign.is_alphabetic());
    piece.signs() <= 4 && is_item(&format!("{text} x")) || piece.signs() <= 8 && is_number
}
