//! The body of an answer, as it comes.

use super::failure::{self, OPERATION, from_transport};
use pllm_core::{Error, ErrorKind, Result};
use reqwest::{Response, Url};

/// The body of an answer that was accepted. To drop it is to end the exchange.
#[derive(Debug)]
pub struct HttpBody {
    response: Response,
    url: Url,
}

impl HttpBody {
    pub(super) fn new(response: Response, url: Url) -> Self {
        Self { response, url }
    }

    /// The next piece; none at the end.
    ///
    /// # Errors
    /// `Unavailable` when the connection breaks, `Timeout` when nothing comes for the client's idle time.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>> {
        let piece = self.response.chunk().await.map_err(|error| from_transport(&self.url, &error))?;
        Ok(piece.map(Vec::from))
    }

    /// The value of a header, where it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    /// All of it.
    ///
    /// # Errors
    /// As [`HttpBody::chunk`]; `TooLarge` beyond `max_bytes`.
    pub async fn all(self, max_bytes: u64) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        self.read_to(max_bytes, &mut |piece: &[u8]| {
            body.extend_from_slice(piece);
            Ok(())
        })
        .await?;
        Ok(body)
    }

    pub(super) async fn read_to(
        mut self,
        max_bytes: u64,
        sink: &mut (dyn FnMut(&[u8]) -> Result<()> + Send),
    ) -> Result<u64> {
        if let Some(length) = self.response.content_length().filter(|length| *length > max_bytes) {
            return Err(self.too_large(length, max_bytes));
        }
        let mut total = 0;
        while let Some(piece) = self.chunk().await? {
            total += piece.len() as u64;
            if total > max_bytes {
                return Err(self.too_large(total, max_bytes));
            }
            sink(&piece)?;
        }
        Ok(total)
    }

    fn too_large(&self, bytes: u64, max_bytes: u64) -> Error {
        let message = format!("the answer has {bytes} bytes or more, expected at most {max_bytes}");
        Error::new(ErrorKind::TooLarge, OPERATION, message).with("host", failure::host(&self.url))
    }
}
