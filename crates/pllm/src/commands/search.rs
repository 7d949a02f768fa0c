//! `pllm search`.

use super::names_itself;
use crate::arguments::SearchArguments;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::ask::AskRequest;
use pllm_app::views::FoundDocument;
use std::process::ExitCode;

pub(crate) async fn run(session: &Session, arguments: SearchArguments) -> Result<ExitCode> {
    let mut request = AskRequest::new(&arguments.query);
    request.filter = arguments.filtered.parse()?;
    request.mode = arguments.mode.into();
    request.top_k = arguments.top_k.map(usize::from);
    request.cancel = session.cancel.clone();
    let library = session.library("search").await?;
    let result = library.search(&arguments.collection.collection, &request).await?;
    if session.global.json {
        output::json(&result)?;
    } else if result.documents.is_empty() {
        output::line("nothing found")?;
    } else {
        let lines: Vec<String> = result.documents.iter().map(as_text).collect();
        output::line(&lines.join("\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn as_text(found: &FoundDocument) -> String {
    let place = found.place.as_ref().filter(|place| !names_itself(place));
    let place = place.map(|place| format!(", {}", place.label)).unwrap_or_default();
    let score = found.score.unwrap_or_default();
    format!(
        "{:2}. {}{place}  ({score:.3})\n    {}",
        found.rank,
        found.name,
        output::shorten(&found.content, 240)
    )
}
