//! Elements and text of a page, in order, to blocks of canonical text.

use crate::outline::Outline;
use crate::rows::Table;

/// A list that is open.
#[derive(Debug, Clone, Copy)]
struct List {
    /// The number of the next item, and the step to the one after it; none for a list of bullets.
    numbers: Option<(i64, i64)>,
    /// Whether an item was read.
    has_items: bool,
}

/// Makes the text.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) outline: Outline,
    /// Tables that were read as rows.
    pub(super) tables: u32,
    /// The text of the block being read, white space already folded where it may be.
    inline: String,
    lists: Vec<List>,
    /// What the next block of a list begins with.
    marker: Option<String>,
    /// Whether the next block goes on with the last one: an item of the same list, a value of the same term.
    goes_on: bool,
    /// The table being read by rows.
    table: Option<Table>,
    /// Elements in which white space counts, that are open.
    preformatted: usize,
}

/// Lists are indented up to so many levels.
const MOST_INDENT: usize = 8;

impl Writer {
    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        let out = match &mut self.table {
            // Between the cells of a table stands no text.
            Some(table) => match table.cell() {
                Some(cell) => cell,
                None => return,
            },
            None => &mut self.inline,
        };
        if self.preformatted > 0 {
            out.push_str(text);
            return;
        }
        for c in text.chars() {
            match c {
                '\u{AD}' => {}
                _ if c.is_whitespace() => {
                    if !out.is_empty() && !out.ends_with(char::is_whitespace) {
                        out.push(' ');
                    }
                }
                _ => out.push(c),
            }
        }
    }

    /// Adds a line break; two make a blank line.
    pub(super) fn line_break(&mut self) {
        if self.table.is_some() {
            self.text(" ");
        } else if self.preformatted > 0 {
            self.inline.push('\n');
        } else {
            let end = self.inline.trim_end_matches(' ').len();
            self.inline.truncate(end);
            if end > 0 && !self.inline.ends_with("\n\n") {
                self.inline.push('\n');
            }
        }
    }

    /// Ends the block that is open, if it has text; in a cell, which is one block, parts its text.
    pub(super) fn end_block(&mut self) {
        if self.table.is_some() {
            self.text(" ");
            return;
        }
        let inline = std::mem::take(&mut self.inline);
        let text = if self.preformatted > 0 { inline.trim_start_matches('\n') } else { inline.trim() };
        // A box to tick without any words is a switch of the page.
        if matches!(text.trim(), "" | "[ ]" | "[x]") {
            return;
        }
        self.put(text);
    }

    fn put(&mut self, text: &str) {
        // Lines of an item below its first are indented as its text is.
        let text = match self.lists.len().min(MOST_INDENT) {
            0 => text.to_owned(),
            levels => text.replace('\n', &format!("\n{}", "  ".repeat(levels))),
        };
        let level = self.lists.len().saturating_sub(1).min(MOST_INDENT);
        let block = match self.marker.take() {
            Some(marker) => format!("{}{marker}{text}", "  ".repeat(level)),
            None if self.lists.is_empty() => text,
            None => format!("{}{text}", "  ".repeat(level + 1)),
        };
        if self.goes_on {
            self.outline.line(&block);
        } else {
            self.outline.block(&block);
        }
        self.goes_on = !self.lists.is_empty();
    }

    /// Ends the block that is open as a heading.
    pub(super) fn end_heading(&mut self, level: u8) {
        if self.table.is_some() {
            self.text(" ");
            return;
        }
        let text = std::mem::take(&mut self.inline);
        if !text.trim().is_empty() {
            self.marker = None;
            self.goes_on = false;
            self.outline.heading(level, &text);
        }
    }

    /// Begins a list: of numbers from the first one on, or of bullets.
    pub(super) fn begin_list(&mut self, numbers: Option<(i64, i64)>) {
        self.end_block();
        self.goes_on &= !self.lists.is_empty();
        self.lists.push(List { numbers, has_items: false });
    }

    /// Ends a list.
    pub(super) fn end_list(&mut self) {
        self.end_block();
        self.lists.pop();
        self.marker = None;
        self.goes_on &= !self.lists.is_empty();
    }

    /// Begins an item, which may say its own number.
    pub(super) fn begin_item(&mut self, number: Option<i64>) {
        self.end_block();
        let list = self.lists.last_mut();
        let follows = list.is_some_and(|list| std::mem::replace(&mut list.has_items, true));
        if let Some(table) = &mut self.table {
            // In a cell, items stand beside each other.
            if let Some(cell) = table.cell().filter(|cell| follows && !cell.trim().is_empty()) {
                cell.truncate(cell.trim_end().len());
                cell.push_str("; ");
            }
            return;
        }
        self.marker = Some(match self.lists.last_mut() {
            Some(List { numbers: Some((next, step)), .. }) => {
                let number = number.unwrap_or(*next);
                *next = number.saturating_add(*step);
                format!("{number}. ")
            }
            _ => "- ".to_owned(),
        });
    }

    /// Ends an item.
    pub(super) fn end_item(&mut self) {
        self.end_block();
        self.marker = None;
    }

    /// Begins a line of the block before, if `goes_on`, else a block.
    pub(super) fn begin_block(&mut self, goes_on: bool) {
        self.end_block();
        if self.lists.is_empty() {
            self.goes_on = goes_on;
        }
    }

    /// Begins or ends text in which white space counts.
    pub(super) fn preformatted(&mut self, begins: bool) {
        if begins {
            self.end_block();
            self.preformatted += 1;
        } else {
            self.end_block();
            self.preformatted = self.preformatted.saturating_sub(1);
        }
    }

    /// Begins a table that is read by rows.
    pub(super) fn begin_table(&mut self) {
        self.end_block();
        self.table = Some(Table::default());
    }

    /// The table that is being read by rows.
    pub(super) fn table(&mut self) -> Option<&mut Table> {
        self.table.as_mut()
    }

    /// Ends the table.
    pub(super) fn end_table(&mut self) {
        let lines = self.table.take().map(Table::finish).unwrap_or_default();
        if !lines.is_empty() {
            self.tables += 1;
            self.put(&lines.join("\n"));
            self.goes_on &= !self.lists.is_empty();
        }
    }
}
