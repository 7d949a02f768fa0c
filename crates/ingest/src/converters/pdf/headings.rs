//! Which paragraphs are headings, and which stand below which.

use super::blocks::{Block, Kind};
use std::collections::{HashMap, HashSet};

/// A heading is kept for each line below it, so only so much of one is.
const MAX_HEADING_CHARS: usize = 200;

/// What is usual in a document, and the titles of its outline.
#[derive(Debug, Default)]
pub(super) struct Usual {
    /// Size of most characters.
    size: f32,
    /// Whether most characters are bold.
    bold: bool,
    /// Titles of the outline with their depth, from 1, letters and digits only.
    outline: HashMap<String, usize>,
}

impl Usual {
    /// What is usual in `blocks`, with the titles and depths of an outline.
    pub(super) fn of(blocks: &[Block], outline: &[(String, usize)]) -> Self {
        let mut sizes: HashMap<i32, usize> = HashMap::new();
        let (mut bold, mut all) = (0, 0);
        for line in blocks.iter().flat_map(|block| &block.lines) {
            let signs = line.text.len();
            *sizes.entry((line.size * 2.0).round() as i32).or_default() += signs;
            all += signs;
            bold += if line.bold { signs } else { 0 };
        }
        let size = sizes.into_iter().max_by_key(|(size, count)| (*count, *size)).map_or(10, |(size, _)| size);
        let outline = outline.iter().map(|(title, depth)| (letters(title), *depth)).collect();
        Self { size: size as f32 / 2.0, bold: bold * 2 > all, outline }
    }

    /// Makes headings of the blocks that look like some.
    pub(super) fn mark(&self, blocks: &mut [Block]) {
        let mut above: HashSet<usize> = HashSet::new();
        for (at, block) in blocks.iter().enumerate() {
            if self.is_heading(block) {
                above.insert(at);
            }
        }
        for at in above {
            blocks[at].kind = Kind::Heading;
        }
    }

    fn is_heading(&self, block: &Block) -> bool {
        let text = block.text();
        let chars = text.chars().count();
        if block.kind == Kind::Table || block.lines.len() > 3 || chars > MAX_HEADING_CHARS {
            return false;
        }
        let leads = text.contains("....") || text.contains(". . . .");
        if leads || !text.chars().any(char::is_alphabetic) || text.ends_with([',', ';']) {
            return false;
        }
        if self.outline.contains_key(&letters(&text)) {
            return true;
        }
        let number = number_of(&text);
        let is_sentence = text.ends_with(['.', ':', '!', '?', '。']);
        let larger = block.lines.iter().all(|line| line.size >= 1.12 * self.size);
        let bold = !self.bold && block.lines.iter().all(|line| line.bold);
        let fits = block.lines.iter().all(|line| line.size >= 0.95 * self.size);
        let many_letters = text.chars().filter(|sign| sign.is_alphabetic()).count() * 2 > chars;
        match number {
            Some(depth) => {
                fits && !is_sentence
                    && chars <= 120
                    && block.lines.len() <= 2
                    && (larger || bold || depth > 1 && block.lines.len() == 1)
            }
            None if block.kind == Kind::Item => false,
            None => {
                many_letters
                    && !is_sentence
                    && chars >= 3
                    && (larger || bold && fits && chars <= 100 && block.lines.len() <= 2)
            }
        }
    }
}

/// Letters and digits in small letters: what two writings of a title have in common.
fn letters(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The depth of a heading's number: 2 of `4.2 Deposit`, 1 of `§ 4 Deposit`, `Chapter 4`, `A. Deposit`, `IV. Deposit`.
pub(super) fn number_of(text: &str) -> Option<usize> {
    let marked = text.strip_prefix('§').map(str::trim_start);
    let (number, rest) = marked.unwrap_or(text).split_once(' ')?;
    let body = number.trim_end_matches(['.', ')', ':']);
    let starts = rest.trim_start().chars().next().is_some_and(|sign| {
        sign.is_alphabetic() && !sign.is_lowercase() || matches!(sign, '"' | '“' | '„' | '«')
    });
    let parts: Vec<&str> = body.split('.').collect();
    let digits =
        |part: &&str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let first_letter = body.len() > 1 && body.as_bytes()[0].is_ascii_uppercase() && parts[0].len() == 1;
    let is_number =
        parts.iter().all(digits) || first_letter && parts.len() > 1 && parts[1..].iter().all(digits);
    (is_number && (starts || marked.is_some())).then_some(parts.len())
}

/// The headings above a place, outermost first, as a text is gone through.
#[derive(Debug, Default)]
pub(super) struct Path(Vec<Step>);

#[derive(Debug)]
struct Step {
    text: String,
    rank: Rank,
}

/// How high a heading stands.
#[derive(Debug, Clone, Copy)]
struct Rank {
    /// Depth in the outline or of its number.
    depth: Option<usize>,
    /// Size of its letters, half a point more if they are bold.
    size: f32,
}

impl Path {
    /// Goes on below `block`, which is a heading.
    pub(super) fn enter(&mut self, block: &Block, usual: &Usual) {
        let text = block.text();
        let line = &block.lines[0];
        let size = line.size + if line.bold { 0.5 } else { 0.0 };
        let depth = usual.outline.get(&letters(&text)).copied().or_else(|| number_of(&text));
        let rank = Rank { depth, size };
        while self.0.last().is_some_and(|last| !stands_below(rank, last.rank)) {
            self.0.pop();
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.0.push(Step { text: text.chars().take(MAX_HEADING_CHARS).collect(), rank });
    }

    /// The texts of the headings.
    pub(super) fn texts(&self) -> Vec<String> {
        self.0.iter().map(|step| step.text.clone()).collect()
    }

    /// How many they are.
    pub(super) fn depth(&self) -> usize {
        self.0.len()
    }
}

/// By their depths where both have one, else by their letters.
fn stands_below(rank: Rank, above: Rank) -> bool {
    match (rank.depth, above.depth) {
        (Some(depth), Some(other)) => depth > other,
        _ => rank.size < above.size - 0.25,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_headings_have_a_depth() {
        let check = |text: &str, expected: Option<usize>| assert_eq!(number_of(text), expected, "{text}");
        check("4 Money", Some(1));
        check("4.2 Deposit", Some(2));
        check("4.2.1. Deposit", Some(3));
        check("§ 4 Kaution", Some(1));
        check("§ 4 kaution", Some(1));
        check("A.1 Tables", Some(2));
        check("4.2 of the lease", None);
        check("1984 Was cold", None);
        check("Deposit", None);
        check("4.2", None);
    }
}
