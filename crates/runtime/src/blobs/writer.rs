//! A blob's file as it grows: frames are sealed as they fill, the header is known at the end.

use super::context;
use super::format::{self, FRAME, HEADER, Header};
use crate::files::{self, AtomicFile};
use pllm_core::{BlobKey, BlobWriter, Result, Seal};
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// The file of a blob that is not complete. The last frame waits until it is known to be the last one, for the seal is told so.
#[derive(Debug)]
pub(super) struct FileWriter {
    key: BlobKey,
    path: PathBuf,
    seal: Arc<dyn Seal>,
    file: AtomicFile,
    header: Header,
    waiting: Vec<u8>,
}

impl FileWriter {
    pub(super) fn create(key: BlobKey, path: PathBuf, seal: Arc<dyn Seal>) -> Result<Self> {
        let mut file = AtomicFile::create(&path)?;
        file.file().write_all(&[0; HEADER]).map_err(|error| files::failed("write", &path, error))?;
        let header = Header::new(seal.header(format::VERSION));
        Ok(Self { key, path, seal, file, header, waiting: Vec::with_capacity(FRAME) })
    }

    fn write_frame(&mut self, last: bool) -> Result<()> {
        let record = super::record(&self.key, self.header.frames(), last);
        let sealed = self.seal.seal(context(&self.key, &record), &self.waiting)?;
        self.header.add(self.waiting.len(), sealed.len())?;
        let written = self.file.file().write_all(&sealed);
        written.map_err(|error| files::failed("write", &self.path, error))?;
        self.waiting.clear();
        Ok(())
    }
}

impl BlobWriter for FileWriter {
    fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            if self.waiting.len() == FRAME {
                self.write_frame(false)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(FRAME - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn commit(mut self: Box<Self>) -> Result<u64> {
        self.write_frame(true)?;
        let file = self.file.file();
        let written = file.seek(SeekFrom::Start(0)).and_then(|_| file.write_all(&self.header.to_bytes()));
        written.map_err(|error| files::failed("write", &self.path, error))?;
        self.file.commit()?;
        Ok(self.header.length())
    }
}
