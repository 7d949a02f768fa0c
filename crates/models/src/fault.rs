//! The errors of this crate, in the words of `core`.

use std::error::Error as Cause;
use std::path::Path;

use pllm_core::{Error, ErrorKind};

const LOAD: &str = "models.load";

/// A file is not of the format that its name says: `Corrupt`.
pub(crate) fn malformed(
    path: &Path,
    expected: &str,
    cause: impl Into<Box<dyn Cause + Send + Sync>>,
) -> Error {
    let message = format!("{} is not {expected}", path.display());
    Error::new(ErrorKind::Corrupt, LOAD, message).caused_by(cause)
}

/// The model is of a kind that we cannot run: `Unsupported`.
pub(crate) fn unusable(setting: &str, found: impl std::fmt::Display, expected: &str) -> Error {
    let message = format!("config.json has {setting} {found}, expected {expected}");
    Error::new(ErrorKind::Unsupported, LOAD, message)
}

/// A tensor is missing, or is not what the configuration says: `Corrupt`.
pub(crate) fn wrong_tensor(name: &str, found: &str, expected: &str) -> Error {
    Error::new(ErrorKind::Corrupt, LOAD, format!("tensor {name} is {found}, expected {expected}"))
}

/// The tokenizer refused a text: `Internal`.
pub(crate) fn not_tokenized(cause: Box<dyn Cause + Send + Sync>) -> Error {
    Error::new(ErrorKind::Internal, "models.tokenize", "the tokenizer failed").caused_by(cause)
}
