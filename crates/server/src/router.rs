//! Every route, and what is around them.

use crate::problem::Problem;
use crate::state::Shared;
use crate::{
    about, ask, collections, guard, jobs, limits, llms, local, openapi, originals, pages, request, sources,
    traces, uploads, v1,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode, Version, header};
use axum::middleware;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes with their description.
pub(crate) fn described() -> (Router<Shared>, utoipa::openapi::OpenApi) {
    let texts =
        OpenApiRouter::new().routes(routes!(uploads::paste)).layer(DefaultBodyLimit::max(limits::TEXT_BYTES));
    // Files are counted while they come, each by itself.
    let files = OpenApiRouter::new()
        .routes(routes!(uploads::upload))
        .routes(routes!(uploads::columns))
        .layer(DefaultBodyLimit::disable());
    OpenApiRouter::with_openapi(openapi::Frame::openapi())
        .routes(routes!(about::health))
        .routes(routes!(about::formats))
        .routes(routes!(about::list_models))
        .routes(routes!(llms::list))
        .routes(routes!(llms::check))
        .routes(routes!(about::livez))
        .routes(routes!(about::readyz))
        .routes(routes!(collections::list, collections::create))
        .routes(routes!(collections::show, collections::change, collections::delete))
        .routes(routes!(sources::list))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::show, jobs::delete))
        .routes(routes!(jobs::events))
        .routes(routes!(jobs::cancel))
        .routes(routes!(jobs::retry))
        .merge(texts)
        .merge(files)
        .routes(routes!(sources::show, sources::delete))
        .routes(routes!(sources::delete_all))
        .routes(routes!(sources::text))
        .routes(routes!(sources::page))
        .routes(routes!(originals::original))
        .routes(routes!(ask::search))
        .routes(routes!(ask::ask))
        .routes(routes!(traces::list, traces::delete))
        .routes(routes!(traces::show))
        .routes(routes!(traces::replay))
        .routes(routes!(v1::chat::complete))
        .routes(routes!(v1::models::list))
        .routes(routes!(v1::models::show))
        .routes(routes!(v1::embeddings::embed))
        .split_for_parts()
}

/// The whole service. From the outside in: compression, headers, id and log, guard, panics.
pub(crate) fn router(service: Shared) -> Router {
    let (routes, _) = described();
    routes
        .route("/api/openapi.json", get(openapi::serve_json))
        .route("/api/docs", get(openapi::docs))
        .route("/api/docs.css", get(openapi::docs_css))
        .nest("/api/local", local::routes())
        .route("/problems/{code}", get(pages::problem))
        .fallback(pages::fallback)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(limits::JSON_BYTES))
        .layer(RequestBodyTimeoutLayer::new(service.app.config.server.client_time))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(service.clone(), guard::guard))
        .layer(middleware::from_fn_with_state(service.clone(), request::around))
        .layer(middleware::from_fn(guard::headers))
        .layer(CompressionLayer::new().compress_when(worth_compressing))
        .with_state(service)
}

async fn method_not_allowed() -> Problem {
    Problem::of("method-not-allowed", "this address has other methods").hint("/api/docs lists them")
}

/// Text but no originals: those are served in ranges.
fn worth_compressing(_: StatusCode, _: Version, headers: &HeaderMap, _: &axum::http::Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let text = ["text/", "application/json", "image/svg"].iter().any(|start| kind.starts_with(start));
    text && kind != "text/event-stream" && !headers.contains_key(header::ACCEPT_RANGES)
}
