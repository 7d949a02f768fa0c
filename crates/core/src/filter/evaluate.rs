//! Does a Document match? The one evaluation that every store's translation is measured by.

use super::{Comparison, Filter};
use crate::time::instant;
use crate::{Document, Meta, MetaValue};
use std::borrow::Cow;
use std::cmp::Ordering;

/// What a field's name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<'a> {
    /// `id`.
    Id,
    /// `content`.
    Content,
    /// `document.language`: the ISO 639-1 code.
    Language,
    /// `document.source`: the source's id.
    Source,
    /// `document.revision`: the source's revision, a number.
    Revision,
    /// Anything else: a path into the metadata, for [`lookup`].
    Meta(&'a str),
}

impl<'a> Field<'a> {
    /// Reads a field's name. `meta.id` is the metadata key that `id` alone would not reach.
    #[must_use]
    pub fn of(name: &'a str) -> Self {
        match name {
            "id" => Self::Id,
            "content" => Self::Content,
            "document.language" => Self::Language,
            "document.source" => Self::Source,
            "document.revision" => Self::Revision,
            _ => Self::Meta(name.strip_prefix("meta.").unwrap_or(name)),
        }
    }

    /// The field's value in `document`; `None` where it is missing.
    #[must_use]
    pub fn value(self, document: &Document) -> Option<Cow<'_, MetaValue>> {
        let text = |text: &str| Some(Cow::Owned(MetaValue::from(text)));
        match self {
            Self::Id => text(document.id.as_str()),
            Self::Content => text(&document.content),
            Self::Language => text(document.language.as_ref()?.code()),
            Self::Source => text(document.span.as_ref()?.source.as_str()),
            Self::Revision => Some(Cow::Owned(MetaValue::Int(document.span.as_ref()?.revision.into()))),
            Self::Meta(path) => lookup(&document.meta, path).map(Cow::Borrowed),
        }
    }
}

/// The value at `path`, whose dots walk into objects. A key that itself contains dots is found too: of several readings the one
/// with the longest key comes first.
#[must_use]
pub fn lookup<'m>(meta: &'m Meta, path: &str) -> Option<&'m MetaValue> {
    if let Some(value) = meta.get(path) {
        return Some(value);
    }
    path.rmatch_indices('.').find_map(|(dot, _)| match meta.get(&path[..dot]) {
        Some(MetaValue::Object(inner)) => lookup(inner, &path[dot + 1..]),
        _ => None,
    })
}

/// Compares a whole number or float with another one by value, exactly also beyond 2^53; `None` where one is no number.
#[must_use]
pub fn compare_numbers(left: &MetaValue, right: &MetaValue) -> Option<Ordering> {
    match (left, right) {
        (MetaValue::Int(a), MetaValue::Int(b)) => Some(a.cmp(b)),
        (MetaValue::Float(a), MetaValue::Float(b)) => a.partial_cmp(b),
        (MetaValue::Int(a), MetaValue::Float(b)) => compare_int_with_float(*a, *b),
        (MetaValue::Float(a), MetaValue::Int(b)) => compare_int_with_float(*b, *a).map(Ordering::reverse),
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the float is within the range of i64 and has no fraction"
)]
fn compare_int_with_float(int: i64, float: f64) -> Option<Ordering> {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    if float.is_nan() {
        None
    } else if float >= TWO_TO_63 {
        Some(Ordering::Less)
    } else if float < -TWO_TO_63 {
        Some(Ordering::Greater)
    } else {
        let whole = float.floor();
        Some(int.cmp(&(whole as i64)).then(if float > whole { Ordering::Less } else { Ordering::Equal }))
    }
}

/// Equality of two values: numbers by value (1 equals 1.0), everything else within its kind; lists and objects deep.
#[must_use]
pub fn values_equal(left: &MetaValue, right: &MetaValue) -> bool {
    match (left, right) {
        (MetaValue::Null, MetaValue::Null) => true,
        (MetaValue::Bool(a), MetaValue::Bool(b)) => a == b,
        (MetaValue::String(a), MetaValue::String(b)) => a == b,
        (MetaValue::List(a), MetaValue::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| values_equal(a, b))
        }
        (MetaValue::Object(a), MetaValue::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| values_equal(a, b)))
        }
        _ => compare_numbers(left, right) == Some(Ordering::Equal),
    }
}

/// Numbers by value, ISO 8601 strings as instants; `None` where the two do not compare.
fn order(left: &MetaValue, right: &MetaValue) -> Option<Ordering> {
    match (left, right) {
        (MetaValue::String(a), MetaValue::String(b)) => Some(instant(a)?.cmp(&instant(b)?)),
        _ => compare_numbers(left, right),
    }
}

impl Comparison {
    /// Whether `value`, null for a missing field, stands in this relation to `operand`.
    #[must_use]
    pub fn holds(self, value: &MetaValue, operand: &MetaValue) -> bool {
        let is_listed = || match operand {
            MetaValue::List(values) => values.iter().any(|listed| values_equal(value, listed)),
            _ => false,
        };
        match self {
            Self::Equal => values_equal(value, operand),
            Self::NotEqual => !values_equal(value, operand),
            Self::In => is_listed(),
            Self::NotIn => !is_listed(),
            Self::Greater => order(value, operand).is_some_and(Ordering::is_gt),
            Self::GreaterOrEqual => order(value, operand).is_some_and(Ordering::is_ge),
            Self::Less => order(value, operand).is_some_and(Ordering::is_lt),
            Self::LessOrEqual => order(value, operand).is_some_and(Ordering::is_le),
        }
    }
}

impl Filter {
    /// Whether `document` matches. The rules:
    /// - a missing field is null; `!=` and `not in` match it, and so does a null in the list of `in`;
    /// - `> >= < <=` are false where either side is null or the two do not compare: numbers compare with numbers, ISO 8601
    ///   dates and date-times with each other as instants (UTC where no zone is given);
    /// - equality is [`values_equal`]: dates are strings there, and a list equals a list, not its elements;
    /// - NOT is "not all of them".
    #[must_use]
    pub fn matches(&self, document: &Document) -> bool {
        match self {
            Self::Compare { field, operator, value } => {
                let found = Field::of(field).value(document);
                operator.holds(found.as_deref().unwrap_or(&MetaValue::Null), value)
            }
            Self::And(parts) => parts.iter().all(|part| part.matches(document)),
            Self::Or(parts) => parts.iter().any(|part| part.matches(document)),
            Self::Not(parts) => !parts.iter().all(|part| part.matches(document)),
        }
    }
}
