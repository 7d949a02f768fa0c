//! Events as a response: never kept, never compressed, never silent for long.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use serde::Serialize;
use std::convert::Infallible;
use std::time::Duration;
use utoipa::ToSchema;

/// Proxies and browsers close what is silent for longer.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// An event of a stream, as its lines tell it.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only describes what a stream is made of")]
pub(crate) struct StreamEvent {
    /// What happened.
    event: String,
    /// JSON, as the operation says.
    data: String,
}

/// The response that these events are.
pub(crate) fn response(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// One event.
pub(crate) fn event(name: &str, data: &impl Serialize) -> Event {
    // Ours always serialise; were it otherwise, the event still comes.
    Event::default().event(name).json_data(data).unwrap_or_default()
}
