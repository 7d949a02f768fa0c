//! `pllm sources`.

use super::report;
use crate::arguments::{Filtered, InCollection, ShownContent, SourcesCommand};
use crate::library::Library;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::views::{ShownSource, Source};
use std::process::ExitCode;

pub(crate) async fn run(session: &Session, command: SourcesCommand) -> Result<ExitCode> {
    let library = session.library("sources").await?;
    let json_wanted = session.global.json;
    match command {
        SourcesCommand::List { collection, filtered, rows } => {
            list(&library, &collection, &filtered, rows, json_wanted).await?;
        }
        SourcesCommand::Show { source, collection, content } => {
            let ShownContent { text, page } = content;
            let shown = library.source(&collection.collection, &source, (text, page)).await?;
            if json_wanted { output::json(&shown)? } else { show(&shown)? }
        }
        SourcesCommand::Delete { sources, collection } => {
            let deleted = library.delete_sources(&collection.collection, &sources).await?;
            if json_wanted {
                output::json(&deleted)?;
            } else {
                output::line(&format!(
                    "deleted {} sources, {} rows, {} documents",
                    deleted.sources, deleted.rows, deleted.documents
                ))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(
    library: &Library,
    collection: &InCollection,
    filtered: &Filtered,
    rows: bool,
    json_wanted: bool,
) -> Result<()> {
    let listed = library.sources(&collection.collection, filtered.parse()?.as_ref(), rows).await?;
    if json_wanted {
        return output::json(&listed);
    }
    let row = |source: &Source| {
        vec![
            source.id.clone(),
            source.name.clone(),
            source.format.clone(),
            if is_table(source) { source.rows.to_string() } else { "-".to_owned() },
            source.documents.to_string(),
            output::bytes(source.bytes),
            source.ingested.clone(),
        ]
    };
    let head = ["ID", "NAME", "TYPE", "ROWS", "DOCUMENTS", "SIZE", "INGESTED"];
    output::print(&output::table(&head, &listed.iter().map(row).collect::<Vec<_>>()))
}

fn is_table(source: &Source) -> bool {
    source.kind == "dataset"
}

fn show(shown: &ShownSource) -> Result<()> {
    match (&shown.page, &shown.text) {
        (Some(page), _) => output::line(page.text.trim_end()),
        // Nothing is added, not even a line end: citations count in exactly this text.
        (None, Some(text)) => output::print(text),
        (None, None) => output::print(&source_text(&shown.source)),
    }
}

fn source_text(source: &Source) -> String {
    let mut text = format!(
        "{}\n  id         {}\n  path       {}\n  read as    {} ({}), {}, revision {}\n  text       {} in {} documents\n",
        source.name,
        source.id,
        source.path,
        source.format,
        source.encoding,
        output::bytes(source.bytes),
        source.revision,
        output::bytes(source.text_bytes),
        source.documents,
    );
    if is_table(source) {
        text.push_str(&format!("  rows       {}\n", source.rows));
    }
    if let Some(read) = report::read_line(&source.report) {
        text.push_str(&format!("  read       {read}\n"));
    }
    text.push_str(&format!("  language   {}\n", source.language.as_deref().unwrap_or("not told reliably")));
    for (key, value) in &source.meta {
        text.push_str(&format!("  meta       {key} = {value}\n"));
    }
    for warning in report::warning_lines(&source.report) {
        text.push_str(&format!("  warning    {warning}\n"));
    }
    for dropped in report::dropped_lines(&source.report) {
        text.push_str(&format!("  left out   {dropped}\n"));
    }
    text
}
