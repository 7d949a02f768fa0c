//! Pages nested deeper than any that people write: their parser takes time with the square of the depth.

use std::borrow::Cow;

/// Elements inside of each other; real pages have 30, browsers stop at 512.
const DEEPEST: usize = 1_000;

/// Elements that have no end tag, or whose end tag is often left out.
const UNCOUNTED: &[&str] = &[
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html", "img",
    "input", "li", "link", "meta", "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody", "td",
    "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// Takes the tags out of `html` that nest deeper than [`DEEPEST`], and leaves all text.
pub(super) fn flatten(html: &str) -> Cow<'_, str> {
    let (mut depth, mut out, mut copied, mut at) = (0_usize, String::new(), 0, 0);
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let rest = &html[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            at = start + 4 + comment.find("-->").unwrap_or(comment.len());
            continue;
        }
        let (is_end, name) = match rest.strip_prefix('/') {
            Some(rest) => (true, name(rest)),
            None => (false, name(rest)),
        };
        at = start + 1;
        if name.is_empty() || UNCOUNTED.iter().any(|other| name.eq_ignore_ascii_case(other)) {
            continue;
        }
        let end = start + html[start..].find('>').map_or(html.len() - start, |end| end + 1);
        at = end;
        if is_end {
            depth = depth.saturating_sub(1);
        } else if !html[..end].ends_with("/>") {
            depth += 1;
        }
        if depth > DEEPEST || is_end && depth == DEEPEST {
            out.push_str(&html[copied..start]);
            out.push(' ');
            copied = end;
        }
        if !is_end && ["script", "style"].iter().any(|raw| name.eq_ignore_ascii_case(raw)) {
            let close = html[at..].find("</").unwrap_or(html.len() - at);
            at += close;
        }
    }
    if copied == 0 { Cow::Borrowed(html) } else { Cow::Owned(out + &html[copied..]) }
}

/// The name of an element at the beginning of `rest`; empty where none is.
fn name(rest: &str) -> &str {
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return "";
    }
    &rest[..rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(rest.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_too_deep_is_flattened() {
        let nested = |depth: usize| {
            format!("{}needle{}<p>after</p>", "<div a='b'>".repeat(depth), "</div>".repeat(depth))
        };
        assert!(matches!(flatten(&nested(DEEPEST)), Cow::Borrowed(_)));
        let deep = nested(DEEPEST + 500);
        let flat = flatten(&deep);
        assert_eq!(flat.matches("<div").count(), DEEPEST);
        assert_eq!(flat.matches("</div>").count(), DEEPEST);
        assert!(flat.contains("needle") && flat.ends_with("<p>after</p>"));
        let long = "<tr><td>a<p>b<li>c<br>".repeat(5_000) + "<b>x</b><script>if (a<b) {}</script>";
        assert!(matches!(flatten(&long), Cow::Borrowed(_)));
    }
}
