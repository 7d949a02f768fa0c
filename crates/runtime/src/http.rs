//! The one HTTP client: limits on time and size, careful redirects, retry of what may be repeated.

mod body;
mod failure;
mod retry;
mod sse;
#[cfg(test)]
mod tests;

use failure::{OPERATION, from_status, from_transport};
use pllm_core::{Error, ErrorKind, Result, Retry};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Certificate, Client, Method, RequestBuilder, Response, Url};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use body::HttpBody;
pub use sse::{SseDecoder, SseEvent};

/// Most bytes of a refusal's body that are read, for the reason in it.
const MOST_REFUSAL: u64 = 64 << 10;

/// Finds the reason of a refusal in its body: whose words they are only the caller knows.
pub type Explain = fn(&[u8]) -> Option<String>;

/// Most redirects that are followed.
const MAX_REDIRECTS: usize = 10;

/// A request that does the same when it is sent twice.
#[derive(Debug, Clone)]
pub struct HttpRequest<'a> {
    /// What is done.
    pub method: HttpMethod,
    /// With what.
    pub url: &'a str,
    /// A header of the caller's, by name and value: what it shows to be let in.
    pub header: Option<(&'a str, &'a str)>,
    /// JSON that is sent.
    pub json: Option<Vec<u8>>,
}

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpMethod {
    /// Reads.
    Get,
    /// Whatever the address is for.
    Post,
    /// Removes.
    Delete,
}

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
    /// Certificates in PEM that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Whether the proxies of the environment are used; a server on this machine is never asked through one.
    pub proxies: bool,
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
            ca_file: None,
            proxies: true,
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
    /// `Unavailable` when the system has no root certificates; `NotFound` or `InvalidInput` for an unusable CA file.
    pub fn new(config: HttpConfig) -> Result<Self> {
        // It is there already when this is not the first client.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(concat!("pllm/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.idle_timeout)
            .redirect(Policy::custom(redirect));
        if let Some(path) = &config.ca_file {
            builder = builder.tls_certs_merge(certificates(path)?);
        }
        if !config.proxies {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| {
            Error::new(ErrorKind::Unavailable, OPERATION, "the HTTP client cannot be set up")
                .hint("install the system's root certificates (package ca-certificates)")
                .caused_by(failure::chain(&error))
        })?;
        Ok(Self { client, config })
    }

    /// Sends JSON to `url`, with `bearer` as its key, and gives the answer's body as it comes. Only what the server turned away
    /// before it answered is sent again: a full server, or one that is not there yet.
    ///
    /// # Errors
    /// As [`HttpClient::get_to`]; the message ends with what `explain` finds in the body of a refusal.
    pub async fn post_json(
        &self,
        url: &str,
        bearer: Option<&str>,
        body: Vec<u8>,
        explain: Explain,
    ) -> Result<HttpBody> {
        let url = parse(url)?;
        let request = || {
            let request = self.client.post(url.clone()).header("content-type", "application/json");
            keyed(request, bearer).body(body.clone())
        };
        Ok(HttpBody::new(self.send(&url, request, false, explain).await?, url))
    }

    /// Sends a request that may be sent twice, and gives the answer's body as it comes. It is sent again also when the connection
    /// breaks before the answer.
    ///
    /// # Errors
    /// As [`HttpClient::post_json`]; `InvalidInput` for a header that is none.
    pub async fn ask(&self, asked: HttpRequest<'_>, explain: Explain) -> Result<HttpBody> {
        let url = parse(asked.url)?;
        let method = match asked.method {
            HttpMethod::Get => Method::GET,
            HttpMethod::Post => Method::POST,
            HttpMethod::Delete => Method::DELETE,
        };
        let header = asked.header.map(sensitive).transpose()?;
        let request = || {
            let mut request = self.client.request(method.clone(), url.clone());
            if let Some((name, value)) = &header {
                request = request.header(name, value);
            }
            match &asked.json {
                Some(json) => request.header("content-type", "application/json").body(json.clone()),
                None => request,
            }
        };
        Ok(HttpBody::new(self.send(&url, request, true, explain).await?, url))
    }

    /// The body of `url`, asked for with `bearer` as the key.
    ///
    /// # Errors
    /// As [`HttpClient::post_json`].
    pub async fn get(&self, url: &str, bearer: Option<&str>, explain: Explain) -> Result<HttpBody> {
        let url = parse(url)?;
        let request = || keyed(self.client.get(url.clone()), bearer);
        Ok(HttpBody::new(self.send(&url, request, false, explain).await?, url))
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
        let response = self.send(&url, || self.client.get(url.clone()), false, unexplained).await?;
        HttpBody::new(response, url).read_to(max_bytes, sink).await
    }

    /// How many bytes [`HttpClient::get_to`] will give, where the server says so: for progress, not for trust.
    ///
    /// # Errors
    /// As [`HttpClient::get_to`].
    pub async fn content_length(&self, url: &str) -> Result<Option<u64>> {
        let url = parse(url)?;
        let response = self.send(&url, || self.client.head(url.clone()), false, unexplained).await?;
        // The body of an answer to HEAD is empty whatever its header announces.
        let header = response.headers().get(reqwest::header::CONTENT_LENGTH);
        Ok(header.and_then(|value| value.to_str().ok()).and_then(|value| value.parse().ok()))
    }

    /// Sends a request until it succeeds, fails for good, or was repeated often enough; one that was under way when the connection
    /// broke only if it is `repeatable`.
    async fn send(
        &self,
        url: &Url,
        request: impl Fn() -> RequestBuilder + Send + Sync,
        repeatable: bool,
        explain: Explain,
    ) -> Result<Response> {
        for attempt in 0.. {
            let (error, wait) = match request().send().await {
                Ok(response) if response.status().is_success() => return Ok(response),
                Ok(response) => {
                    let wait = retry::after_status(&self.config, attempt, &response);
                    let status = failure::Refusal::new(&response);
                    let reason = match wait {
                        retry::Next::Wait(_) => None,
                        _ => reason(response, url, explain).await,
                    };
                    (from_status(url, &status, reason), wait)
                }
                Err(error) => (
                    from_transport(url, &error),
                    retry::after_transport(&self.config, attempt, &error, repeatable),
                ),
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

fn keyed(request: RequestBuilder, bearer: Option<&str>) -> RequestBuilder {
    match bearer {
        Some(bearer) => request.bearer_auth(bearer),
        None => request,
    }
}

/// A header whose value is shown nowhere.
fn sensitive((name, value): (&str, &str)) -> Result<(HeaderName, HeaderValue)> {
    let header = HeaderName::try_from(name).ok().zip(HeaderValue::try_from(value).ok());
    let (name, mut value) =
        header.ok_or_else(|| Error::invalid(OPERATION, "the header for the server is not usable"))?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// For servers whose refusals have no words that we know.
fn unexplained(_: &[u8]) -> Option<String> {
    None
}

/// Why a request was refused, in the server's words: one line, not too long.
async fn reason(response: Response, url: &Url, explain: Explain) -> Option<String> {
    let body = HttpBody::new(response, url.clone()).all(MOST_REFUSAL).await.ok()?;
    let line = explain(&body)?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then(|| line.chars().take(300).collect())
}

fn certificates(path: &Path) -> Result<Vec<Certificate>> {
    let unusable = |why: String| {
        Error::invalid(OPERATION, format!("the CA file is not usable: {why}")).with("file", path.display())
    };
    let pem = crate::files::read(path)?;
    let found = Certificate::from_pem_bundle(&pem).map_err(|error| unusable(failure::chain(&error)))?;
    if found.is_empty() {
        return Err(unusable("no certificate in it, expected PEM".to_owned()));
    }
    Ok(found)
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
