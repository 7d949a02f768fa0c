//! YAML as a tree in which everything knows its line.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use serde_saphyr::options::DuplicateKeyPolicy;
use std::fmt;

/// Something on a line of the file, from 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OnLine<T> {
    pub(crate) line: u64,
    pub(crate) value: T,
}

/// A piece of YAML. A map keeps its order and keys that occur twice, so that whoever reads it can say so.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Yaml {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<OnLine<Yaml>>),
    Map(Vec<(OnLine<String>, OnLine<Yaml>)>),
}

impl Yaml {
    /// What it is, for messages.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Null => "nothing".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(value) => format!("{value:?}"),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) => "a map".to_owned(),
        }
    }
}

/// Reads a file; an error is a message and its line.
pub(crate) fn parse(text: &str) -> Result<OnLine<Yaml>, OnLine<String>> {
    let options =
        serde_saphyr::options! { duplicate_keys: DuplicateKeyPolicy::PassThrough, with_snippet: false };
    let tree: Result<Spanned<Yaml>, _> = serde_saphyr::from_str_with_options(text, options);
    tree.map(OnLine::from).map_err(|error| {
        let line = error.location().map_or(1, |location| location.line());
        OnLine { line, value: error.to_string() }
    })
}

impl<T> From<Spanned<T>> for OnLine<T> {
    fn from(spanned: Spanned<T>) -> Self {
        Self { line: spanned.referenced.line(), value: spanned.value }
    }
}

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(YamlVisitor)
    }
}

struct YamlVisitor;

impl<'de> Visitor<'de> for YamlVisitor {
    type Value = Yaml;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }

    fn visit_unit<E>(self) -> Result<Yaml, E> {
        Ok(Yaml::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Yaml, E> {
        Ok(Yaml::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Yaml, E> {
        Ok(Yaml::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Yaml, E> {
        Ok(i64::try_from(value).map_or_else(|_| Yaml::Text(value.to_string()), Yaml::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Yaml, E> {
        Ok(Yaml::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Yaml, E> {
        Ok(Yaml::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Yaml, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element::<Spanned<Yaml>>()? {
            items.push(item.into());
        }
        Ok(Yaml::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Yaml, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = access.next_entry::<Spanned<String>, Spanned<Yaml>>()? {
            entries.push((key.into(), value.into()));
        }
        Ok(Yaml::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on<T>(line: u64, value: T) -> OnLine<T> {
        OnLine { line, value }
    }

    #[test]
    fn everything_knows_its_line() {
        let text = "# a comment\na: 1\nb:\n  - x\n  - { c: 0.5, d: yes }\na: ~\n";
        let expected = Yaml::Map(vec![
            (on(2, "a".to_owned()), on(2, Yaml::Int(1))),
            (
                on(3, "b".to_owned()),
                on(
                    4,
                    Yaml::List(vec![
                        on(4, Yaml::Text("x".to_owned())),
                        on(
                            5,
                            Yaml::Map(vec![
                                (on(5, "c".to_owned()), on(5, Yaml::Float(0.5))),
                                (on(5, "d".to_owned()), on(5, Yaml::Bool(true))),
                            ]),
                        ),
                    ]),
                ),
            ),
            (on(6, "a".to_owned()), on(6, Yaml::Null)),
        ]);
        assert_eq!(parse(text), Ok(on(2, expected)));
    }

    #[test]
    fn what_is_not_yaml_is_named_with_its_line() {
        assert_eq!(parse("a: 1\nb: [1, 2\n").map_err(|error| error.line), Err(2));
    }
}
