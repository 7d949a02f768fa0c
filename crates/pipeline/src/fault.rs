//! What can be wrong with a pipeline file, each fault on its line, all of them in one error.

use pllm_core::{Error, SocketType};
use std::fmt;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The text is not YAML.
    #[error("not readable as YAML: {0}")]
    Yaml(String),
    /// A piece of the file has another shape than it should.
    #[error("{what} is {got}, expected {expected}")]
    Shape {
        /// Which piece.
        what: String,
        /// What is there.
        got: String,
        /// What should be.
        expected: &'static str,
    },
    /// A key that means nothing here.
    #[error("unknown key {key:?} in {place}{}", maybe(nearest))]
    UnknownKey {
        /// The key.
        key: String,
        /// Where it stands.
        place: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A key that has to be there is not.
    #[error("{place} has no {key:?}")]
    MissingKey {
        /// The key.
        key: &'static str,
        /// Where it should be.
        place: String,
    },
    /// The same name twice.
    #[error("{what} {name:?} is there twice, first on line {first_line}")]
    Duplicate {
        /// What sort of thing.
        what: &'static str,
        /// Its name.
        name: String,
        /// Where it was first.
        first_line: u64,
    },
    /// A name that cannot be used in `component.socket`.
    #[error("component name {0:?} is not usable, expected letters, digits and _")]
    Name(String),
    /// No such kind of component.
    #[error("component {component:?} has unknown type {kind:?}{}", maybe(nearest))]
    UnknownType {
        /// The component.
        component: String,
        /// The type it asks for.
        kind: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// The kind has no such parameter.
    #[error("component {component:?} ({kind}) has no parameter {parameter:?}{}", maybe(nearest))]
    UnknownParameter {
        /// The component.
        component: String,
        /// Its kind.
        kind: &'static str,
        /// The parameter.
        parameter: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A parameter has a value that it cannot have.
    #[error("parameter {component}.{parameter} is {got}, expected {expected}")]
    BadParameter {
        /// The component.
        component: String,
        /// The parameter.
        parameter: String,
        /// The value.
        got: String,
        /// What it may be.
        expected: String,
    },
    /// A connection, input or output names a component that is not there.
    #[error("no component {component:?}{}", maybe(nearest))]
    UnknownComponent {
        /// The name.
        component: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// The component has no such socket.
    #[error("component {component:?} ({kind}) has no {direction} {socket:?}, it has {known}")]
    UnknownSocket {
        /// The component.
        component: String,
        /// Its kind.
        kind: &'static str,
        /// `input` or `output`.
        direction: &'static str,
        /// The socket.
        socket: String,
        /// The sockets it has.
        known: String,
    },
    /// Two ends that do not fit.
    #[error("{sender} gives {}, {receiver} takes {}", gives.name(), takes.name())]
    TypeMismatch {
        /// Where the value comes from.
        sender: String,
        /// Its type.
        gives: SocketType,
        /// Where it should go.
        receiver: String,
        /// The type there.
        takes: SocketType,
    },
    /// A socket with two senders.
    #[error("{socket} is fed by {second}, but already by {first} on line {first_line}")]
    FedTwice {
        /// The socket.
        socket: String,
        /// The first sender.
        first: String,
        /// Its line.
        first_line: u64,
        /// The second one.
        second: String,
    },
    /// A socket that the component cannot do without has no sender.
    #[error("{socket} is required, but nothing feeds it ({})", kind.name())]
    NeverFed {
        /// The socket.
        socket: String,
        /// Its type.
        kind: SocketType,
    },
    /// Components that wait for each other.
    #[error("components wait for each other: {0}")]
    Cycle(String),
}

/// The faults of one file, in the order of their lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    file: String,
    faults: Vec<(u64, Fault)>,
}

impl Faults {
    /// No fault in `file` yet.
    #[must_use]
    pub fn new(file: &str) -> Self {
        Self { file: file.to_owned(), faults: Vec::new() }
    }

    /// One more, on `line` (from 1).
    pub fn add(&mut self, line: u64, fault: Fault) {
        self.faults.push((line, fault));
    }

    /// The faults, by line.
    pub fn iter(&self) -> impl Iterator<Item = &(u64, Fault)> {
        self.faults.iter()
    }

    /// The value, unless there is a fault.
    ///
    /// # Errors
    /// `InvalidInput` with `file:line: fault` for each fault, a line each.
    pub fn or<T>(mut self, value: T) -> pllm_core::Result<T> {
        if self.faults.is_empty() {
            return Ok(value);
        }
        self.faults.sort_by_key(|(line, _)| *line);
        Err(self.into())
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (line, fault)) in self.faults.iter().enumerate() {
            let end = if n == 0 { "" } else { "\n" };
            write!(f, "{end}{}:{line}: {fault}", self.file)?;
        }
        Ok(())
    }
}

impl From<Faults> for Error {
    fn from(faults: Faults) -> Self {
        Self::invalid("pipeline.load", faults.to_string())
    }
}

fn maybe(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |nearest| format!(", did you mean {nearest:?}?"))
}

/// The name out of `known` that was probably meant: at most a third of its characters away, in insertions, deletions and
/// replacements (Levenshtein 1966); upper and lower case count as equal.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let wanted = name.to_lowercase();
    let distances = known.into_iter().map(|known| (distance(&wanted, &known.to_lowercase()), known));
    let (distance, known) = distances.min()?;
    (distance <= known.chars().count().div_ceil(3)).then(|| known.to_owned())
}

fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (n, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = n + 1;
        for (m, y) in b.chars().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[m + 1];
            row[m + 1] = replaced.min(row[m] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_meant_if_it_is_near() {
        let known = ["pllm.KeywordRetriever", "pllm.EmbeddingRetriever", "pllm.Reader"];
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(nearest(name, known).as_deref(), expected, "{name}");
        };
        check("pllm.KeywordRetreiver", Some("pllm.KeywordRetriever"));
        check("keywordretriever", Some("pllm.KeywordRetriever"));
        check("pllm.Raeder", Some("pllm.Reader"));
        check("pllm.Generator", None);
        check("", None);
    }
}
