//! `pllm search`.

use super::{names_itself, place_json, round, timings_json};
use crate::arguments::SearchArguments;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::ask::{AskRequest, FoundDocument};
use serde_json::{Value, json};
use std::process::ExitCode;

pub(crate) async fn run(session: &Session, arguments: SearchArguments) -> Result<ExitCode> {
    let mut request = AskRequest::new(&arguments.query);
    request.filter = arguments.filtered.parse()?;
    request.mode = arguments.mode.into();
    request.top_k = arguments.top_k.map(usize::from);
    request.cancel = session.cancel.clone();
    let app = session.open("search").await?;
    let (found, timings) = app.search(&arguments.collection.collection, &request).await?;
    if session.global.json {
        let documents: Vec<Value> =
            found.iter().enumerate().map(|(n, found)| as_json(n + 1, found)).collect();
        output::json(
            &json!({"query": arguments.query, "documents": documents, "timings": timings_json(&timings)}),
        )?;
    } else if found.is_empty() {
        output::line("nothing found")?;
    } else {
        let lines: Vec<String> = found.iter().enumerate().map(|(n, found)| as_text(n + 1, found)).collect();
        output::line(&lines.join("\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn as_text(rank: usize, found: &FoundDocument) -> String {
    let place = found.place.as_ref().filter(|place| !names_itself(place));
    let place = place.map(|place| format!(", {}", place.label())).unwrap_or_default();
    let score = found.document.score.unwrap_or_default();
    format!(
        "{rank:2}. {}{place}  ({score:.3})\n    {}",
        found.name,
        output::shorten(&found.document.content, 240)
    )
}

fn as_json(rank: usize, found: &FoundDocument) -> Value {
    let document = &found.document;
    json!({
        "rank": rank, "id": document.id.as_str(), "score": document.score.map(round6), "content": document.content,
        "source": document.span.as_ref().map(|span| span.source.as_str()), "name": found.name, "path": found.path,
        "place": place_json(found.place.as_ref()), "start": found.chars.map(|chars| chars.start()),
        "end": found.chars.map(|chars| chars.end()), "language": document.language.map(|language| language.to_string()),
        "meta": document.meta,
    })
}

fn round6(score: f64) -> f64 {
    round(score * 1000.0) / 1000.0
}
