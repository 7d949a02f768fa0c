//! Where are the weights in a `model.safetensors` file, and are they what the configuration says?
//!
//! Format: <https://huggingface.co/docs/safetensors>: a JSON header with name, type, shape and place of each tensor.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use pllm_core::Result;
use pllm_kernels::FileMap;
use pllm_runtime::files;
use safetensors::tensor::{Dtype, Metadata, SafeTensors, TensorInfo};

use crate::fault::{malformed, wrong_tensor};

/// The tensors of one file, which stays mapped; nothing is read before it is asked for.
#[derive(Debug)]
pub struct Tensors {
    map: Arc<FileMap>,
    metadata: Metadata,
    data_start: usize,
}

/// Bytes before the header: its length.
const LENGTH_BYTES: usize = 8;

impl Tensors {
    /// Maps the file and checks its header.
    ///
    /// # Errors
    /// Those of opening a file; `Corrupt` when it is no such file or not all of it.
    pub fn open(path: &Path) -> Result<Self> {
        let map = FileMap::open(path).map_err(|error| files::failed("map", path, error))?;
        let (header_bytes, metadata) = SafeTensors::read_metadata(map.as_bytes())
            .map_err(|error| malformed(path, "a safetensors file", error))?;
        let map = Arc::new(map);
        Ok(Self { map, metadata, data_start: LENGTH_BYTES + header_bytes })
    }

    /// The values of the `f32` tensor `name`, which must have just this `shape`, in row order.
    ///
    /// # Errors
    /// `Corrupt` when the file has no such tensor.
    pub fn read(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let range = self.place(name, shape)?;
        Ok(floats(&self.map.as_bytes()[range]).collect())
    }

    /// The file, and which of its bytes are the `f32` tensor `name` of this `shape`.
    pub(super) fn share(&self, name: &str, shape: &[usize]) -> Result<(Arc<FileMap>, Range<usize>)> {
        Ok((Arc::clone(&self.map), self.place(name, shape)?))
    }

    fn place(&self, name: &str, shape: &[usize]) -> Result<Range<usize>> {
        match self.metadata.info(name) {
            Some(info) if info.dtype == Dtype::F32 && info.shape == shape => {
                let (start, end) = info.data_offsets;
                Ok(self.data_start + start..self.data_start + end)
            }
            other => {
                let found = other.map_or_else(|| "missing".to_owned(), describe);
                Err(wrong_tensor(name, &found, &format!("F32 {shape:?}")))
            }
        }
    }
}

fn describe(info: &TensorInfo) -> String {
    format!("{:?} {:?}", info.dtype, info.shape)
}

/// Little-endian floats, as the format stores them; they need not be aligned.
pub(super) fn floats(bytes: &[u8]) -> impl Iterator<Item = f32> {
    let (chunks, _) = bytes.as_chunks::<4>();
    chunks.iter().map(|chunk| f32::from_le_bytes(*chunk))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with one F32 tensor `a` of shape 2 x 2 and one I64 tensor `b` of shape 1.
    fn file(cut: usize) -> (tempfile::TempDir, std::path::PathBuf) {
        let header = r#"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"I64","shape":[1],"data_offsets":[16,24]}}"#;
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        [1.0_f32, -2.5, 3.0, 4.0].iter().for_each(|x| bytes.extend(x.to_le_bytes()));
        bytes.extend([0; 8]);
        bytes.truncate(bytes.len() - cut);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.safetensors");
        std::fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    #[test]
    fn reads_a_tensor() {
        let (_folder, path) = file(0);
        assert_eq!(Tensors::open(&path).unwrap().read("a", &[2, 2]).unwrap(), [1.0, -2.5, 3.0, 4.0]);
    }

    fn check(name: &str, shape: &[usize], expected: &str) {
        let (_folder, path) = file(0);
        let error = Tensors::open(&path).unwrap().read(name, shape).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn says_what_is_wrong_with_a_tensor() {
        check("a", &[4], "tensor a is F32 [2, 2], expected F32 [4]");
        check("b", &[1], "tensor b is I64 [1], expected F32 [1]");
        check("c", &[1], "tensor c is missing, expected F32 [1]");
    }

    #[test]
    fn a_short_or_foreign_file_is_refused() {
        let (_folder, path) = file(1);
        let error = Tensors::open(&path).unwrap_err().to_string();
        assert!(error.contains("model.safetensors is not a safetensors file"), "{error}");
        std::fs::write(&path, "PK").unwrap();
        assert!(Tensors::open(&path).is_err());
    }
}
