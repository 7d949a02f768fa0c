//! Headers, footers and page numbers: what stands at the same place of many pages, but for its digits.

use super::page::{Line, PageText};
use pllm_core::Dropped;
use std::collections::{BTreeMap, HashMap};

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
    let mut places: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
    for (number, page) in pages.iter().enumerate() {
        for edge in edges(page) {
            for at in edge.lines {
                let line = &page.lines[at];
                places.entry(pattern(&line.text)).or_default().push((number, top(line)));
            }
        }
    }
    let repeats = |line: &Line| {
        let near = places.get(&pattern(&line.text)).into_iter().flatten();
        let mut on: Vec<usize> = near
            .filter(|(_, other)| (other - top(line)).abs() <= SAME_PLACE)
            .map(|(page, _)| *page)
            .collect();
        on.dedup();
        on.len() >= LEAST_PAGES
    };
    let mut dropped: BTreeMap<(String, &'static str), Dropped> = BTreeMap::new();
    let mut order = Vec::new();
    for page in pages.iter_mut() {
        let mut taken: Vec<(usize, bool)> = Vec::new();
        for edge in edges(page) {
            let repeated = edge.lines.iter().take_while(|at| repeats(&page.lines[**at]));
            taken.extend(repeated.map(|at| (*at, edge.is_upper)));
        }
        taken.sort_unstable();
        taken.dedup_by_key(|(at, _)| *at);
        if taken.is_empty() || taken.len() == page.lines.len() {
            continue;
        }
        for (at, is_upper) in &taken {
            let line = &page.lines[*at];
            let kind = kind_of(&line.text, *is_upper);
            let key = (pattern(&line.text), kind);
            let entry = dropped.entry(key.clone()).or_insert_with(|| {
                order.push(key);
                Dropped {
                    kind: kind.into(),
                    text: line.text.clone(),
                    pages: Vec::new(),
                    reason: String::new(),
                }
            });
            if entry.pages.last() != Some(&line.page) {
                entry.pages.push(line.page);
            }
        }
        let mut at = 0;
        page.lines.retain(|_| {
            at += 1;
            !taken.iter().any(|(index, _)| *index == at - 1)
        });
    }
    let found = order.into_iter().filter_map(|key| dropped.remove(&key));
    found.map(|drop| Dropped { reason: format!("repeated on {} pages", drop.pages.len()), ..drop }).collect()
}

/// Lines at one edge of a page, from the edge inwards.
struct Edge {
    lines: Vec<usize>,
    is_upper: bool,
}

fn edges(page: &PageText) -> [Edge; 2] {
    let mut sorted: Vec<usize> = (0..page.lines.len()).collect();
    sorted.sort_by(|a, b| top(&page.lines[*a]).total_cmp(&top(&page.lines[*b])));
    let upper = sorted.iter().take_while(|at| top(&page.lines[**at]) < MARGIN * page.height);
    let lower = sorted.iter().rev().take_while(|at| top(&page.lines[**at]) > (1.0 - MARGIN) * page.height);
    [
        Edge { lines: upper.take(MOST_LINES).copied().collect(), is_upper: true },
        Edge { lines: lower.take(MOST_LINES).copied().collect(), is_upper: false },
    ]
}

fn top(line: &Line) -> f32 {
    line.boxes.first().map_or(0.0, |edge| edge.top)
}

/// A text without blanks, each number as `#`.
fn pattern(text: &str) -> String {
    let mut made = String::new();
    if is_roman(text.trim()) {
        return "#".to_owned();
    }
    for sign in text.chars().filter(|sign| !sign.is_whitespace()) {
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
