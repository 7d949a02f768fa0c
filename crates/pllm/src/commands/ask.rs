//! `pllm ask`.

use super::{names_itself, place_json, round, timings_json};
use crate::arguments::AskArguments;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::ask::{AskOutcome, AskRequest, NamedCitation};
use pllm_core::Error;
use serde_json::{Value, json};
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
        output::json(&as_json(&arguments.question, &outcome, &citations))?;
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

/// What of the best source was not read: the answer may stand there.
fn unread_note(citations: &[NamedCitation]) -> Option<String> {
    let best = citations.first()?;
    best.unread.as_ref().map(|unread| format!("{} was not read as a whole: {unread}", best.name))
}

fn as_json(question: &str, outcome: &AskOutcome, citations: &[NamedCitation]) -> Value {
    let answer = &outcome.answer;
    json!({
        "question": question, "answer": answer.text, "abstained": answer.abstained,
        "confidence": round(answer.confidence), "note": unread_note(citations),
        "citations": citations.iter().enumerate().map(|(n, named)| citation_json(n + 1, named)).collect::<Vec<_>>(),
        "timings": timings_json(&outcome.timings),
    })
}

fn citation_json(n: usize, named: &NamedCitation) -> Value {
    let citation = &named.citation;
    json!({
        "n": n, "source": citation.source().as_str(), "path": named.path, "place": place_json(citation.place()),
        "start": citation.chars().start(), "end": citation.chars().end(), "quote": citation.quote(),
        "document_id": citation.document_id().as_str(), "unread": named.unread,
    })
}
