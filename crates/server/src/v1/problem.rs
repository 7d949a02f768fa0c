//! An error as OpenAI's clients read it.

use crate::problem::Problem;
use serde::Serialize;
use utoipa::ToSchema;

/// Where an error is told under `/v1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = OpenAiError)]
pub(crate) struct ErrorBody {
    /// The error.
    error: ErrorObject,
}

/// An error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = OpenAiErrorObject)]
struct ErrorObject {
    /// What happened, and the cure, if one is known.
    message: String,
    /// `invalid_request_error`, `rate_limit_error` or `server_error`.
    #[serde(rename = "type")]
    kind: String,
    /// The part of the request that is not right, where one name says it.
    #[schema(required)]
    param: Option<String>,
    /// What happened, in a word: `model_not_found`.
    code: String,
}

impl From<&Problem> for ErrorBody {
    fn from(problem: &Problem) -> Self {
        let kind = match problem.row.status {
            429 => "rate_limit_error",
            500.. => "server_error",
            _ => "invalid_request_error",
        };
        let message = match &problem.hint {
            Some(hint) => format!("{}; {hint}", problem.detail),
            None => problem.detail.clone(),
        };
        let error = ErrorObject {
            message,
            kind: kind.to_owned(),
            param: problem.part.map(str::to_owned),
            code: code(problem),
        };
        Self { error }
    }
}

/// OpenAI's word where there is one, else ours.
fn code(problem: &Problem) -> String {
    match (problem.row.code, problem.part) {
        ("not-found", Some("model")) => "model_not_found".to_owned(),
        ("overloaded", _) => "rate_limit_exceeded".to_owned(),
        (ours, _) => ours.replace('-', "_"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_in_their_words() {
        let check = |problem: &Problem, kind: &str, code: &str, message: &str| {
            let ErrorBody { error } = ErrorBody::from(problem);
            assert_eq!(
                (error.kind.as_str(), error.code.as_str(), error.message.as_str()),
                (kind, code, message)
            );
        };
        let unknown = Problem::of("not-found", "no \"x\"").hint("there is \"y\"").about("model");
        check(&unknown, "invalid_request_error", "model_not_found", "no \"x\"; there is \"y\"");
        check(&Problem::of("not-found", "gone"), "invalid_request_error", "not_found", "gone");
        check(&Problem::of("overloaded", "busy"), "rate_limit_error", "rate_limit_exceeded", "busy");
        check(&Problem::of("unavailable", "away"), "server_error", "unavailable", "away");
        check(&Problem::of("method-not-allowed", "no"), "invalid_request_error", "method_not_allowed", "no");
    }
}
