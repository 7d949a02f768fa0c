//! `pllm collections`.

use crate::arguments::CollectionsCommand;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::clock;
use pllm_app::collections::{CollectionSummary, NewCollection};
use pllm_app::views;
use pllm_core::Error;
use pllm_text::Language;
use serde_json::to_value;
use std::process::ExitCode;

pub(crate) async fn run(session: &Session, command: CollectionsCommand) -> Result<ExitCode> {
    let app = session.open("collections").await?;
    let (json, text) = match command {
        CollectionsCommand::Create { name, language } => {
            let languages = language.iter().map(|code| parse_language(code)).collect::<Result<_>>()?;
            let record =
                app.create_collection(&NewCollection { languages, ..NewCollection::named(&name) }).await?;
            (to_value(views::Collection::new(&record))?, format!("collection {:?} made\n", record.name))
        }
        CollectionsCommand::List => {
            let records = app.collections().await?;
            let rows: Vec<_> = records
                .iter()
                .map(|r| vec![r.name.clone(), r.id.to_string(), clock::iso(r.created_at)])
                .collect();
            (
                to_value(records.iter().map(views::Collection::new).collect::<Vec<_>>())?,
                output::table(&["NAME", "ID", "CREATED"], &rows),
            )
        }
        CollectionsCommand::Show { name } => {
            let summary = app.collection_summary(&name).await?;
            (to_value(views::CollectionSummary::new(&summary))?, summary_text(&summary))
        }
        CollectionsCommand::Delete { name } => {
            app.delete_collection(&name).await?;
            let text = format!("collection {name:?} deleted\n");
            (to_value(views::DeletedCollection { deleted: name })?, text)
        }
    };
    if session.global.json {
        output::json(&json)?;
    } else {
        output::print(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn parse_language(code: &str) -> Result<Language> {
    let wrong = || {
        Error::invalid(
            "pllm.collections",
            format!("{code:?} is no language, expected a two-letter ISO 639-1 code"),
        )
    };
    Ok(Language::parse(code).ok_or_else(wrong)?)
}

fn summary_text(summary: &CollectionSummary) -> String {
    let settings = &summary.record.settings;
    let told =
        |languages: Vec<String>| if languages.is_empty() { "-".to_owned() } else { languages.join(", ") };
    let found = summary.languages.iter().map(|(code, count)| format!("{code} {count}")).collect();
    format!(
        "{}\n  sources    {} files and tables, {} rows, {}\n  documents  {}\n  languages  set: {}; found: {}\n  store      {}\n  embedder   {}\n  on disk    {} in {}\n",
        summary.record.name,
        summary.sources,
        summary.rows,
        output::bytes(summary.bytes),
        summary.documents,
        told(settings.languages.clone()),
        told(found),
        settings.store,
        settings.embedder,
        output::bytes(summary.disk_bytes),
        summary.folder.display(),
    )
}
