//! A filter as people write it: the short form, which reads back as an equal filter.

use super::Filter;
use super::short::is_keyword;
use crate::MetaValue;
use std::fmt::{self, Display, Formatter, Write};

impl Display for Filter {
    /// The short form. It reads back as the same filter, except that a one-part `And` or `Or` reads back as its part, an empty
    /// `Or` as an empty `Not`, and a `Not` of one `And` as a `Not` of its parts: all of them with the same meaning.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare { field, operator, value } => {
                let bare = field.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
                if bare && !field.is_empty() && !is_keyword(field) {
                    f.write_str(field)?;
                } else {
                    write_quoted(f, field)?;
                }
                write!(f, " {} ", operator.symbol())?;
                write_value(f, value)
            }
            Self::And(parts) if parts.is_empty() => f.write_str("()"),
            Self::Or(parts) if parts.is_empty() => f.write_str("not ()"),
            Self::And(parts) => write_joined(f, parts, " and "),
            Self::Or(parts) => write_joined(f, parts, " or "),
            Self::Not(parts) => {
                f.write_str("not ")?;
                match parts.as_slice() {
                    [one] => write_part(f, one),
                    [] => f.write_str("()"),
                    _ => {
                        f.write_char('(')?;
                        write_joined(f, parts, " and ")?;
                        f.write_char(')')
                    }
                }
            }
        }
    }
}

fn write_joined(f: &mut Formatter<'_>, parts: &[Filter], joiner: &str) -> fmt::Result {
    if let [one] = parts {
        return write!(f, "{one}");
    }
    for (n, part) in parts.iter().enumerate() {
        f.write_str(if n == 0 { "" } else { joiner })?;
        write_part(f, part)?;
    }
    Ok(())
}

/// A part that could be read differently beside others stands in parentheses.
fn write_part(f: &mut Formatter<'_>, part: &Filter) -> fmt::Result {
    match part {
        Filter::And(parts) | Filter::Or(parts) if !parts.is_empty() => write!(f, "({part})"),
        _ => write!(f, "{part}"),
    }
}

fn write_value(f: &mut Formatter<'_>, value: &MetaValue) -> fmt::Result {
    match value {
        MetaValue::String(text) => write_quoted(f, text),
        MetaValue::List(values) => {
            f.write_char('[')?;
            for (n, value) in values.iter().enumerate() {
                f.write_str(if n == 0 { "" } else { ", " })?;
                write_value(f, value)?;
            }
            f.write_char(']')
        }
        MetaValue::Object(map) => {
            f.write_char('{')?;
            for (n, (key, value)) in map.iter().enumerate() {
                f.write_str(if n == 0 { "" } else { ", " })?;
                write_quoted(f, key)?;
                f.write_str(": ")?;
                write_value(f, value)?;
            }
            f.write_char('}')
        }
        other => write!(f, "{other}"),
    }
}

fn write_quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}
