//! Addresses and codes that generated text carries: what a document that gives orders wants to be shown.

use pllm_text::words;

use super::addressed::is_code;
use super::source::Sources;

/// Whether `sentence` carries a link, image, e-mail address, domain or code that neither the question nor any sentence
/// of the passages has that may be evidence. Codes count only when a sentence with orders has them.
pub(super) fn is_planted(sentence: &str, question: &str, sources: &Sources<'_>) -> bool {
    let question = question.to_lowercase();
    let foreign = |address: &str| {
        let address = address.to_lowercase();
        !question.contains(&address) && !sources.stands(&address, false)
    };
    let ordered = |code: &str| {
        let code = code.to_lowercase();
        !question.contains(&code) && !sources.stands(&code, false) && sources.stands(&code, true)
    };
    addresses(sentence).any(foreign)
        || words(sentence).filter(|word| is_code(word.text)).any(|word| ordered(word.text))
}

/// The addresses of a text: with a scheme or `www.`, e-mail addresses, and names that end as domains do.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '[' | ']' | '"' | '“' | '”' | '|' | '`')
    });
    let bare = |part: &'_ str| -> (usize, usize) {
        let left = part.trim_start_matches(|c: char| !c.is_alphanumeric());
        let whole = left.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/');
        (part.len() - left.len(), whole.len())
    };
    parts
        .map(move |part| {
            let (start, length) = bare(part);
            let whole = part.get(start..start + length).unwrap_or_default();
            let plain = whole.split_once("://").map_or(whole, |(_, rest)| rest);
            plain.trim_end_matches('/')
        })
        .filter(|part| is_address(part))
}

fn is_address(part: &str) -> bool {
    let host = part.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let Some((name, top)) = host.rsplit_once('.') else { return false };
    let named = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let letters = top.len() >= 2 && top.chars().all(|c| c.is_ascii_lowercase());
    let known = TOPS.contains(&top) || part.contains('@') || part.starts_with("www.") || part.contains('/');
    named && letters && known && name.chars().any(char::is_alphabetic)
}

/// Endings of domains; other ones count only with a scheme, a path, `www.` or `@`.
const TOPS: &[&str] = &[
    "com", "org", "net", "info", "biz", "io", "ai", "app", "dev", "xyz", "site", "online", "shop", "store",
    "club", "top", "me", "co", "uk", "de", "fr", "es", "it", "nl", "eu", "ch", "at", "ru", "cn", "jp", "us",
    "ca", "example", "invalid", "test", "link", "click", "tech", "cloud", "gov", "edu",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_where_they_are() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(addresses(text).collect::<Vec<_>>(), expected, "{text}");
        };
        check("See [here](https://evil.example/x?y=1).", &["evil.example/x?y=1"]);
        check("![p](http://a.b.zz/p.png)", &["a.b.zz/p.png"]);
        check("Write to assist@gmail.com, or go to cform.com.", &["assist@gmail.com", "cform.com"]);
        check("It fell from 1.25 to 0.9 (e.g. in Jan.Next).", &[]);
        check("The file is notes.txt", &[]);
    }
}
