//! The code of a Rust source: the same text with comments and the insides of literals blanked, so that a rule about code
//! does not stumble over a sentence about it.

/// `source` with every character of comments, strings and character literals replaced by a space; lines stay where they are.
pub(crate) fn code_of(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    let mut after_word = false;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest, after_word).unwrap_or(0);
        let taken = length.max(first.len_utf8());
        if length == 0 {
            code.push(first);
        } else {
            code.extend(rest[..taken].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        }
        after_word = length == 0 && (first.is_alphanumeric() || first == '_');
        rest = &rest[taken..];
    }
    code
}

/// Bytes of the comment or literal that `rest` begins with.
fn skipped(rest: &str, after_word: bool) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(block_comment(rest));
    }
    if let Some(length) = raw_string(rest).filter(|_| !after_word) {
        return Some(length);
    }
    match rest.as_bytes()[0] {
        b'"' => Some(quoted(rest, '"')),
        b'\'' => character(rest),
        _ => None,
    }
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, `br#"…"#` and so on.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let body_length = body.find(&end).map_or(body.len(), |at| at + end.len());
    Some(rest.len() - body.len() + body_length)
}

/// From one quote to the next that is not escaped.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if !escaped && c == quote {
            return at + 1;
        }
        escaped = !escaped && c == '\\';
    }
    rest.len()
}

/// A character literal; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let mut inside = rest.chars().skip(1);
    let first = inside.next()?;
    (first == '\\' || inside.next() == Some('\'')).then(|| quoted(rest, '\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blank() {
        let check = |source: &str, expected: &str| {
            let code = code_of(source);
            assert_eq!(code.split_whitespace().collect::<Vec<_>>().join(" "), expected, "{source}");
            assert_eq!(code.lines().count(), source.lines().count(), "{source}");
        };
        check("let a = 1; // b\nc", "let a = 1; c");
        check("a /* b /* c */ d */ e", "a e");
        check(r#"a("b \" c") d"#, "a( ) d");
        check(r##"a(r#"b " c"#) d"##, "a( ) d");
        check("a(br\"b\\\") d", "a( ) d");
        check("let r = 'x'; '\\'' fn f<'a>(b: &'a str)", "let r = ; fn f<'a>(b: &'a str)");
        check("let for_r\"x\"", "let for_r");
        check("ä /* ü", "ä");
        check("\"open", "");
    }
}
