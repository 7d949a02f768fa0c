//! What is in each element of a page: how much text, how much of it in links; and which tables are tables.

use dom_query::{NodeId, NodeRef};
use std::collections::HashMap;

/// What an element holds, with all that is in it. Characters are those that are not blank.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Held {
    /// Characters of text.
    pub(super) chars: usize,
    /// Characters of text that is a link.
    pub(super) linked: usize,
    /// Links.
    pub(super) links: usize,
    /// Headings of the first two levels.
    pub(super) titles: usize,
    /// Paragraphs of some length.
    pub(super) paragraphs: usize,
    /// Of a table, whether it only arranges the page: it holds tables, headings, lists of blocks or long text.
    pub(super) is_layout: bool,
    /// Of a table, the most cells with text in one of its rows.
    pub(super) widest: usize,
}

impl Held {
    /// The share of the text that is links, from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "lengths of text are small")]
    pub(super) fn link_density(&self) -> f32 {
        if self.chars == 0 { 0.0 } else { self.linked as f32 / self.chars as f32 }
    }
}

/// All elements of a page.
#[derive(Debug, Default)]
pub(super) struct Survey(HashMap<NodeId, Held>);

/// A paragraph has at least so many characters.
const PARAGRAPH: usize = 60;
/// A cell with more text than this is no cell of a table that is read by rows.
const LONG_CELL: usize = 1_000;

/// Elements whose text nobody sees.
pub(super) const UNSEEN: &[&str] =
    &["script", "style", "noscript", "template", "head", "iframe", "noembed", "noframes"];

/// A step of a walk over a tree that uses no recursion: pages may be nested 100,000 deep.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// An element or text begins.
    Enter(NodeRef<'a>),
    /// An element ends.
    Leave(NodeRef<'a>),
}

impl<'a> Step<'a> {
    /// Puts the end of `node` and its children on the stack of steps.
    pub(super) fn push_children(node: NodeRef<'a>, steps: &mut Vec<Self>) {
        steps.push(Self::Leave(node));
        steps.extend(node.children_it(true).map(Self::Enter));
    }
}

impl Survey {
    /// Counts everything below `root`.
    pub(super) fn of(root: NodeRef<'_>) -> Self {
        let mut survey = Self::default();
        let mut steps = vec![Step::Enter(root)];
        let mut open: Vec<Held> = vec![Held::default()];
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(node) if node.is_text() => {
                    let chars = node.text().chars().filter(|c| !c.is_whitespace()).count();
                    if let Some(parent) = open.last_mut() {
                        parent.chars += chars;
                    }
                }
                Step::Enter(node) => {
                    let name = node.node_name();
                    if !name.as_deref().is_some_and(|name| UNSEEN.contains(&name)) {
                        open.push(Held::default());
                        Step::push_children(node, &mut steps);
                    }
                }
                Step::Leave(node) => {
                    let held = open.pop().unwrap_or_default();
                    survey.leave(node, held, open.last_mut());
                }
            }
        }
        survey
    }

    /// What `node` holds.
    pub(super) fn held(&self, node: NodeRef<'_>) -> Held {
        self.0.get(&node.id).copied().unwrap_or_default()
    }

    fn leave(&mut self, node: NodeRef<'_>, mut held: Held, parent: Option<&mut Held>) {
        let name = node.node_name().unwrap_or_default();
        let has_text = held.chars > 0;
        match &*name {
            "a" => {
                held.links += usize::from(has_text);
                held.linked = held.chars;
            }
            "h1" | "h2" => held.titles += usize::from(has_text),
            "p" | "blockquote" | "pre" => held.paragraphs += usize::from(held.chars >= PARAGRAPH),
            _ => {}
        }
        if let Some(parent) = parent {
            parent.add(&name, &held);
        }
        if has_text || matches!(&*name, "table") {
            self.0.insert(node.id, held);
        }
    }
}

impl Held {
    /// Adds what a child called `name` holds.
    fn add(&mut self, name: &str, child: &Self) {
        self.chars += child.chars;
        self.linked += child.linked;
        self.links += child.links;
        self.titles += child.titles;
        self.paragraphs += child.paragraphs;
        // What a table's rows say goes up to the table and no further.
        match name {
            "table" | "h1" | "h2" | "h3" | "h4" | "pre" if child.chars > 0 => self.is_layout = true,
            "table" | "caption" => {}
            "td" | "th" => {
                self.widest += usize::from(child.chars > 0);
                self.is_layout |= child.is_layout || child.chars > LONG_CELL;
            }
            _ => {
                self.is_layout |= child.is_layout;
                self.widest = self.widest.max(child.widest);
            }
        }
    }
}
