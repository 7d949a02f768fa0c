//! The model of a document to canonical text: lists with their numbers, tables as rows, notes below the text they belong to.

use crate::outline::{Made, Outline};
use crate::rows::Table;
use anydoc::model::{
    Block, Cell, CellSlot, Document, Inline, List, ListItem, Note, Table as Grid, TableKind, checkbox_text,
};
use std::collections::HashMap;

/// What was written.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) made: Made,
    pub(super) tables: u32,
}

/// Writes a document.
pub(super) fn write(document: &Document) -> Written {
    let notes = document.notes.iter().map(|note| (note.id.as_str(), note)).collect();
    let mut writer =
        Writer { notes, numbers: HashMap::new(), due: Vec::new(), outline: Outline::default(), tables: 0 };
    for block in &document.blocks {
        writer.block(block);
        writer.notes();
    }
    Written { made: writer.outline.finish(), tables: writer.tables }
}

struct Writer<'a> {
    notes: HashMap<&'a str, &'a Note>,
    /// The numbers that notes have, by their first reference.
    numbers: HashMap<&'a str, usize>,
    /// Notes that are referred to and not yet written.
    due: Vec<&'a Note>,
    outline: Outline,
    tables: u32,
}

/// Lists are indented up to so many levels.
const MOST_INDENT: usize = 8;
/// A cell with more text than this is no cell of a table that is read by rows.
const LONG_CELL: usize = 1_200;

impl<'a> Writer<'a> {
    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Heading { level, content, .. } => {
                let text = self.inlines(content);
                self.outline.heading(*level, &text);
            }
            Block::Paragraph(content) => {
                let text = self.inlines(content);
                self.outline.block(&lines(&text));
            }
            Block::List(list) => {
                let mut items = Vec::new();
                self.list(list, 0, &mut items);
                self.outline.block(&items.join("\n"));
            }
            Block::Table(grid) if is_layout(grid) => {
                for cell in cells(grid) {
                    cell.blocks.iter().for_each(|block| self.block(block));
                }
            }
            Block::Table(grid) => {
                let rows = self.rows(grid);
                self.tables += u32::from(!rows.is_empty());
                self.outline.block(&rows.join("\n"));
            }
            Block::BlockQuote(blocks) => blocks.iter().for_each(|block| self.block(block)),
            Block::CodeBlock { text, .. } => self.outline.block(text.trim_start_matches('\n')),
            Block::Math(tex) => self.outline.block(tex),
            Block::Rule => {}
        }
    }

    /// The notes that are due, each as a block with its number.
    fn notes(&mut self) {
        for note in std::mem::take(&mut self.due) {
            let mut text = String::new();
            note.blocks.iter().for_each(|block| self.flat(block, &mut text));
            let number = self.numbers[note.id.as_str()];
            self.outline.block(&format!("[{number}] {text}"));
        }
    }

    /// The lines of a list.
    fn list(&mut self, list: &'a List, level: usize, out: &mut Vec<String>) {
        for (item, number) in list.items.iter().zip(list.start..) {
            let indent = "  ".repeat(level.min(MOST_INDENT));
            let mut marker = Some(marker(list, item, number));
            let mut put = |text: &str, out: &mut Vec<String>| match marker.take() {
                Some(marker) => out.push(format!("{indent}{marker} {text}")),
                None => out.push(format!("{indent}  {text}")),
            };
            for block in &item.blocks {
                match block {
                    Block::List(inner) => self.list(inner, level + 1, out),
                    Block::Table(grid) => {
                        let rows = self.rows(grid);
                        self.tables += u32::from(!rows.is_empty());
                        rows.iter().for_each(|row| put(row, out));
                    }
                    other => {
                        let mut text = String::new();
                        self.flat(other, &mut text);
                        if !text.is_empty() {
                            put(&text, out);
                        }
                    }
                }
            }
        }
    }

    fn rows(&mut self, grid: &'a Grid) -> Vec<String> {
        let mut table = Table::default();
        for row in &grid.grid {
            table.begin_row();
            for slot in row {
                let CellSlot::Origin(cell) = slot else { continue };
                table.begin_cell(cell.col_span as usize, cell.row_span as usize);
                let mut text = String::new();
                cell.blocks.iter().for_each(|block| self.flat(block, &mut text));
                if let Some(cell) = table.cell() {
                    cell.push_str(&text);
                }
            }
        }
        table.finish()
    }

    /// Adds the text of a block on one line.
    fn flat(&mut self, block: &'a Block, out: &mut String) {
        let text = match block {
            Block::Heading { content, .. } | Block::Paragraph(content) => self.inlines(content),
            Block::List(list) if !list.ordered() => {
                let items = list.items.iter().map(|item| {
                    let mut text = String::new();
                    item.blocks.iter().for_each(|block| self.flat(block, &mut text));
                    text
                });
                items.collect::<Vec<_>>().join("; ")
            }
            Block::List(list) => {
                let mut items = Vec::new();
                self.list(list, 0, &mut items);
                items.join(" ")
            }
            Block::Table(grid) => self.rows(grid).join(" "),
            Block::BlockQuote(blocks) => {
                return blocks.iter().for_each(|block| self.flat(block, out));
            }
            Block::CodeBlock { text, .. } | Block::Math(text) => text.clone(),
            Block::Rule => return,
        };
        for word in text.split_whitespace() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
    }

    fn inlines(&mut self, inlines: &'a [Inline]) -> String {
        let mut out = String::new();
        self.add_inlines(inlines, &mut out);
        out
    }

    fn add_inlines(&mut self, inlines: &'a [Inline], out: &mut String) {
        for inline in inlines {
            match inline {
                Inline::Text { text, .. } => out.push_str(text),
                Inline::Link { content, .. } => self.add_inlines(content, out),
                Inline::Image { alt, .. } => out.push_str(alt),
                Inline::Math(tex) => out.push_str(tex),
                Inline::Checkbox(checked) => out.push_str(checkbox_text(*checked)),
                Inline::LineBreak => out.push('\n'),
                Inline::NoteRef(id) => self.refer(id, out),
                Inline::Anchor(_) => {}
            }
        }
    }

    /// Writes the number of a note, and makes the note due where this is its first reference.
    fn refer(&mut self, id: &'a str, out: &mut String) {
        let Some(note) = self.notes.get(id).copied() else { return };
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(id).or_insert_with(|| {
            self.due.push(note);
            next
        });
        out.push_str(&format!("[{number}]"));
    }
}

fn marker(list: &List, item: &ListItem, number: u64) -> String {
    item.marker_label.as_deref().map_or_else(|| list.marker.label(number), |label| label.trim().to_owned())
}

/// Lines without the white space at their ends, and no blank ones at either end of the text.
fn lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    lines.join("\n").trim().to_owned()
}

fn cells(grid: &Grid) -> impl Iterator<Item = &Cell> {
    grid.grid.iter().flatten().filter_map(|slot| match slot {
        CellSlot::Origin(cell) => Some(cell),
        CellSlot::Covered { .. } => None,
    })
}

/// Whether a table only arranges the page: it holds tables, headings or long text, or has one column.
fn is_layout(grid: &Grid) -> bool {
    let holds_blocks = |cell: &Cell| {
        let length: usize = cell.blocks.iter().map(length).sum();
        let is_frame = |block: &Block| matches!(block, Block::Table(_) | Block::Heading { .. });
        length > LONG_CELL || cell.blocks.iter().any(is_frame)
    };
    let filled = |row: &Vec<CellSlot>| {
        row.iter().filter(|slot| matches!(slot, CellSlot::Origin(cell) if !cell.is_empty())).count()
    };
    let widest = grid.grid.iter().map(filled).max().unwrap_or(0);
    grid.kind == TableKind::Layout || widest < 2 || cells(grid).any(holds_blocks)
}

/// Bytes of the text of a paragraph; of other blocks, what they have at least.
fn length(block: &Block) -> usize {
    match block {
        Block::Paragraph(inlines) => anydoc::model::inlines_to_plain_text(inlines).len(),
        Block::List(list) => list.items.iter().flat_map(|item| &item.blocks).map(length).sum(),
        _ => 0,
    }
}
