//! What every command shares: settings, the open product, the stop signal.

use crate::arguments::Global;
use crate::exit;
use anyhow::Result;
use pllm_app::App;
use pllm_app::config::{Config, Effective, Layers, SETTINGS, default_file};
use pllm_core::CancelFlag;
use std::path::PathBuf;

/// One run of the binary.
pub(crate) struct Session {
    pub(crate) global: Global,
    /// Set by Ctrl-C.
    pub(crate) cancel: CancelFlag,
}

impl Session {
    pub(crate) fn new(global: Global) -> Self {
        let cancel = CancelFlag::default();
        let flag = cancel.clone();
        tokio::spawn(async move {
            // The first Ctrl-C lets the work end cleanly, the second one ends it now.
            if tokio::signal::ctrl_c().await.is_ok() {
                flag.cancel();
                let _ = tokio::signal::ctrl_c().await;
                std::process::exit(exit::CANCELLED.into());
            }
        });
        Self { global, cancel }
    }

    /// The settings of this run, each with its origin.
    pub(crate) fn config(&self) -> Result<(Config, Vec<Effective>)> {
        Ok(Config::load(&self.layers()?)?)
    }

    fn layers(&self) -> Result<Layers> {
        let file = match self.config_file() {
            Some(path) => {
                let text = crate::commands::read_text(&path)?;
                Some((path, text))
            }
            None => None,
        };
        let read = |setting: &pllm_app::config::Setting| {
            Some((setting.env.to_owned(), std::env::var(setting.env).ok()?))
        };
        let environment = SETTINGS.iter().filter_map(read).collect();
        let data_dir = self.global.data_dir.as_ref().map(|dir| ("data_dir", dir.display().to_string()));
        Ok(Layers { file, environment, flags: data_dir.into_iter().collect() })
    }

    /// The file that was named, else the usual one where it is there.
    fn config_file(&self) -> Option<PathBuf> {
        self.global.config.clone().or_else(|| default_file().filter(|path| path.is_file()))
    }

    /// Opens the product on the data directory.
    pub(crate) async fn open(&self, command: &str) -> Result<App> {
        let (config, _) = self.config()?;
        Ok(App::open(config, &format!("pllm {command}")).await?)
    }
}
