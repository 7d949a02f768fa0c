//! Every error as one document, RFC 9457, from one table.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pllm_core::{Error, ErrorKind, Retry};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A kind of problem.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The last part of its `type`.
    pub(crate) code: &'static str,
    pub(crate) status: u16,
    pub(crate) title: &'static str,
    /// The kind of error it stands for; of rows with the same kind, the first is what an error becomes.
    pub(crate) kind: ErrorKind,
    /// What it means and what to do, for its page.
    pub(crate) about: &'static str,
}

const fn row(
    code: &'static str,
    status: u16,
    kind: ErrorKind,
    title: &'static str,
    about: &'static str,
) -> Row {
    Row { code, status, title, kind, about }
}

/// Every problem there is.
pub(crate) const TABLE: [Row; 17] = [
    row(
        "invalid-input",
        400,
        ErrorKind::InvalidInput,
        "The request is not right",
        "Change what was sent; the detail names the part.",
    ),
    row("not-found", 404, ErrorKind::NotFound, "It is not there", "Name something that exists."),
    row(
        "conflict",
        409,
        ErrorKind::Conflict,
        "It is there already, or has changed",
        "Look at it again, then decide.",
    ),
    row(
        "unsupported",
        422,
        ErrorKind::Unsupported,
        "It cannot be done",
        "This is declared as not possible for what was named.",
    ),
    row(
        "denied",
        403,
        ErrorKind::Denied,
        "It is not allowed",
        "The service is for this computer and its own page.",
    ),
    row("too-large", 413, ErrorKind::TooLarge, "It is too large", "Send less at once."),
    row(
        "overloaded",
        429,
        ErrorKind::Overloaded,
        "There is too much to do",
        "Come back after the seconds in Retry-After.",
    ),
    row(
        "unavailable",
        503,
        ErrorKind::Unavailable,
        "Something that is needed is away",
        "Often the disk; the detail and the hint say what.",
    ),
    row("timeout", 503, ErrorKind::Timeout, "It took too long", "Try again, with less at once."),
    row(
        "cancelled",
        503,
        ErrorKind::Cancelled,
        "It was stopped",
        "The service was ending, or somebody cancelled it.",
    ),
    row(
        "corrupt",
        500,
        ErrorKind::Corrupt,
        "Stored data is damaged",
        "`pllm doctor` tells what; the log has the cause.",
    ),
    row("internal", 500, ErrorKind::Internal, "A defect", "The log has the cause under the request id."),
    row(
        "method-not-allowed",
        405,
        ErrorKind::Unsupported,
        "This method is not for this address",
        "The API page lists what is.",
    ),
    row(
        "unsupported-media-type",
        415,
        ErrorKind::Unsupported,
        "This type of content is not understood",
        "JSON is sent as application/json.",
    ),
    row(
        "range-not-satisfiable",
        416,
        ErrorKind::InvalidInput,
        "There are no such bytes",
        "The Content-Range header tells the size.",
    ),
    row(
        "misdirected",
        421,
        ErrorKind::Denied,
        "This service does not have that name",
        "Use localhost, 127.0.0.1 or [::1] with the port it listens on.",
    ),
    row("slow-request", 408, ErrorKind::Timeout, "The request came too slowly", "Send it again."),
];

/// The row of a code.
pub(crate) fn of_code(code: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.code == code)
}

fn of_kind(kind: ErrorKind) -> &'static Row {
    TABLE.iter().find(|row| row.kind == kind).unwrap_or(&TABLE[11])
}

/// An error on its way out. As a response it has no body yet: `request` writes it, for it knows the request's id.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) row: &'static Row,
    pub(crate) detail: String,
    pub(crate) hint: Option<String>,
    /// The part of the request that is not right, where one name says it.
    pub(crate) part: Option<&'static str>,
    /// Seconds.
    retry_after: Option<u64>,
    /// What only the log is told.
    pub(crate) cause: Option<Arc<Error>>,
}

/// Where an error is told: RFC 9457, with what the program itself would say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// `/problems/<code>`, a page that explains it.
    #[serde(rename = "type")]
    pub(crate) problem_type: String,
    /// The kind of problem for people.
    pub(crate) title: String,
    /// The status of the response.
    pub(crate) status: u16,
    /// What happened: what, which value, what was expected.
    pub(crate) detail: String,
    /// The cure, if one is known.
    pub(crate) hint: Option<String>,
    /// What can be done about it, in a word: `not found`.
    pub(crate) kind: String,
    /// Stands in the log too.
    pub(crate) request_id: String,
}

impl Problem {
    /// A problem that is not an error of a use case, by its code.
    pub(crate) fn of(code: &'static str, detail: impl Into<String>) -> Self {
        let row = of_code(code).unwrap_or(&TABLE[11]);
        let retry_after = retry_after(row, None);
        Self { row, detail: detail.into(), hint: None, part: None, retry_after, cause: None }
    }

    /// About this part of the request.
    pub(crate) fn about(mut self, part: &'static str) -> Self {
        self.part = Some(part);
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Keeps nothing from the reader, who reads the log as well.
    pub(crate) fn tell_all(&mut self) {
        if let Some(cause) = &self.cause {
            self.detail = cause.to_string();
        }
    }

    /// A status that came without a document: from a library, or from a panic that was caught.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let row = TABLE.iter().find(|row| row.status == status.as_u16());
        let row = row.unwrap_or(if status.is_server_error() { &TABLE[11] } else { &TABLE[0] });
        Self::of(row.code, row.title.to_lowercase())
    }

    /// The document.
    pub(crate) fn document(&self, request_id: &str) -> ProblemDocument {
        ProblemDocument {
            problem_type: format!("/problems/{}", self.row.code),
            title: self.row.title.to_owned(),
            status: self.row.status,
            detail: self.detail.clone(),
            hint: self.hint.clone(),
            kind: self.row.kind.name().to_owned(),
            request_id: request_id.to_owned(),
        }
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Error> for Problem {
    /// A defect's cause and context stay in the log; everything else is told as the command line tells it.
    fn from(error: Error) -> Self {
        let row = of_kind(error.kind());
        let after = match error.retry() {
            Retry::Later(after) => after.map(|after| after.as_secs().max(1)),
            _ => None,
        };
        let detail = if row.status == 500 { error.message().to_owned() } else { error.to_string() };
        let hint = error.cure().map(str::to_owned);
        let retry_after = retry_after(row, after);
        let cause = (row.status >= 500).then(|| Arc::new(error));
        Self { row, detail, hint, part: None, retry_after, cause }
    }
}

impl From<ProblemDocument> for Error {
    /// The error as whoever is told of it by a service has it.
    fn from(document: ProblemDocument) -> Self {
        let kind = ErrorKind::ALL.into_iter().find(|kind| kind.name() == document.kind);
        let error = Self::new(kind.unwrap_or(ErrorKind::Internal), "server.answer", document.detail);
        match document.hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

/// What is over soon says when to come back.
fn retry_after(row: &Row, known: Option<u64>) -> Option<u64> {
    matches!(row.status, 429 | 503).then(|| known.unwrap_or(2))
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_error_has_its_status() {
        let check = |kind: ErrorKind, status: u16, code: &str| {
            let problem = Problem::from(Error::new(kind, "test", "what happened").with("secret", 1));
            let document = problem.document("r1");
            assert_eq!((document.status, document.kind.as_str()), (status, kind.name()));
            assert_eq!(document.problem_type, format!("/problems/{code}"));
            assert_eq!(document.detail.contains("secret"), status != 500, "{document:?}");
            let response = problem.into_response();
            assert_eq!(response.status().as_u16(), status);
            let soon = matches!(status, 429 | 503);
            assert_eq!(response.headers().contains_key(header::RETRY_AFTER), soon, "{kind:?}");
        };
        check(ErrorKind::InvalidInput, 400, "invalid-input");
        check(ErrorKind::NotFound, 404, "not-found");
        check(ErrorKind::Conflict, 409, "conflict");
        check(ErrorKind::Unsupported, 422, "unsupported");
        check(ErrorKind::Denied, 403, "denied");
        check(ErrorKind::TooLarge, 413, "too-large");
        check(ErrorKind::Overloaded, 429, "overloaded");
        check(ErrorKind::Unavailable, 503, "unavailable");
        check(ErrorKind::Timeout, 503, "timeout");
        check(ErrorKind::Cancelled, 503, "cancelled");
        check(ErrorKind::Corrupt, 500, "corrupt");
        check(ErrorKind::Internal, 500, "internal");
    }

    #[test]
    fn an_error_is_the_same_on_the_other_side() {
        for kind in ErrorKind::ALL {
            let error = || Error::new(kind, "test", "what happened").with("which", 1).hint("the cure");
            let mut problem = Problem::from(error());
            problem.tell_all();
            let told = Error::from(problem.document("r1"));
            assert_eq!((told.kind(), told.to_string()), (kind, error().to_string()));
            assert_eq!(told.cure(), Some("the cure"));
        }
    }

    #[test]
    fn codes_are_unique_and_statuses_are_known() {
        for (n, row) in TABLE.iter().enumerate() {
            assert!(TABLE[..n].iter().all(|earlier| earlier.code != row.code), "{}", row.code);
            assert!(StatusCode::from_u16(row.status).is_ok() && row.status >= 400, "{}", row.code);
        }
        assert_eq!(TABLE[0].code, "invalid-input");
        assert_eq!(TABLE[11].code, "internal");
    }
}
