//! The short form for people: `year >= 2020 and topic = "tax"`. A recursive descent over
//!
//! ```text
//! or         = and ("or" and)*
//! and        = not ("and" not)*
//! not        = "not" not | "(" [or] ")" | comparison
//! comparison = (word | string) operator value
//! value      = word | string | "[" [value ("," value)*] "]" | "{" [string ":" value ("," string ":" value)*] "}"
//! ```

use super::{Comparison, Filter, MAX_DEPTH};
use crate::{Error, Meta, MetaValue, Result};

/// Longest first, so that `>=` is not read as `>`.
const SYMBOLS: [(&str, Comparison); 7] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<=", Comparison::LessOrEqual),
    ("=", Comparison::Equal),
    (">", Comparison::Greater),
    ("<", Comparison::Less),
];

/// Reads and checks the short form.
pub(super) fn parse(text: &str) -> Result<Filter> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let filter = parser.or()?;
    parser.skip_blanks();
    if parser.at < text.len() {
        return Err(parser
            .expected("and, or, or the end")
            .hint("combine conditions with and / or; quote values with blanks"));
    }
    filter.validate()?;
    Ok(filter)
}

/// Whether a word must be quoted to be a field or a value.
pub(super) fn is_keyword(word: &str) -> bool {
    ["and", "or", "not", "in"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || "()[]{},'\"=!<>".contains(c)
}

struct Parser<'a> {
    text: &'a str,
    /// Byte offset of what comes next.
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn or(&mut self) -> Result<Filter> {
        self.joined("or", Filter::Or, |parser| parser.joined("and", Filter::And, Self::not))
    }

    fn joined(
        &mut self,
        keyword: &str,
        make: fn(Vec<Filter>) -> Filter,
        part: fn(&mut Self) -> Result<Filter>,
    ) -> Result<Filter> {
        let first = part(self)?;
        if !self.take_keyword(keyword) {
            return Ok(first);
        }
        let mut parts = vec![first, part(self)?];
        while self.take_keyword(keyword) {
            parts.push(part(self)?);
        }
        Ok(make(parts))
    }

    fn not(&mut self) -> Result<Filter> {
        if self.take_keyword("not") {
            return self.nested(|parser| {
                Ok(Filter::Not(match parser.not()? {
                    Filter::And(parts) => parts,
                    other => vec![other],
                }))
            });
        }
        if !self.take("(") {
            return self.comparison();
        }
        self.nested(|parser| {
            if parser.take(")") {
                return Ok(Filter::And(Vec::new()));
            }
            let inner = parser.or()?;
            parser.require(")", "and, or, or \")\"")?;
            Ok(inner)
        })
    }

    fn comparison(&mut self) -> Result<Filter> {
        let field = match self.string()? {
            Some(quoted) => quoted,
            None => self.word("a field name, \"not\" or \"(\"")?.to_owned(),
        };
        let operator = self.operator()?;
        Ok(Filter::Compare { field, operator, value: self.value()? })
    }

    fn operator(&mut self) -> Result<Comparison> {
        if let Some((_, operator)) = SYMBOLS.into_iter().find(|(symbol, _)| self.take(symbol)) {
            return Ok(operator);
        }
        if self.take_keyword("in") {
            return Ok(Comparison::In);
        }
        if self.take_keyword("not") && self.take_keyword("in") {
            return Ok(Comparison::NotIn);
        }
        Err(self.expected("an operator").hint("operators are = != > >= < <= in and not in"))
    }

    fn value(&mut self) -> Result<MetaValue> {
        if let Some(text) = self.string()? {
            return Ok(MetaValue::String(text));
        }
        if self.take("[") {
            return self.nested(Self::list);
        }
        if self.take("{") {
            return self.nested(Self::object);
        }
        let word = self.word("a value")?;
        let literal = ["true", "false", "null"].into_iter().find(|known| word.eq_ignore_ascii_case(known));
        Ok(MetaValue::infer(literal.unwrap_or(word)))
    }

    fn list(&mut self) -> Result<MetaValue> {
        let mut values = Vec::new();
        while !self.take("]") {
            if !values.is_empty() {
                self.require(",", "\",\" or \"]\"")?;
            }
            values.push(self.value()?);
        }
        Ok(MetaValue::List(values))
    }

    fn object(&mut self) -> Result<MetaValue> {
        let mut map = Meta::new();
        while !self.take("}") {
            if !map.is_empty() {
                self.require(",", "\",\" or \"}\"")?;
            }
            let Some(key) = self.string()? else { return Err(self.expected("a key in quotes")) };
            self.require(":", "\":\"")?;
            let value = self.value()?;
            map.insert(key, value);
        }
        Ok(MetaValue::Object(map))
    }

    /// A string in either quote, with JSON's escapes; `None` where no quote comes next.
    fn string(&mut self) -> Result<Option<String>> {
        self.skip_blanks();
        let quote = match self.rest().chars().next() {
            Some(quote @ ('"' | '\'')) => quote,
            _ => return Ok(None),
        };
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.rest().chars().next() {
            self.at += c.len_utf8();
            match c {
                _ if c == quote => return Ok(Some(text)),
                '\\' => text.push(self.escape()?),
                _ => text.push(c),
            }
        }
        self.at = start;
        Err(self.expected(&format!("a closing {quote} after this")))
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Result<char> {
        let rest = self.rest();
        let c = rest.chars().next();
        self.at += c.map_or(0, char::len_utf8);
        let meant = match c {
            Some(c @ ('"' | '\'' | '\\' | '/')) => Some(c),
            Some('n') => Some('\n'),
            Some('t') => Some('\t'),
            Some('r') => Some('\r'),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('u') => {
                let code = rest.get(1..5).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
                self.at += code.map_or(0, str::len);
                code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32)
            }
            _ => None,
        };
        meant.ok_or_else(|| {
            self.at -= c.map_or(0, char::len_utf8);
            self.expected("an escape")
                .hint(r#"escapes are \" \' \\ \/ \n \t \r \b \f and \u with four hexadecimal digits"#)
        })
    }

    /// A word without quotes that is no keyword.
    fn word(&mut self, expected: &str) -> Result<&'a str> {
        let word = self.peek_word();
        if word.is_empty() || is_keyword(word) {
            return Err(self
                .expected(expected)
                .hint("names and values that are keywords or have blanks need quotes"));
        }
        self.at += word.len();
        Ok(word)
    }

    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.expected(&format!("at most {MAX_DEPTH} levels of nesting")));
        }
        let result = inner(self)?;
        self.depth -= 1;
        Ok(result)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn peek_word(&mut self) -> &'a str {
        self.skip_blanks();
        let rest = self.rest();
        &rest[..rest.find(ends_word).unwrap_or(rest.len())]
    }

    fn take(&mut self, symbol: &str) -> bool {
        self.skip_blanks();
        let found = self.rest().starts_with(symbol);
        self.at += if found { symbol.len() } else { 0 };
        found
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let word = self.peek_word();
        let found = word.eq_ignore_ascii_case(keyword);
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn require(&mut self, symbol: &str, expected: &str) -> Result<()> {
        if self.take(symbol) { Ok(()) } else { Err(self.expected(expected)) }
    }

    /// The error of finding something else than `what` here.
    fn expected(&self, what: &str) -> Error {
        let column = self.text[..self.at].chars().count() + 1;
        let found: String = self.rest().chars().take(16).collect();
        let found = if found.is_empty() { "the end".to_owned() } else { format!("{found:?}") };
        Error::invalid("core.filter", format!("filter at column {column}: found {found}, expected {what}"))
            .hint("for example: year >= 2020 and topic in [tax, \"rent law\"]")
    }
}
