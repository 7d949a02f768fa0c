//! The web page's files: built into the program, or read from a folder while somebody works on them.

use crate::openapi::escaped;
use crate::problem::{Problem, of_code};
use crate::request::{matches, set};
use crate::state::Shared;
use crate::v1;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use pllm_core::id::hex;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::path::{Component, Path};

/// What `make` built of `web/`; without it there are no files.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Built;

/// Shown where the page was not built in.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Personal LLM</title>\n\
    <link rel=\"stylesheet\" href=\"/api/docs.css\"><h1>Personal LLM</h1>\n\
    <p>The service runs, but this program was compiled without its page. <code>make</code> builds the page and the \
    program; <code>pllm serve --ui-dir web/dist</code> serves a page that was built before.</p>\n\
    <p>The <a href=\"/api/docs\">API</a> is here, and so is the command line.</p></html>\n";

/// Whatever no other route has: a file of the page, else the page itself, which finds its way by the address.
pub(crate) async fn fallback(State(service): State<Shared>, request: Request) -> Response {
    let path = request.uri().path();
    if v1::speaks(path) {
        return v1::unknown(path).into_response();
    }
    if path == "/api" || path.starts_with("/api/") {
        return Problem::of("not-found", format!("{path} is not in the API"))
            .hint("/api/docs lists what is")
            .into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::of("method-not-allowed", format!("{} is not for {path}", request.method()))
            .into_response();
    }
    let folder = service.options.ui_dir.as_deref();
    let name = path.trim_start_matches('/');
    let (name, bytes) = match file(folder, name) {
        Some(bytes) => (name, bytes),
        None if name.starts_with("assets/") => {
            return Problem::of("not-found", format!("{path} is not a file of the page")).into_response();
        }
        None => match file(folder, "index.html") {
            Some(bytes) => ("index.html", bytes),
            None => return Html(NOT_BUILT).into_response(),
        },
    };
    with_headers(name, bytes, request.headers())
}

fn file(folder: Option<&Path>, name: &str) -> Option<Cow<'static, [u8]>> {
    let Some(folder) = folder else { return Built::get(name).map(|file| file.data) };
    let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let path = folder.join(name);
    (inside && path.is_file()).then(|| pllm_runtime::files::read(&path).ok().map(Cow::Owned)).flatten()
}

/// A browser asks again each time, and is told when it has the file already: a new program is a new page at once.
fn with_headers(name: &str, bytes: Cow<'static, [u8]>, request: &HeaderMap) -> Response {
    let tag = format!("W/\"{}\"", hex(&Sha256::digest(&bytes)[..16]));
    let mut headers = HeaderMap::new();
    set(&mut headers, header::CONTENT_TYPE, media_type(name));
    set(&mut headers, header::CACHE_CONTROL, "no-cache");
    set(&mut headers, header::ETAG, &tag);
    if matches(request.get(header::IF_NONE_MATCH), &tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, Body::from(bytes.into_owned())).into_response()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("ttf") => "font/ttf",
        Some("wasm") => "application/wasm",
        Some("txt") => "text/plain; charset=utf-8",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// `GET /problems/{code}`: what a problem's `type` points to.
pub(crate) async fn problem(axum::extract::Path(code): axum::extract::Path<String>) -> Response {
    let Some(row) = of_code(&code) else {
        return Problem::of("not-found", format!("{code:?} is not a kind of problem")).into_response();
    };
    Html(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\n\
        <link rel=\"stylesheet\" href=\"/api/docs.css\"><h1>{title}</h1><p>{about}</p>\n\
        <p>Status {status}, kind “{kind}”.</p></html>\n",
        title = escaped(row.title),
        about = escaped(row.about),
        status = row.status,
        kind = row.kind.name(),
    ))
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_nothing_from_outside() {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = folder.path().join("ui");
        std::fs::create_dir(&inside).expect("made");
        std::fs::write(inside.join("a.js"), "1").expect("written");
        std::fs::write(folder.path().join("secret"), "2").expect("written");
        let absolute = folder.path().join("secret").display().to_string();
        assert_eq!(file(Some(&inside), "a.js").as_deref(), Some(b"1".as_slice()));
        for name in ["../secret", "x/../../secret", absolute.as_str(), "", "."] {
            assert_eq!(file(Some(&inside), name), None, "{name}");
        }
    }
}
