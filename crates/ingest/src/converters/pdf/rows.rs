//! The pieces of one column to its lines, and to rows where they stand below each other as cells.

use super::bidi;
use super::blocks::is_item;
use super::page::Line;
use super::segments::Segment;
use super::view::{Area, Frame};

/// What the lines of a column have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    /// The page, from 1.
    pub(super) page: u32,
    pub(super) column: u32,
    pub(super) frame: Frame,
    pub(super) reversed: bool,
}

/// Pieces on one base line, from the start of the line on.
struct Row<'a> {
    pieces: Vec<&'a Segment>,
    /// Lines below it that go on with one of its cells, from 0.
    wrapped: Vec<(usize, &'a Segment)>,
    /// That of `pieces`.
    area: Area,
    base: f32,
    size: f32,
}

/// The lines of a column, downwards.
pub(super) fn lines(mut pieces: Vec<&Segment>, context: &Context) -> Vec<Line> {
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
    let in_table = table_rows(&rows);
    let (rows, in_table) = join_wrapped(rows, &in_table);
    let start = rows.iter().map(|row| row.area.start).fold(f32::INFINITY, f32::min);
    let end = rows.iter().map(|row| row.area.end).fold(f32::NEG_INFINITY, f32::max);
    let made = rows.iter().zip(in_table).map(|(row, is_row)| {
        let line = row.line(context, is_row);
        Line { column_start: start, column_end: end, ..line }
    });
    made.filter(|line| !line.text.trim().is_empty()).collect()
}

impl<'a> Row<'a> {
    fn of(piece: &'a Segment) -> Self {
        Self {
            pieces: vec![piece],
            wrapped: Vec::new(),
            area: piece.area,
            base: piece.base,
            size: piece.size,
        }
    }

    /// Its pieces by cell: those nearer than a cell's gap are one.
    fn cells(&self) -> Vec<&[&'a Segment]> {
        let gap = |left: &&Segment, right: &&Segment| {
            let gap = (right.area.start - left.area.end) / left.size.max(right.size);
            gap < LEAST_CELL_GAP || gap < MOST_SIGN_GAP && is_item_sign(left)
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
        let text_of = |pieces: &Vec<&Segment>| {
            let texts = pieces.iter().map(|piece| bidi::text_of(&piece.glyphs, context.reversed));
            texts.collect::<Vec<_>>().join(" ")
        };
        let texts: Vec<String> = cells.iter().map(text_of).collect();
        let box_of = |pieces: &Vec<&Segment>| {
            let area = pieces.iter().map(|piece| piece.area).reduce(Area::union).unwrap_or(self.area);
            context.frame.page_box(&area)
        };
        let boxes = if is_row {
            cells.iter().map(box_of).collect()
        } else {
            vec![context.frame.page_box(&self.area)]
        };
        let largest = self.pieces.iter().max_by_key(|piece| piece.signs());
        let bold = self.pieces.iter().all(|piece| piece.bold);
        Line {
            page: context.page,
            text: if is_row { row_text(&texts) } else { texts.join(" ").trim().to_owned() },
            boxes,
            area: self.area,
            base: self.base,
            size: largest.map_or(self.size, |piece| piece.size),
            bold,
            is_row,
            reversed: context.reversed,
            frame: context.frame,
            column: context.column,
            column_start: self.area.start,
            column_end: self.area.end,
        }
    }
}

/// `| cell | cell |`, as Markdown writes a row.
fn row_text(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
    format!("| {} |", cells.join(" | "))
}

/// A gap of so many sizes parts two cells.
const LEAST_CELL_GAP: f32 = 1.0;

/// A gap of so many sizes may be between the sign of a list's item and its text.
const MOST_SIGN_GAP: f32 = 4.0;

/// Whether a piece is but the sign of a list's item: `•`, `1.`, `(a)`.
fn is_item_sign(piece: &Segment) -> bool {
    piece.signs() <= 4 && is_item(&format!("{} x", bidi::text_of(&piece.glyphs, false)))
}

/// Which rows are rows of a table: some near each other whose cells stand below each other, and what is between and beside
/// them and has cells, too.
fn table_rows(rows: &[Row<'_>]) -> Vec<bool> {
    let mut found = vec![false; rows.len()];
    let near = |above: usize, below: usize| {
        let step = (rows[below].base - rows[above].base) / rows[above].size.max(rows[below].size);
        step < 4.0 * (below - above) as f32
    };
    for at in 0..rows.len() {
        for below in at + 1..rows.len().min(at + 4) {
            if near(at, below) && share_gap(&rows[at], &rows[below]) {
                found[at] = true;
                found[below] = true;
            }
        }
    }
    let has_cells: Vec<bool> = rows.iter().map(|row| row.cells().len() > 1).collect();
    for at in 1..rows.len() {
        found[at] |= has_cells[at] && found[at - 1] && near(at - 1, at);
    }
    for at in (1..rows.len()).rev() {
        found[at - 1] |= has_cells[at - 1] && found[at] && near(at - 1, at);
    }
    found
}

/// Puts a line that goes on with a cell of the row above into that row: it stands alone, close below, and begins where a
/// cell does that is not the first.
fn join_wrapped<'a>(rows: Vec<Row<'a>>, in_table: &[bool]) -> (Vec<Row<'a>>, Vec<bool>) {
    let mut joined: Vec<(Row<'a>, bool)> = Vec::with_capacity(rows.len());
    // The base line above, which may be that of a line put into a row.
    let mut base = f32::NEG_INFINITY;
    for (row, is_row) in rows.into_iter().zip(in_table) {
        let near = row.base - base < 1.7 * row.size;
        base = row.base;
        if let Some((above, true)) = joined.last_mut() {
            let starts = |cell: &&[&Segment]| (cell[0].area.start - row.area.start).abs() < 0.5 * row.size;
            let cell = above.cells().iter().position(starts).filter(|cell| *cell > 0);
            if let (Some(cell), [piece], true, false) = (cell, row.pieces.as_slice(), near, *is_row) {
                above.wrapped.push((cell, piece));
                continue;
            }
        }
        joined.push((row, *is_row));
    }
    joined.into_iter().unzip()
}

/// Whether the two rows have a gap between cells at the same place.
fn share_gap(above: &Row<'_>, below: &Row<'_>) -> bool {
    let size = above.size.max(below.size);
    let gaps = |row: &Row<'_>| -> Vec<(f32, f32)> {
        row.cells()
            .windows(2)
            .map(|pair| {
                let end = pair[0].iter().map(|piece| piece.area.end).fold(f32::NEG_INFINITY, f32::max);
                (end, pair[1][0].area.start)
            })
            .collect()
    };
    let below = gaps(below);
    gaps(above).iter().any(|(end, start)| {
        below
            .iter()
            .any(|(other_end, other_start)| start.min(*other_start) - end.max(*other_end) > 0.8 * size)
    })
}
