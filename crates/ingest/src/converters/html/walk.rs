//! A page from its first element to its last: what is seen is written, what is left out is told.

use super::chrome::{self, Around, Chrome};
use super::depth;
use super::elements::{alternative, has_brackets, input, is_block, is_layout, is_permalink};
use super::hidden::HidingRules;
use super::survey::{Held, Step, Survey, UNSEEN};
use super::writer::Writer;
use crate::outline::Made;
use dom_query::{Document, NodeRef};
use pllm_core::Dropped;

/// What was read of a page.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) made: Made,
    pub(super) tables: u32,
    pub(super) dropped: Vec<Dropped>,
}

/// Reads a page. Its title stands above its text where the page has no first heading, or where the text does not have the
/// words of the title.
pub(super) fn read(page: &Document, title: Option<&str>) -> Read {
    read_frame(page, title, 0)
}

/// Pages inside of pages are read so deep.
const MOST_FRAMES: u8 = 3;

/// Reads a page that is inside of `frames` others.
fn read_frame(page: &Document, title: Option<&str>, frames: u8) -> Read {
    let root = page.root();
    let survey = Survey::of(root);
    let around = around(root, &survey);
    let title = title.and_then(|title| heading_of(page, title));
    let around = Around { frames, ..around };
    let (read, survey) = read_around(root, survey, around, title);
    // A page of nothing but menus is a page of links, and those are its content.
    let chars = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let left = chars(&read.made.text) - title.map_or(0, |(_, title)| chars(title));
    let only_menus = read.dropped.iter().any(|dropped| dropped.kind != "hidden")
        && left < LEAST_CONTENT
        && left * 5 < around.page_chars;
    if only_menus { read_around(root, survey, Around { keep_menus: true, ..around }, title).0 } else { read }
}

/// Content of a page is at least so many characters, or a fifth of it.
const LEAST_CONTENT: usize = 200;

fn read_around(
    root: NodeRef<'_>,
    survey: Survey,
    around: Around,
    title: Option<(u8, &str)>,
) -> (Read, Survey) {
    let mut walk = Walk {
        around,
        rules: HidingRules::of(root),
        survey,
        writer: Writer::default(),
        content: 0,
        headers: 0,
        dropped: Vec::new(),
        left_over: 0,
    };
    if let Some((level, title)) = title {
        walk.writer.outline.heading(level, title);
    }
    let mut steps = vec![Step::Enter(root)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(node) if node.is_text() => walk.writer.text(&node.text()),
            Step::Enter(node) => {
                if walk.enter(node) {
                    Step::push_children(node, &mut steps);
                }
            }
            Step::Leave(node) => walk.leave(node),
        }
    }
    walk.writer.end_block();
    let dropped = walk.dropped();
    let read = Read { made: walk.writer.outline.finish(), tables: walk.writer.tables, dropped };
    (read, walk.survey)
}

/// The title as a heading, with its level.
fn heading_of<'a>(page: &Document, title: &'a str) -> Option<(u8, &'a str)> {
    if !page.root().descendants_it().any(|node| node.has_name("h1")) {
        return Some((1, title));
    }
    let text = page.body()?.text().to_lowercase();
    let (known, unknown): (Vec<_>, Vec<_>) =
        title.split_whitespace().partition(|word| text.contains(&word.to_lowercase()));
    (unknown.len() > known.len()).then_some((0, title))
}

/// What is known of the page before it is read.
fn around(root: NodeRef<'_>, survey: &Survey) -> Around {
    let page_chars = survey.held(root).chars;
    let in_content: usize = root
        .descendants_it()
        .filter(|node| is_content(*node, &node.node_name().unwrap_or_default()))
        .map(|node| survey.held(node).chars)
        .max()
        .unwrap_or(0);
    Around { page_chars, has_content: in_content * 2 >= page_chars, ..Around::default() }
}

fn is_content(node: NodeRef<'_>, name: &str) -> bool {
    matches!(name, "main" | "article") || node.attr("role").is_some_and(|role| &*role == "main")
}

struct Walk {
    survey: Survey,
    rules: HidingRules,
    around: Around,
    writer: Writer,
    /// Elements that are marked as the page's content, that are open.
    content: usize,
    /// Elements that are headers, that are open.
    headers: usize,
    dropped: Vec<Dropped>,
    /// Parts that were left out and are not listed.
    left_over: usize,
}

/// Of what is left out, so many parts are listed, with so many characters of their text.
const LISTED: usize = 100;
const SHOWN_CHARS: usize = 200;

impl Walk {
    /// Begins an element; says whether what is in it is to be read.
    fn enter(&mut self, node: NodeRef<'_>) -> bool {
        let Some(name) = node.node_name() else { return !node.is_comment() };
        let held = self.survey.held(node);
        if &*name == "iframe" {
            self.frame(node);
        }
        if UNSEEN.contains(&&*name) || is_permalink(node, &name, &held) {
            return false;
        }
        if !matches!(&*name, "html" | "body") && held.chars > 0 {
            // What is most of a page is its content, which a script shows.
            let is_most = held.chars * 2 > self.around.page_chars;
            let why = self.rules.why_hidden(node);
            if let Some(why) = why.filter(|why| !(is_most && why.could_be_shown)) {
                self.drop(node, "hidden", why.reason);
                return false;
            }
            let around = Around { in_content: self.content > 0, in_header: self.headers > 0, ..self.around };
            if let Some(Chrome { kind, reason }) = chrome::find(node, &name, &held, around) {
                self.drop(node, kind, reason);
                return false;
            }
        }
        self.content += usize::from(is_content(node, &name));
        self.headers += usize::from(&*name == "header");
        self.begin(node, &name, &held);
        true
    }

    /// Reads the page that an element has inside of it.
    fn frame(&mut self, node: NodeRef<'_>) {
        let is_read = self.around.frames < MOST_FRAMES && self.rules.why_hidden(node).is_none();
        let Some(page) = node.attr("srcdoc").filter(|_| is_read) else { return };
        let page = Document::from(&*depth::flatten(&page));
        let read = read_frame(&page, None, self.around.frames + 1);
        self.writer.begin_block(false);
        self.writer.outline.block(&read.made.text);
        self.writer.tables += read.tables;
        self.dropped.extend(read.dropped);
    }

    fn begin(&mut self, node: NodeRef<'_>, name: &str, held: &Held) {
        let number = |attribute| node.attr(attribute).and_then(|value| value.trim().parse::<i64>().ok());
        let writer = &mut self.writer;
        match name {
            "br" => writer.line_break(),
            "wbr" => {}
            "img" | "area" => alternative(node, writer),
            "input" => input(node, writer),
            "pre" | "textarea" | "listing" | "xmp" => writer.preformatted(true),
            "ul" | "menu" | "dir" => writer.begin_list(None),
            "ol" => {
                let step = if node.has_attr("reversed") { -1 } else { 1 };
                writer.begin_list(Some((number("start").unwrap_or(1), step)));
            }
            "li" => writer.begin_item(number("value")),
            "dd" => writer.begin_block(true),
            "rt" if !has_brackets(node) => writer.text("("),
            "q" => writer.text("\""),
            "table" if writer.table().is_none() && !is_layout(node, held) => writer.begin_table(),
            "tr" | "td" | "th" if writer.table().is_some() => {
                let span =
                    |attribute| number(attribute).and_then(|span| usize::try_from(span).ok()).unwrap_or(1);
                if let Some(table) = writer.table() {
                    if name == "tr" {
                        table.begin_row();
                    } else {
                        table.begin_cell(span("colspan"), span("rowspan"));
                    }
                }
            }
            _ if is_block(name) => writer.begin_block(false),
            _ => {}
        }
    }

    fn leave(&mut self, node: NodeRef<'_>) {
        let Some(name) = node.node_name() else { return };
        self.content = self.content.saturating_sub(usize::from(is_content(node, &name)));
        self.headers = self.headers.saturating_sub(usize::from(&*name == "header"));
        let writer = &mut self.writer;
        match &*name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => writer.end_heading(name.as_bytes()[1] - b'0'),
            "pre" | "textarea" | "listing" | "xmp" => writer.preformatted(false),
            "ul" | "menu" | "dir" | "ol" => writer.end_list(),
            "li" => writer.end_item(),
            "rt" if !has_brackets(node) => writer.text(")"),
            "q" => writer.text("\""),
            "option" => writer.text(" "),
            "td" | "th" | "tr" => match writer.table() {
                Some(table) => table.end_cell(),
                None => writer.end_block(),
            },
            "table" if !is_layout(node, &self.survey.held(node)) => writer.end_table(),
            name if is_block(name) => writer.begin_block(false),
            _ => {}
        }
    }

    fn drop(&mut self, node: NodeRef<'_>, kind: &'static str, reason: &'static str) {
        if self.dropped.len() >= LISTED {
            self.left_over += 1;
            return;
        }
        let text = shown(node);
        let pages = Vec::new();
        self.dropped.push(Dropped { kind: kind.into(), text, pages, reason: reason.to_owned() });
    }

    fn dropped(&mut self) -> Vec<Dropped> {
        let mut dropped = std::mem::take(&mut self.dropped);
        if let Some(last) = dropped.last_mut().filter(|_| self.left_over > 0) {
            last.reason = format!("{}; and {} more parts that are not listed", last.reason, self.left_over);
        }
        dropped
    }
}

/// The beginning of the text of `node`.
fn shown(node: NodeRef<'_>) -> String {
    let mut text = String::new();
    for child in node.descendants_it().filter(NodeRef::is_text) {
        for word in child.text().split_whitespace() {
            if text.chars().nth(SHOWN_CHARS).is_some() {
                return text.chars().take(SHOWN_CHARS).chain(['…']).collect();
            }
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
    }
    text
}
