//! Text that is certainly of one format, whatever its file is called: web pages, XML, notebooks, messages.

use super::Found;

/// Bytes that are looked at, at the beginning and at the end.
const LOOKED_AT: usize = 16 << 10;

/// Source text of programs that write pages, and begins as they do.
const TEMPLATES: &[&str] =
    &["php", "jsp", "asp", "aspx", "cshtml", "erb", "ejs", "hbs", "j2", "jinja", "tmpl", "twig", "vue"];

/// What the text `bytes` is, if its content or its ending tells.
pub(super) fn find(bytes: &[u8], extension: &str) -> Found {
    let head = letters(&bytes[..bytes.len().min(LOOKED_AT)]);
    let tail = letters(&bytes[bytes.len().saturating_sub(LOOKED_AT)..]);
    let named = |what: &str| Found::Named(what.to_owned());
    if TEMPLATES.contains(&extension) {
        return Found::Unknown;
    }
    match markup(&head) {
        Some("html") => return Found::Read("html"),
        _ if matches!(extension, "html" | "htm" | "xhtml") => return Found::Read("html"),
        Some("svg") => return named("an SVG image"),
        Some(_) => return named("an XML file"),
        None => {}
    }
    let is_marked_up = head.trim_start().starts_with('<');
    match extension {
        "xml" | "rss" | "atom" | "xsd" | "xsl" if is_marked_up => named("an XML file"),
        "svg" if is_marked_up => named("an SVG image"),
        "ipynb" => named("a Jupyter notebook"),
        "eml" => named("an e-mail message"),
        "mbox" => named("a mailbox"),
        "mht" | "mhtml" => named("a saved web page (MHTML)"),
        _ if is_notebook(&head, &tail) => named("a Jupyter notebook"),
        _ if is_mailbox(&head) => named("a mailbox"),
        _ if is_message(&head) => named("an e-mail message"),
        _ => Found::Unknown,
    }
}

/// The characters of `bytes`, as far as formats are told apart by them: also those of UTF-16 and UTF-32.
fn letters(bytes: &[u8]) -> String {
    let bytes = bytes.iter().copied().filter(|byte| *byte != 0).collect::<Vec<_>>();
    let text = String::from_utf8_lossy(&bytes);
    text.trim_start_matches(['\u{FEFF}', char::REPLACEMENT_CHARACTER]).to_owned()
}

/// What a text begins with that is a web page or declares itself to be XML: the name of its first element, in lower case.
fn markup(head: &str) -> Option<&str> {
    let (mut rest, mut is_xml) = (head.trim_start(), false);
    loop {
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->")?.1.trim_start();
        } else if rest.starts_with("<?") {
            is_xml |= rest.starts_with("<?xml");
            rest = rest.split_once("?>")?.1.trim_start();
        } else if begins_with(rest, "<!doctype") {
            if begins_with(rest["<!doctype".len()..].trim_start(), "html") {
                return Some("html");
            }
            let (declaration, after) = rest.split_once('>')?;
            is_xml |= ["PUBLIC", "SYSTEM", "["].iter().any(|word| declaration.contains(word));
            rest = after.trim_start();
        } else {
            break;
        }
    }
    let name = rest.strip_prefix('<')?;
    let name = &name[..name.find(|c: char| !c.is_alphanumeric() && !matches!(c, ':' | '-' | '_'))?];
    let is_page = ["html", "head", "body"].iter().any(|page| name.eq_ignore_ascii_case(page));
    match name {
        _ if is_page => Some("html"),
        "svg" => Some("svg"),
        _ => is_xml.then_some(name),
    }
}

fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn is_notebook(head: &str, tail: &str) -> bool {
    let says = |what: &str| head.contains(what) || tail.contains(what);
    head.trim_start().starts_with('{') && says("\"nbformat\"") && head.contains("\"cells\"")
}

/// `From name@host Mon Jan …`, and a message below (RFC 4155).
fn is_mailbox(head: &str) -> bool {
    let Some((first, rest)) = head.split_once('\n') else { return false };
    let mut words = first.split_whitespace();
    words.next() == Some("From") && words.count() >= 4 && is_message(rest)
}

/// Whether the text begins with the header of a message (RFC 5322) of which programs wrote a part: a memo that people write,
/// with `From:` and `Subject:`, has none of those and is text.
fn is_message(head: &str) -> bool {
    let (mut by_people, mut by_programs) = (false, 0);
    for line in head.lines() {
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "from" | "to" | "subject" => by_people = true,
            "received"
            | "message-id"
            | "mime-version"
            | "return-path"
            | "delivered-to"
            | "content-type"
            | "content-transfer-encoding" => by_programs += 1,
            other if other.is_empty() || !other.bytes().all(|byte| byte.is_ascii_graphic()) => break,
            _ => {}
        }
    }
    by_programs > 0 && by_people || by_programs > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells() {
        let check = |name: &str, text: &str, expected: Found| {
            assert_eq!(find(text.as_bytes(), name), expected, "{name}: {text}");
        };
        let named = |what: &str| Found::Named(what.to_owned());
        check("txt", "<!DOCTYPE html><p>a", Found::Read("html"));
        check("txt", "\u{FEFF} <!-- a --><HTML lang=en>", Found::Read("html"));
        check("xml", "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x' 'y'>\n<html>", Found::Read("html"));
        check("htm", "no tags", Found::Read("html"));
        check("html", "<!DOCTYPE Bookmarks>\n<title>a</title>", Found::Read("html"));
        check("txt", "<!DOCTYPE x SYSTEM 'y'>\n<a>", named("an XML file"));
        check("", "<?xml version='1.0'?><feed>", named("an XML file"));
        check("xml", "<feed>", named("an XML file"));
        check("xml", "no markup", Found::Unknown);
        check("md", "<h1 align=center>Title</h1>", Found::Unknown);
        check("php", "<html><?php echo 1 ?>", Found::Unknown);
        check("svg", "<svg xmlns='x'>", named("an SVG image"));
        check("json", "{\"cells\": [], \"nbformat\": 4}", named("a Jupyter notebook"));
        check("json", "{\"cells\": []}", Found::Unknown);
        check(
            "txt",
            "From a@b.c Mon Jan  1 00:00:00 2024\nFrom: a\nMIME-Version: 1.0\n\nx",
            named("a mailbox"),
        );
        check("txt", "Message-ID: <1>\nFrom: a@b.c\n\nx", named("an e-mail message"));
        check("txt", "From: Anna\nTo: Ben\nSubject: Rent\n\nIt is due.", Found::Unknown);
        check("eml", "anything", named("an e-mail message"));
        check("txt", "a < b\n<html> is a tag", Found::Unknown);
    }

    #[test]
    fn wide_characters_are_looked_through() {
        let wide: Vec<u8> = "\u{FEFF}<html>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(find(&wide, "txt"), Found::Read("html"));
    }
}
