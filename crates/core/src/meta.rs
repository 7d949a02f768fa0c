//! Metadata of a Document: an ordered map whose values keep int, float, bool and null apart.

use indexmap::IndexMap;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;

/// Metadata in the order it was given.
pub type Meta = IndexMap<String, MetaValue>;

/// Meta key whose text is put in front of the content where text is *indexed* (never where it is cited).
pub const TITLE: &str = "title";
/// Meta key of the headings above a chunk, outermost first: a list of strings, indexed like the title.
pub const HEADINGS: &str = "headings";

/// One value. Dates are strings in ISO 8601; integers beyond 64 bits become floats.
#[derive(Debug, Clone, PartialEq)]
pub enum MetaValue {
    /// JSON null; in a filter the same as a missing key.
    Null,
    /// true or false.
    Bool(bool),
    /// A whole number, kept apart from `Float`.
    Int(i64),
    /// A finite number; it round-trips exactly.
    Float(f64),
    /// Text, dates included.
    String(String),
    /// Values in order.
    List(Vec<MetaValue>),
    /// A nested map.
    Object(Meta),
}

impl MetaValue {
    /// The text of a `String`.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The kind in a word, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Int(_) => "integer",
            Self::Float(_) => "float",
            Self::String(_) => "string",
            Self::List(_) => "list",
            Self::Object(_) => "object",
        }
    }

    /// The value that people mean by an untyped piece of text: `12`, `1.5`, `true`, `null`, else the text itself.
    #[must_use]
    pub fn infer(text: &str) -> Self {
        match text {
            "true" => Self::Bool(true),
            "false" => Self::Bool(false),
            "null" => Self::Null,
            _ => infer_number(text).unwrap_or_else(|| Self::String(text.to_owned())),
        }
    }
}

/// Numbers as JSON writes them: no leading zeros or plus sign, so that a postcode or a phone number stays text.
fn infer_number(text: &str) -> Option<MetaValue> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let mut bytes = digits.bytes();
    let starts = match bytes.next()? {
        b'0' => matches!(bytes.next(), None | Some(b'.')),
        first => first.is_ascii_digit(),
    };
    if !starts || !digits.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    match text.parse::<i64>() {
        Ok(whole) => Some(MetaValue::Int(whole)),
        Err(_) => text.parse::<f64>().ok().filter(|x| x.is_finite()).map(MetaValue::Float),
    }
}

impl From<&str> for MetaValue {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl fmt::Display for MetaValue {
    /// As people read it: strings bare, everything else as JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(text) => f.write_str(text),
            other => f.write_str(&serde_json::to_string(other).map_err(|_| fmt::Error)?),
        }
    }
}

impl Serialize for MetaValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::String(value) => serializer.serialize_str(value),
            Self::List(values) => values.serialize(serializer),
            Self::Object(map) => map.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for MetaValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = MetaValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<MetaValue, E> {
        Ok(MetaValue::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<MetaValue, E> {
        Ok(MetaValue::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<MetaValue, E> {
        Ok(MetaValue::Int(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "documented: integers beyond 64 bits become floats")]
    fn visit_u64<E>(self, value: u64) -> Result<MetaValue, E> {
        Ok(i64::try_from(value).map_or(MetaValue::Float(value as f64), MetaValue::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<MetaValue, E> {
        Ok(MetaValue::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<MetaValue, E> {
        Ok(MetaValue::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<MetaValue, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = access.next_element()? {
            values.push(value);
        }
        Ok(MetaValue::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<MetaValue, A::Error> {
        let mut map = Meta::new();
        while let Some((key, value)) = access.next_entry()? {
            if map.insert(key, value).is_some() {
                return Err(de::Error::custom("the same key twice in one object"));
            }
        }
        Ok(MetaValue::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_becomes_the_value_people_mean() {
        let check = |text: &str, expected: MetaValue| assert_eq!(MetaValue::infer(text), expected, "{text}");
        check("12", MetaValue::Int(12));
        check("-3", MetaValue::Int(-3));
        check("0", MetaValue::Int(0));
        check("0.50", MetaValue::Float(0.5));
        check("1e3", MetaValue::Float(1000.0));
        check("true", MetaValue::Bool(true));
        check("null", MetaValue::Null);
        for text in ["007", "+49 30 1234", "1.", "nan", "inf", "", "-", "2020-01-31", "1,5", "0x10"] {
            check(text, text.into());
        }
    }

    proptest! {
        #[test]
        fn numbers_round_trip_with_their_kind(int in any::<i64>(), float in any::<f64>().prop_filter("finite", |x| x.is_finite())) {
            for value in [MetaValue::Int(int), MetaValue::Float(float)] {
                let json = serde_json::to_string(&value).expect("serialises");
                prop_assert_eq!(serde_json::from_str::<MetaValue>(&json).expect("parses"), value);
            }
        }
    }
}
