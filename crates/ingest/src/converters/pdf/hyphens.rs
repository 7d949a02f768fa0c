//! How two lines of a paragraph are joined: with a blank, or a word that was cut at the line end without its hyphen.

use super::bidi::joins_without_blank;
use super::blocks::Block;
use std::collections::HashSet;

/// The words of a document that have a hyphen inside a line: those keep it at a line end, too.
#[derive(Debug, Default)]
pub(super) struct Hyphens(HashSet<String>);

/// What comes between two lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Joint {
    /// So many bytes at the end of the first line are left out.
    pub(super) without: Option<usize>,
    /// Whether a blank comes between.
    pub(super) blank: bool,
}

impl Hyphens {
    /// Those of `blocks`.
    pub(super) fn of(blocks: &[Block]) -> Self {
        let lines = blocks.iter().flat_map(|block| &block.lines);
        Self(lines.flat_map(|line| line.text.split_whitespace()).filter_map(compound).collect())
    }

    /// What comes between the lines `above` and `below` of a paragraph.
    pub(super) fn join(&self, above: &str, below: &str) -> Joint {
        let keep = Joint { without: None, blank: false };
        let (Some(last), Some(next)) = (above.chars().next_back(), below.chars().next()) else { return keep };
        if last == '\u{AD}' {
            return Joint { without: Some(last.len_utf8()), blank: !next.is_lowercase() };
        }
        if !matches!(last, '-' | '\u{2010}') {
            return Joint { without: None, blank: !joins_without_blank(last, next) };
        }
        let head = above.trim_end_matches(last);
        let head = head.split_whitespace().next_back().filter(|_| head.ends_with(char::is_alphanumeric));
        let Some(head) = head else { return Joint { without: None, blank: true } };
        let tail = below.split_whitespace().next().unwrap_or_default();
        let is_cut = head.ends_with(char::is_alphabetic) && next.is_lowercase();
        let known = compound(&format!("{head}-{tail}")).is_some_and(|word| self.0.contains(&word));
        if is_cut && !known { Joint { without: Some(last.len_utf8()), blank: false } } else { keep }
    }
}

/// The word with its hyphen, in small letters and without the marks around it, if it has one inside.
fn compound(word: &str) -> Option<String> {
    let word = word.trim_matches(|sign: char| !sign.is_alphanumeric());
    let (head, tail) = word.split_once(['-', '\u{2010}'])?;
    let whole = head.ends_with(char::is_alphabetic) && tail.starts_with(char::is_alphabetic);
    whole.then(|| format!("{}-{}", head.to_lowercase(), tail.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_were_cut_are_whole_again() {
        let hyphens = Hyphens(["well-known".to_owned()].into());
        let check = |above: &str, below: &str, expected: &str| {
            let joint = hyphens.join(above, below);
            let kept = &above[..above.len() - joint.without.unwrap_or(0)];
            assert_eq!(format!("{kept}{}{below}", if joint.blank { " " } else { "" }), expected);
        };
        check("one", "two", "one two");
        check("adipis-", "cing elit", "adipiscing elit");
        check("adipis\u{AD}", "cing", "adipiscing");
        check("a well-", "known fact", "a well-known fact");
        check("the COVID-", "19 year", "the COVID-19 year");
        check("Baden-", "Württemberg", "Baden-Württemberg");
        check("he came -", "and went", "he came - and went");
        check("今天", "下雨", "今天下雨");
    }
}
