//! The rules of every tracked file: its size, and addresses that hold on one machine or for one way of getting packages only.

use super::{Finding, sources};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

const MAX_BYTES: u64 = 2 << 20;

/// Where packages come from is the reader's choice: package managers know it by themselves. Written in two pieces, so that
/// this file keeps its own rule.
const REGISTRIES: &[(&str, &str)] = &[
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("registry.npmjs", ".org"),
    ("registry.yarnpkg", ".com"),
    ("crates", ".io"),
    ("deb.debian", ".org"),
    ("archive.ubuntu", ".com"),
    ("repo1.maven", ".org"),
    ("proxy.golang", ".org"),
];
const MACHINE_FOLDERS: &[(&str, &str)] = &[("/work", "/"), ("/root", "/")];

/// Findings in the tracked file `path` under `root`.
pub(crate) fn check(root: &Path, path: &str) -> Result<Vec<Finding>> {
    let full = root.join(path);
    let bytes = fs::metadata(&full).with_context(|| path.to_owned())?.len();
    if bytes > MAX_BYTES {
        return Ok(vec![Finding::new(path, format!("{bytes} bytes, at most {MAX_BYTES} are tracked"))]);
    }
    let content = fs::read(&full).with_context(|| path.to_owned())?;
    let Ok(text) = String::from_utf8(content) else { return Ok(Vec::new()) };
    let mut findings = if path.ends_with("Cargo.lock") { Vec::new() } else { addresses(path, &text) };
    if path.ends_with(".rs") {
        findings.extend(sources::check(path, &text));
    }
    Ok(findings)
}

fn addresses(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (n, line) in text.lines().enumerate() {
        for message in check_line(line) {
            findings.push(Finding::new(format!("{path}:{}", n + 1), message));
        }
    }
    findings
}

fn check_line(line: &str) -> Vec<String> {
    let registries = REGISTRIES.iter().map(|(name, end)| format!("{name}{end}"));
    let registries = registries.filter(|address| has_host(line, address));
    let folders = MACHINE_FOLDERS.iter().map(|(name, end)| format!("{name}{end}"));
    let folders = folders.filter(|folder| has_absolute(line, folder));
    registries
        .map(|address| format!("the address of a package registry, {address}"))
        .chain(folders.map(|folder| format!("a path of one machine, {folder}")))
        .collect()
}

/// Whether the host, or a host below it, is named; `mypypi` is another one.
fn has_host(line: &str, address: &str) -> bool {
    line.match_indices(address).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + address.len()..].chars().next();
        let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_');
        !goes_on(before) && !goes_on(after)
    })
}

/// Whether `folder` begins a path, rather than being a later part of one.
fn has_absolute(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "._-/~})*".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_where_they_are_addresses() {
        let check = |pieces: &[&str], expected: usize| {
            let line = pieces.concat();
            assert_eq!(check_line(&line).len(), expected, "{line}");
        };
        check(&["see https://py", "pi.org/simple/"], 1);
        check(&["https://static.crates", ".io/x https://files.python", "hosted.org/y"], 2);
        check(&["mypy", "pi.org, pypi", ".organic"], 0);
        check(&["\"/wo", "rk/main\""], 1);
        check(&["HOME=/ro", "ot/"], 1);
        check(&["a/wo", "rk/b ../wo", "rk/ ${HOME}/ro", "ot/ /workspace/ crates"], 0);
    }
}
