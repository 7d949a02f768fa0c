//! A Chroma server that the scripts of `services/chroma` start and end; it never outlives this process.

use pllm_testkit::presence::Presence;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A server and the folder of its data.
#[derive(Debug)]
pub(crate) struct Server {
    folder: TempDir,
    url: String,
}

/// Whether the server is installed here.
pub(crate) fn presence() -> Presence {
    static FOUND: OnceLock<Presence> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            run("install", &["check"])
                .map_or_else(|error| Presence::Absent(error.to_string()), |_| Presence::Here)
        })
        .clone()
}

impl Server {
    /// Starts one on a free port, with nothing in it.
    pub(crate) fn start() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let url = start(folder.path(), "0")?;
        Ok(Self { folder, url })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Ends it in the middle of whatever it does.
    pub(crate) fn kill(&self) -> io::Result<()> {
        run("stop", &[&self.path(), "KILL"]).map(drop)
    }

    /// Starts it again, at the same address.
    pub(crate) fn resume(&self) -> io::Result<()> {
        let port = self.url.rsplit(':').next().unwrap_or_default();
        let url = start(self.folder.path(), port)?;
        assert_eq!(url, self.url);
        Ok(())
    }

    fn path(&self) -> String {
        self.folder.path().display().to_string()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends with this process in any case.
        let _ = self.kill();
    }
}

fn start(folder: &Path, port: &str) -> io::Result<String> {
    let own = std::process::id().to_string();
    let output = run("start", &[&folder.display().to_string(), port, &own])?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a script of the service; its error is what the script says.
fn run(script: &str, arguments: &[&str]) -> io::Result<Output> {
    let scripts = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../services/chroma"));
    let output = Command::new(scripts.join(script)).args(arguments).output()?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(said.trim().trim_start_matches("error: ").to_owned()))
}
