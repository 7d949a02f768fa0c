//! `pllm ask`.

use super::names_itself;
use crate::arguments::AskArguments;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::ask::{AskOutcome, AskRequest, NamedCitation, unread_note};
use pllm_app::views;
use pllm_core::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

pub(crate) async fn run(session: &Session, arguments: AskArguments) -> Result<ExitCode> {
    let mut request = AskRequest::new(&arguments.question);
    request.filter = arguments.filtered.parse()?;
    request.mode = arguments.mode.into();
    request.cancel = session.cancel.clone();
    if let Some(seconds) = arguments.timeout {
        let timeout = Duration::try_from_secs_f64(seconds).map_err(|_| {
            Error::invalid("pllm.ask", format!("--timeout {seconds} is not a number of seconds"))
        })?;
        request.deadline = Some(Instant::now() + timeout);
    }
    let app = session.open("ask").await?;
    let (outcome, citations) = app.ask(&arguments.collection.collection, &request).await?;
    if session.global.json {
        output::json(&views::Answer::new(&arguments.question, &outcome, &citations))?;
    } else {
        output::print(&as_text(&outcome, &citations))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn as_text(outcome: &AskOutcome, citations: &[NamedCitation]) -> String {
    let answer = &outcome.answer;
    let mut text = if answer.abstained {
        let nearest = if citations.is_empty() { "" } else { " The nearest passages:" };
        format!("Not in your documents (confidence {:.0} %).{nearest}\n", answer.confidence * 100.0)
    } else {
        format!("{}\n(confidence {:.0} %)\n", answer.text, answer.confidence * 100.0)
    };
    if let Some(note) = unread_note(citations) {
        text.push_str(&format!("note: {note}\n"));
    }
    for (n, named) in citations.iter().enumerate() {
        let place = named.citation.place().filter(|place| !names_itself(place));
        let place = place.map(|place| format!(", {}", place.label())).unwrap_or_default();
        let quote = output::shorten(named.citation.quote(), 600);
        text.push_str(&format!("\n[{}] {}{place}\n    “{quote}”\n", n + 1, named.name));
    }
    text
}
