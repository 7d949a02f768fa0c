//! Where in a file a piece of its text stands, in words that people read.

/// A place in a source.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Place {
    /// Under these headings (outermost first, none for plain text), on these lines of the file, from 1, both included.
    Section {
        /// Headings above, outermost first.
        headings: Vec<String>,
        /// First line.
        first_line: u32,
        /// Last line.
        last_line: u32,
    },
    /// Lines of the text that was made of the file, from 1, both included, where the file's own lines are others.
    Text {
        /// Headings above, outermost first.
        headings: Vec<String>,
        /// First line.
        first_line: u32,
        /// Last line.
        last_line: u32,
    },
    /// On pages: one, or several where a sentence goes on overleaf.
    Page {
        /// Headings above, outermost first.
        headings: Vec<String>,
        /// Where it stands on each page, in the order of the text.
        areas: Vec<PageArea>,
    },
    /// A row of a table, from 1, the header row not counted.
    Row {
        /// The row's number.
        number: u64,
    },
}

/// The part of a page that a text covers.
#[derive(Debug, Clone, PartialEq)]
pub struct PageArea {
    /// The page, from 1, in the order of the file.
    pub page: u32,
    /// Boxes of its words or lines, in the order of the text.
    pub boxes: Vec<PageBox>,
}

/// A rectangle on a page as it is shown (cut to its crop box, turned): points (1/72 inch) from its top left corner, down and
/// to the right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageBox {
    /// Left edge.
    pub left: f32,
    /// Upper edge.
    pub top: f32,
    /// Right edge, at least `left`.
    pub right: f32,
    /// Lower edge, at least `top`.
    pub bottom: f32,
}

impl PageBox {
    /// The smallest box around both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Whether both are of one line: as high, or as wide where it runs downwards. Turned text is a little off.
    #[must_use]
    pub fn is_beside(&self, other: &Self) -> bool {
        let same = |a: f32, b: f32| (a - b).abs() < 0.05;
        same(self.top, other.top) && same(self.bottom, other.bottom)
            || same(self.left, other.left) && same(self.right, other.right)
    }
}

/// Pages of one size: from `first` on, up to the next of a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageSize {
    /// The first of them, from 1.
    pub first: u32,
    /// Their width as they are shown, points.
    pub width: f32,
    /// Their height as they are shown, points.
    pub height: f32,
}

impl Place {
    /// The kind in a word, as JSON shows it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Section { .. } => "section",
            Self::Text { .. } => "text",
            Self::Page { .. } => "page",
            Self::Row { .. } => "row",
        }
    }

    /// The headings above it, outermost first.
    #[must_use]
    pub fn headings(&self) -> &[String] {
        match self {
            Self::Section { headings, .. } | Self::Text { headings, .. } | Self::Page { headings, .. } => {
                headings
            }
            Self::Row { .. } => &[],
        }
    }

    /// The place as people write it: `“Deposit”, lines 12–14`, `p. 12, § 4.2`, `row 7`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Section { headings, first_line, last_line } => {
                let lines = lines(*first_line, *last_line);
                match headings.last() {
                    Some(heading) => format!("“{heading}”, {lines}"),
                    None => lines,
                }
            }
            Self::Text { headings, first_line, last_line } => match headings.last() {
                Some(heading) => short_heading(heading),
                None => format!("{} of its text", lines(*first_line, *last_line)),
            },
            Self::Page { headings, areas } => {
                let pages = pages(areas);
                match headings.last() {
                    Some(heading) => format!("{pages}, {}", short_heading(heading)),
                    None => pages,
                }
            }
            Self::Row { number } => format!("row {number}"),
        }
    }
}

fn lines(first: u32, last: u32) -> String {
    if first == last { format!("line {first}") } else { format!("lines {first}–{last}") }
}

fn pages(areas: &[PageArea]) -> String {
    match (areas.first(), areas.last()) {
        (Some(first), Some(last)) if first.page != last.page => format!("pp. {}–{}", first.page, last.page),
        (Some(only), _) => format!("p. {}", only.page),
        _ => "no page".to_owned(),
    }
}

/// A heading that is numbered is known by its number: `4.2 Deposit` and `§ 4.2 Deposit` are `§ 4.2`.
fn short_heading(heading: &str) -> String {
    let rest = heading.strip_prefix('§').unwrap_or(heading).trim_start();
    let number = rest.split_whitespace().next().unwrap_or_default().trim_end_matches(['.', ')', ':']);
    let is_number =
        number.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let marked = rest.len() < heading.len() || number.contains('.');
    if is_number && marked { format!("§ {number}") } else { format!("“{heading}”") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_what_people_write() {
        let page = |headings: &[&str], pages: &[u32]| Place::Page {
            headings: headings.iter().map(ToString::to_string).collect(),
            areas: pages.iter().map(|page| PageArea { page: *page, boxes: Vec::new() }).collect(),
        };
        let check = |place: &Place, expected: &str| assert_eq!(place.label(), expected);
        check(&page(&["4 Money", "4.2 Deposit"], &[12]), "p. 12, § 4.2");
        check(&page(&["§ 4 Kaution"], &[12, 13]), "pp. 12–13, § 4");
        check(&page(&["1984 was cold"], &[3]), "p. 3, “1984 was cold”");
        check(&page(&["Deposit"], &[3]), "p. 3, “Deposit”");
        check(&page(&[], &[3]), "p. 3");
        let text = |headings: Vec<String>| Place::Text { headings, first_line: 2, last_line: 2 };
        check(&text(Vec::new()), "line 2 of its text");
        check(&text(vec!["Keys".to_owned()]), "“Keys”");
        let section = Place::Section { headings: vec!["Top".to_owned()], first_line: 4, last_line: 5 };
        check(&section, "“Top”, lines 4–5");
        check(&Place::Row { number: 7 }, "row 7");
    }
}
