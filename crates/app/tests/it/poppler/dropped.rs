//! Takes out of poppler's words the lines that the reading report says were left out.

use super::words::Word;
use pllm_app::report::StoredDropped;

/// What was left out may stand on so many of poppler's lines: its parts can be far from each other.
const MOST_LINES: usize = 3;

/// Takes the reported lines out of `words`, and names those that are not there.
pub(super) fn take(words: &mut Vec<Word>, reported: &[StoredDropped]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut gone = vec![false; words.len()];
    let lines = lines(words);
    for (report, page) in
        reported.iter().flat_map(|report| report.pages.iter().map(move |page| (report, *page)))
    {
        let here: Vec<&(usize, usize)> =
            lines.iter().filter(|(start, _)| words[*start].page == page).collect();
        let wanted = pattern(&report.text);
        let runs = (0..here.len())
            .flat_map(|first| (first..here.len().min(first + MOST_LINES)).map(move |last| (first, last)));
        let ranges = runs.map(|(first, last)| here[first].0..here[last].1);
        let found: Vec<_> =
            ranges.filter(|range| pattern(&joined(&words[range.clone()])) == wanted).collect();
        if found.is_empty() {
            faults.push(format!("page {page} has no {:?}, which is reported as left out", report.text));
        }
        found.into_iter().flatten().for_each(|at| gone[at] = true);
    }
    let mut gone = gone.into_iter();
    words.retain(|_| gone.next() != Some(true));
    faults
}

/// First and last but one word of each line.
fn lines(words: &[Word]) -> Vec<(usize, usize)> {
    let mut start = 0;
    let ends = words.iter().enumerate().filter(|(_, word)| word.ends_line).map(|(at, _)| at + 1);
    ends.map(|end| (std::mem::replace(&mut start, end), end)).collect()
}

fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect()
}

/// A text without blanks and bars between cells, each number as `#`: it is reported as it stands on its first page.
fn pattern(text: &str) -> String {
    let mut made = String::new();
    for sign in text.chars().filter(|sign| !sign.is_whitespace() && *sign != '|') {
        match sign.is_ascii_digit() {
            true if made.ends_with('#') => {}
            true => made.push('#'),
            false => made.push(sign),
        }
    }
    made
}
