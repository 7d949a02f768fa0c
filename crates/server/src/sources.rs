//! The sources of a collection: list, show, text, pages, delete.

use crate::extract::{self, Marked, Path, Query};
use crate::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use pllm_app::views;
use pllm_core::Filter;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Sources a page of the list has unless told otherwise, and at most.
const USUAL: usize = 100;
const MOST: usize = 1000;

/// Which sources.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Only files and rows whose metadata match: `year >= 2020 and topic = "tax"`, or Haystack's JSON.
    filter: Option<String>,
    /// Only those whose name or path holds this.
    query: Option<String>,
    /// The rows of tables too, each after its table, where there is no filter.
    #[serde(default)]
    rows: bool,
    /// So many are left out at the beginning.
    #[param(minimum = 0)]
    offset: Option<usize>,
    /// So many at most, 1 to 1000; without it 100.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// The files and tables of a collection
#[utoipa::path(get, path = "/api/collections/{name}/sources", tag = "sources",
    params(("name" = String, Path, description = "The collection"), ListQuery), responses((status = 200, body = views::SourcePage)))]
pub(crate) async fn list(
    State(service): State<Shared>,
    Path(name): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Json<views::SourcePage>, Problem> {
    let limit = query.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::of(
            "invalid-input",
            format!("limit {limit} is not usable, expected 1 to {MOST}"),
        ));
    }
    let filter = query.filter.as_deref().filter(|text| !text.trim().is_empty());
    let filter = filter.map(Filter::parse).transpose()?;
    let text = query.query.unwrap_or_default();
    let part = (query.offset.unwrap_or(0), limit);
    let (listed, total) = service.app.sources_page(&name, (filter.as_ref(), query.rows), &text, part).await?;
    Ok(Json(views::SourcePage { sources: listed.iter().map(views::Source::new).collect(), total }))
}

/// How much of a source's text.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShownQuery {
    /// The whole canonical text too, which every citation points into.
    #[serde(default)]
    text: bool,
    /// This page too, from 1, with its lines.
    #[param(minimum = 1)]
    page: Option<u32>,
}

/// A source, with its reading report and as much of its text as is wanted
#[utoipa::path(get, path = "/api/collections/{name}/sources/{id}", tag = "sources",
    params(("name" = String, Path, description = "The collection"), ("id" = String, Path, description = "The source's id"), ShownQuery),
    responses((status = 200, body = views::ShownSource)))]
pub(crate) async fn show(
    State(service): State<Shared>,
    Path((name, id)): Path<(String, String)>,
    Query(query): Query<ShownQuery>,
) -> Result<Json<views::ShownSource>, Problem> {
    Ok(Json(service.app.shown_source(&name, &id, (query.text, query.page)).await?))
}

/// Sources that are to be deleted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deletion {
    /// Ids, beginnings of them, paths or file names.
    sources: Vec<String>,
}

/// Delete sources at once, or none when one of them is not there
#[utoipa::path(post, path = "/api/collections/{name}/deletions", tag = "sources", request_body = Deletion,
    params(("name" = String, Path, description = "The collection")), responses((status = 200, body = views::DeletedSources)))]
pub(crate) async fn delete_all(
    State(service): State<Shared>,
    Path(name): Path<String>,
    extract::Json(deletion): extract::Json<Deletion>,
) -> Result<Json<views::DeletedSources>, Problem> {
    let deleted = service.app.delete_sources(&name, &deletion.sources).await?;
    Ok(Json(views::DeletedSources::new(&deleted)))
}

/// Delete a source: Documents, vectors, text, original, metadata
#[utoipa::path(delete, path = "/api/collections/{name}/sources/{id}", tag = "sources",
    params(("name" = String, Path, description = "The collection"), ("id" = String, Path, description = "The source's id")),
    responses((status = 200, body = views::DeletedSources)))]
pub(crate) async fn delete(
    State(service): State<Shared>,
    Path((name, id)): Path<(String, String)>,
) -> Result<Json<views::DeletedSources>, Problem> {
    let deleted = service.app.delete_sources(&name, &[id]).await?;
    Ok(Json(views::DeletedSources::new(&deleted)))
}

/// The text of a source, with a range of it marked
#[utoipa::path(get, path = "/api/collections/{name}/sources/{id}/text", tag = "sources",
    params(("name" = String, Path, description = "The collection"), ("id" = String, Path, description = "The source's id"), Marked),
    responses((status = 200, body = views::SourceText)))]
pub(crate) async fn text(
    State(service): State<Shared>,
    Path((name, id)): Path<(String, String)>,
    Query(marked): Query<Marked>,
) -> Result<Json<views::SourceText>, Problem> {
    Ok(Json(service.app.shown_text(&name, &id, marked.range()?).await?))
}

/// Where the lines of a page stand, and the words of a marked range
#[utoipa::path(get, path = "/api/collections/{name}/sources/{id}/pages/{page}", tag = "sources",
    params(("name" = String, Path, description = "The collection"), ("id" = String, Path, description = "The source's id"),
        ("page" = u32, Path, description = "The page, from 1"), Marked),
    responses((status = 200, body = views::PageLayout)))]
pub(crate) async fn page(
    State(service): State<Shared>,
    Path((name, id, page)): Path<(String, String, u32)>,
    Query(marked): Query<Marked>,
) -> Result<Json<views::PageLayout>, Problem> {
    Ok(Json(service.app.shown_page(&name, &id, page, marked.range()?).await?))
}
