//! How is a model loaded from the network? File by file, by address and SHA-256.

use pllm_core::{ErrorKind, Result};
use pllm_runtime::HttpClient;

use crate::cache::ModelCache;
use crate::catalogue::ModelEntry;
use crate::incoming::{self, Incoming};

/// How far a download is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullProgress<'a> {
    /// The file that is being loaded.
    pub file: &'a str,
    /// Bytes of all files that are here.
    pub done: u64,
    /// Bytes of all files.
    pub total: u64,
}

impl ModelCache {
    /// Loads the files of a model that are not here or not right, telling `progress` after each piece.
    ///
    /// A file appears under its name only when all of it is on disk and its SHA-256 is right. An interrupted pull keeps the
    /// files that were complete.
    ///
    /// # Errors
    /// Those of the client; `Corrupt` when what came is not what the catalogue says; `Conflict` while another process fills
    /// the same folder.
    pub async fn pull(
        &self,
        entry: &ModelEntry,
        client: &HttpClient,
        progress: &mut (dyn FnMut(PullProgress<'_>) + Send),
    ) -> Result<()> {
        let (folder, _lock) = self.begin(entry)?;
        let total = entry.size();
        let mut complete = 0;
        for file in &entry.files {
            if !is_right(&folder.join(&file.name), &file.sha256)? {
                let mut incoming = Incoming::create(&folder, entry, file)?;
                let mut here = complete;
                let mut sink = |piece: &[u8]| {
                    here += piece.len() as u64;
                    progress(PullProgress { file: &file.name, done: here, total });
                    incoming.write(piece)
                };
                client.get_to(&file.url, file.size, &mut sink).await?;
                incoming.commit()?;
            }
            complete += file.size;
            progress(PullProgress { file: &file.name, done: complete, total });
        }
        self.stamp(entry)
    }
}

fn is_right(path: &std::path::Path, sha256: &str) -> Result<bool> {
    match incoming::sha256_of(path) {
        Ok(found) => Ok(found == sha256),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
