//! Whether and when a request is sent once more.

use super::HttpConfig;
use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};
use std::time::Duration;

/// What follows a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Once more, after this time.
    Wait(Duration),
    /// It might succeed, but was tried often enough.
    GiveUp,
    /// The same request would fail the same way, or only much later.
    Fail,
}

pub(super) fn after_status(config: &HttpConfig, attempt: u32, response: &Response) -> Next {
    let passing = matches!(
        response.status(),
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    );
    if passing { next(config, attempt, retry_after(response)) } else { Next::Fail }
}

/// A connection that broke after the request was sent may have done its work: only what may be done twice is sent again.
pub(super) fn after_transport(
    config: &HttpConfig,
    attempt: u32,
    error: &reqwest::Error,
    repeatable: bool,
) -> Next {
    let broke = error.is_request() && !error.is_timeout() && !error.is_redirect();
    if error.is_connect() || (repeatable && broke) { next(config, attempt, None) } else { Next::Fail }
}

fn next(config: &HttpConfig, attempt: u32, asked: Option<Duration>) -> Next {
    match asked {
        _ if attempt >= config.retries => Next::GiveUp,
        Some(asked) if asked > config.max_wait => Next::Fail,
        asked => {
            Next::Wait(config.backoff.saturating_mul(1 << attempt.min(16)).max(asked.unwrap_or_default()))
        }
    }
}

/// What the server asks for in seconds (RFC 9110, 10.2.3); its other form, a date, is not worth a clock comparison.
pub(super) fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_ends() {
        let config = HttpConfig::default();
        let check = |attempt, asked: Option<u64>, expected| {
            assert_eq!(next(&config, attempt, asked.map(Duration::from_secs)), expected);
        };
        check(0, None, Next::Wait(Duration::from_millis(500)));
        check(2, None, Next::Wait(Duration::from_secs(2)));
        check(3, None, Next::GiveUp);
        check(0, Some(7), Next::Wait(Duration::from_secs(7)));
        check(0, Some(31), Next::Fail);
    }
}
