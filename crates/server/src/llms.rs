//! The language models that can be asked.

use crate::extract::Json;
use crate::problem::Problem;
use crate::state::Shared;
use axum::extract::State;
use pllm_app::llms::ListedLlm;
use pllm_app::views;
use serde::Deserialize;
use utoipa::ToSchema;

/// Which language model.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LlmBody {
    /// Its name in the list.
    name: String,
}

/// The language models there are, and where text goes for them
#[utoipa::path(get, path = "/api/llms", tag = "about", responses((status = 200, body = Vec<views::Llm>)))]
pub(crate) async fn list(State(service): State<Shared>) -> axum::Json<Vec<views::Llm>> {
    let default = &service.app.config.ask_llm;
    axum::Json(service.app.llms().iter().map(|listed| views::Llm::new(listed, default)).collect())
}

/// Ask a language model whether it is there
///
/// A server is asked for its models; a file of this computer is loaded.
#[utoipa::path(post, path = "/api/llms/check", tag = "about", request_body = LlmBody,
    responses((status = 200, body = views::Llm)))]
pub(crate) async fn check(
    State(service): State<Shared>,
    Json(LlmBody { name }): Json<LlmBody>,
) -> Result<axum::Json<views::Llm>, Problem> {
    service.app.listed_llm(&name)?;
    let _permit = service.limits.ask().await?;
    let info = Some(service.app.check_llm(&name).await?);
    let listed = ListedLlm { name, info, fault: None };
    Ok(axum::Json(views::Llm::new(&listed, &service.app.config.ask_llm)))
}
