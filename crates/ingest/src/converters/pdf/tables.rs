//! Which lines are rows of a table, what of a row goes on in the line below, and in which columns its cells stand.

use super::rows::Row;
use super::segments::Segment;

/// Rows in which lines that go on with a cell are put into its row; with each whether it is one of a table.
pub(super) fn find(mut rows: Vec<Row<'_>>) -> (Vec<Row<'_>>, Vec<bool>) {
    let in_table = table_rows(&rows);
    let whole = whole_tables(&rows, &in_table);
    set_columns(&mut rows, &whole);
    join_wrapped(rows, &in_table)
}

/// The pieces of `rows`, those in tables cut where a column begins that they reach into: between narrow columns may be no more
/// room than between words.
pub(super) fn cut_cells(rows: &[Row<'_>]) -> Vec<Segment> {
    let whole = whole_tables(rows, &table_rows(rows));
    let mut pieces = Vec::new();
    let mut start = 0;
    for table in whole.chunk_by(|above, below| above == below) {
        let own = &rows[start..start + table.len()];
        let starts = if table[0] { common_starts(own) } else { Vec::new() };
        for piece in own.iter().flat_map(|row| &row.pieces) {
            let mut rest = (*piece).clone();
            rest.begins_cell = starts.iter().any(|start| (start - rest.area.start).abs() < 0.25 * rest.size);
            for at in &starts {
                if let Some((head, tail)) = rest.part(*at) {
                    pieces.push(head);
                    rest = tail;
                }
            }
            pieces.push(rest);
        }
        start += table.len();
    }
    pieces
}

/// Where cells of many rows of a table begin, but not their first ones, ascending.
fn common_starts(rows: &[Row<'_>]) -> Vec<f32> {
    let size = rows.iter().map(|row| row.size).fold(0.0, f32::max);
    let mut starts: Vec<f32> =
        rows.iter().flat_map(|row| extents(row).into_iter().skip(1)).map(|cell| cell.0).collect();
    starts.sort_by(f32::total_cmp);
    let same = starts.chunk_by(|one, next| next - one < 0.2 * size);
    same.filter(|same| same.len() >= 2 && same.len() * 3 >= rows.len()).map(|same| same[0]).collect()
}

/// Which rows are in a table or go on, alone, with one of the cells between two rows that are.
fn whole_tables(rows: &[Row<'_>], in_table: &[bool]) -> Vec<bool> {
    let near = |at: usize| rows[at].base - rows[at - 1].base < 1.7 * rows[at].size;
    let between = |at: usize| {
        let is_inside = 0 < at && at + 1 < rows.len() && in_table[at - 1] && in_table[at + 1];
        is_inside && near(at) && near(at + 1) && rows[at].area.start > rows[at - 1].area.start + rows[at].size
    };
    (0..rows.len()).map(|at| in_table[at] || between(at)).collect()
}

/// Tells each row of the tables the columns of its cells.
fn set_columns(rows: &mut [Row<'_>], whole: &[bool]) {
    let mut start = 0;
    for table in whole.chunk_by(|above, below| above == below) {
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

/// Puts lines that go on with cells of the row above into that row.
fn join_wrapped<'a>(rows: Vec<Row<'a>>, in_table: &[bool]) -> (Vec<Row<'a>>, Vec<bool>) {
    let bases: Vec<f32> = rows.iter().map(|row| row.base).collect();
    let step = |at: usize| {
        let above = at.checked_sub(1).and_then(|above| bases.get(above));
        above.zip(bases.get(at)).map_or(f32::INFINITY, |(above, own)| own - above)
    };
    let mut joined: Vec<(Row<'a>, bool)> = Vec::with_capacity(rows.len());
    for (at, row) in rows.into_iter().enumerate() {
        let near = step(at) < 1.7 * row.size;
        // Between the lines of a row is less room than between rows.
        let nearness = step(at) / step(at + 1);
        let cells = match joined.last() {
            Some((above, true)) if near => wrapped_cells(above, &row, in_table[at], nearness),
            _ => None,
        };
        match (cells, joined.last_mut()) {
            (Some(cells), Some((above, _))) => {
                let pieces = row.cells().into_iter().zip(cells);
                let wrapped: Vec<_> =
                    pieces.flat_map(|(cell, at)| cell.iter().map(move |piece| (at, *piece))).collect();
                above.wrapped.extend(wrapped);
            }
            _ => joined.push((row, in_table[at])),
        }
    }
    joined.into_iter().unzip()
}

/// The cells of the row `above` that the cells of the line `row` go on with. One cell must begin where one above does; several
/// must leave the first column empty and have cells above them. `nearness` is the distance to the row above in those to the line
/// below.
fn wrapped_cells(above: &Row<'_>, row: &Row<'_>, is_row: bool, nearness: f32) -> Option<Vec<usize>> {
    let cells = row.cells();
    if is_row && cells.len() > 1 {
        let leaves_first =
            row.columns.first().is_some_and(|first| *first > 0) && above.columns.first() == Some(&0);
        let cell = |column: &usize| above.columns.iter().position(|other| other == column);
        return if leaves_first && nearness < 0.96 { row.columns.iter().map(cell).collect() } else { None };
    }
    let starts = |cell: &&[&Segment]| (cell[0].area.start - row.area.start).abs() < 0.5 * row.size;
    let own = above.cells();
    let cell = own.iter().position(starts)?;
    let next = own.get(cell + 1).map_or(f32::INFINITY, |next| next[0].area.start);
    let fits = row.area.end < next;
    // A first cell goes on only if it had no room.
    let end = own[cell].iter().map(|piece| piece.area.end).fold(f32::NEG_INFINITY, f32::max);
    let was_full = end + row.area.width().min(4.0 * row.size) > next - 2.0 * row.size;
    (cells.len() == 1 && fits && (cell > 0 || nearness < 0.85 && was_full)).then(|| vec![cell])
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
