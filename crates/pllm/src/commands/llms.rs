//! `pllm llms`.

use crate::arguments::LlmsCommand;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::views::Llm;
use serde_json::to_value;
use std::process::ExitCode;

pub(crate) async fn run(session: &Session, command: LlmsCommand) -> Result<ExitCode> {
    let library = session.library("llms").await?;
    let (json, text) = match command {
        LlmsCommand::List => {
            let listed = library.llms().await?;
            let rows: Vec<_> = listed.iter().map(row).collect();
            (to_value(&listed)?, output::table(&["NAME", "MODEL", "TEXT GOES TO", "TOKENS", "STATE"], &rows))
        }
        LlmsCommand::Check { name } => {
            let llm = library.check_llm(&name).await?;
            let text =
                format!("{} answers: {}, {}\n", llm.name, llm.model.as_deref().unwrap_or("?"), place(&llm));
            (to_value(&llm)?, text)
        }
    };
    if session.global.json {
        output::json(&json)?;
    } else {
        output::print(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn row(llm: &Llm) -> Vec<String> {
    let state = match &llm.fault {
        Some(fault) => fault.clone(),
        None if llm.default => "default".to_owned(),
        None if llm.draft => "writes drafts".to_owned(),
        None => String::new(),
    };
    let tokens = llm.context_tokens.map(|tokens| tokens.to_string()).unwrap_or_default();
    vec![llm.name.clone(), llm.model.clone().unwrap_or_default(), place(llm), tokens, state]
}

fn place(llm: &Llm) -> String {
    llm.host.clone().unwrap_or_else(|| "this computer".to_owned())
}
