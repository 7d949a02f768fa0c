//! `pllm sources`.

use super::report;
use crate::arguments::{Filtered, InCollection, ShownContent, SourcesCommand};
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::App;
use pllm_app::clock;
use pllm_app::metadata::{SourceKind, SourceRecord};
use pllm_app::pages::page_text;
use pllm_app::sources::ListedSource;
use pllm_app::views;
use std::process::ExitCode;

pub(crate) async fn run(session: &Session, command: SourcesCommand) -> Result<ExitCode> {
    let app = session.open("sources").await?;
    let json_wanted = session.global.json;
    match command {
        SourcesCommand::List { collection, filtered, rows } => {
            list(&app, &collection, &filtered, rows, json_wanted).await?;
        }
        SourcesCommand::Show { source, collection, content } => {
            show(&app, &collection, &source, &content, json_wanted).await?;
        }
        SourcesCommand::Delete { sources, collection } => {
            let deleted = app.delete_sources(&collection.collection, &sources).await?;
            let deleted = views::DeletedSources::new(&deleted);
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
    app: &App,
    collection: &InCollection,
    filtered: &Filtered,
    rows: bool,
    json_wanted: bool,
) -> Result<()> {
    let mut listed = app.sources(&collection.collection, filtered.parse()?.as_ref()).await?;
    if rows && filtered.filter.is_none() {
        listed = with_rows(app, collection, listed).await?;
    }
    if json_wanted {
        return output::json(&listed.iter().map(views::Source::new).collect::<Vec<_>>());
    }
    let row = |listed: &ListedSource| {
        let source = &listed.source;
        let rows = if source.kind == SourceKind::Dataset { listed.rows.to_string() } else { "-".to_owned() };
        vec![
            source.id.to_string(),
            source.detail.name.clone(),
            source.detail.format.clone(),
            rows,
            source.documents.to_string(),
            output::bytes(source.bytes),
            clock::iso(source.updated_at),
        ]
    };
    let head = ["ID", "NAME", "TYPE", "ROWS", "DOCUMENTS", "SIZE", "INGESTED"];
    output::print(&output::table(&head, &listed.iter().map(row).collect::<Vec<_>>()))
}

async fn with_rows(
    app: &App,
    collection: &InCollection,
    listed: Vec<ListedSource>,
) -> Result<Vec<ListedSource>> {
    let open = app.collection(&collection.collection).await?;
    let mut all = Vec::new();
    for one in listed {
        let rows = match one.source.kind {
            SourceKind::Dataset => app.rows(&open, &one.source).await?,
            _ => Vec::new(),
        };
        all.push(one);
        all.extend(rows.into_iter().map(|source| ListedSource { source, rows: 0 }));
    }
    Ok(all)
}

async fn show(
    app: &App,
    collection: &InCollection,
    name: &str,
    content: &ShownContent,
    json_wanted: bool,
) -> Result<()> {
    let (open, source) = app.source(&collection.collection, name).await?;
    let canonical = match content {
        ShownContent { text: false, page: None } => None,
        _ => Some(app.source_text(&open, &source).await?),
    };
    let page = match (&canonical, content.page) {
        (Some(canonical), Some(page)) => Some(page_text(&source, canonical, page)?),
        _ => None,
    };
    let listed = ListedSource::with_rows(source.clone(), &app.rows(&open, &source).await?);
    if json_wanted {
        let text = canonical.filter(|_| page.is_none()).map(|canonical| canonical.text.clone());
        let page = page.as_ref().map(views::PageText::new);
        return output::json(&views::ShownSource { source: views::Source::new(&listed), page, text });
    }
    let ListedSource { source, rows } = listed;
    match (page, canonical) {
        (Some(page), _) => output::line(page.text.trim_end()),
        // Nothing is added, not even a line end: citations count in exactly this text.
        (None, Some(canonical)) => output::print(&canonical.text),
        (None, None) => output::print(&source_text(&source, rows)),
    }
}

fn source_text(source: &SourceRecord, rows: u64) -> String {
    let mut text = format!(
        "{}\n  id         {}\n  path       {}\n  read as    {} ({}), {}, revision {}\n  text       {} in {} documents\n",
        source.detail.name,
        source.id,
        source.detail.path,
        source.detail.format,
        source.detail.encoding,
        output::bytes(source.bytes),
        source.revision,
        output::bytes(source.text_bytes),
        source.documents,
    );
    if source.kind == SourceKind::Dataset {
        text.push_str(&format!("  rows       {rows}\n"));
    }
    if let Some(read) = report::read_line(&source.detail.report) {
        text.push_str(&format!("  read       {read}\n"));
    }
    text.push_str(&format!("  language   {}\n", source.language.as_deref().unwrap_or("not told reliably")));
    for (key, value) in &source.detail.meta {
        text.push_str(&format!("  meta       {key} = {value}\n"));
    }
    for warning in report::warning_lines(&source.detail.report) {
        text.push_str(&format!("  warning    {warning}\n"));
    }
    for dropped in report::dropped_lines(&source.detail.report) {
        text.push_str(&format!("  left out   {dropped}\n"));
    }
    text
}
