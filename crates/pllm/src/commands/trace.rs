//! `pllm trace`.

use super::names_itself;
use crate::arguments::TraceArguments;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::views::{
    ListedTrace, MovedCandidate, Replay, Trace, TraceCandidate, TraceGenerated, TracePlace, TracePrompt,
};
use serde_json::{Value, to_value};
use std::process::ExitCode;

/// Traces of the list unless told otherwise.
const LISTED: u16 = 20;
/// Most characters of a text that is told of in passing.
const SHORT: usize = 80;
/// Most lines of a list of a trace; all of them are in its JSON.
const LINES: usize = 20;

pub(crate) async fn run(session: &Session, arguments: TraceArguments) -> Result<ExitCode> {
    let (json, text) = carry_out(session, &arguments).await?;
    if session.global.json {
        output::json(&json)?;
    } else {
        output::print(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What is done, as JSON and as text.
async fn carry_out(session: &Session, arguments: &TraceArguments) -> Result<(Value, String)> {
    let (library, collection) = (session.library("trace").await?, arguments.collection.as_deref());
    Ok(match arguments.id {
        Some(id) if arguments.replay => {
            let replay = library.replay_trace(id).await?;
            (to_value(&replay)?, replayed(&replay))
        }
        Some(id) => {
            let trace = library.trace(id).await?;
            (to_value(&trace)?, shown(&trace))
        }
        None if arguments.clear => {
            let deleted = library.delete_traces(collection).await?;
            (to_value(deleted)?, format!("removed {} traces\n", deleted.traces))
        }
        None => {
            let limit = arguments.limit.unwrap_or(LISTED);
            let listed = library.traces(collection, limit.into()).await?;
            (to_value(&listed)?, list(&listed))
        }
    })
}

fn list(listed: &[ListedTrace]) -> String {
    let row = |trace: &ListedTrace| {
        let answer = if trace.abstained { "not there".to_owned() } else { percent(trace.confidence) };
        let question = output::shorten(&trace.question, SHORT);
        vec![trace.id.to_string(), trace.asked.clone(), trace.collection.clone(), answer, question]
    };
    let head = ["ID", "ASKED", "COLLECTION", "ANSWER", "QUESTION"];
    output::table(&head, &listed.iter().map(row).collect::<Vec<_>>())
}

fn shown(trace: &Trace) -> String {
    let mut text = head(trace);
    text.push_str("\nFound, best first:\n");
    text.push_str(&candidates(&trace.candidates));
    let reader = format!("\nThe reader, where {:.2} is no answer:\n", trace.no_answer_score);
    text.push_str(&reader);
    for span in &trace.spans {
        let quote = output::shorten(&span.at.text, SHORT);
        text.push_str(&format!("  {:>6.2}  {}: “{quote}”: {}\n", span.score, place(&span.at), span.outcome));
    }
    text.extend(trace.prompt.iter().map(prompt));
    text.extend(trace.generated.iter().map(generated));
    if let Some(fault) = &trace.llm_fault {
        text.push_str(&format!("\nThe language model did not write: {fault}\n"));
    }
    text.push_str("\nTime:\n");
    for (component, ms) in &trace.timings.0 {
        text.push_str(&format!("  {} {ms} ms\n", component.trim_end_matches("_ms")));
    }
    text
}

fn head(trace: &Trace) -> String {
    let answer = match trace.citations.first().filter(|_| !trace.abstained) {
        Some(citation) => format!("“{}”", output::shorten(&citation.at.text, 600)),
        None if trace.abstained => "not in your documents".to_owned(),
        None => "its source is not there any more".to_owned(),
    };
    let mut text = format!(
        "{}\n  asked       {}, collection {}, {}\n  answer      {answer} (confidence {})\n",
        trace.question,
        trace.asked,
        trace.collection,
        trace.mode,
        percent(trace.confidence)
    );
    if let Some(filter) = &trace.filter {
        text.push_str(&format!("  filter      {filter}\n"));
    }
    let count = |list: Option<usize>| list.map_or_else(|| "-".to_owned(), |count| count.to_string());
    let found = trace.found;
    text.push_str(&format!(
        "  found       {} by words, {} by meaning, {} joined, {} read\n",
        count(found.keyword),
        count(found.dense),
        found.joined,
        found.read
    ));
    if trace.gone > 0 {
        text.push_str(&format!(
            "  not shown   {} places: their sources were deleted or replaced since\n",
            trace.gone
        ));
    }
    text
}

fn candidates(candidates: &[TraceCandidate]) -> String {
    let rank = |rank: Option<usize>| rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
    let row = |candidate: &TraceCandidate| {
        vec![
            candidate.rank.to_string(),
            format!("{:.3}", candidate.score),
            rank(candidate.keyword_rank),
            rank(candidate.dense_rank),
            place(&candidate.at),
            candidate.outcome.clone(),
        ]
    };
    let head = ["RANK", "SCORE", "BY WORDS", "BY MEANING", "PLACE", "WHAT BECAME OF IT"];
    let rows: Vec<_> = candidates.iter().take(LINES).map(row).collect();
    output::table(&head, &rows) + &more(candidates.len())
}

/// How many lines more there would be.
fn more(all: usize) -> String {
    match all.saturating_sub(LINES) {
        0 => String::new(),
        more => format!("and {more} more; --json has them\n"),
    }
}

fn prompt(prompt: &TracePrompt) -> String {
    let mut text = format!("\nThe prompt, {} tokens:\n", prompt.tokens);
    let passage = |n: usize| {
        let passage = prompt.passages.iter().find(|passage| passage.n == n);
        passage.and_then(|passage| passage.at.as_ref()).map(|at| at.text.as_str()).unwrap_or_default()
    };
    match &prompt.segments {
        Some(segments) => {
            for segment in segments {
                match (&segment.role, &segment.text, segment.passage) {
                    (Some(role), ..) => text.push_str(&format!("\n--- {role} ---\n")),
                    (_, Some(words), _) => text.push_str(words),
                    (_, _, Some(n)) => text.push_str(passage(n)),
                    _ => {}
                }
            }
            text.push('\n');
        }
        None => text.push_str("  a document that stood in it was deleted or replaced since\n"),
    }
    let left_out: Vec<_> = prompt.kept_out.iter().chain(&prompt.left_out).collect();
    for left in left_out.iter().take(LINES) {
        let words = output::shorten(&left.at.text, SHORT);
        text.push_str(&format!("  not in it   {}: “{words}”: {}\n", place(&left.at), left.reason));
    }
    text + &more(left_out.len())
}

fn generated(generated: &TraceGenerated) -> String {
    let host = generated.host.as_deref().unwrap_or("this computer");
    let mut text = format!(
        "\nWritten by {} on {host}: {} tokens read, {} written, ended by {}\n",
        generated.model, generated.prompt_tokens, generated.completion_tokens, generated.finish
    );
    for sentence in &generated.sentences {
        let words = sentence.text.as_deref().map_or("(not kept)", str::trim);
        let places = sentence.citations.iter().filter_map(|n| {
            generated.citations.iter().find(|citation| citation.n == *n).map(|citation| place(&citation.at))
        });
        let missing = sentence.missing.iter().map(|missing| format!("{} {}", missing.kind, missing.text));
        let because = places.chain(missing).collect::<Vec<_>>().join("; ");
        text.push_str(&format!("  {:<11} {words}  [{because}]\n", sentence.support.replace('_', " ")));
    }
    text.push_str(&format!("  {} not supported, {} withheld\n", generated.unsupported, generated.withheld));
    text
}

fn replayed(replay: &Replay) -> String {
    let rank = |rank: Option<usize>| rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
    let row = |moved: &MovedCandidate| {
        let label = moved.place.as_ref().filter(|place| !names_itself(place));
        let label = label.map(|place| format!(", {}", place.label)).unwrap_or_default();
        vec![rank(moved.was), rank(moved.now), format!("{}{label}", moved.name)]
    };
    let mut text = format!("{}\n", replay.note);
    if !replay.moved.is_empty() {
        text.push_str(&output::table(
            &["THEN", "NOW", "PLACE"],
            &replay.moved.iter().map(row).collect::<Vec<_>>(),
        ));
    }
    text
}

fn place(at: &TracePlace) -> String {
    let label = at.place.as_ref().filter(|place| !names_itself(place));
    let label = label.map(|place| format!(", {}", place.label)).unwrap_or_default();
    format!("{}{label}", at.name)
}

fn percent(confidence: f64) -> String {
    format!("{:.0} %", confidence * 100.0)
}
