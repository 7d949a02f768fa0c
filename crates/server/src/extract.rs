//! What comes with a request, taken out of it; what cannot be taken out is a problem like any other.

use crate::problem::Problem;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts};
use axum::http::StatusCode;
use pllm_text::CharRange;
use serde::Deserialize;
use tower_http::timeout::TimeoutError;
use utoipa::IntoParams;

/// A body of JSON.
#[derive(Debug, FromRequest)]
#[from_request(via(axum::Json), rejection(Problem))]
pub(crate) struct Json<T>(pub(crate) T);

/// The parts of the path.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(crate) struct Path<T>(pub(crate) T);

/// What stands after the question mark.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub(crate) struct Query<T>(pub(crate) T);

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        let code = match rejection.status() {
            _ if is_slow(&rejection) => return slow(),
            StatusCode::PAYLOAD_TOO_LARGE => "too-large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported-media-type",
            _ => "invalid-input",
        };
        Self::of(code, rejection.body_text())
    }
}

/// Whether a body did not read because nothing came for too long.
pub(crate) fn is_slow(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<TimeoutError>() || error.source().is_some_and(is_slow)
}

pub(crate) fn slow() -> Problem {
    Problem::of("slow-request", "the rest of the request did not come in time (server.client_seconds)")
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::of("invalid-input", rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::of("invalid-input", rejection.body_text())
    }
}

/// A range of code points that is to be marked.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Marked {
    /// First code point of the canonical text to mark; only together with `end`.
    start: Option<usize>,
    /// One past the last, not before `start`.
    end: Option<usize>,
}

impl Marked {
    pub(crate) fn range(self) -> Result<Option<CharRange>, Problem> {
        match (self.start, self.end) {
            (None, None) => Ok(None),
            (Some(start), Some(end)) if start <= end => Ok(Some(CharRange::new(start, end))),
            (Some(start), Some(end)) => {
                let detail = format!("the range {start}..{end} ends before it begins");
                Err(Problem::of("invalid-input", detail))
            }
            _ => Err(Problem::of("invalid-input", "one end of the range is missing, expected start and end")),
        }
    }
}
