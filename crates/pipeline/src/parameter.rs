//! What a component can be told in a pipeline file: names, types, defaults, checked before anything is built.

use pllm_core::{Error, ErrorKind, MetaValue, Result};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

/// What values a parameter takes.
#[derive(Debug, Clone, PartialEq)]
pub enum ParameterType {
    /// A whole number in this range.
    Count(RangeInclusive<usize>),
    /// A number in this range.
    Number(RangeInclusive<f64>),
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// What a parameter is where the file does not say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ParameterDefault {
    /// A count.
    Count(usize),
    /// A number.
    Number(f64),
    /// A word.
    Word(&'static str),
}

/// One parameter of a kind of component.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name under `init_parameters`.
    pub name: &'static str,
    /// What it takes.
    pub kind: ParameterType,
    /// What it is by default.
    pub default: ParameterDefault,
    /// What it does.
    pub doc: &'static str,
}

/// The value of every parameter of a component: the file's, else the default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters(BTreeMap<&'static str, MetaValue>);

impl ParameterType {
    /// The value as this type has it; none when it does not fit.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "ranges are small; a whole number is a number in YAML")]
    pub fn accept(&self, value: &MetaValue) -> Option<MetaValue> {
        match (self, value) {
            (Self::Count(range), MetaValue::Int(n)) => {
                usize::try_from(*n).is_ok_and(|n| range.contains(&n)).then_some(value.clone())
            }
            (Self::Number(range), MetaValue::Float(x)) => range.contains(x).then_some(value.clone()),
            (Self::Number(_), MetaValue::Int(n)) => self.accept(&MetaValue::Float(*n as f64)),
            (Self::Choice(words), MetaValue::String(word)) => {
                words.contains(&word.as_str()).then_some(value.clone())
            }
            _ => None,
        }
    }
}

impl fmt::Display for ParameterType {
    /// What it takes, for messages: `a whole number from 1 to 100`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(range) => write!(f, "a whole number from {} to {}", range.start(), range.end()),
            Self::Number(range) => write!(f, "a number from {} to {}", range.start(), range.end()),
            Self::Choice([only]) => write!(f, "{only:?}"),
            Self::Choice(words) => write!(f, "one of {}", words.join(", ")),
        }
    }
}

impl fmt::Display for ParameterDefault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

impl ParameterDefault {
    fn value(self) -> MetaValue {
        match self {
            Self::Count(count) => MetaValue::Int(i64::try_from(count).unwrap_or(i64::MAX)),
            Self::Number(number) => MetaValue::Float(number),
            Self::Word(word) => word.into(),
        }
    }
}

impl Parameters {
    /// The defaults of a kind's parameters.
    #[must_use]
    pub fn defaults(parameters: &[Parameter]) -> Self {
        Self(parameters.iter().map(|parameter| (parameter.name, parameter.default.value())).collect())
    }

    /// Sets a value that its type accepted.
    pub(crate) fn set(&mut self, name: &'static str, value: MetaValue) {
        self.0.insert(name, value);
    }

    /// Name and value of each, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &MetaValue)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// A [`ParameterType::Count`].
    ///
    /// # Errors
    /// `Internal` when there is no such parameter.
    pub fn count(&self, name: &str) -> Result<usize> {
        match self.0.get(name) {
            Some(MetaValue::Int(count)) => usize::try_from(*count).map_err(|_| missing(name)),
            _ => Err(missing(name)),
        }
    }

    /// A [`ParameterType::Number`].
    ///
    /// # Errors
    /// `Internal` when there is no such parameter.
    pub fn number(&self, name: &str) -> Result<f64> {
        if let Some(MetaValue::Float(number)) = self.0.get(name) { Ok(*number) } else { Err(missing(name)) }
    }

    /// A [`ParameterType::Choice`].
    ///
    /// # Errors
    /// `Internal` when there is no such parameter.
    pub fn word(&self, name: &str) -> Result<&str> {
        self.0.get(name).and_then(MetaValue::as_str).ok_or_else(|| missing(name))
    }
}

fn missing(name: &str) -> Error {
    let message = format!("a component reads parameter {name:?}, which its kind does not declare");
    Error::new(ErrorKind::Internal, "pipeline.build", message)
}
