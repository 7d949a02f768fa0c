//! The description of the API, made from the code, and a page of it that loads nothing from elsewhere.

use crate::problem::ProblemDocument;
use crate::router;
use crate::v1;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use pllm_app::views::WrittenSentence;
use std::fmt::Write;
use std::sync::LazyLock;
use utoipa::OpenApi;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{OpenApi as Document, PathItem, Ref, ResponseBuilder};

/// What stands around the routes.
#[derive(Debug, OpenApi)]
#[openapi(
    info(title = "Personal LLM", description = "Your documents, and answers from them with checked citations. For this computer alone."),
    components(schemas(ProblemDocument, WrittenSentence, v1::ErrorBody)),
    tags((name = "ask", description = "Search and answers"), (name = "collections", description = "Libraries apart from each other"),
        (name = "openai", description = "OpenAI's language: a collection is a model"),
        (name = "sources", description = "Files, tables and their rows"), (name = "jobs", description = "Files and texts on their way in"), (name = "traces", description = "How answers came about"),
        (name = "about", description = "The service itself"))
)]
pub(crate) struct Frame;

/// The OpenAPI document of the API. Every operation has a name of its own and may answer with a problem.
#[must_use]
pub fn document() -> Document {
    let mut document = router::described().1;
    for (path, item) in &mut document.paths.paths {
        operations_mut(item).for_each(|operation| {
            add_problem(operation, v1::speaks(path));
            name_by_tag(operation);
        });
    }
    document
}

fn add_problem(operation: &mut Operation, of_v1: bool) {
    let (schema, kind) = match of_v1 {
        true => ("OpenAiError", "application/json"),
        false => ("Problem", "application/problem+json"),
    };
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(schema))).build();
    let response = ResponseBuilder::new().description("A problem").content(kind, content);
    operation.responses.responses.insert("default".to_owned(), response.build().into());
}

/// Handlers are named within their resource, operations must be within the whole document: `sources_list`.
fn name_by_tag(operation: &mut Operation) {
    let tag = operation.tags.iter().flatten().next();
    if let (Some(tag), Some(id)) = (tag, &operation.operation_id) {
        operation.operation_id = Some(format!("{tag}_{id}"));
    }
}

fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().filter_map(Option::as_mut)
}

/// The document as it is served and committed.
fn json() -> &'static str {
    static JSON: LazyLock<String> = LazyLock::new(|| document().to_pretty_json().unwrap_or_default());
    &JSON
}

/// `GET /api/openapi.json`.
pub(crate) async fn serve_json() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], json()).into_response()
}

/// `GET /api/docs`: the operations, from the same document.
pub(crate) async fn docs() -> Html<&'static str> {
    static PAGE: LazyLock<String> = LazyLock::new(|| page(&document()));
    Html(&PAGE)
}

/// `GET /api/docs.css`.
pub(crate) async fn docs_css() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], CSS).into_response()
}

const CSS: &str = "body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }\n\
    code { font-family: ui-monospace, monospace; }\ntable { border-collapse: collapse; width: 100%; }\n\
    td, th { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #8884; }\n\
    :root { color-scheme: light dark; }\n";

fn page(document: &Document) -> String {
    let mut rows = String::new();
    for (path, item) in &document.paths.paths {
        let operations =
            [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("DELETE", &item.delete)];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            let summary = escaped(operation.summary.as_deref().unwrap_or_default());
            // Writing to a string cannot fail.
            let _ = writeln!(
                rows,
                "<tr><td><code>{method}</code><td><code>{}</code><td>{summary}",
                escaped(path)
            );
        }
    }
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Personal LLM: API</title>\n\
        <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"/api/docs.css\">\n\
        <h1>API</h1><p>Bodies and parameters: <a href=\"/api/openapi.json\">openapi.json</a> (OpenAPI). An error is \
        <code>application/problem+json</code> (RFC 9457) with a hint where a cure is known; under /v1 it is OpenAI's object.</p>\n<table>{rows}</table></html>\n"
    )
}

/// Text as it may stand in a page.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
