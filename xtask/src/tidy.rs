//! Which rules are checked, over what: the workspace's edges, the licences of what it is built from, the tracked files.

mod code;
mod edges;
mod files;
mod licences;
mod sources;

use anyhow::{Context, Result, ensure};
use cargo_metadata::MetadataCommand;
use std::fmt;
use std::path::Path;
use std::process::Command;

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    place: String,
    message: String,
}

impl Finding {
    pub(crate) fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// What a run found.
#[derive(Debug)]
pub(crate) struct Report {
    /// Tracked files read.
    pub(crate) files: usize,
    /// Packages in the lock file, ours included.
    pub(crate) packages: usize,
    /// Sorted by place.
    pub(crate) findings: Vec<Finding>,
}

/// Checks everything.
pub(crate) fn run() -> Result<Report> {
    let metadata = MetadataCommand::new().other_options(vec!["--locked".to_owned()]).exec()?;
    let root = metadata.workspace_root.as_std_path();
    let tracked = tracked_files(root)?;
    let mut findings = edges::check(&metadata);
    findings.extend(licences::check(&metadata));
    for path in &tracked {
        findings.extend(files::check(root, path)?);
    }
    findings.sort();
    Ok(Report { files: tracked.len(), packages: metadata.packages.len(), findings })
}

/// Paths relative to `root`, with `/`. Files that are deleted but not yet committed so are left out.
fn tracked_files(root: &Path) -> Result<Vec<String>> {
    let output =
        Command::new("git").args(["ls-files", "-z"]).current_dir(root).output().context("git ls-files")?;
    ensure!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let list = String::from_utf8(output.stdout).context("a tracked path is not UTF-8")?;
    Ok(list
        .split_terminator('\0')
        .filter(|path| root.join(path).symlink_metadata().is_ok_and(|data| data.is_file()))
        .map(str::to_owned)
        .collect())
}
