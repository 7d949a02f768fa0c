//! Traces: how answers came about, listed, shown, asked again, removed.

use crate::extract::{Path, Query};
use crate::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use pllm_app::traces::MOST_LISTED;
use pllm_app::views;
use serde::Deserialize;
use utoipa::IntoParams;

/// Traces a list has unless told otherwise.
const USUAL: usize = 50;

/// Which traces.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Only those of this collection.
    collection: Option<String>,
    /// So many at most, 1 to 1000; without it 50.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// Which traces are removed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeleteQuery {
    /// Only those of this collection.
    collection: Option<String>,
}

/// The questions that were asked, newest first, by their traces
#[utoipa::path(get, path = "/api/traces", tag = "traces", params(ListQuery),
    responses((status = 200, body = Vec<views::ListedTrace>)))]
pub(crate) async fn list(
    State(service): State<Shared>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Vec<views::ListedTrace>>, Problem> {
    let limit = query.limit.unwrap_or(USUAL);
    if !(1..=MOST_LISTED).contains(&limit) {
        let detail = format!("limit {limit} is not usable, expected 1 to {MOST_LISTED}");
        return Err(Problem::of("invalid-input", detail));
    }
    Ok(Json(service.app.traces(query.collection.as_deref(), limit).await?))
}

/// How an answer came about
///
/// Text of documents is read from their stored text: of a source that was deleted or replaced since, nothing is shown.
#[utoipa::path(get, path = "/api/traces/{id}", tag = "traces", params(("id" = i64, Path, description = "The trace")),
    responses((status = 200, body = views::Trace)))]
pub(crate) async fn show(
    State(service): State<Shared>,
    Path(id): Path<i64>,
) -> Result<Json<views::Trace>, Problem> {
    Ok(Json(service.app.trace(id).await?))
}

/// Ask the question of a trace again and compare the ranks
#[utoipa::path(post, path = "/api/traces/{id}/replay", tag = "traces", params(("id" = i64, Path, description = "The trace")),
    responses((status = 200, body = views::Replay)))]
pub(crate) async fn replay(
    State(service): State<Shared>,
    Path(id): Path<i64>,
) -> Result<Json<views::Replay>, Problem> {
    let _permit = service.limits.ask().await?;
    Ok(Json(service.app.replay_trace(id).await?))
}

/// Remove traces, with their questions
#[utoipa::path(delete, path = "/api/traces", tag = "traces", params(DeleteQuery),
    responses((status = 200, body = views::DeletedTraces)))]
pub(crate) async fn delete(
    State(service): State<Shared>,
    Query(query): Query<DeleteQuery>,
) -> Result<Json<views::DeletedTraces>, Problem> {
    Ok(Json(service.app.delete_traces(query.collection.as_deref()).await?))
}
