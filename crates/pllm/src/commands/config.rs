//! `pllm config`.

use crate::arguments::ConfigCommand;
use crate::output;
use crate::session::Session;
use anyhow::Result;
use pllm_app::config::{Effective, SETTINGS};
use pllm_app::views::{Effectives, Faults};
use std::process::ExitCode;

pub(crate) fn run(session: &Session, command: &ConfigCommand) -> Result<ExitCode> {
    let (_, effective) = session.config()?;
    match command {
        ConfigCommand::Check if session.global.json => output::json(&Faults::default())?,
        ConfigCommand::Check => output::line("the settings are good")?,
        ConfigCommand::Show { .. } if session.global.json => output::json(&Effectives::new(&effective))?,
        ConfigCommand::Show { origin: true } => {
            let row = |entry: &Effective| {
                let setting = SETTINGS.iter().find(|setting| setting.key == entry.key);
                let (env, doc) = setting.map_or(("", ""), |setting| (setting.env, setting.doc));
                vec![
                    entry.key.to_owned(),
                    entry.value.to_string(),
                    entry.origin.to_string(),
                    env.to_owned(),
                    doc.to_owned(),
                ]
            };
            let rows: Vec<_> = effective.iter().map(row).collect();
            output::print(&output::table(&["SETTING", "VALUE", "FROM", "ENVIRONMENT", "WHAT IT IS"], &rows))?;
        }
        ConfigCommand::Show { origin: false } => {
            let lines: Vec<String> =
                effective.iter().map(|entry| format!("{} = {}", entry.key, entry.value)).collect();
            output::line(&lines.join("\n"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
