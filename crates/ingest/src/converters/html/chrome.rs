//! What of a page is not its content: menus, the header and footer of the site, cookie notes.

use super::survey::Held;
use dom_query::NodeRef;

/// A part of a page that is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chrome {
    /// A word that never changes, as in [`pllm_core::Dropped`].
    pub(super) kind: &'static str,
    /// Why, for people.
    pub(super) reason: &'static str,
}

/// What is known of the place where an element stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around {
    /// Text of the whole page, characters.
    pub(super) page_chars: usize,
    /// Whether the element is inside of `main` or an `article`.
    pub(super) in_content: bool,
    /// Whether the element is inside of a `header`, of the page or of its content.
    pub(super) in_header: bool,
    /// How many pages this one is inside of.
    pub(super) frames: u8,
    /// Whether the page is its menus, so that they stay.
    pub(super) keep_menus: bool,
    /// Whether the page marks its content with `main` or `article`, and most of its text is there.
    pub(super) has_content: bool,
}

/// Whether `node`, which holds `held`, is no content. What is most of the page never is, unless it is links.
pub(super) fn find(node: NodeRef<'_>, name: &str, held: &Held, around: Around) -> Option<Chrome> {
    if around.keep_menus {
        return None;
    }
    let role = node.attr("role").map(|role| role.to_ascii_lowercase());
    let found = by_role(role.as_deref(), held, around)
        .or_else(|| by_name(name, held, around))
        .or_else(|| links_of_header(name, held, around))
        .or_else(|| by_class(node, name, held, around))?;
    let is_most = held.chars * 2 > around.page_chars && held.link_density() < LINKS;
    (!is_most).then_some(found)
}

/// From this share of links on, text is a list of links.
const LINKS: f32 = 0.5;

const NAVIGATION: Chrome = Chrome { kind: "navigation", reason: "a menu" };
const HEADER: Chrome = Chrome { kind: "header", reason: "the header of the site" };
const FOOTER: Chrome = Chrome { kind: "footer", reason: "the footer of the site" };
const SIDEBAR: Chrome = Chrome { kind: "sidebar", reason: "a column of links beside the content" };
const COOKIES: Chrome = Chrome { kind: "notice", reason: "a note about cookies" };

fn by_role(role: Option<&str>, held: &Held, around: Around) -> Option<Chrome> {
    match role? {
        "navigation" | "menu" | "menubar" | "toolbar" | "search" => Some(NAVIGATION),
        "contentinfo" if !around.in_content => Some(FOOTER),
        "banner" if !around.in_content && held.titles == 0 => Some(HEADER),
        "complementary" if !around.in_content && held.link_density() >= LINKS => Some(SIDEBAR),
        _ => None,
    }
}

fn by_name(name: &str, held: &Held, around: Around) -> Option<Chrome> {
    match name {
        "nav" | "menu" => Some(NAVIGATION),
        "header" if !around.in_content && held.titles == 0 && held.paragraphs == 0 => Some(HEADER),
        "footer" if !around.in_content => Some(FOOTER),
        "aside" if !around.in_content && held.link_density() >= LINKS => Some(SIDEBAR),
        _ => None,
    }
}

/// A header says what the page is; a long list of links in it does not.
fn links_of_header(name: &str, held: &Held, around: Around) -> Option<Chrome> {
    let is_list = around.in_header && matches!(name, "ul" | "ol");
    (is_list && held.links >= MANY_LINKS && held.link_density() > 0.8).then_some(NAVIGATION)
}

const MANY_LINKS: usize = 8;

/// Pages without the elements that HTML has for it name their menus in classes and ids.
fn by_class(node: NodeRef<'_>, name: &str, held: &Held, around: Around) -> Option<Chrome> {
    if !matches!(name, "div" | "ul" | "ol" | "section" | "td" | "table" | "span" | "p") {
        return None;
    }
    let (class, id) = (node.class().unwrap_or_default(), node.id_attr().unwrap_or_default());
    if class.is_empty() && id.is_empty() {
        return None;
    }
    let names = format!("{class} {id}").to_ascii_lowercase();
    let words = || names.split(|c: char| !c.is_alphanumeric());
    let is = |list: &[&str]| words().any(|word| list.contains(&word));
    let is_links = held.link_density() >= LINKS;
    if is(&["cookie", "cookies", "gdpr"])
        && is(&["banner", "notice", "consent", "bar", "popup", "overlay", "message"])
    {
        return (held.chars < 2_000).then_some(COOKIES);
    }
    if !is_links || around.in_content && !is(&["breadcrumb", "breadcrumbs", "pagination", "pager"]) {
        return None;
    }
    if is(MENU_WORDS) {
        Some(NAVIGATION)
    } else if is(&["footer"]) {
        Some(FOOTER)
    } else if is(&["sidebar", "rail"]) {
        Some(SIDEBAR)
    } else {
        (around.has_content && matches!(name, "ul" | "ol") && held.links > 2).then_some(NAVIGATION)
    }
}

const MENU_WORDS: &[&str] = &[
    "nav",
    "navbar",
    "navigation",
    "menu",
    "menubar",
    "breadcrumb",
    "breadcrumbs",
    "pagination",
    "pager",
    "topbar",
    "toolbar",
    "tabs",
    "skip",
    "share",
    "social",
];
