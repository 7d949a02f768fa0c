//! What single elements are and say.

use super::survey::Held;
use super::writer::Writer;
use dom_query::NodeRef;

/// Whether an element is but the sign by which people copy the address of a heading.
pub(super) fn is_permalink(node: NodeRef<'_>, name: &str, held: &Held) -> bool {
    name == "a"
        && (1..=2).contains(&held.chars)
        && node.attr("href").is_some_and(|address| address.starts_with('#'))
        && !node.text().contains(char::is_alphanumeric)
}

/// The text that stands for an image.
pub(super) fn alternative(node: NodeRef<'_>, writer: &mut Writer) {
    if let Some(text) = node.attr("alt").filter(|text| !text.trim().is_empty()) {
        writer.text(" ");
        writer.text(&text);
        writer.text(" ");
    }
}

/// What a form shows before anybody fills it in.
pub(super) fn input(node: NodeRef<'_>, writer: &mut Writer) {
    let kind = node.attr_or("type", "text").to_ascii_lowercase();
    let checked = node.has_attr("checked");
    match kind.as_str() {
        "checkbox" | "radio" => writer.text(if checked { " [x] " } else { " [ ] " }),
        "hidden" | "password" | "image" | "file" | "color" | "range" => {}
        _ => {
            writer.text(" ");
            writer.text(&node.attr_or("value", ""));
            writer.text(" ");
        }
    }
}

/// Whether the reading aid in `node` has brackets of its own for those who cannot show it above the text.
pub(super) fn has_brackets(node: NodeRef<'_>) -> bool {
    node.parent().is_some_and(|ruby| ruby.children_it(false).any(|child| child.has_name("rp")))
}

/// Whether a table only arranges the page.
pub(super) fn is_layout(node: NodeRef<'_>, held: &Held) -> bool {
    let role = node.attr("role");
    let by_role = role.is_some_and(|role| matches!(&*role, "presentation" | "none"));
    by_role || held.is_layout || held.widest < 2
}

/// Elements that begin on a line of their own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "button"
            | "caption"
            | "center"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "main"
            | "nav"
            | "optgroup"
            | "p"
            | "section"
            | "select"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
    )
}
