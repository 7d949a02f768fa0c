//! What of a Document can filters ask Chroma for? Its fields in a form that closes the gaps of Chroma's own filters.
//!
//! Chroma compares scalars by `$eq` and order, lists of strings by `$contains`; it has no null, no NOT, no nesting, no dates, and
//! each new key makes every call of a collection slower. So all fields are told in *one* list of strings, the facts: that a field
//! is there, what it equals, and whether it is a number or a date. Only what has an order gets a key of its own besides.

use pllm_core::filter::{Field, lookup};
use pllm_core::{Document, Meta, MetaValue, id::hex, time};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Stands between a field and what is said of it; in neither of the two.
const SEPARATOR: char = '\u{1f}';
/// Longer names and values are told by their hash.
const MOST_BYTES: usize = 96;

/// How a value is ordered, where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Number,
    /// By its instant, microseconds since 1970.
    Date,
}

/// A field as facts and keys name it.
#[derive(Debug, Clone)]
pub(super) struct Path(String);

impl Path {
    /// The field of a filter.
    pub(super) fn of(field: Field<'_>) -> Self {
        match field {
            Field::Id => Self("d:id".to_owned()),
            Field::Content => Self("d:content".to_owned()),
            Field::Language => Self("d:language".to_owned()),
            Field::Source => Self("d:source".to_owned()),
            Field::Revision => Self("d:revision".to_owned()),
            Field::Meta(path) => Self(format!("m:{}", short(path))),
        }
    }

    /// The fact that the field is there, and not null.
    pub(super) fn present(&self) -> String {
        format!("{}{SEPARATOR}!", self.0)
    }

    /// The fact that the field equals a value.
    pub(super) fn equals(&self, value: &MetaValue) -> String {
        format!("{}{SEPARATOR}={}", self.0, short(&canonical(value)))
    }

    /// The fact that the field has this order.
    pub(super) fn ordered(&self, order: Order) -> String {
        let mark = if order == Order::Number { '#' } else { '@' };
        format!("{}{SEPARATOR}{mark}", self.0)
    }

    /// The key of the value that is ordered.
    pub(super) fn key(&self) -> String {
        format!("n:{}", self.0)
    }
}

/// A Document's fields.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) facts: Vec<String>,
    /// Keys and numbers of what has an order.
    pub(super) ordered: Vec<(String, Value)>,
}

impl Fields {
    pub(super) fn of(document: &Document) -> Self {
        let mut fields = Self::default();
        for field in [Field::Id, Field::Content, Field::Language, Field::Source, Field::Revision] {
            if let Some(value) = field.value(document) {
                fields.add(&Path::of(field), &value);
            }
        }
        let mut paths = BTreeSet::new();
        collect(&document.meta, "", &mut paths);
        for path in &paths {
            // Two spellings of keys may make one path; which of them counts, the filter's own lookup says.
            if let Some(value) = lookup(&document.meta, path) {
                fields.add(&Path::of(Field::Meta(path)), value);
            }
        }
        fields
    }

    fn add(&mut self, path: &Path, value: &MetaValue) {
        if *value == MetaValue::Null {
            return;
        }
        self.facts.push(path.present());
        self.facts.push(path.equals(value));
        if let Some((order, number)) = order_of(value) {
            self.facts.push(path.ordered(order));
            self.ordered.push((path.key(), number));
        }
    }
}

/// The number by which a value is ordered. Always a float for numbers: Chroma cuts the fraction of a limit off before it compares
/// it with an integer. One beyond 2^53 is rounded, which the translation knows.
#[expect(clippy::cast_precision_loss, reason = "the rounding is what is meant")]
pub(super) fn order_of(value: &MetaValue) -> Option<(Order, Value)> {
    let float = |float: f64| Some((Order::Number, serde_json::Number::from_f64(float)?.into()));
    match value {
        MetaValue::Int(int) => float(*int as f64),
        MetaValue::Float(value) => float(*value),
        MetaValue::String(text) => Some((Order::Date, time::instant(text)?.into())),
        _ => None,
    }
}

/// Every path that leads to a value of `meta`.
fn collect(meta: &Meta, prefix: &str, paths: &mut BTreeSet<String>) {
    for (key, value) in meta {
        let path = format!("{prefix}{key}");
        if let MetaValue::Object(inner) = value {
            collect(inner, &format!("{path}."), paths);
        }
        paths.insert(path);
    }
}

/// Text that is the same for two values exactly if `values_equal` says that they are equal.
fn canonical(value: &MetaValue) -> String {
    let counted = |text: String| format!("{}:{text}", text.len());
    match value {
        MetaValue::Null => "0".to_owned(),
        MetaValue::Bool(value) => format!("b{value}"),
        MetaValue::Int(int) => format!("n{int}"),
        MetaValue::Float(float) => format!("n{}", number(*float)),
        MetaValue::String(text) => format!("s{text}"),
        MetaValue::List(values) => {
            let items = values.iter().map(|value| counted(canonical(value)));
            format!("l{}", items.collect::<String>())
        }
        MetaValue::Object(map) => {
            let mut items: Vec<String> =
                map.iter().map(|(key, value)| counted(key.clone()) + &counted(canonical(value))).collect();
            items.sort();
            format!("o{}", items.concat())
        }
    }
}

/// A whole number as an integer writes it, so that 1.0 is 1.
#[expect(clippy::cast_possible_truncation, reason = "the float is whole and within the range of i64")]
fn number(float: f64) -> String {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    if float.fract() == 0.0 && (-TWO_TO_63..TWO_TO_63).contains(&float) {
        return (float as i64).to_string();
    }
    format!("{float:e}")
}

/// The text itself where it is short and plain, else its hash. None looks like the other.
fn short(text: &str) -> String {
    if text.len() <= MOST_BYTES && !text.starts_with('#') && !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    format!("#{}", hex(&Sha256::digest(text.as_bytes())[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pllm_core::filter::values_equal;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = MetaValue> {
        let number = prop_oneof![
            Just(0.0),
            Just(1.0),
            Just(-0.0),
            Just(0.5),
            Just(1e300),
            Just(9.007_199_254_740_992e15)
        ];
        let leaf = prop_oneof![
            Just(MetaValue::Null),
            any::<bool>().prop_map(MetaValue::Bool),
            prop_oneof![Just(0), Just(1), Just(i64::MAX), Just(9_007_199_254_740_993)]
                .prop_map(MetaValue::Int),
            number.prop_map(MetaValue::Float),
            "[a1:#]{0,3}".prop_map(MetaValue::String),
            Just(MetaValue::String("long ".repeat(40))),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(MetaValue::List),
                prop::collection::vec(("[ab1:]{0,2}", inner), 0..3)
                    .prop_map(|pairs| MetaValue::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn equal_values_have_equal_facts_and_others_do_not(a in value(), b in value()) {
            let path = Path::of(Field::Meta("x"));
            prop_assert_eq!(path.equals(&a) == path.equals(&b), values_equal(&a, &b), "{:?} {:?}", a, b);
        }
    }

    #[test]
    fn a_hash_is_no_other_text() {
        let long = "x".repeat(200);
        let hashed = short(&long);
        assert!(hashed.starts_with('#') && hashed.len() == 33);
        assert_ne!(short(&hashed), hashed, "a text that looks like a hash is hashed itself");
        assert!(short("a\u{1f}b").starts_with('#'));
    }

    #[test]
    fn of_several_readings_of_a_path_the_filters_own_counts() {
        let meta = serde_json::json!({"a": {"b": 1, "c": {"d": true}}, "a.b": "x", "n": null});
        let mut document = Document::new(pllm_core::DocumentId::new("1").expect("an id"), "text");
        document.meta = serde_json::from_value(meta).expect("metadata");
        let facts = Fields::of(&document).facts;
        let path = |name| Path::of(Field::Meta(name));
        assert!(facts.contains(&path("a.b").equals(&"x".into())));
        assert!(!facts.contains(&path("a.b").equals(&MetaValue::Int(1))));
        assert!(facts.contains(&path("a.c.d").equals(&MetaValue::Bool(true))));
        assert!(!facts.contains(&path("n").present()));
    }
}
