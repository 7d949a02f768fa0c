//! Reading reports for people.

use crate::output;
use pllm_app::views::{Dropped, Report, Warning};

/// What was read, in one line; `None` for a format without pages and tables.
pub(crate) fn read_line(report: &Report) -> Option<String> {
    let count = |number: usize, what: &str| match number {
        0 => None,
        1 => Some(format!("1 {what}")),
        many => Some(format!("{many} {what}s")),
    };
    let pages = (report.pages as usize).saturating_sub(report.pages_without_text.len());
    let counts: Vec<String> =
        [count(pages, "page"), count(report.tables as usize, "table")].into_iter().flatten().collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

/// What was not read or not read well, a line each.
pub(crate) fn warning_lines(report: &Report) -> Vec<String> {
    report.unread.iter().cloned().chain(report.warnings.iter().map(Warning::line)).collect()
}

/// What was left out, a line each.
pub(crate) fn dropped_lines(report: &Report) -> Vec<String> {
    let line = |dropped: &Dropped| {
        let text = output::shorten(&dropped.text, 80);
        format!("{} “{text}” ({})", dropped.kind.replace('-', " "), dropped.reason)
    };
    report.dropped.iter().map(line).collect()
}

/// The first `most` lines, and how many more there are.
pub(crate) fn at_most(lines: Vec<String>, most: usize) -> Vec<String> {
    let more = lines.len().saturating_sub(most);
    let mut shown: Vec<String> = lines.into_iter().take(most).collect();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown
}
