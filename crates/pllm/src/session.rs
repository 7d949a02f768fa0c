//! What every command shares: settings, the open product, the stop signal.

use crate::arguments::Global;
use crate::exit;
use crate::library::Library;
use crate::remote::Remote;
use anyhow::Result;
use pllm_app::config::{Config, Effective, Layers, SETTINGS, default_file};
use pllm_app::{App, Opened};
use pllm_core::CancelFlag;
use pllm_runtime::LocalClient;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long a service that holds the data directory may be silent.
const SERVICE_WAIT: Duration = Duration::from_secs(2);

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

    /// What is in the data directory, opened here or by the service that holds it.
    pub(crate) async fn library(&self, command: &str) -> Result<Library> {
        let (config, _) = self.config()?;
        let began = Instant::now();
        loop {
            let service = match App::open_or_find(config.clone(), &format!("pllm {command}")).await? {
                Opened::Here(app) => return Ok(Library::Here(app)),
                Opened::Served(service) => service,
            };
            service.check_version(env!("CARGO_PKG_VERSION"))?;
            let client = LocalClient::new(service)?;
            match client.probe().await {
                Ok(()) => return Ok(Library::There(Remote::new(client, self.cancel.clone()))),
                // It may be about to end, or what it said not be true any more.
                Err(_) if began.elapsed() < SERVICE_WAIT => tokio::time::sleep(SERVICE_WAIT / 20).await,
                Err(error) => return Err(error.into()),
            }
        }
    }
}
