//! Which of our crates may depend on which: the layers of the design as one table. Everything else is a finding.

use super::Finding;
use cargo_metadata::{DependencyKind, Metadata};

/// Crate, and what it may use. Tests of any crate may use `testkit` as well.
const ALLOWED: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("kernels", &[]),
    ("core", &["text"]),
    ("runtime", &["core", "text"]),
    ("ingest", &["core", "text"]),
    ("stores", &["core", "kernels", "runtime", "text"]),
    ("models", &["core", "kernels", "runtime", "text"]),
    ("pipeline", &["core", "text"]),
    ("llama", &["core", "models", "runtime"]),
    ("app", &["core", "ingest", "kernels", "models", "pipeline", "runtime", "stores", "text"]),
    ("server", &["app", "core", "runtime", "text"]),
    ("pllm", &["app", "core", "llama", "runtime", "server", "text"]),
    ("testkit", &["core", "text"]),
    ("xtask", &[]),
];

/// Forbidden edges, and crates that the table does not know.
pub(crate) fn check(metadata: &Metadata) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in metadata.workspace_packages() {
        let crate_name = short(&package.name);
        for dependency in &package.dependencies {
            // Ours have a path; everything else comes from outside.
            if dependency.path.is_some() {
                let in_tests = dependency.kind == DependencyKind::Development;
                findings.extend(check_edge(crate_name, short(&dependency.name), in_tests));
            }
        }
        if allowed(crate_name).is_none() {
            let message = "a crate the design does not have; a new one needs a decision and a line in the table of edges";
            findings.push(Finding::new(package.manifest_path.as_str(), message));
        }
    }
    findings
}

fn check_edge(from: &str, to: &str, in_tests: bool) -> Option<Finding> {
    let fine = allowed(from)?.contains(&to) || (in_tests && to == "testkit");
    (!fine).then(|| Finding::new(format!("crate {from}"), format!("may not depend on {to}")))
}

fn allowed(name: &str) -> Option<&'static [&'static str]> {
    ALLOWED.iter().find(|(from, _)| *from == name).map(|(_, to)| *to)
}

fn short(name: &str) -> &str {
    name.strip_prefix("pllm-").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_point_down_only() {
        let check = |from: &str, to: &str, in_tests: bool, fine: bool| {
            assert_eq!(check_edge(from, to, in_tests).is_none(), fine, "{from} -> {to}, tests: {in_tests}");
        };
        check("stores", "core", false, true);
        check("stores", "testkit", true, true);
        check("stores", "testkit", false, false);
        check("stores", "models", false, false);
        check("stores", "models", true, false);
        check("core", "runtime", false, false);
        check("pipeline", "stores", false, false);
        check("testkit", "stores", true, false);
    }

    #[test]
    fn the_table_has_no_circle() {
        // Each crate of the table only uses crates that stand above it.
        for (n, (name, to)) in ALLOWED.iter().enumerate() {
            for used in *to {
                assert!(ALLOWED[..n].iter().any(|(earlier, _)| earlier == used), "{name} -> {used}");
            }
        }
    }
}
