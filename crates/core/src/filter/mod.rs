//! Which Documents? Haystack's filter language as a tree: how it is written, read, checked and evaluated.
//!
//! [`Filter::matches`] is the oracle: a store's own translation must find exactly the Documents that it does.

mod evaluate;
mod json;
mod print;
mod short;
#[cfg(test)]
mod tests;

use crate::time::instant;
use crate::{Error, MetaValue, Result};

pub use evaluate::{Field, compare_numbers, lookup, values_equal};

/// Nesting of a filter, its lists and objects at most.
pub const MAX_DEPTH: usize = 64;
/// Bytes of a filter's text at most.
pub const MAX_LENGTH: usize = 64 * 1024;

/// A comparison's operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`; null equals a missing field.
    Equal,
    /// `!=`; matches missing fields.
    NotEqual,
    /// `>`; false where either side is missing or they do not compare.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `in`; the value is a list.
    In,
    /// `not in`; matches missing fields.
    NotIn,
}

impl Comparison {
    /// Every operator.
    pub const ALL: [Self; 8] = [
        Self::Equal,
        Self::NotEqual,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::Less,
        Self::LessOrEqual,
        Self::In,
        Self::NotIn,
    ];

    /// The operator as JSON and the short form write it.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::In => "in",
            Self::NotIn => "not in",
        }
    }

    /// Whether it is one of `> >= < <=`.
    #[must_use]
    pub fn is_ordering(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterOrEqual | Self::Less | Self::LessOrEqual)
    }
}

/// A condition on a Document.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// One field against one value.
    Compare {
        /// `meta.a.b` or `a.b` (metadata, dots walk into objects); `id`, `content`; `document.language`, `document.source`,
        /// `document.revision`.
        field: String,
        /// How.
        operator: Comparison,
        /// Against what.
        value: MetaValue,
    },
    /// All of them; true when empty.
    And(Vec<Filter>),
    /// Any of them; false when empty.
    Or(Vec<Filter>),
    /// Not all of them; false when empty.
    Not(Vec<Filter>),
}

impl Filter {
    /// `field operator value`.
    #[must_use]
    pub fn compare(field: &str, operator: Comparison, value: MetaValue) -> Self {
        Self::Compare { field: field.to_owned(), operator, value }
    }

    /// Reads a filter as people give it: Haystack's JSON where it begins with `{`, else the short form
    /// (`year >= 2020 and topic = "tax"`). The filter is checked as [`Filter::validate`] does.
    ///
    /// The short form knows `and`, `or`, `not`, parentheses, `= == != > >= < <= in [..]` and `not in [..]`; `()` is true of every
    /// Document. Values are numbers, strings in either quote, words and ISO 8601 dates without quotes, true, false, null,
    /// lists and objects. A field is a word or in double quotes.
    ///
    /// # Errors
    /// `InvalidInput` with the column or the JSON path, and what was expected there.
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > MAX_LENGTH {
            let message = format!("filter has {} bytes, expected at most {MAX_LENGTH}", text.len());
            return Err(Error::invalid("core.filter", message));
        }
        if text.trim_start().starts_with('{') { json::parse(text) } else { short::parse(text) }
    }

    /// Whether it can be evaluated: ordering operators have a number, an ISO 8601 date or date-time, or null (which matches
    /// nothing); `in` and `not in` have a list; the nesting is at most [`MAX_DEPTH`].
    ///
    /// # Errors
    /// `InvalidInput` naming the field.
    pub fn validate(&self) -> Result<()> {
        self.validate_at(1)
    }

    fn validate_at(&self, depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            let message = format!("filter is nested too deeply, expected at most {MAX_DEPTH} levels");
            return Err(Error::invalid("core.filter", message));
        }
        match self {
            Self::Compare { field, operator, value } => check_operand(field, *operator, value),
            Self::And(parts) | Self::Or(parts) | Self::Not(parts) => {
                parts.iter().try_for_each(|part| part.validate_at(depth + 1))
            }
        }
    }
}

fn check_operand(field: &str, operator: Comparison, value: &MetaValue) -> Result<()> {
    let symbol = operator.symbol();
    let fault = |expected: &str, hint: String| {
        let message = format!(
            "field {field:?} is compared by {symbol:?} with the {} {value}, expected {expected}",
            value.kind()
        );
        Err(Error::invalid("core.filter", message).hint(hint))
    };
    match (operator, value) {
        (Comparison::In | Comparison::NotIn, MetaValue::List(_)) => Ok(()),
        (Comparison::In | Comparison::NotIn, _) => {
            fault("a list", format!("put the value into brackets: {field} {symbol} [{value}]"))
        }
        (_, MetaValue::Int(_) | MetaValue::Float(_) | MetaValue::Null) => Ok(()),
        (_, MetaValue::String(text)) if !operator.is_ordering() || instant(text).is_some() => Ok(()),
        (_, _) if operator.is_ordering() => fault(
            "a number or a date",
            "only numbers and ISO 8601 dates such as 2024-03-01 or 2024-03-01T12:00:00Z have an order"
                .to_owned(),
        ),
        _ => Ok(()),
    }
}
