//! The pieces of one column to its lines, and to rows where they stand below each other as cells.

use super::bidi;
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
            _ => rows.push(Row { pieces: vec![piece], area: piece.area, base: piece.base, size: piece.size }),
        }
    }
    for row in &mut rows {
        row.pieces.sort_by(|a, b| a.area.start.total_cmp(&b.area.start));
    }
    let in_table = table_rows(&rows);
    let start = rows.iter().map(|row| row.area.start).fold(f32::INFINITY, f32::min);
    let end = rows.iter().map(|row| row.area.end).fold(f32::NEG_INFINITY, f32::max);
    let made = rows.iter().zip(in_table).map(|(row, is_row)| {
        let line = row.line(context, is_row);
        Line { column_start: start, column_end: end, ..line }
    });
    made.filter(|line| !line.text.trim().is_empty()).collect()
}

impl<'a> Row<'a> {
    /// Its pieces by cell: those nearer than a cell's gap are one.
    fn cells(&self) -> Vec<&[&'a Segment]> {
        let gap = |left: &&Segment, right: &&Segment| {
            right.area.start - left.area.end < LEAST_CELL_GAP * left.size.max(right.size)
        };
        self.pieces.chunk_by(gap).collect()
    }

    fn line(&self, context: &Context, is_row: bool) -> Line {
        let mut cells = self.cells();
        if context.reversed {
            cells.reverse();
        }
        let text_of = |pieces: &[&Segment]| {
            let mut texts: Vec<String> =
                pieces.iter().map(|piece| bidi::text_of(&piece.glyphs, context.reversed)).collect();
            if context.reversed {
                texts.reverse();
            }
            texts.join(" ")
        };
        let texts: Vec<String> = cells.iter().map(|cell| text_of(cell)).collect();
        let area_of = |pieces: &[&Segment]| {
            pieces.iter().map(|piece| piece.area).reduce(Area::union).unwrap_or(self.area)
        };
        let boxes = if is_row {
            cells.iter().map(|cell| context.frame.page_box(&area_of(cell))).collect()
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
            column: context.column,
            column_start: self.area.start,
            column_end: self.area.end,
        }
    }
}

/// `| cell | cell |`, as Markdown writes a row.
fn row_text(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.trim().replace('|', "¦")).collect();
    format!("| {} |", cells.join(" | "))
}

/// A gap of so many sizes parts two cells.
const LEAST_CELL_GAP: f32 = 1.0;

/// Which rows are rows of a table: at least two below each other whose cells stand below each other.
fn table_rows(rows: &[Row<'_>]) -> Vec<bool> {
    let mut found = vec![false; rows.len()];
    for (at, pair) in rows.windows(2).enumerate() {
        let near = pair[1].base - pair[0].base < 4.0 * pair[0].size.max(pair[1].size);
        if near && share_gap(&pair[0], &pair[1]) {
            (found[at], found[at + 1]) = (true, true);
        }
    }
    found
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
