//! Elements that a page hides: by an attribute, by their own style, by a plain rule of the page's style sheets.

use dom_query::NodeRef;
use std::collections::HashSet;

/// Why an element is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Why {
    /// For people.
    pub(super) reason: &'static str,
    /// Whether a script of the page could show it: whoever writes in no size or without colour means to hide it.
    pub(super) could_be_shown: bool,
}

const fn shown_by_script(reason: &'static str) -> Option<Why> {
    Some(Why { reason, could_be_shown: true })
}

const fn never_shown(reason: &'static str) -> Option<Why> {
    Some(Why { reason, could_be_shown: false })
}

/// The selectors of a page's style sheets that hide something.
#[derive(Debug, Default)]
pub(super) struct HidingRules {
    classes: HashSet<String>,
    ids: HashSet<String>,
}

/// Style sheets of a page are read up to so many bytes.
const MOST_STYLE: usize = 1 << 20;

impl HidingRules {
    /// Collects the rules of the `<style>` elements below `root` whose selector is a single class or id. Rules for some media
    /// only, and those with more to their selector, are not looked at: they hide something only at times.
    pub(super) fn of(root: NodeRef<'_>) -> Self {
        let mut rules = Self::default();
        for style in root.descendants_it().filter(|node| node.has_name("style")) {
            let is_for_screen = style.attr("media").is_none_or(|media| {
                let media = media.to_ascii_lowercase();
                media.is_empty() || media.contains("all") || media == "screen"
            });
            if is_for_screen {
                let text = style.text();
                rules.read(&text[..text.floor_char_boundary(MOST_STYLE)]);
            }
        }
        rules
    }

    fn read(&mut self, css: &str) {
        let mut depth = 0_usize;
        let css = without_comments(css);
        let mut rest = css.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            let (head, tail) = rest.split_at(at);
            if let Some(after) = tail.strip_prefix('}') {
                depth = depth.saturating_sub(1);
                rest = after;
                continue;
            }
            let selectors = head.rsplit([';', '}']).next().unwrap_or_default().trim();
            let body_end = tail.find('}').unwrap_or(tail.len());
            if selectors.starts_with('@') {
                depth += 1;
                rest = &tail[1..];
                continue;
            }
            if depth == 0 && hides(&tail[1..body_end]).is_some() {
                self.add(selectors);
            }
            rest = &tail[(body_end + 1).min(tail.len())..];
        }
    }

    fn add(&mut self, selectors: &str) {
        for selector in selectors.split(',').map(str::trim) {
            let plain = |name: &str| {
                !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
            };
            match selector.split_at_checked(1) {
                Some((".", name)) if plain(name) => drop(self.classes.insert(name.to_owned())),
                Some(("#", name)) if plain(name) => drop(self.ids.insert(name.to_owned())),
                _ => {}
            }
        }
    }

    /// Why `node` is not shown, if it is not.
    pub(super) fn why_hidden(&self, node: NodeRef<'_>) -> Option<Why> {
        if node.has_attr("hidden") {
            return shown_by_script("marked as hidden");
        }
        if node.attr("aria-hidden").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return shown_by_script("marked as hidden from readers");
        }
        if let Some(why) = node.attr("style").and_then(|style| hides(&style)) {
            return Some(why);
        }
        let by_class = node.class().is_some_and(|classes| {
            !self.classes.is_empty()
                && classes.split_ascii_whitespace().any(|class| self.classes.contains(class))
        });
        let by_id = || node.id_attr().is_some_and(|id| self.ids.contains(&*id));
        if by_class || by_id() { shown_by_script("hidden by the page's style sheet") } else { None }
    }
}

/// Why declarations hide what they apply to, if they do.
fn hides(declarations: &str) -> Option<Why> {
    let (mut color, mut background) = (None, None);
    for declaration in declarations.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let value = value.to_ascii_lowercase().replace("!important", "");
        let value = value.trim();
        match (name.trim().to_ascii_lowercase().as_str(), value) {
            ("display", "none") => return shown_by_script("not displayed"),
            ("visibility", "hidden" | "collapse") => return shown_by_script("not visible"),
            ("font-size", _) if is_zero(value) => return never_shown("written in no size"),
            ("color", _) => color = Some(value.to_owned()),
            ("background" | "background-color", _) => background = Some(value.to_owned()),
            _ => {}
        }
    }
    let same = color.is_some() && color == background || color.as_deref() == Some("transparent");
    if same { never_shown("written in the colour of its background") } else { None }
}

/// `0`, `0px`, `0.0em`.
fn is_zero(size: &str) -> bool {
    let number = size.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    number.parse::<f32>().is_ok_and(|size| size == 0.0)
}

fn without_comments(css: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(css.len()), css);
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, rest)| rest);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_that_hide() {
        let check = |style: &str, hidden: bool| assert_eq!(hides(style).is_some(), hidden, "{style}");
        check("color: red; DISPLAY : None !important", true);
        check("visibility:hidden", true);
        check("font-size:0", true);
        check("font-size: 0.0px;", true);
        check("font-size: 0.8em", false);
        check("color:#fff;background:#fff", true);
        check("color:#fff;background:#000", false);
        check("color: transparent", true);
        check("display: block; color: white", false);
        check("max-height: 0", false);
    }

    #[test]
    fn rules_of_a_style_sheet() {
        let mut rules = HidingRules::default();
        rules.read(
            "@charset 'utf-8'; /* .no {display:none} */ .a, #b, p.c, .d .e { display:none } .f{color:red}\n\
             @media print { .g { display:none } .h{display:none} } .i{visibility:hidden}",
        );
        let mut classes: Vec<_> = rules.classes.iter().map(String::as_str).collect();
        classes.sort_unstable();
        assert_eq!(classes, ["a", "i"]);
        assert!(rules.ids.contains("b") && rules.ids.len() == 1);
    }
}
