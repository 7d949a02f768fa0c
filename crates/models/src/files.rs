//! Reading the files of a model, with the path in every error.

use std::path::Path;
use std::sync::Arc;

use pllm_kernels::FileMap;

use crate::error::ModelError;

/// The whole file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, ModelError> {
    std::fs::read(path).map_err(|source| ModelError::File { path: path.to_owned(), source })
}

/// The file, mapped.
pub(crate) fn map(path: &Path) -> Result<Arc<FileMap>, ModelError> {
    FileMap::open(path).map(Arc::new).map_err(|source| ModelError::File { path: path.to_owned(), source })
}
