//! The one error of every contract: what went wrong, and what the caller can do about it.

use std::fmt;
use std::time::Duration;

/// Result of a contract call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a caller can do about an error; never more than twelve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Change the input.
    InvalidInput,
    /// Name something that exists.
    NotFound,
    /// It exists already, or changed meanwhile.
    Conflict,
    /// This implementation declares that it cannot.
    Unsupported,
    /// The caller may not.
    Denied,
    /// Send less.
    TooLarge,
    /// Come back later: queues are full.
    Overloaded,
    /// The other side is away.
    Unavailable,
    /// The deadline passed.
    Timeout,
    /// Somebody asked to stop.
    Cancelled,
    /// Stored bytes are not what was written.
    Corrupt,
    /// A defect of ours, or of the machine.
    Internal,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::InvalidInput,
        Self::NotFound,
        Self::Conflict,
        Self::Unsupported,
        Self::Denied,
        Self::TooLarge,
        Self::Overloaded,
        Self::Unavailable,
        Self::Timeout,
        Self::Cancelled,
        Self::Corrupt,
        Self::Internal,
    ];

    /// The kind of this name, if there is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind in words, as messages and JSON show it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid input",
            Self::NotFound => "not found",
            Self::Conflict => "conflict",
            Self::Unsupported => "unsupported",
            Self::Denied => "denied",
            Self::TooLarge => "too large",
            Self::Overloaded => "overloaded",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::Cancelled => "cancelled",
            Self::Corrupt => "corrupt",
            Self::Internal => "internal",
        }
    }
}

/// Whether the same call may succeed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same call fails the same way.
    Never,
    /// Try again, after this time where it is known.
    Later(Option<Duration>),
    /// It was tried as often as the policy allows.
    Exhausted,
}

/// An error at a contract. The message is lower case, without a final period: what · which value · what was expected.
/// Boxed inside, so that a `Result` stays small.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    retry: Retry,
    operation: &'static str,
    message: String,
    context: Vec<(&'static str, String)>,
    hint: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of `kind` in `operation` (`<crate>.<operation>`), with one line for people.
    #[must_use]
    pub fn new(kind: ErrorKind, operation: &'static str, message: impl Into<String>) -> Self {
        let retry = match kind {
            ErrorKind::Overloaded | ErrorKind::Unavailable | ErrorKind::Timeout => Retry::Later(None),
            _ => Retry::Never,
        };
        let message = message.into();
        Self(Box::new(Inner {
            kind,
            retry,
            operation,
            message,
            context: Vec::new(),
            hint: None,
            source: None,
        }))
    }

    /// Shorthand for the commonest kind.
    #[must_use]
    pub fn invalid(operation: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, operation, message)
    }

    /// Adds what only this layer knows, shown as `key=value`.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        self.0.context.push((key, value.to_string()));
        self
    }

    /// Adds the cure, shown on a line of its own.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Keeps the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Says whether to try again, where the kind's own answer is not right.
    #[must_use]
    pub fn retry_as(mut self, retry: Retry) -> Self {
        self.0.retry = retry;
        self
    }

    /// What the caller can do.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether to try again.
    #[must_use]
    pub fn retry(&self) -> Retry {
        self.0.retry
    }

    /// Where it happened.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The line for people, without context and cause.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The cure, if one is known.
    #[must_use]
    pub fn cure(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        for (n, (key, value)) in self.0.context.iter().enumerate() {
            write!(f, "{}{key}={value}", if n == 0 { " (" } else { ", " })?;
        }
        if !self.0.context.is_empty() {
            f.write_str(")")?;
        }
        if let Some(source) = &self.0.source {
            write!(f, ": {source}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_as_one_line() {
        let error = Error::invalid("stores.write", "embedding has 3 dimensions, the collection expects 384")
            .with("collection", "notes")
            .with("document", "d1")
            .caused_by("wrong model");
        let line = "embedding has 3 dimensions, the collection expects 384 (collection=notes, document=d1): wrong model";
        assert_eq!(error.to_string(), line);
    }
}
