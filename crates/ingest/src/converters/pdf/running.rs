//! Headers, footers and page numbers: what stands at the same place of many pages, but for its digits.

use super::page::{Line, PageText};
use pllm_core::Dropped;
use std::collections::HashMap;

/// From so many pages on a repeated line is one of them.
const LEAST_PAGES: usize = 3;
/// They reach so far into the page from its upper and lower edge, in page heights.
const MARGIN: f32 = 0.2;
/// At most so many lines at each edge.
const MOST_LINES: usize = 5;
/// The same place, points.
const SAME_PLACE: f32 = 3.0;

/// Takes them out of the pages and tells what was taken. A page that has nothing else keeps them.
pub(super) fn take(pages: &mut [PageText]) -> Vec<Dropped> {
    let repeated = Repeated::of(pages);
    let mut found: Vec<(String, Dropped)> = Vec::new();
    for page in pages.iter_mut() {
        let mut taken: Vec<(usize, bool)> = Vec::new();
        for edge in edges(page) {
            let lines = edge.lines.iter().take_while(|at| repeated.has(&page.lines[**at]));
            taken.extend(lines.map(|at| (*at, edge.is_upper)));
        }
        taken.sort_unstable();
        taken.dedup_by_key(|(at, _)| *at);
        if taken.is_empty() || taken.len() == page.lines.len() {
            continue;
        }
        for (at, is_upper) in &taken {
            note(&mut found, &page.lines[*at], *is_upper);
        }
        let mut index = 0..page.lines.len();
        page.lines.retain(|_| !index.next().is_some_and(|at| taken.iter().any(|(gone, _)| *gone == at)));
    }
    let reason = |drop: &Dropped| match drop.pages.len() {
        1 | 2 => "stands with the page's number where other pages have theirs".to_owned(),
        pages => format!("repeated on {pages} pages"),
    };
    found.into_iter().map(|(_, drop)| Dropped { reason: reason(&drop), ..drop }).collect()
}

/// Adds a line to what was left out.
fn note(found: &mut Vec<(String, Dropped)>, line: &Line, is_upper: bool) {
    let text = line.text.trim_matches(['|', ' ']).replace(" | ", " ");
    let kind = kind_of(&text, is_upper);
    let key = pattern(&text);
    let entry = match found.iter().position(|(known, drop)| *known == key && drop.kind == kind) {
        Some(at) => &mut found[at].1,
        None => {
            let drop = Dropped { kind: kind.into(), text, pages: Vec::new(), reason: String::new() };
            found.push((key, drop));
            let last = found.len() - 1;
            &mut found[last].1
        }
    };
    if entry.pages.last() != Some(&line.page) {
        entry.pages.push(line.page);
    }
}

/// Where on the pages the same stands.
struct Repeated {
    /// The pages and tops of each pattern.
    patterns: HashMap<String, Vec<(u32, f32)>>,
    /// The same of lines by how far the number in them is from that of the page.
    numbers: HashMap<i64, Vec<(u32, f32)>>,
}

impl Repeated {
    fn of(pages: &[PageText]) -> Self {
        let mut found = Self { patterns: HashMap::new(), numbers: HashMap::new() };
        for page in pages {
            for line in edges(page).iter().flat_map(|edge| &edge.lines).map(|at| &page.lines[*at]) {
                let place = (line.page, line.from_top);
                found.patterns.entry(pattern(&line.text)).or_default().push(place);
                for ahead in numbers_ahead(line) {
                    found.numbers.entry(ahead).or_default().push(place);
                }
            }
        }
        found
    }

    fn has(&self, line: &Line) -> bool {
        let on_many = |places: Option<&Vec<(u32, f32)>>| {
            let mut pages = Vec::with_capacity(LEAST_PAGES);
            for (page, other) in places.into_iter().flatten() {
                if (other - line.from_top).abs() <= SAME_PLACE && !pages.contains(page) {
                    pages.push(*page);
                }
                if pages.len() == LEAST_PAGES {
                    return true;
                }
            }
            false
        };
        on_many(self.patterns.get(&pattern(&line.text)))
            || numbers_ahead(line).iter().any(|ahead| on_many(self.numbers.get(ahead)))
    }
}

/// How far the first and the last word of a line are ahead of the number of the page, if they are numbers.
fn numbers_ahead(line: &Line) -> Vec<i64> {
    let mut words = line.text.split_whitespace().filter(|word| *word != "|");
    let ends = [words.next(), words.next_back()];
    let numbers =
        ends.into_iter().flatten().filter(|word| word.len() < 6).filter_map(|word| word.parse::<i64>().ok());
    numbers.map(|number| number - i64::from(line.page)).collect()
}

/// Lines at one edge of a page, from the edge inwards.
struct Edge {
    lines: Vec<usize>,
    is_upper: bool,
}

fn edges(page: &PageText) -> [Edge; 2] {
    let mut sorted: Vec<usize> = (0..page.lines.len()).collect();
    sorted.sort_by(|a, b| page.lines[*a].from_top.total_cmp(&page.lines[*b].from_top));
    let share = |at: usize| page.lines[at].from_top / page.lines[at].page_height;
    let upper = sorted.iter().take_while(|at| share(**at) < MARGIN);
    let lower = sorted.iter().rev().take_while(|at| share(**at) > 1.0 - MARGIN);
    [
        Edge { lines: upper.take(MOST_LINES).copied().collect(), is_upper: true },
        Edge { lines: lower.take(MOST_LINES).copied().collect(), is_upper: false },
    ]
}

/// A text without blanks, each number as `#`.
fn pattern(text: &str) -> String {
    let mut made = String::new();
    if is_roman(text.trim()) {
        return "#".to_owned();
    }
    for sign in text.chars().filter(|sign| !sign.is_whitespace() && *sign != '|') {
        if !sign.is_numeric() {
            made.push(sign);
        } else if !made.ends_with('#') {
            made.push('#');
        }
    }
    made
}

fn is_roman(text: &str) -> bool {
    !text.is_empty()
        && text.len() < 8
        && (text.bytes().all(|byte| b"ivxlc".contains(&byte))
            || text.bytes().all(|byte| b"IVXLC".contains(&byte)))
}

fn kind_of(text: &str, is_upper: bool) -> &'static str {
    let pattern = pattern(text);
    let rest: String =
        pattern.chars().filter(|sign| sign.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let names_page = ["", "page", "pageof", "p", "seite", "seitevon", "von", "of", "pagesur", "sur"];
    if pattern.contains('#') && names_page.contains(&rest.as_str()) {
        "page-number"
    } else if is_upper {
        "header"
    } else {
        "footer"
    }
}
