//! `pllm ask`.

use super::names_itself;
use crate::arguments::AskArguments;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::ask::AskRequest;
use pllm_app::views::ServedAnswer;
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
    let library = session.library("ask").await?;
    let answer = library.ask(&arguments.collection.collection, &request).await?;
    if session.global.json {
        output::json(&answer)?;
    } else {
        output::print(&as_text(&answer))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn as_text(ServedAnswer { answer, reading }: &ServedAnswer) -> String {
    let mut text = if answer.abstained {
        let nearest = if answer.citations.is_empty() { "" } else { " The nearest passages:" };
        format!("Not in your documents (confidence {:.0} %).{nearest}\n", answer.confidence * 100.0)
    } else {
        format!("{}\n(confidence {:.0} %)\n", answer.answer, answer.confidence * 100.0)
    };
    if let Some(reading) = reading {
        text.push_str(&format!("note: {} files are still to be read\n", reading.files_left));
    }
    if let Some(note) = &answer.note {
        text.push_str(&format!("note: {note}\n"));
    }
    for citation in &answer.citations {
        let place = citation.place.as_ref().filter(|place| !names_itself(place));
        let place = place.map(|place| format!(", {}", place.label)).unwrap_or_default();
        let quote = output::shorten(&citation.quote, 600);
        text.push_str(&format!("\n[{}] {}{place}\n    “{quote}”\n", citation.n, citation.name));
    }
    text
}
