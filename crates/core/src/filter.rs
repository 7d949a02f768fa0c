//! Which Documents: Haystack's filter language, as a tree.

use crate::MetaValue;

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
}
