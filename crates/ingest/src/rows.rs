//! A table that stands in a text: its cells to lines of `| a | b |`.

/// A table being read. Only cells with text are kept.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<(usize, String)>>,
    /// Of each column, in how many more rows a cell from above stands.
    above: Vec<usize>,
    /// The column of the next cell.
    column: usize,
    /// The cell being read, and how many columns and rows it covers.
    cell: Option<(String, usize, usize)>,
}

/// Cells beyond this column stand beside each other as they come: no page is wider, and spans must not cost memory.
const MOST_COLUMNS: usize = 256;

impl Table {
    /// Begins a row.
    pub(crate) fn begin_row(&mut self) {
        self.end_cell();
        self.rows.push(Vec::new());
        self.column = 0;
        self.above.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
    }

    /// Begins a cell.
    pub(crate) fn begin_cell(&mut self, columns: usize, rows: usize) {
        self.end_cell();
        if self.rows.is_empty() {
            self.rows.push(Vec::new());
        }
        self.cell = Some((String::new(), columns.clamp(1, MOST_COLUMNS), rows.clamp(1, 65_534)));
    }

    /// The text of the open cell.
    pub(crate) fn cell(&mut self) -> Option<&mut String> {
        self.cell.as_mut().map(|(text, ..)| text)
    }

    /// Ends the open cell, if one is.
    pub(crate) fn end_cell(&mut self) {
        let Some((text, columns, rows)) = self.cell.take() else { return };
        while self.above.get(self.column).is_some_and(|rows| *rows > 0) {
            self.column += 1;
        }
        let first = self.column;
        self.column = (first + columns).min(MOST_COLUMNS);
        if self.above.len() < self.column {
            self.above.resize(self.column, 0);
        }
        if let Some(covered) = self.above.get_mut(first..self.column) {
            covered.fill(rows);
        }
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(row) = self.rows.last_mut().filter(|_| !words.is_empty()) {
            row.push((first, words));
        }
    }

    /// The lines of the table. Columns without any text are left out, and rows without.
    pub(crate) fn finish(mut self) -> Vec<String> {
        self.end_cell();
        let mut columns: Vec<usize> = self.rows.iter().flatten().map(|(column, _)| *column).collect();
        columns.sort_unstable();
        columns.dedup();
        self.rows.iter().filter(|row| !row.is_empty()).map(|row| line(row, &columns)).collect()
    }
}

fn line(row: &[(usize, String)], columns: &[usize]) -> String {
    let mut cells = row.iter().peekable();
    let mut line = String::from("|");
    for column in columns {
        if cells.peek().is_none() {
            break;
        }
        let mut text = String::new();
        while let Some((_, cell)) = cells.next_if(|(at, _)| at <= column) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(cell);
        }
        line.push(' ');
        line.push_str(&text);
        line.push_str(if text.is_empty() { "|" } else { " |" });
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[(&str, usize, usize)]]) -> Vec<String> {
        let mut table = Table::default();
        for row in rows {
            table.begin_row();
            for (text, columns, rows) in *row {
                table.begin_cell(*columns, *rows);
                table.cell().expect("a cell").push_str(text);
            }
        }
        table.finish()
    }

    #[test]
    fn rows_become_lines() {
        let rows: &[&[_]] = &[
            &[("Item", 1, 1), ("", 1, 1), ("Price", 2, 1), ("", 1, 1)],
            &[("Rent", 1, 2), ("", 1, 1), ("€", 1, 1), ("500", 1, 1)],
            &[("", 1, 1), ("$", 1, 1), ("a|b", 1, 1)],
            &[("", 1, 1)],
            &[("", 2, 1), ("only", 1, 1)],
        ];
        assert_eq!(table(rows), ["| Item | Price |", "| Rent | € | 500 |", "| | $ | a|b |", "| | only |"]);
        assert!(table(&[]).is_empty());
    }

    #[test]
    fn wide_spans_cost_nothing() {
        let wide: Vec<_> = (0..2_000).map(|_| ("x", 1_000, 60_000)).collect();
        let lines = table(&[&wide, &wide]);
        assert!(lines.iter().all(|line| line.len() < 10_000));
    }
}
