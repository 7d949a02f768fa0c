//! `pllm models`.

use crate::arguments::ModelsCommand;
use crate::session::Session;
use crate::{output, progress};
use anyhow::Result;
use pllm_app::config::Config;
use pllm_app::models::{self, ListedModel, ModelState};
use pllm_app::views::{InstalledModel, Model, VerifiedModels};
use serde_json::to_value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) async fn run(session: &Session, command: ModelsCommand) -> Result<ExitCode> {
    let (config, _) = session.config()?;
    let (json, text) = match command {
        ModelsCommand::List => {
            let listed = models::list(&config);
            let head = ["NAME", "KIND", "LICENCE", "SIZE", "STATE", "FOLDER"];
            let rows: Vec<_> = listed.iter().map(row).collect();
            (to_value(listed.iter().map(Model::new).collect::<Vec<_>>())?, output::table(&head, &rows))
        }
        ModelsCommand::Pull { name, from } => {
            let folder = pull(session, &config, &name, from.as_deref()).await?;
            let shown = folder.display().to_string();
            let text = format!("{name} is in {shown}\n");
            (to_value(InstalledModel { name, folder: shown })?, text)
        }
        ModelsCommand::Verify { name } => {
            let verified = models::verify(&config, name.as_deref())?;
            let text = match verified.as_slice() {
                [] => "no model is here\n".to_owned(),
                names => names
                    .iter()
                    .map(|name| format!("{name}: every file is as the catalogue says\n"))
                    .collect(),
            };
            (to_value(VerifiedModels { verified })?, text)
        }
    };
    if session.global.json {
        output::json(&json)?;
    } else {
        output::print(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn pull(session: &Session, config: &Config, name: &str, from: Option<&Path>) -> Result<PathBuf> {
    if let Some(from) = from {
        return Ok(models::install(config, name, from)?);
    }
    let bar = progress::download(session.global.quiet);
    let mut tell = |progress: models::PullProgress<'_>| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    };
    let cancelled = async {
        while !session.cancel.is_cancelled() {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    // What is half loaded is dropped with the future; complete files stay and are not loaded again.
    let folder = tokio::select! {
        folder = models::pull(config, name, &mut tell) => folder,
        () = cancelled => Err(pllm_core::Error::new(pllm_core::ErrorKind::Cancelled, "pllm.models", "stopped")),
    };
    bar.finish_and_clear();
    Ok(folder?)
}

fn state(state: ModelState) -> &'static str {
    match state {
        ModelState::Missing => "not here",
        ModelState::Unchecked => "here, not checked",
        ModelState::Ready => "here, checked",
    }
}

fn row(model: &ListedModel) -> Vec<String> {
    let entry = &model.entry;
    let kind = format!("{:?}", entry.kind).to_lowercase();
    let size = output::bytes(entry.size());
    vec![
        entry.name.clone(),
        kind,
        entry.licence.clone(),
        size,
        state(model.state).to_owned(),
        model.folder.display().to_string(),
    ]
}
