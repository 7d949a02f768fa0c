//! `pllm pipeline`.

use super::read_text;
use crate::arguments::PipelineCommand;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::pipelines;
use pllm_app::views::{Faults, PipelineText};
use std::process::ExitCode;

pub(crate) fn run(session: &Session, command: &PipelineCommand) -> Result<ExitCode> {
    let json_wanted = session.global.json;
    match command {
        PipelineCommand::Check { file } => {
            let text = read_text(file)?;
            let graph = pipelines::check(&text, &file.display().to_string())?;
            let good = format!("{} is good\n\n{graph}", file.display());
            if json_wanted { output::json(&Faults::default())? } else { output::print(&good)? }
        }
        PipelineCommand::Show { name } => {
            let text = match name {
                Some(name) => pipelines::show(name)?,
                None => pipelines::show_kinds(),
            };
            if json_wanted { output::json(&PipelineText { text })? } else { output::print(&text)? }
        }
    }
    Ok(ExitCode::SUCCESS)
}
