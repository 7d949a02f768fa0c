//! `pllm ask`.

use super::names_itself;
use crate::arguments::AskArguments;
use crate::library::Library;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::ask::AskRequest;
use pllm_app::views::{Answer, Generated, Llm, ServedAnswer};
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
    let llm = if arguments.no_llm { Some("") } else { arguments.llm.as_deref() };
    tell_where_text_goes(&library, llm).await?;
    let answer = library.ask(&arguments.collection.collection, &request, llm).await?;
    if session.global.json {
        output::json(&answer)?;
    } else {
        output::print(&as_text(&answer))?;
    }
    library.settle().await;
    Ok(ExitCode::SUCCESS)
}

fn as_text(ServedAnswer { answer, reading }: &ServedAnswer) -> String {
    let mut text = if answer.abstained {
        let nearest = if answer.citations.is_empty() { "" } else { " The nearest passages:" };
        format!("{} (confidence {:.0} %).{nearest}\n", Answer::NOT_THERE, answer.confidence * 100.0)
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
    if let Some(generated) = &answer.generated {
        text.push_str(&written(generated));
    }
    if let Some(fault) = &answer.llm_fault {
        text.push_str(&format!("\nThe language model did not write: {}\n", fault.message));
        text.extend(fault.hint.iter().map(|hint| format!("hint: {hint}\n")));
    }
    text.extend(answer.trace.map(|id| format!("\nwhy: pllm trace {id}\n")));
    text
}

/// Whoever asks sees the host that gets text of their documents before it does.
async fn tell_where_text_goes(library: &Library, llm: Option<&str>) -> Result<()> {
    if llm == Some("") {
        return Ok(());
    }
    let listed = library.llms().await?;
    let chosen = listed.iter().find(|one| llm.map_or(one.default, |name| one.name == name));
    if let Some(Llm { host: Some(host), remote: true, model, .. }) = chosen {
        let model = model.as_deref().unwrap_or_default();
        output::error_line(&format!(
            "note: the question and passages of your documents go to {host} ({model})"
        ));
    }
    Ok(())
}

/// What a language model wrote: each sentence with what it rests on, or a mark that nothing supports it.
fn written(generated: &Generated) -> String {
    let what = if generated.draft { "Draft" } else { "Written" };
    let mut text = format!("\n{what} by {}:\n", generated.model);
    for sentence in &generated.sentences {
        text.push_str(&sentence.text);
        let numbers: String = sentence.citations.iter().map(|n| format!("[{}]", letter(*n))).collect();
        match sentence.mark() {
            Some(mark) => text.push_str(&mark),
            None if numbers.is_empty() => {}
            None => text.push_str(&format!(" {numbers}")),
        }
    }
    text.push('\n');
    if generated.withheld > 0 {
        text.push_str(&format!(
            "note: {} sentences followed an order in a document and are left out\n",
            generated.withheld
        ));
    }
    for citation in &generated.citations {
        let place = citation.place.as_ref().filter(|place| !names_itself(place));
        let place = place.map(|place| format!(", {}", place.label)).unwrap_or_default();
        let quote = output::shorten(&citation.quote, 600);
        text.push_str(&format!("\n[{}] {}{place}\n    “{quote}”\n", letter(citation.n), citation.name));
    }
    text
}

/// Citations of written text have letters, those of the reader's answer numbers.
fn letter(n: usize) -> String {
    let letters = u8::try_from(n).ok().filter(|n| (1..=26).contains(n)).map(|n| char::from(b'a' + n - 1));
    letters.map_or_else(|| format!("w{n}"), String::from)
}
