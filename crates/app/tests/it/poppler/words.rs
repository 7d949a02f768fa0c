//! What poppler's `pdftotext` reads on the pages of a PDF: words, with and without their boxes.

use anyhow::{Context, ensure};
use pllm_core::{PageArea, PageBox};
use pllm_testkit::presence::Presence;
use std::path::Path;
use std::process::Command;

/// The program.
const PROGRAM: &str = "pdftotext";
/// The outlines of two programs may differ by so much, points.
const TOLERANCE: f32 = 2.0;

/// Whether poppler is on this machine.
pub(super) fn presence() -> Presence {
    match Command::new(PROGRAM).arg("-v").output() {
        Ok(output) if output.status.success() => Presence::Here,
        Ok(output) => Presence::Absent(format!("{PROGRAM} does not run: {}", output.status)),
        Err(error) => Presence::Absent(format!("{PROGRAM} does not start: {error}")),
    }
}

/// A word on a page.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    /// The page, from 1.
    pub(super) page: u32,
    /// Whether no other word follows on its line.
    pub(super) ends_line: bool,
    /// Where it is, from the top left corner of the page; nowhere for text without boxes.
    pub(super) edge: PageBox,
}

impl Word {
    /// Whether it is in one of these boxes: from its left to its right edge, and the middle of its height.
    pub(super) fn is_in(&self, areas: &[PageArea]) -> bool {
        let here = areas.iter().filter(|area| area.page == self.page);
        here.flat_map(|area| &area.boxes).any(|edge| self.is_inside(edge))
    }

    /// Whether its middle is in one of these boxes.
    pub(super) fn middle_is_in(&self, areas: &[PageArea]) -> bool {
        let across = f32::midpoint(self.edge.left, self.edge.right);
        let mut boxes = areas.iter().filter(|area| area.page == self.page).flat_map(|area| &area.boxes);
        boxes.any(|edge| {
            (edge.left..=edge.right).contains(&across) && (edge.top..=edge.bottom).contains(&self.middle())
        })
    }

    fn is_inside(&self, edge: &PageBox) -> bool {
        let middle = self.middle();
        self.edge.left >= edge.left - TOLERANCE
            && self.edge.right <= edge.right + TOLERANCE
            && (edge.top..=edge.bottom).contains(&middle)
    }

    fn middle(&self) -> f32 {
        f32::midpoint(self.edge.top, self.edge.bottom)
    }
}

/// The words of a file as people are shown them, in reading order.
pub(super) fn shown(file: &Path) -> anyhow::Result<Vec<Word>> {
    let output = run(file, &[])?;
    let edge = PageBox { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 };
    let mut words = Vec::new();
    // A page ends with a form feed.
    for (page, text) in (1..).zip(output.split('\x0C')) {
        for line in text.lines() {
            let of_line = line.split_whitespace().map(|text| Word {
                text: text.to_owned(),
                page,
                ends_line: false,
                edge,
            });
            words.extend(of_line);
            words.last_mut().into_iter().for_each(|last: &mut Word| last.ends_line = true);
        }
    }
    Ok(words)
}

/// The words of a file with their boxes, in reading order.
pub(super) fn boxed(file: &Path) -> anyhow::Result<Vec<Word>> {
    let output = run(file, &["-bbox"])?;
    let mut words: Vec<Word> = Vec::new();
    let mut page = 0;
    for line in output.lines().map(str::trim) {
        if line.starts_with("<page ") {
            page += 1;
        } else if line.starts_with("<word ") {
            words.push(word(line, page).with_context(|| format!("{PROGRAM} wrote {line:?}"))?);
        }
    }
    mark_line_ends(&mut words);
    Ok(words)
}

/// Finds the line ends of words that have boxes.
pub(super) fn mark_line_ends(words: &mut [Word]) {
    for at in 0..words.len() {
        words[at].ends_line = words.get(at + 1).is_none_or(|next| !follows(&words[at], next));
    }
}

/// Words as one text.
pub(super) fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether `next` stands on the same line as `word`, to the right of it.
fn follows(word: &Word, next: &Word) -> bool {
    word.page == next.page
        && next.edge.left >= word.edge.right - TOLERANCE
        && (word.edge.top..=word.edge.bottom).contains(&next.middle())
}

/// `<word xMin="1.5" yMin="2" xMax="3" yMax="4">a &amp; b</word>`.
fn word(line: &str, page: u32) -> Option<Word> {
    let (head, rest) = line.split_once('>')?;
    let number = |name: &str| head.split_once(&format!("{name}=\""))?.1.split('"').next()?.parse().ok();
    let edge = PageBox {
        left: number("xMin")?,
        top: number("yMin")?,
        right: number("xMax")?,
        bottom: number("yMax")?,
    };
    let written = rest.strip_suffix("</word>")?;
    let marks =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&")];
    let text = marks.iter().fold(written.to_owned(), |text, (mark, sign)| text.replace(mark, sign));
    Some(Word { text, page, ends_line: false, edge })
}

fn run(file: &Path, options: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(PROGRAM).args(options).args(["-enc", "UTF-8"]).arg(file).arg("-").output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
