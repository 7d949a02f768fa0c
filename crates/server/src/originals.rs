//! The bytes of a file as it was given, as a browser may have them: never as a page, in ranges, with an ETag.

use crate::extract::Path;
use crate::problem::Problem;
use crate::request::{matches, set};
use crate::state::Shared;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use pllm_app::metadata::SourceRecord;
use pllm_app::shown::Original;
use pllm_core::Error;
use std::ops::Range;

/// So much is read and sent at a time, bytes.
const PIECE: u64 = 512 << 10;

/// The original of a source; of a row, that of its table
#[utoipa::path(get, path = "/api/collections/{name}/sources/{id}/original", tag = "sources",
    params(("name" = String, Path, description = "The collection"), ("id" = String, Path, description = "The source's id")),
    responses((status = 200, description = "The bytes; the content type is that of the file where that is safe",
            content((String = "application/octet-stream"), (String = "application/pdf"), (String = "text/plain"))),
        (status = 206, description = "The bytes of the range that was asked for",
            content((String = "application/octet-stream"), (String = "application/pdf"), (String = "text/plain"))),
        (status = 304, description = "The client has them already")))]
pub(crate) async fn original(
    State(service): State<Shared>,
    Path((name, id)): Path<(String, String)>,
    request: HeaderMap,
) -> Result<Response, Problem> {
    let original = service.app.original(&name, &id).await?;
    let tag = format!("\"{}\"", original.source.fingerprint);
    let mut headers = headers(&original.source, &tag);
    if matches(request.get(header::IF_NONE_MATCH), &tag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let size = original.source.bytes;
    let whole = request.get(header::IF_RANGE).is_some_and(|known| known.as_bytes() != tag.as_bytes());
    let asked = request.get(header::RANGE).filter(|_| !whole).and_then(|value| value.to_str().ok());
    let (status, range) = match asked.and_then(|text| parse_range(text, size)) {
        None => (StatusCode::OK, 0..size),
        Some(Ok(range)) => {
            let content = format!("bytes {}-{}/{size}", range.start, range.end - 1);
            set(&mut headers, header::CONTENT_RANGE, &content);
            (StatusCode::PARTIAL_CONTENT, range)
        }
        Some(Err(())) => {
            let mut refused =
                Problem::of("range-not-satisfiable", format!("the file has {size} bytes")).into_response();
            set(refused.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{size}"));
            return Ok(refused);
        }
    };
    set(&mut headers, header::CONTENT_LENGTH, &(range.end - range.start).to_string());
    Ok((status, headers, body(original, range).await?).into_response())
}

/// The first piece is read before the status is sent, so that what cannot be read is told.
async fn body(original: Original, range: Range<u64>) -> Result<Body, Problem> {
    let first = piece(&original, &range).await?;
    let next = range.start + first.len() as u64;
    let pieces =
        stream::unfold((Some(first), original, next..range.end), |(first, original, left)| async move {
            if let Some(first) = first {
                return Some((Ok(Bytes::from(first)), (None, original, left)));
            }
            if left.is_empty() {
                return None;
            }
            let read = piece(&original, &left).await;
            // After an error the stream ends: the connection is closed before the promised length, so the client knows.
            let left = match &read {
                Ok(bytes) => left.start + bytes.len() as u64..left.end,
                Err(_) => 0..0,
            };
            Some((read.map(Bytes::from), (None, original, left)))
        });
    Ok(Body::from_stream(pieces))
}

async fn piece(original: &Original, left: &Range<u64>) -> Result<Vec<u8>, Error> {
    match left.is_empty() {
        true => Ok(Vec::new()),
        false => original.read(left.start..left.end.min(left.start + PIECE)).await,
    }
}

fn headers(source: &SourceRecord, tag: &str) -> HeaderMap {
    let (media_type, inline) = media_type(&source.detail.format, &source.detail.encoding);
    let disposition = if inline { "inline" } else { "attachment" };
    let name = percent_encoded(&source.detail.name);
    let mut headers = HeaderMap::new();
    set(&mut headers, header::CONTENT_TYPE, &media_type);
    set(&mut headers, header::CONTENT_DISPOSITION, &format!("{disposition}; filename*=UTF-8''{name}"));
    set(&mut headers, header::ETAG, tag);
    set(&mut headers, header::ACCEPT_RANGES, "bytes");
    set(&mut headers, header::CACHE_CONTROL, "no-store");
    headers
}

/// The type a browser is told, and whether it may show the file. Text is shown as text, whatever is in it; what could run is never
/// told to be what it is; what has no safe type is saved.
fn media_type(format: &str, encoding: &str) -> (String, bool) {
    let charset = if encoding.is_empty() { "utf-8" } else { encoding };
    match format {
        "pdf" => ("application/pdf".to_owned(), true),
        "txt" | "md" | "csv" | "tsv" | "json" | "jsonl" => (format!("text/plain; charset={charset}"), true),
        "html" | "svg" | "xml" => (format!("text/plain; charset={charset}"), false),
        _ => ("application/octet-stream".to_owned(), false),
    }
}

/// Per RFC 8187: everything but letters, digits and a few signs.
fn percent_encoded(name: &str) -> String {
    let encode = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    name.bytes().map(encode).collect()
}

/// One range of bytes (RFC 9110 section 14.1.2). `None` for what is to be ignored: other units, several ranges, no range at all.
fn parse_range(text: &str, size: u64) -> Option<Result<Range<u64>, ()>> {
    let (first, last) = text.strip_prefix("bytes=")?.trim().split_once('-')?;
    let number = |text: &str| text.parse::<u64>().ok();
    let range = match (first.is_empty(), last.is_empty()) {
        (true, true) => return None,
        (true, false) => size.saturating_sub(number(last)?)..size,
        (false, true) => number(first)?..size,
        (false, false) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            first..size.min(last.saturating_add(1))
        }
    };
    Some(if range.start < range.end { Ok(range) } else { Err(()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let check = |text: &str, expected: Option<Result<Range<u64>, ()>>| {
            assert_eq!(parse_range(text, 10), expected, "{text}");
        };
        check("bytes=0-4", Some(Ok(0..5)));
        check("bytes=2-", Some(Ok(2..10)));
        check("bytes=-3", Some(Ok(7..10)));
        check("bytes=-99", Some(Ok(0..10)));
        check("bytes=5-99", Some(Ok(5..10)));
        check("bytes=5-18446744073709551615", Some(Ok(5..10)));
        check("bytes=10-", Some(Err(())));
        check("bytes=-0", Some(Err(())));
        check("bytes=5-2", None);
        check("bytes=0-1,3-4", None);
        check("items=0-1", None);
        check("bytes=-", None);
        assert_eq!(parse_range("bytes=0-", 0), Some(Err(())));
    }

    #[test]
    fn nothing_that_could_run_is_told_to_be_what_it_is() {
        let check = |format: &str, expected: &str, inline: bool| {
            assert_eq!(media_type(format, "UTF-8"), (expected.to_owned(), inline), "{format}");
        };
        check("pdf", "application/pdf", true);
        check("md", "text/plain; charset=UTF-8", true);
        check("html", "text/plain; charset=UTF-8", false);
        check("svg", "text/plain; charset=UTF-8", false);
        check("docx", "application/octet-stream", false);
        check("whatever comes", "application/octet-stream", false);
        assert_eq!(percent_encoded("Ä \"x\".pdf"), "%C3%84%20%22x%22.pdf");
    }
}
