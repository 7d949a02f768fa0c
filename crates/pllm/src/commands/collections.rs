//! `pllm collections`.

use super::read_text;
use crate::arguments::CollectionsCommand;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::collections::{CollectionChange, NewCollection};
use pllm_app::views::{Collection, CollectionSummary, DeletedCollection};
use pllm_core::Error;
use pllm_text::Language;
use serde_json::to_value;
use std::process::ExitCode;

pub(crate) async fn run(session: &Session, command: CollectionsCommand) -> Result<ExitCode> {
    let library = session.library("collections").await?;
    let (json, text) = match command {
        CollectionsCommand::Create { name, language, local_only } => {
            let languages = language.iter().map(|code| parse_language(code)).collect::<Result<_>>()?;
            let made = library
                .create_collection(&NewCollection { languages, local_only, ..NewCollection::named(&name) })
                .await?;
            (to_value(&made)?, format!("collection {:?} made\n", made.name))
        }
        CollectionsCommand::List => {
            let listed = library.collections().await?;
            let row = |one: &Collection| vec![one.name.clone(), one.id.clone(), one.created.clone()];
            let rows: Vec<_> = listed.iter().map(row).collect();
            (to_value(&listed)?, output::table(&["NAME", "ID", "CREATED"], &rows))
        }
        CollectionsCommand::Show { name } => {
            let summary = library.collection(&name).await?;
            (to_value(&summary)?, summary_text(&summary))
        }
        CollectionsCommand::Set { name, local_only, prompt, shipped_prompt } => {
            let prompt = prompt.map(|file| read_text(&file)).transpose()?;
            let prompt_template = prompt.or(shipped_prompt.then(String::new));
            let summary =
                library.change_collection(&name, &CollectionChange { local_only, prompt_template }).await?;
            (to_value(&summary)?, summary_text(&summary))
        }
        CollectionsCommand::Delete { name } => {
            library.delete_collection(&name).await?;
            let text = format!("collection {name:?} deleted\n");
            (to_value(DeletedCollection { deleted: name })?, text)
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
    let collection = &summary.collection;
    let told =
        |languages: Vec<String>| if languages.is_empty() { "-".to_owned() } else { languages.join(", ") };
    let found = summary.source_languages.iter().map(|(code, count)| format!("{code} {count}")).collect();
    format!(
        "{}\n  sources    {} files and tables, {} rows, {}\n  documents  {}\n  languages  set: {}; found: {}\n  store      {}\n  embedder   {}\n  models     {}\n  on disk    {} in {}\n",
        collection.name,
        summary.sources,
        summary.rows,
        output::bytes(summary.bytes),
        summary.documents,
        told(collection.languages.clone()),
        told(found),
        collection.store,
        collection.embedder,
        models_text(summary),
        output::bytes(summary.disk_bytes),
        summary.folder,
    )
}

/// Which language models get its text, and by which prompt.
fn models_text(summary: &CollectionSummary) -> String {
    let which = if summary.collection.local_only { "on this computer only" } else { "any that is asked" };
    let prompt = if summary.prompt_template.is_some() { "own" } else { "shipped" };
    format!("{which}, {prompt} prompt")
}
