//! `pllm search`.

use super::names_itself;
use crate::arguments::SearchArguments;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::ask::{AskRequest, FoundDocument};
use pllm_app::views::SearchResult;
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
        output::json(&SearchResult::new(&arguments.query, &found, &timings))?;
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
