//! Which encoding a page says it has, and when it is not believed (WHATWG HTML, "determining the character encoding").

use crate::decode::{self, Decoded};
use encoding_rs::{Encoding, UTF_8};
use pllm_core::Result;

/// How far into the file a declaration is looked for, bytes.
const SEARCHED: usize = 4096;

/// Decodes a page: a byte order mark and text that is UTF-8 speak for themselves, then the page's own declaration counts, then
/// statistics.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded> {
    match declared(bytes).filter(|encoding| *encoding != UTF_8) {
        Some(encoding) => decode::decode_labelled(bytes, encoding),
        None => decode::decode(bytes),
    }
}

/// The encoding that the page declares: in `<meta charset>`, `<meta http-equiv>` or `<?xml encoding?>`.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(SEARCHED)]).to_ascii_lowercase();
    let head = without_comments(&head);
    let xml = head.trim_start().strip_prefix("<?xml").and_then(|rest| {
        let declaration = rest.split_once("?>")?.0;
        label_after(declaration, "encoding")
    });
    let in_meta = || {
        head.match_indices("<meta").find_map(|(at, _)| {
            let tag = head[at..].split_once('>').map_or(&head[at..], |(tag, _)| tag);
            label_after(tag, "charset")
        })
    };
    xml.or_else(in_meta)
}

/// The encoding named by `name = "label"`; the quotes may be missing.
fn label_after(text: &str, name: &str) -> Option<&'static Encoding> {
    text.match_indices(name).find_map(|(at, _)| {
        let value = text[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let value = value.trim_start_matches(['"', '\'']);
        let end = value.find(|c: char| c.is_whitespace() || "\"';/>?".contains(c)).unwrap_or(value.len());
        // A page whose declaration could be read as ASCII is not UTF-16, whatever it says.
        Encoding::for_label(&value.as_bytes()[..end]).filter(|encoding| encoding.is_ascii_compatible())
    })
}

fn without_comments(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, rest)| rest);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declaration_is_found() {
        let check = |page: &str, expected: Option<&str>| {
            assert_eq!(declared(page.as_bytes()).map(Encoding::name), expected, "{page}");
        };
        check("<html><meta charset=iso-8859-7>", Some("ISO-8859-7"));
        check("<META HTTP-EQUIV='x' content='text/html; charset=koi8-r'>", Some("KOI8-R"));
        check("<?xml version='1.0' encoding='Shift_JIS'?><html>", Some("Shift_JIS"));
        check("<!-- <meta charset=koi8-r> --><meta charset = \"utf-8\" />", Some("UTF-8"));
        check("<meta charset=utf-16>", None);
        check("<meta name=charset content=koi8-r>", None);
        check("<p>charset=koi8-r", None);
    }

    #[test]
    fn a_wrong_declaration_is_not_believed() {
        let check = |bytes: &[u8], text: &str| assert_eq!(decode(bytes).expect("text").text, text);
        check("<meta charset=iso-8859-1>Größe".as_bytes(), "<meta charset=iso-8859-1>Größe");
        check(b"<meta charset=iso-8859-1>Gr\xF6\xDFe", "<meta charset=iso-8859-1>Größe");
        check(b"<meta charset=iso-8859-5>\xBF\xE0\xD8", "<meta charset=iso-8859-5>При");
    }
}
