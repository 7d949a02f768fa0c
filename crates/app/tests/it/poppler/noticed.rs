//! What the comparison notices: a page of four lines, and faults put into its text, its boxes and its report.

use super::file::Pdf;
use super::words::{self, Word};
use crate::fixture::{Outcome, ensure};
use pllm_app::evaluate::set::GoldQuote;
use pllm_app::report::StoredDropped;
use pllm_core::{CanonicalText, Layout, PageArea, PageBox, Place, SourceId};
use pllm_text::ByteRange;
use std::sync::Arc;

/// What poppler reads: lines 20 points apart, each sign 5 points wide.
const PAGE: [&str; 4] =
    ["The rent of the stu-", "dio is 612 pounds.", "Keys cost 20 pounds.", "Lease, page 7"];
/// What the product makes of it: the last line is left out.
const TEXT: &str = "The rent of the studio is 612 pounds.\n\nKeys cost 20 pounds.\n";
/// Where its lines begin and end.
const LINES: [(usize, usize); 3] = [(0, 19), (19, 37), (39, 59)];
/// The line left out, as it stands on another page.
const REPORTED: &str = "Lease, page 1";

const LINE: &str = "the boxes of";
const OUTSIDE: &str = "is in no line's box";
const SENTENCE: &str = "is not in its boxes";
const BESIDE: &str = "letters beside";
const SHOWN: &str = "poppler shows no";
const ABSENT: &str = "is reported as left out";

pub(super) async fn faults() -> Outcome {
    check(TEXT, REPORTED, |_| (), &[])?;
    check(TEXT, REPORTED, |boxes| boxes[1].right -= 10.0, &[LINE, OUTSIDE, SENTENCE])?;
    check(TEXT, REPORTED, |boxes| boxes[1].bottom += 20.0, &[LINE, BESIDE])?;
    let lower = |boxes: &mut [PageBox]| {
        boxes.iter_mut().for_each(|edge| (edge.top, edge.bottom) = (edge.top + 20.0, edge.bottom + 20.0));
    };
    check(TEXT, REPORTED, lower, &[LINE, OUTSIDE, SENTENCE])?;
    check(&TEXT.replace("612", "621"), REPORTED, |_| (), &[LINE, SENTENCE, SHOWN])?;
    check(TEXT, "Lease, sheet 1", |_| (), &[OUTSIDE, ABSENT])
}

/// Compares the page with `text`, in boxes that `spoil` changes, and with a report of a line left out: there are faults of
/// the `expected` kinds and of no other.
fn check(text: &str, reported: &str, spoil: impl Fn(&mut [PageBox]), expected: &[&str]) -> Outcome {
    let mut boxes: Vec<PageBox> = (0..LINES.len()).map(|line| edge(line, 0, PAGE[line].len())).collect();
    spoil(&mut boxes);
    let places = LINES.iter().zip(&boxes).map(|((start, end), edge)| {
        let areas = vec![PageArea { page: 1, boxes: vec![*edge] }];
        (ByteRange::new(*start, *end), Place::Page { headings: Vec::new(), areas })
    });
    let layout = Layout::new(places.collect());
    let quote = text.lines().next().unwrap_or_default().to_owned();
    let text = CanonicalText { source: SourceId::new("s")?, revision: 1, text: text.to_owned(), layout };
    let report =
        StoredDropped { kind: "footer".into(), text: reported.into(), pages: vec![1], reason: String::new() };
    let pdf = Pdf::of_words(Arc::new(text), page(), page(), &[report]);
    let quote = GoldQuote { file: String::new(), quote };
    let faults = [pdf.quotes(&[&quote]).1, pdf.sentences().1, pdf.lines().1].concat();
    let all_named = expected.iter().all(|kind| faults.iter().any(|fault| fault.contains(kind)));
    let no_other = faults.iter().all(|fault| expected.iter().any(|kind| fault.contains(kind)));
    ensure(all_named && no_other, || format!("{expected:?} expected, found {faults:#?}"))
}

fn page() -> Vec<Word> {
    let mut words = Vec::new();
    for (line, text) in PAGE.iter().enumerate() {
        let mut start = 0;
        for word in text.split(' ') {
            let end = start + word.len();
            words.push(Word {
                text: word.to_owned(),
                page: 1,
                ends_line: false,
                edge: edge(line, start, end),
            });
            start = end + 1;
        }
    }
    words::mark_line_ends(&mut words);
    words
}

/// Where the signs from `start` to `end` of a line are.
fn edge(line: usize, start: usize, end: usize) -> PageBox {
    let (top, at) = (20.0 * line as f32, |sign: usize| 5.0 * sign as f32);
    PageBox { left: at(start), top, right: at(end), bottom: top + 10.0 }
}
