//! Lines to paragraphs, list items and rows.

use super::page::Line;

/// What belongs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    Item,
    /// Rows of one table.
    Table,
    Heading,
}

/// Lines that belong together.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) lines: Vec<Line>,
    /// Where a line was ended on purpose and not for want of room: the numbers of the lines before.
    pub(super) ended: Vec<usize>,
}

impl Block {
    /// Its lines as one text, for looking at.
    pub(super) fn text(&self) -> String {
        self.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// The blocks of one page.
pub(super) fn find(lines: Vec<Line>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let ends = local_ends(&lines);
    let leadings = leadings(&lines);
    for (at, line) in lines.into_iter().enumerate() {
        let kind = match &line {
            line if line.is_row => Kind::Table,
            line if is_item(&line.text) => Kind::Item,
            _ => Kind::Paragraph,
        };
        if let Some(block) = blocks.last_mut() {
            let above = &block.lines[block.lines.len() - 1];
            let goes_on = match (block.kind, kind) {
                (Kind::Table, Kind::Table) => above.column == line.column,
                (Kind::Paragraph | Kind::Item, Kind::Paragraph) => goes_on(block, &line, leadings[at]),
                _ => false,
            };
            let ended = kind != Kind::Table && goes_on && is_ended(above, &line, ends[at - 1]);
            if goes_on && !(ended && closes(&above.text) && block.lines.len() > 1) {
                if ended {
                    block.ended.push(block.lines.len() - 1);
                }
                block.lines.push(line);
                continue;
            }
        }
        blocks.push(Block { kind, lines: vec![line], ended: Vec::new() });
    }
    blocks
}

/// Of each line the end that its neighbours in the column reach.
fn local_ends(lines: &[Line]) -> Vec<f32> {
    let end = |line: &Line| if line.reversed { -line.area.start } else { line.area.end };
    (0..lines.len())
        .map(|at| {
            let near = &lines[at.saturating_sub(4)..lines.len().min(at + 5)];
            let same = near.iter().filter(|line| line.column == lines[at].column && !line.is_row);
            same.map(end).fold(f32::NEG_INFINITY, f32::max)
        })
        .collect()
}

/// Of each line the usual distance of base lines in its column: the middle one.
fn leadings(lines: &[Line]) -> Vec<f32> {
    let mut found = Vec::with_capacity(lines.len());
    for column in lines.chunk_by(|a, b| a.column == b.column) {
        let mut steps: Vec<f32> = column
            .windows(2)
            .map(|pair| (pair[1].base - pair[0].base) / pair[1].size.max(pair[0].size))
            .filter(|step| (0.8..2.5).contains(step))
            .collect();
        steps.sort_by(f32::total_cmp);
        // The lower third: between paragraphs there may be more room than between lines, and many paragraphs.
        let usual = steps.get(steps.len() / 3).copied().unwrap_or(1.25);
        found.extend(std::iter::repeat_n(usual, column.len()));
    }
    found
}

/// Whether `line` is of the same paragraph as the block above it.
fn goes_on(block: &Block, line: &Line, leading: f32) -> bool {
    let above = &block.lines[block.lines.len() - 1];
    let size = above.size.max(line.size);
    let step = (line.base - above.base) / size;
    if above.column != line.column || step <= 0.0 || step > leading * 1.3 + 0.1 {
        return false;
    }
    if (above.size - line.size).abs() > 0.12 * size {
        return false;
    }
    let is_short = above.area.width() < 0.8 * (above.column_end - above.column_start);
    if above.bold != line.bold && is_short {
        return false;
    }
    let (start, above_start) =
        if line.reversed { (-line.area.end, -above.area.end) } else { (line.area.start, above.area.start) };
    let middle = |line: &Line| (line.area.start + line.area.end) / 2.0;
    let centred = (middle(line) - middle(above)).abs() < 0.5 * size
        && line.area.start > line.column_start + size
        && (start - above_start).abs() > 0.8 * size;
    let indent = start - above_start;
    let is_first = block.lines.len() == 1;
    if block.kind == Kind::Item {
        return indent > -0.8 * size;
    }
    centred || indent <= 0.8 * size && (indent >= -0.8 * size || is_first)
}

/// Whether the first word of `line` would have had room on the line above, which could reach to `end`.
fn is_ended(above: &Line, line: &Line, end: f32) -> bool {
    let signs = line.text.chars().count().max(1) as f32;
    let first = line.text.split_whitespace().next().map_or(0, |word| word.chars().count()) as f32;
    let needed = (first + 1.0) * line.area.width() / signs;
    let reached = if above.reversed { -above.area.start } else { above.area.end };
    reached + needed * 1.15 < end - 0.5 * line.size
}

/// Whether a text ends as sentences do.
pub(super) fn closes(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '」', '』']);
    text.ends_with(['.', '!', '?', ':', ';', '。', '！', '？', '：', '؟', '۔'])
}

/// Whether a line begins with the sign of a list's item.
pub(super) fn is_item(text: &str) -> bool {
    let mut signs = text.chars();
    let Some(first) = signs.next() else { return false };
    let rest = signs.as_str();
    match first {
        '•' | '●' | '■' | '▪' | '◦' | '‣' | '○' | '□' | '➢' | '✓' | '\u{2043}' => {
            rest.chars().any(char::is_alphanumeric)
        }
        '-' | '–' | '*' | '·' | '+' => {
            rest.starts_with(' ') && rest.trim_start().starts_with(char::is_alphanumeric)
        }
        _ => numbered_item(text),
    }
}

/// `1. x`, `12) x`, `(a) x`, `b) x`, `iv) x`.
fn numbered_item(text: &str) -> bool {
    let Some((sign, rest)) = text.split_once(' ') else { return false };
    let body = sign.trim_start_matches('(').trim_end_matches([')', '.']);
    let closed = sign.ends_with(')') || sign.ends_with('.') && !sign.starts_with('(');
    let digits = !body.is_empty() && body.len() <= 2 && body.bytes().all(|byte| byte.is_ascii_digit());
    let letter = body.len() == 1 && body.bytes().all(|byte| byte.is_ascii_lowercase());
    let roman = !body.is_empty() && body.len() <= 4 && body.bytes().all(|byte| b"ivx".contains(&byte));
    closed && !rest.trim().is_empty() && (digits || (letter || roman) && sign.ends_with(')'))
}
