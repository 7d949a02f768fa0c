//! What does a failure of the server mean to a caller? Which store, which address, what to do.

use pllm_core::{Error, ErrorKind};

/// The error of the HTTP client as the store tells it.
pub(super) fn told(address: &str, error: Error) -> Error {
    let retry = error.retry();
    let (message, hint) = match error.kind() {
        ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Overloaded => (
            format!("the Chroma server at {address} is not available"),
            "start it, or check its address and the network, then try again",
        ),
        ErrorKind::Denied => (
            format!("the Chroma server at {address} lets us not in"),
            "set the environment variable that its auth-env names to what it expects",
        ),
        ErrorKind::TooLarge => (
            format!("a document is too large for the Chroma server at {address}"),
            "raise max_payload_size_bytes of the server, or split the document",
        ),
        ErrorKind::NotFound => (
            format!("the Chroma server at {address} has no such collection or database"),
            "open the collection again; check tenant and database",
        ),
        _ => {
            return error.with("store", "chroma").with("address", address);
        }
    };
    Error::new(error.kind(), super::OPEN, message).hint(hint).caused_by(error).retry_as(retry)
}
