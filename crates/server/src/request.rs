//! What happens around every request: its id, its line in the log, its figures, the body of its problem, its ETag.

use crate::problem::Problem;
use crate::state::Shared;
use crate::v1;
use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use pllm_core::id::hex;
use sha2::{Digest, Sha256};
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Names a request in the log, in its response and in its problem.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// Ids that differ between requests and between starts; nobody has to be unable to guess them.
fn next_id() -> String {
    static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{:016x}", SEED.hash_one(COUNT.fetch_add(1, Ordering::Relaxed)))
}

/// Wraps a request. The log and the figures name the route, never what stands in its place: that is the user's.
pub(crate) async fn around(State(service): State<Shared>, mut request: Request, next: Next) -> Response {
    let (id, began, method) = (next_id(), Instant::now(), request.method().clone());
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "other".to_owned());
    let if_none_match = request.headers().get(header::IF_NONE_MATCH).cloned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let of_v1 = v1::speaks(request.uri().path());
    let busy = service.metrics.begin();
    let mut response = finished(next.run(request).await, &id, of_v1);
    if method == Method::GET && response.status() == StatusCode::OK {
        response = with_etag(response, if_none_match.as_ref()).await;
    }
    drop(busy);
    let (status, elapsed) = (response.status().as_u16(), began.elapsed());
    service.metrics.end(&method, &route, status, elapsed);
    let ms = elapsed.as_secs_f64() * 1000.0;
    tracing::info!(target: "pllm::access", %method, route, status, ms = (ms * 10.0).round() / 10.0, request = id);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The response with its problem's document, if it is one, in the language of its address.
fn finished(mut response: Response, id: &str, of_v1: bool) -> Response {
    let status = response.status();
    let problem = response.extensions_mut().remove::<Problem>();
    let problem = match problem {
        Some(problem) => problem,
        None if status.is_client_error() || status.is_server_error() => Problem::of_status(status),
        None => return response,
    };
    if let Some(cause) = &problem.cause {
        tracing::error!(error = %cause, operation = cause.operation(), request = id, "a request failed");
    }
    let (kind, body) = match of_v1 {
        true => (JSON, serde_json::to_vec(&v1::ErrorBody::from(&problem))),
        false => (PROBLEM_JSON, serde_json::to_vec(&problem.document(id))),
    };
    let body = body.unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::from(body);
    response
}

/// Of JSON, its hash is its ETag; it is weak, for what is sent may be compressed. What the client has already is not sent again.
/// Browsers keep nothing of it: what is deleted has to be gone.
async fn with_etag(response: Response, if_none_match: Option<&HeaderValue>) -> Response {
    let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if !is_json {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes: Bytes = match body.collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(_) => return Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    };
    let tag = format!("W/\"{}\"", hex(&Sha256::digest(&bytes)[..16]));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let has_it = matches(if_none_match, &tag);
    set(&mut parts.headers, header::ETAG, &tag);
    if has_it {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Whether `If-None-Match` names this tag (RFC 9110 section 13.1.2: weak comparison).
pub(crate) fn matches(if_none_match: Option<&HeaderValue>, tag: &str) -> bool {
    let bare = tag.trim_start_matches("W/");
    let named = if_none_match.and_then(|value| value.to_str().ok()).unwrap_or_default();
    named.split(',').map(str::trim).any(|named| named == "*" || named.trim_start_matches("W/") == bare)
}

/// Sets a header whose value is ours.
pub(crate) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_among_others() {
        let check = |header: Option<&'static str>, expected: bool| {
            let header = header.map(HeaderValue::from_static);
            assert_eq!(matches(header.as_ref(), "W/\"ab\""), expected, "{header:?}");
        };
        check(None, false);
        check(Some("\"ab\""), true);
        check(Some("\"x\", W/\"ab\""), true);
        check(Some("*"), true);
        check(Some("\"abc\""), false);
        check(Some("ab"), false);
    }

    #[test]
    fn ids_differ() {
        let (one, other) = (next_id(), next_id());
        assert!(one != other && one.len() == 16);
    }
}
