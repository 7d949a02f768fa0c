//! Lines to paragraphs, list items and rows.

use super::headings::number_of;
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

/// The blocks of one page. `leading` is the usual one of its document.
pub(super) fn find(lines: Vec<Line>, leading: f32) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let breaks = breaks(&lines, leading);
    for (line, breaks) in lines.into_iter().zip(breaks) {
        let kind = match &line {
            line if line.is_row => Kind::Table,
            line if is_item(&line.text) && !is_wrapped_number(blocks.last(), line, breaks) => Kind::Item,
            _ => Kind::Paragraph,
        };
        if let Some(block) = blocks.last_mut() {
            let above = &block.lines[block.lines.len() - 1];
            let goes_on = match (block.kind, kind) {
                (Kind::Table, Kind::Table) => above.column == line.column,
                (Kind::Paragraph | Kind::Item, Kind::Paragraph) => {
                    !breaks.apart && goes_on(block, &line, breaks.ended)
                }
                _ => false,
            };
            let stops =
                if block.lines.len() > 1 { closes(&above.text) } else { number_of(&above.text).is_some() };
            if goes_on && !(breaks.ended && stops && kind != Kind::Table) {
                if breaks.ended && kind != Kind::Table {
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

/// What is between a line and the one above it.
#[derive(Debug, Clone, Copy, Default)]
struct Break {
    /// So much room that a paragraph ends there.
    apart: bool,
    /// The line above was ended on purpose: the first word of this one would have had room there.
    ended: bool,
}

/// What is above each line.
fn breaks(lines: &[Line], leading: f32) -> Vec<Break> {
    let ends = local_ends(lines);
    let usual = leadings(lines, leading);
    let step = |at: usize| -> Option<f32> {
        let pair = at.checked_sub(1).and_then(|above| lines.get(above..=at))?;
        (pair[0].column == pair[1].column)
            .then(|| (pair[1].base - pair[0].base) / pair[0].size.max(pair[1].size))
    };
    let of = |at: usize| {
        let Some(own) = step(at) else { return Break { apart: true, ended: false } };
        let ended = is_ended(&lines[at - 1], &lines[at], ends[at - 1]);
        let near = [step(at - 1), step(at + 1)].into_iter().flatten().fold(f32::INFINITY, f32::min);
        // A paragraph with more room between its lines than is usual has it between all of them.
        let is_evenly_wide = !ended && own < 2.8 && own <= 1.1 * near;
        let apart =
            own <= 0.0 || own > 1.3 * usual[at] + 0.1 && !is_evenly_wide || ended && own > 1.15 * usual[at];
        Break { apart, ended }
    };
    (0..lines.len()).map(of).collect()
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

/// The usual distance of base lines, in sizes. A low one of all: between paragraphs there is more room than between lines, and
/// there may be many short ones.
pub(super) fn usual_leading<'a>(columns: impl Iterator<Item = &'a [Line]>) -> f32 {
    let pairs = columns.flat_map(|lines| lines.windows(2)).filter(|pair| pair[0].column == pair[1].column);
    let mut steps: Vec<f32> = pairs
        .map(|pair| (pair[1].base - pair[0].base) / pair[1].size.max(pair[0].size))
        .filter(|step| (1.0..2.5).contains(step))
        .collect();
    steps.sort_by(f32::total_cmp);
    steps.get(steps.len() / 6).copied().unwrap_or(1.25)
}

/// Of each line the usual distance in its column, or in its document where that is less.
fn leadings(lines: &[Line], leading: f32) -> Vec<f32> {
    let columns = lines.chunk_by(|above, below| above.column == below.column);
    let of = |column: &[Line]| {
        let usual = usual_leading(std::iter::once(column)).min(leading);
        std::iter::repeat_n(usual, column.len())
    };
    columns.flat_map(of).collect()
}

/// Whether `line`, which is near enough, is of the same paragraph as the block above it. `ended` is whether the last line of
/// that was ended on purpose.
fn goes_on(block: &Block, line: &Line, ended: bool) -> bool {
    let above = &block.lines[block.lines.len() - 1];
    let size = above.size.max(line.size);
    // Headings of two ranks differ less than text and its notes.
    let most = if above.bold && line.bold { 0.04 } else { 0.12 };
    if (above.size - line.size).abs() > most * size {
        return false;
    }
    let is_short = above.area.width() < 0.8 * (above.column_end - above.column_start);
    if above.bold != line.bold && is_short {
        return false;
    }
    if is_cut(&above.text, &line.text) {
        return true;
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
        return indent > -0.8 * size || is_first && !ended && indent > -4.0 * size;
    }
    centred || indent <= 0.8 * size && (indent >= -0.8 * size || is_first)
}

/// Whether the first word of `line` would have had room on the line above, which could reach to `end`.
fn is_ended(above: &Line, line: &Line, end: f32) -> bool {
    let open = above.text.ends_with(|sign: char| sign.is_alphanumeric() || sign == ',');
    if is_cut(&above.text, &line.text) || open && line.text.starts_with(char::is_lowercase) {
        return false;
    }
    let signs = line.text.chars().count().max(1) as f32;
    let first = line.text.split_whitespace().next().map_or(0, |word| word.chars().count()) as f32;
    let needed = (first + 1.0) * line.area.width() / signs;
    let reached = if above.reversed { -above.area.start } else { above.area.end };
    reached + needed * 1.15 < end - 0.5 * line.size
}

/// Whether a word is cut at the end of `above`.
pub(super) fn is_cut(above: &str, below: &str) -> bool {
    let head = above.trim_end_matches(['-', '\u{AD}', '\u{2010}']);
    head.len() < above.len() && head.ends_with(char::is_alphabetic) && below.starts_with(char::is_lowercase)
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

/// Whether a line that begins like an item but with a number goes on with a sentence, as a date may.
fn is_wrapped_number(above: Option<&Block>, line: &Line, breaks: Break) -> bool {
    let is_open = |block: &Block| {
        block.kind == Kind::Paragraph && block.lines.last().is_some_and(|line| !closes(&line.text))
    };
    line.text.starts_with(|sign: char| sign.is_ascii_digit())
        && !breaks.apart
        && !breaks.ended
        && above.is_some_and(is_open)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_items_are_known() {
        let check = |text: &str, expected: bool| assert_eq!(is_item(text), expected, "{text}");
        check("• Nets are mended", true);
        check("- Nets", true);
        check("– 12 nets", true);
        check("-12 degrees", false);
        check("1. Open the lid", true);
        check("12) Close it", true);
        check("(a) the tenant", true);
        check("iv) the landlord", true);
        check("1984. That was cold", false);
        check("A. Smith came", false);
        check("(see above) it is", false);
        check("•", false);
    }
}
