//! Runs `pllm` in a folder of its own.

use libtest_mimic::{Completion, Failed, Trial};
use pllm_testkit::presence::Presence;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The embedder.
pub(crate) const EMBEDDER: &str = "all-minilm-l6-v2";
/// A model that writes on this computer.
pub(crate) const LLM: &str = "smollm2-135m-instruct";

/// What a case gives; any error fails it.
pub(crate) type Outcome = anyhow::Result<()>;

/// A case that needs nothing but the binary.
pub(crate) fn plain(name: &'static str, case: fn() -> Outcome) -> Trial {
    Trial::test(name, move || case().map_err(|error| Failed::from(format!("{error:?}"))))
}

/// A case that needs the model, and the program `tool` where one is named.
pub(crate) fn with_model(name: &'static str, tool: Option<&'static str>, case: fn() -> Outcome) -> Trial {
    with_models(name, &[("model", EMBEDDER)], tool, done(case))
}

/// The same, and the model that writes.
pub(crate) fn with_llm(name: &'static str, tool: Option<&'static str>, case: fn() -> Outcome) -> Trial {
    with_models(name, &[("model", EMBEDDER), ("llm", LLM)], tool, done(case))
}

fn done(case: fn() -> Outcome) -> impl Fn() -> Result<Completion, Failed> + Send + 'static {
    move || case().map(|()| Completion::Completed).map_err(|error| Failed::from(format!("{error:?}")))
}

/// A case that needs models, each by the word that requires it and by its name, and says itself how it ended.
pub(crate) fn with_models(
    name: &'static str,
    needed: &'static [(&'static str, &'static str)],
    tool: Option<&'static str>,
    case: impl Fn() -> Result<Completion, Failed> + Send + 'static,
) -> Trial {
    Trial::ignorable_test(name, move || {
        for (needed, name) in needed {
            if let Some(absent) = model(name).settle(needed)? {
                return Ok(absent);
            }
        }
        if let Some((tool, name)) = tool.map(|tool| (tool, tool.split('-').next().unwrap_or(tool)))
            && let Some(absent) = program(tool).settle(name)?
        {
            return Ok(absent);
        }
        case()
    })
}

/// A case that needs the program `tool`.
pub(crate) fn with_program(name: &'static str, tool: &'static str, case: fn() -> Outcome) -> Trial {
    Trial::ignorable_test(name, move || {
        if let Some(absent) = program(tool).settle(tool.split('-').next().unwrap_or(tool))? {
            return Ok(absent);
        }
        case().map(|()| Completion::Completed).map_err(|error| Failed::from(format!("{error:?}")))
    })
}

/// A case that needs the model, and to mount a disk that nobody else sees.
pub(crate) fn with_mounts(name: &'static str, case: fn() -> Outcome) -> Trial {
    Trial::ignorable_test(name, move || {
        for (needed, presence) in [("model", model(EMBEDDER)), ("mount", mounts())] {
            if let Some(absent) = presence.settle(needed)? {
                return Ok(absent);
            }
        }
        case().map(|()| Completion::Completed).map_err(|error| Failed::from(format!("{error:?}")))
    })
}

fn mounts() -> Presence {
    let tried = Command::new("unshare")
        .args(["--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
        .output();
    match tried {
        Ok(output) if output.status.success() => Presence::Here,
        Ok(output) => Presence::Absent(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Presence::Absent(format!("unshare: {error}")),
    }
}

fn model(name: &str) -> Presence {
    let output = pllm_command().args(["models", "verify", name]).output();
    match output {
        Ok(output) if output.status.success() => Presence::Here,
        Ok(output) => Presence::Absent(String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ")),
        Err(error) => Presence::Absent(error.to_string()),
    }
}

fn program(tool: &str) -> Presence {
    match Command::new(tool).arg("--version").output() {
        Ok(output) if output.status.success() => Presence::Here,
        _ => Presence::Absent(format!("{tool} is not installed")),
    }
}

/// The binary under test.
pub(crate) fn binary() -> &'static str {
    env!("CARGO_BIN_EXE_pllm")
}

fn pllm_command() -> Command {
    let mut command = Command::new(binary());
    // What the developer has configured for himself is no part of the test.
    command.env("PLLM_CONFIG", "/dev/null").env_remove("PLLM_COLLECTION").env_remove("PLLM_LOG");
    command
}

/// A data directory and a folder of files, both temporary.
pub(crate) struct Program {
    folder: TempDir,
}

impl Program {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join("files"))?;
        Ok(Self { folder })
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn files(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path = self.files().join(name);
        std::fs::write(&path, text)?;
        Ok(path)
    }

    /// `pllm` with arguments and this data directory.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = pllm_command();
        command.args(arguments).env("PLLM_DATA_DIR", self.data()).current_dir(self.files());
        command
    }

    /// Runs a command that has to end with `code`.
    pub(crate) fn run(&self, arguments: &[&str], code: i32) -> anyhow::Result<Output> {
        let output = self.command(arguments).output()?;
        anyhow::ensure!(
            output.status.code() == Some(code),
            "pllm {arguments:?}: {}, expected exit code {code}\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(output)
    }

    /// Runs a command that has to succeed, and gives what it printed.
    pub(crate) fn text(&self, arguments: &[&str]) -> anyhow::Result<String> {
        Ok(String::from_utf8(self.run(arguments, 0)?.stdout)?)
    }

    /// The same with `--json`.
    pub(crate) fn json(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
        Ok(serde_json::from_str(&self.text(&arguments)?)?)
    }
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
