//! What an answer or a broken connection means to the caller. Addresses may hold secrets, so errors name the host alone.

use super::retry;
use pllm_core::{Error, ErrorKind, Retry};
use reqwest::{Response, StatusCode, Url};
use std::time::Duration;

pub(super) const OPERATION: &str = "runtime.http";

/// The host and, where it is unusual, the port.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or("");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// What of a refusal outlives its body.
pub(super) struct Refusal {
    status: StatusCode,
    wait: Option<Duration>,
}

impl Refusal {
    pub(super) fn new(response: &Response) -> Self {
        Self { status: response.status(), wait: retry::retry_after(response) }
    }
}

pub(super) fn from_status(url: &Url, refusal: &Refusal, reason: Option<String>) -> Error {
    let status = refusal.status;
    let kind = match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => ErrorKind::NotFound,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ErrorKind::Denied,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorKind::TooLarge,
        StatusCode::TOO_MANY_REQUESTS => ErrorKind::Overloaded,
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => ErrorKind::Timeout,
        status if status.is_client_error() => ErrorKind::InvalidInput,
        _ => ErrorKind::Unavailable,
    };
    let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    let error =
        Error::new(kind, OPERATION, format!("the server answered {status}{reason}")).with("host", host(url));
    match refusal.wait {
        Some(wait) if error.retry() == Retry::Later(None) => error.retry_as(Retry::Later(Some(wait))),
        _ => error,
    }
}

pub(super) fn from_transport(url: &Url, cause: &reqwest::Error) -> Error {
    let (kind, message, hint) = if cause.is_redirect() {
        (ErrorKind::Denied, "the server redirects to where we do not go", None)
    } else if cause.is_timeout() {
        (ErrorKind::Timeout, "the server does not answer in time", Some("check the network, try again later"))
    } else if cause.is_connect() {
        let hint = "check the address, the network and the proxy settings (HTTPS_PROXY)";
        (ErrorKind::Unavailable, "no connection to the server", Some(hint))
    } else {
        (ErrorKind::Unavailable, "the connection broke", Some("try again later"))
    };
    let error = Error::new(kind, OPERATION, message).with("host", host(url)).caused_by(chain(cause));
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// The innermost cause: the layers around it only repeat the address.
pub(super) fn chain(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
