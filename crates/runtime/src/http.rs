//! The one HTTP client: limits on time and size, careful redirects, retry of what may be repeated.

mod failure;
mod retry;
#[cfg(test)]
mod tests;

use failure::{OPERATION, from_status, from_transport};
use pllm_core::{Error, ErrorKind, Result, Retry};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Method, Response, Url};
use std::time::Duration;

/// Most redirects that are followed.
const MAX_REDIRECTS: usize = 10;

/// How the client waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpConfig {
    /// Until a connection stands.
    pub connect_timeout: Duration,
    /// Between two pieces of an answer.
    pub idle_timeout: Duration,
    /// How often a request is repeated.
    pub retries: u32,
    /// Before the first repetition; doubled for each further one.
    pub backoff: Duration,
    /// The longest `Retry-After` that is waited for; beyond it the caller gets the error and decides.
    pub max_wait: Duration,
}

impl Default for HttpConfig {
    /// 10 s to connect, 60 s idle, 3 repetitions after 0.5, 1 and 2 s, up to 30 s of `Retry-After`.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            retries: 3,
            backoff: Duration::from_millis(500),
            max_wait: Duration::from_secs(30),
        }
    }
}

/// Asks servers. Cheap to clone; its futures need a tokio runtime. TLS is rustls on *ring* with the system's root certificates;
/// proxies come from the usual environment variables.
#[derive(Debug, Clone)]
pub struct HttpClient {
    client: Client,
    config: HttpConfig,
}

impl HttpClient {
    /// A client.
    ///
    /// # Errors
    /// `Unavailable` when the system has no root certificates.
    pub fn new(config: HttpConfig) -> Result<Self> {
        // It is there already when this is not the first client.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("pllm/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.idle_timeout)
            .redirect(Policy::custom(redirect))
            .build()
            .map_err(|error| {
                Error::new(ErrorKind::Unavailable, OPERATION, "the HTTP client cannot be set up")
                    .hint("install the system's root certificates (package ca-certificates)")
                    .caused_by(failure::chain(&error))
            })?;
        Ok(Self { client, config })
    }

    /// Hands the body of `url` to `sink`, piece by piece; gives the number of bytes. Nothing is repeated once the body has begun.
    ///
    /// # Errors
    /// `InvalidInput` for an address that is not http or https; `TooLarge` beyond `max_bytes`; `NotFound`, `Denied`, `Overloaded`,
    /// `Unavailable`, `Timeout` as the server or the network has it; the sink's own.
    pub async fn get_to(
        &self,
        url: &str,
        max_bytes: u64,
        sink: &mut (dyn FnMut(&[u8]) -> Result<()> + Send),
    ) -> Result<u64> {
        let url = parse(url)?;
        let mut response = self.send(Method::GET, &url).await?;
        let too_large = |bytes: u64| {
            let message = format!("the answer has {bytes} bytes or more, expected at most {max_bytes}");
            Error::new(ErrorKind::TooLarge, OPERATION, message).with("host", failure::host(&url))
        };
        if let Some(length) = response.content_length().filter(|length| *length > max_bytes) {
            return Err(too_large(length));
        }
        let mut total = 0;
        while let Some(piece) = response.chunk().await.map_err(|error| from_transport(&url, &error))? {
            total += piece.len() as u64;
            if total > max_bytes {
                return Err(too_large(total));
            }
            sink(&piece)?;
        }
        Ok(total)
    }

    /// How many bytes [`HttpClient::get_to`] will give, where the server says so: for progress, not for trust.
    ///
    /// # Errors
    /// As [`HttpClient::get_to`].
    pub async fn content_length(&self, url: &str) -> Result<Option<u64>> {
        let url = parse(url)?;
        let response = self.send(Method::HEAD, &url).await?;
        // The body of an answer to HEAD is empty whatever its header announces.
        let header = response.headers().get(reqwest::header::CONTENT_LENGTH);
        Ok(header.and_then(|value| value.to_str().ok()).and_then(|value| value.parse().ok()))
    }

    /// Sends a request that may be repeated, until it succeeds, fails for good, or was repeated often enough.
    async fn send(&self, method: Method, url: &Url) -> Result<Response> {
        for attempt in 0.. {
            let outcome = self.client.request(method.clone(), url.clone()).send().await;
            let (error, wait) = match outcome {
                Ok(response) if response.status().is_success() => return Ok(response),
                Ok(response) => {
                    (from_status(url, &response), retry::after_status(&self.config, attempt, &response))
                }
                Err(error) => {
                    (from_transport(url, &error), retry::after_transport(&self.config, attempt, &error))
                }
            };
            match wait {
                retry::Next::Wait(time) => {
                    tracing::debug!(host = failure::host(url), attempt, ?time, %error, "trying again");
                    tokio::time::sleep(time).await;
                }
                retry::Next::GiveUp => return Err(error.retry_as(Retry::Exhausted)),
                retry::Next::Fail => return Err(error),
            }
        }
        Err(Error::new(ErrorKind::Internal, OPERATION, "attempts are not endless"))
    }
}

fn parse(text: &str) -> Result<Url> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| Error::invalid(OPERATION, "the address is not usable, expected http://… or https://…"))
}

/// Follows where the server points to, but never from https to http, and to nothing else than these two.
fn redirect(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    if attempt.previous().len() > MAX_REDIRECTS {
        return attempt.error("too many redirects");
    }
    let from = attempt.previous().last().map_or("", Url::scheme).to_owned();
    match (from.as_str(), attempt.url().scheme()) {
        ("http", "http") | (_, "https") => attempt.follow(),
        (_, other) => {
            let message = format!("redirected from {from} to {other}, which is not followed");
            attempt.error(message)
        }
    }
}
