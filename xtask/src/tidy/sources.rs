//! The rules of a Rust source file that neither the compiler nor clippy has.

use super::Finding;
use super::code::code_of;

/// Names that say nothing about what a module holds.
const EMPTY_NAMES: &[&str] = &["utils", "helpers", "common", "manager"];
/// The one crate that may.
const MAY_BE_UNSAFE: &str = "crates/kernels/";

/// Findings in the Rust source `text` at `path`.
pub(crate) fn check(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !text.starts_with("//!") {
        findings.push(Finding::new(path, "the first line is not a `//!` that says what the file answers"));
    }
    for name in path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part)) {
        if EMPTY_NAMES.contains(&name) {
            findings.push(Finding::new(path, format!("{name:?} names no thing of the domain")));
        }
    }
    for (n, line) in code_of(text).lines().enumerate() {
        let place = format!("{path}:{}", n + 1);
        findings.extend(check_line(path, line).map(|message| Finding::new(place, message)));
    }
    findings
}

fn check_line(path: &str, line: &str) -> Option<String> {
    let words: Vec<&str> =
        line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    if words.contains(&"unsafe") && !path.starts_with(MAY_BE_UNSAFE) {
        return Some(format!("unsafe outside {MAY_BE_UNSAFE}"));
    }
    let compact: String = line.split_whitespace().collect();
    if compact.contains("#[allow(") || compact.contains("#![allow(") {
        return Some(
            "a lint is switched off; write #[expect(…, reason)], which goes away with its cause".to_owned(),
        );
    }
    let module = words.iter().position(|word| *word == "mod").and_then(|at| words.get(at + 1));
    module
        .filter(|name| EMPTY_NAMES.contains(name))
        .map(|name| format!("module {name:?} names no thing of the domain"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn rules_of_a_source() {
        let check = |path: &str, text: &str, expected: &[&str]| {
            let findings: Vec<String> = super::check(path, text).iter().map(ToString::to_string).collect();
            assert_eq!(findings.len(), expected.len(), "{path}: {findings:?}");
            for (finding, expected) in findings.iter().zip(expected) {
                assert!(finding.contains(expected), "{finding} should have {expected}");
            }
        };
        check("crates/core/src/a.rs", "//! Doc.\nfn a() {}\n", &[]);
        check("crates/core/src/a.rs", "fn a() {}\n", &["first line"]);
        check("crates/core/src/utils.rs", "//! Doc.\n", &["\"utils\""]);
        check("crates/core/src/common/mod.rs", "//! Doc.\n", &["\"common\""]);
        check("a.rs", "//! Doc.\npub(crate) mod helpers;\n", &["a.rs:2: module \"helpers\""]);
        check("a.rs", "//! Doc.\n\nunsafe { b() }\n", &["a.rs:3: unsafe"]);
        check("crates/kernels/src/a.rs", "//! Doc.\nunsafe { b() }\n", &[]);
        check("a.rs", "//! Not unsafe.\n// unsafe\nlet unsafe_code = \"unsafe\";\n", &[]);
        check("a.rs", "//! Doc.\n#[allow(dead_code)]\n", &["#[expect("]);
        check("a.rs", "//! Doc.\n#![ allow(dead_code)]\n", &["#[expect("]);
        check("a.rs", "//! Doc.\n#[expect(dead_code, reason = \"#[allow(\")]\n", &[]);
    }
}
