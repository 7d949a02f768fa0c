//! Who may speak to the service: programs of this computer, and the browser's page that came from it. No other site.
//!
//! A name that an attacker lets point to this computer is not ours (DNS rebinding), so `Host` must be a loopback name with our
//! port. A write must come from our page: what a browser says of its origin (`Origin`, `Sec-Fetch-Site`) must be that. Programs
//! that are no browsers send neither.
//!
//! The command line of the data's owner shows the token of the lock file, which nobody else can read: it alone may name paths of
//! this computer, and is told the whole of an error.

use crate::problem::Problem;
use crate::state::Shared;
use crate::v1;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use pllm_runtime::lock::Token;
use sha2::{Digest, Sha256};
use std::net::{Ipv4Addr, Ipv6Addr};

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; worker-src 'self' blob:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What every response says to browsers.
const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// The owner of the data, at the command line. A handler that takes this is for nobody else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner;

impl<S: Sync> FromRequestParts<S> for Owner {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().copied().ok_or_else(|| {
            Problem::of("denied", "this address is for the command line of the data's owner")
                .hint("`pllm` shows the token of the lock file by itself")
        })
    }
}

/// Lets a request in or not.
pub(crate) async fn guard(State(service): State<Shared>, mut request: Request, next: Next) -> Response {
    let checked = check(request.method(), request.uri(), request.headers(), service.port);
    let owner = match checked.and_then(|()| owner(request.uri(), request.headers(), &service.token)) {
        Ok(owner) => owner,
        Err(problem) => return problem.into_response(),
    };
    let Some(owner) = owner else { return next.run(request).await };
    request.extensions_mut().insert(owner);
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().get_mut::<Problem>() {
        problem.tell_all();
    }
    response
}

/// Whether the request shows the token. Clients of OpenAI's language always show some key: there are no accounts yet, so nobody
/// looks at it. The hashes are compared: how long that takes says nothing about the token.
fn owner(uri: &Uri, headers: &HeaderMap, token: &Token) -> Result<Option<Owner>, Problem> {
    if v1::speaks(uri.path()) {
        return Ok(None);
    }
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match shown.and_then(|shown| shown.strip_prefix("Bearer ")) {
        None => Ok(None),
        Some(shown) if Sha256::digest(shown) == Sha256::digest(token.reveal()) => Ok(Some(Owner)),
        Some(_) => Err(Problem::of("denied", "the token is not that of this service")
            .hint("another service has come to this address: try again")),
    }
}

/// Adds the headers that every response has.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

fn check(method: &Method, uri: &Uri, headers: &HeaderMap, port: u16) -> Result<(), Problem> {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let named = uri.authority().map(|authority| authority.as_str());
    if hosts.next().is_some() || !is_ours(host, port) || !named.is_none_or(|named| is_ours(named, port)) {
        return Err(Problem::of("misdirected", format!("{host:?} is not a name of this service")).hint(
            format!(
                "use http://localhost:{port}; through ssh, forward the same port: -L {port}:127.0.0.1:{port}"
            ),
        ));
    }
    if method.is_safe() {
        return Ok(());
    }
    let foreign_origin = text(&header::ORIGIN).filter(|origin| *origin != format!("http://{host}"));
    let site = text(&HeaderName::from_static("sec-fetch-site"));
    let foreign_site = site.filter(|site| !matches!(*site, "same-origin" | "none"));
    match foreign_origin.or(foreign_site) {
        None => Ok(()),
        Some(foreign) => Err(Problem::of(
            "denied",
            format!("a page of another origin may not change anything here: {foreign}"),
        )),
    }
}

fn is_ours(host: &str, port: u16) -> bool {
    let (name, named_port) = match host.rsplit_once(':') {
        Some((name, digits)) if !digits.contains(']') => (name, digits.parse().ok()),
        _ => (host, Some(80)),
    };
    let v6 = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let loopback = match v6 {
        Some(v6) => v6.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback()),
        None => {
            name.eq_ignore_ascii_case("localhost")
                || name.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        }
    };
    loopback && named_port == Some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_with_our_port_are_ours() {
        for host in ["localhost:8080", "LOCALHOST:8080", "127.0.0.1:8080", "127.8.8.8:8080", "[::1]:8080"] {
            assert!(is_ours(host, 8080), "{host}");
        }
        for host in [
            "",
            "localhost",
            "localhost:80",
            "localhost:",
            "localhost:8080.evil.example",
            "evil.example:8080",
            "127.0.0.1.evil.example:8080",
            "[::1]",
            "::1:8080",
            "0.0.0.0:8080",
            "localhost:8080:8080",
        ] {
            assert!(!is_ours(host, 8080), "{host}");
        }
        assert!(is_ours("localhost", 80) && is_ours("[::1]", 80));
    }

    #[test]
    fn a_write_comes_from_our_page_or_from_no_browser() {
        let check = |method: Method, extra: &[(&'static str, &'static str)], fine: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost:8080"));
            for (name, value) in extra {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            let outcome = super::check(&method, &Uri::from_static("/api/x"), &headers, 8080);
            assert_eq!(outcome.is_ok(), fine, "{method} {extra:?}");
        };
        check(Method::POST, &[], true);
        check(Method::POST, &[("origin", "http://localhost:8080"), ("sec-fetch-site", "same-origin")], true);
        check(Method::POST, &[("origin", "http://localhost:3000")], false);
        check(Method::POST, &[("origin", "http://127.0.0.1:8080")], false);
        check(Method::DELETE, &[("origin", "null")], false);
        check(Method::POST, &[("origin", "https://localhost:8080")], false);
        check(Method::POST, &[("sec-fetch-site", "same-site")], false);
        check(Method::POST, &[("sec-fetch-site", "cross-site")], false);
        check(Method::GET, &[("sec-fetch-site", "cross-site")], true);
    }

    #[test]
    fn another_name_in_the_request_line_is_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("localhost:8080"));
        let uri = Uri::from_static("http://evil.example/api/health");
        assert!(check(&Method::GET, &uri, &headers, 8080).is_err());
        headers.append(header::HOST, HeaderValue::from_static("evil.example"));
        assert!(check(&Method::GET, &Uri::from_static("/"), &headers, 8080).is_err());
    }
}
