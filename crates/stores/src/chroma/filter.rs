//! How does Chroma find what a filter means? Its `where`, over the facts and keys of `fields`.
//!
//! NOT is brought down to the comparisons (De Morgan), where a missing field has its own case. What cannot be said exactly is
//! said too widely, and marked: then `Filter::matches` decides over the Documents found.

use super::fields::{Order, Path, order_of};
use pllm_core::filter::Field;
use pllm_core::{Comparison, Filter, MetaValue};
use serde_json::{Value, json};

/// Whole numbers up to here are the same in i64 and f64.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// Values in a condition at most; SQLite, on which the server stands, has room for 32,766.
const MOST_VALUES: usize = 4_000;
/// Conditions in one list at most: longer ones are nested, for SQLite's expressions are at most 1,000 deep.
const MOST_PARTS: usize = 100;
/// Nesting at most; the server's JSON reader ends at 127, and each level here is two there.
const MOST_DEPTH: usize = 50;

/// What Chroma is asked.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Where {
    All,
    Nothing,
    Is(Value),
    And(Vec<Where>),
    Or(Vec<Where>),
}

/// A filter, translated.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Translation {
    pub(super) condition: Where,
    /// Whether exactly the Documents that match are found, and not some others too.
    pub(super) exact: bool,
}

impl Translation {
    pub(super) fn of(filter: &Filter) -> Self {
        let mut translation = Self { condition: Where::All, exact: true };
        let condition = translation.translate(filter, true);
        if condition.values() > MOST_VALUES || condition.depth() > MOST_DEPTH {
            return Self { condition: Where::All, exact: false };
        }
        Self { condition, ..translation }
    }

    /// `filter`, or its opposite.
    fn translate(&mut self, filter: &Filter, holds: bool) -> Where {
        let mut parts =
            |parts: &[Filter], holds| parts.iter().map(|part| self.translate(part, holds)).collect();
        match (filter, holds) {
            (Filter::And(inner), true) | (Filter::Not(inner), false) => Where::and(parts(inner, true)),
            (Filter::Or(inner), true) => Where::or(parts(inner, true)),
            (Filter::And(inner), false) | (Filter::Not(inner), true) => Where::or(parts(inner, false)),
            (Filter::Or(inner), false) => Where::and(parts(inner, false)),
            (Filter::Compare { field, operator, value }, holds) => {
                self.compare(&Path::of(Field::of(field)), *operator, value, holds)
            }
        }
    }

    fn compare(&mut self, path: &Path, operator: Comparison, value: &MetaValue, holds: bool) -> Where {
        match operator {
            Comparison::Equal => equal(path, value, holds),
            Comparison::NotEqual => equal(path, value, !holds),
            Comparison::In => listed(path, value, holds),
            Comparison::NotIn => listed(path, value, !holds),
            _ => self.ordered(path, operator, value, holds),
        }
    }

    /// Only values of the operand's own order compare; everything else does not hold.
    fn ordered(&mut self, path: &Path, operator: Comparison, value: &MetaValue, holds: bool) -> Where {
        let Some((order, limit)) = order_of(value) else {
            return if holds { Where::Nothing } else { Where::All };
        };
        let mut symbol = match (operator, holds) {
            (Comparison::Greater, true) | (Comparison::LessOrEqual, false) => "$gt",
            (Comparison::GreaterOrEqual, true) | (Comparison::Less, false) => "$gte",
            (Comparison::Less, true) | (Comparison::GreaterOrEqual, false) => "$lt",
            _ => "$lte",
        };
        // Numbers are floats there: what is rounded to the limit has to be looked at.
        let rounded = order == Order::Number && limit.as_f64().is_none_or(|limit| limit.abs() >= EXACT);
        if rounded {
            self.exact = false;
            symbol = if symbol.starts_with("$g") { "$gte" } else { "$lte" };
        }
        let compares = Where::Is(json!({path.key(): {symbol: limit}}));
        let fact = path.ordered(order);
        if holds {
            Where::and(vec![contains(&fact, true), compares])
        } else {
            Where::or(vec![contains(&fact, false), compares])
        }
    }
}

fn equal(path: &Path, value: &MetaValue, holds: bool) -> Where {
    match value {
        MetaValue::Null => contains(&path.present(), !holds),
        value => contains(&path.equals(value), holds),
    }
}

fn listed(path: &Path, values: &MetaValue, holds: bool) -> Where {
    let MetaValue::List(values) = values else { return if holds { Where::Nothing } else { Where::All } };
    let parts = values.iter().map(|value| equal(path, value, holds)).collect();
    if holds { Where::or(parts) } else { Where::and(parts) }
}

fn contains(fact: &str, holds: bool) -> Where {
    let operator = if holds { "$contains" } else { "$not_contains" };
    Where::Is(json!({super::record::FACTS: {operator: fact}}))
}

impl Where {
    pub(super) fn and(parts: Vec<Self>) -> Self {
        let mut kept = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::All => {}
                Self::Nothing => return Self::Nothing,
                Self::And(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        Self::one_or(kept, Self::All, Self::And)
    }

    fn or(parts: Vec<Self>) -> Self {
        let mut kept = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Nothing => {}
                Self::All => return Self::All,
                Self::Or(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        Self::one_or(kept, Self::Nothing, Self::Or)
    }

    fn one_or(mut parts: Vec<Self>, none: Self, several: fn(Vec<Self>) -> Self) -> Self {
        match parts.len() {
            0 => none,
            1 => parts.remove(0),
            _ => several(parts),
        }
    }

    fn values(&self) -> usize {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().map(Self::values).sum(),
            _ => 1,
        }
    }

    /// Levels as they are written, long lists in more than one.
    fn depth(&self) -> usize {
        match self {
            Self::And(parts) | Self::Or(parts) => {
                let levels = if parts.len() > MOST_PARTS { 2 } else { 1 };
                levels + parts.iter().map(Self::depth).max().unwrap_or(0)
            }
            _ => 1,
        }
    }

    /// As the server reads it; `None` for no condition. [`Where::Nothing`] is not asked of it.
    pub(super) fn json(&self) -> Option<Value> {
        match self {
            Self::All | Self::Nothing => None,
            Self::Is(value) => Some(value.clone()),
            Self::And(parts) => Some(nested("$and", parts)),
            Self::Or(parts) => Some(nested("$or", parts)),
        }
    }
}

fn nested(operator: &str, parts: &[Where]) -> Value {
    let mut values: Vec<Value> = parts.iter().filter_map(Where::json).collect();
    while values.len() > MOST_PARTS {
        values = values.chunks(MOST_PARTS).map(|chunk| json!({operator: chunk})).collect();
    }
    json!({operator: values})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(filter: &str) -> Translation {
        Translation::of(&Filter::parse(filter).expect("a filter"))
    }

    #[test]
    fn not_is_brought_down_to_the_comparisons() {
        let check = |one: &str, other: &str| assert_eq!(translated(one), translated(other), "{one}");
        check("not (a = 1 and b != 2)", "a != 1 or b = 2");
        check("not (a = 1 or b in [1, null])", "a != 1 and b not in [1, null]");
        check("not (not (a = null))", "a = null");
    }

    #[test]
    fn what_needs_no_server_is_known() {
        let check = |filter: &str, expected: Where| {
            assert_eq!(translated(filter), Translation { condition: expected, exact: true }, "{filter}");
        };
        check("()", Where::All);
        check("a in []", Where::Nothing);
        check("a not in []", Where::All);
        check("a > null", Where::Nothing);
        check("not (a > null)", Where::All);
        check("a = 1 and b in []", Where::Nothing);
    }

    #[test]
    fn what_is_too_much_is_asked_too_widely() {
        let wide = Translation { condition: Where::All, exact: false };
        let many: Vec<MetaValue> = (0..=MOST_VALUES as i64).map(MetaValue::Int).collect();
        let many = Filter::compare("a", Comparison::In, MetaValue::List(many));
        assert_eq!(Translation::of(&many), wide);
        let mut deep = Filter::parse("a = 1").expect("a filter");
        for n in 0..60 {
            let parts = vec![deep, Filter::parse("b = 2").expect("a filter")];
            deep = if n % 2 == 0 { Filter::And(parts) } else { Filter::Or(parts) };
        }
        assert_eq!(Translation::of(&deep), wide);
        assert!(!translated("a > 9007199254740993").exact);
        assert!(translated("a > 9007199254740991").exact);
    }

    #[test]
    fn long_lists_are_nested() {
        let values: Vec<MetaValue> = (0..250).map(MetaValue::Int).collect();
        let filter = Filter::compare("a", Comparison::In, MetaValue::List(values));
        let json = Translation::of(&filter).condition.json().expect("a condition");
        assert_eq!(json["$or"].as_array().map(Vec::len), Some(3));
        assert_eq!(json["$or"][2]["$or"].as_array().map(Vec::len), Some(50));
    }
}
