//! Collections: list, make, show, delete.

use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::state::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use pllm_app::collections::{CollectionChange, NewCollection};
use pllm_app::views;
use pllm_text::Language;
use serde::Deserialize;
use utoipa::ToSchema;

/// A collection to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCollectionBody {
    /// 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// By ISO 639-1 code, main language first; empty = told by its documents.
    #[serde(default)]
    languages: Vec<String>,
    /// The kind of its store: `memory`.
    store: Option<String>,
    /// Its embedder, by the name of a model.
    embedder: Option<String>,
    /// Whether its text is sent to no model on another computer.
    #[serde(default)]
    local_only: bool,
}

/// The collections there are
#[utoipa::path(get, path = "/api/collections", tag = "collections", responses((status = 200, body = Vec<views::Collection>)))]
pub(crate) async fn list(
    State(service): State<Shared>,
) -> Result<axum::Json<Vec<views::Collection>>, Problem> {
    let records = service.app.collections().await?;
    Ok(axum::Json(records.iter().map(views::Collection::new).collect()))
}

/// Make a collection
#[utoipa::path(post, path = "/api/collections", tag = "collections", request_body = NewCollectionBody,
    responses((status = 201, body = views::Collection)))]
pub(crate) async fn create(
    State(service): State<Shared>,
    Json(body): Json<NewCollectionBody>,
) -> Result<(StatusCode, axum::Json<views::Collection>), Problem> {
    let languages = body.languages.iter().map(|code| language(code)).collect::<Result<_, _>>()?;
    let NewCollectionBody { name, store, embedder, local_only, .. } = body;
    let new = NewCollection { name, languages, store, embedder, local_only };
    let record = service.app.create_collection(&new).await?;
    Ok((StatusCode::CREATED, axum::Json(views::Collection::new(&record))))
}

fn language(code: &str) -> Result<Language, Problem> {
    let detail = || format!("{code:?} is no language, expected a two-letter ISO 639-1 code");
    Language::parse(code).ok_or_else(|| Problem::of("invalid-input", detail()))
}

/// What a collection holds
#[utoipa::path(get, path = "/api/collections/{name}", tag = "collections", params(("name" = String, Path, description = "The collection")),
    responses((status = 200, body = views::CollectionSummary)))]
pub(crate) async fn show(
    State(service): State<Shared>,
    Path(name): Path<String>,
) -> Result<axum::Json<views::CollectionSummary>, Problem> {
    let summary = service.app.collection_summary(&name).await?;
    Ok(axum::Json(views::CollectionSummary::new(&summary)))
}

/// What of a collection is to be another; what is not named stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CollectionChangeBody {
    /// Whether its text is sent to no model on another computer.
    local_only: Option<bool>,
    /// What a language model is told, a Jinja template; empty = the shipped one.
    #[schema(max_length = 20000)]
    prompt_template: Option<String>,
}

/// Change the settings of a collection
#[utoipa::path(patch, path = "/api/collections/{name}", tag = "collections", params(("name" = String, Path, description = "The collection")),
    request_body = CollectionChangeBody, responses((status = 200, body = views::CollectionSummary)))]
pub(crate) async fn change(
    State(service): State<Shared>,
    Path(name): Path<String>,
    Json(body): Json<CollectionChangeBody>,
) -> Result<axum::Json<views::CollectionSummary>, Problem> {
    let CollectionChangeBody { local_only, prompt_template } = body;
    let change = CollectionChange { local_only, prompt_template };
    let summary = service.app.change_collection(&name, &change).await?;
    Ok(axum::Json(views::CollectionSummary::new(&summary)))
}

/// Delete a collection with everything in it
#[utoipa::path(delete, path = "/api/collections/{name}", tag = "collections", params(("name" = String, Path, description = "The collection")),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn delete(
    State(service): State<Shared>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    service.app.delete_collection(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}
