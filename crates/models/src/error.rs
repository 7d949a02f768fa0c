//! What can be wrong with the files of a model?

use std::io;
use std::path::PathBuf;

use pllm_core::{Error, ErrorKind};

/// Why a model could not be loaded, installed or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A file could not be read or written.
    #[error("{path} could not be read or written", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file is not of the format that its name says.
    #[error("{path} is not {expected}: {reason}", path = path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The format, with its article.
        expected: &'static str,
        /// What the reader of the format said.
        reason: String,
    },
    /// The model is of a kind that we cannot run.
    #[error("config.json has {what} {found}, expected {expected}")]
    Config {
        /// The name of the setting.
        what: &'static str,
        /// Its value.
        found: String,
        /// What we can run.
        expected: String,
    },
    /// A tensor is missing, or is not what the configuration says.
    #[error("tensor {name} is {found}, expected {expected}")]
    Tensor {
        /// The name of the tensor.
        name: String,
        /// Its type and shape, or "missing".
        found: String,
        /// The type and shape that the configuration asks for.
        expected: String,
    },
    /// The tokenizer refused a text.
    #[error("the tokenizer failed: {reason}")]
    Tokenizer {
        /// What it said.
        reason: String,
    },
}

impl From<ModelError> for Error {
    fn from(error: ModelError) -> Self {
        let kind = match &error {
            ModelError::File { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                ErrorKind::NotFound
            }
            ModelError::File { .. } | ModelError::Tokenizer { .. } => ErrorKind::Internal,
            ModelError::Format { .. } | ModelError::Tensor { .. } => ErrorKind::Corrupt,
            ModelError::Config { .. } => ErrorKind::Unsupported,
        };
        Self::new(kind, "models.load", error.to_string()).caused_by(error)
    }
}
