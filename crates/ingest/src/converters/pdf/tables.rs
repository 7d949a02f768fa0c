//! Which lines are rows of a table, what of a row goes on in the line below, and in which columns its cells stand.

use super::rows::Row;
use super::segments::Segment;

/// Rows in which lines that go on with a cell are put into its row; with each whether it is one of a table.
pub(super) fn find(rows: Vec<Row<'_>>) -> (Vec<Row<'_>>, Vec<bool>) {
    let in_table = table_rows(&rows);
    join_wrapped(rows, &in_table)
}

/// Tells each row of a table the columns of its cells.
pub(super) fn set_columns(rows: &mut [Row<'_>], in_table: &[bool]) {
    let mut start = 0;
    for table in in_table.chunk_by(|above, below| above == below) {
        let end = start + table.len();
        if table[0] {
            let columns = columns(&rows[start..end]);
            for row in &mut rows[start..end] {
                row.columns = places(row, &columns);
            }
        }
        start = end;
    }
}

/// Where each cell of a row begins and ends.
fn extents(row: &Row<'_>) -> Vec<(f32, f32)> {
    let end = |cell: &&[&Segment]| cell.iter().map(|piece| piece.area.end).fold(f32::NEG_INFINITY, f32::max);
    row.cells().iter().map(|cell| (cell[0].area.start, end(cell))).collect()
}

/// Where the columns of a table begin and end: those of its row with most cells, and what stands between or beside them.
fn columns(rows: &[Row<'_>]) -> Vec<(f32, f32)> {
    let all: Vec<Vec<(f32, f32)>> = rows.iter().map(extents).collect();
    let mut columns = all.iter().rev().max_by_key(|cells| cells.len()).cloned().unwrap_or_default();
    for (start, end) in all.into_iter().flatten() {
        let met: Vec<usize> =
            (0..columns.len()).filter(|at| overlap(columns[*at], (start, end)) > 0.0).collect();
        match met.as_slice() {
            [] => {
                let at = columns.partition_point(|column| column.0 < start);
                columns.insert(at, (start, end));
            }
            [only] => {
                let before = only.checked_sub(1).map_or(f32::NEG_INFINITY, |at| columns[at].1);
                let after = columns.get(only + 1).map_or(f32::INFINITY, |column| column.0);
                let column = &mut columns[*only];
                *column = (column.0.min(start).max(before), column.1.max(end).min(after));
            }
            // It spans them.
            _ => {}
        }
    }
    columns
}

fn overlap(one: (f32, f32), other: (f32, f32)) -> f32 {
    one.1.min(other.1) - one.0.max(other.0)
}

/// The column of each cell of a row: the first that it touches, after that of the cell before.
fn places(row: &Row<'_>, columns: &[(f32, f32)]) -> Vec<usize> {
    let mut next = 0;
    let place = |cell: (f32, f32)| {
        let touched = (next..columns.len()).find(|at| overlap(columns[*at], cell) > 0.0);
        let column = touched.unwrap_or(next);
        next = column + 1;
        column
    };
    extents(row).into_iter().map(place).collect()
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
