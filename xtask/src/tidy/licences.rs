//! May we ship what we are built from? The licence expression of every package, read as SPDX 2.3 annex D writes it.

use super::Finding;
use cargo_metadata::Metadata;

/// Licences that an Apache-2.0 product may be built from and shipped with.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Packages from outside whose licence does not allow it.
pub(crate) fn check(metadata: &Metadata) -> Vec<Finding> {
    let from_outside = metadata.packages.iter().filter(|package| package.source.is_some());
    from_outside
        .filter(|package| !package.license.as_deref().is_some_and(allows))
        .map(|package| {
            let licence = package.license.as_deref().unwrap_or("none stated");
            let message = format!("licence {licence:?} is not on the list of those we may ship");
            Finding::new(format!("package {} {}", package.name, package.version), message)
        })
        .collect()
}

/// Whether the allowed licences satisfy `expression`; an expression that cannot be read is not satisfied.
fn allows(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = tokens.as_slice();
    either(&mut rest).is_some_and(|satisfied| satisfied && rest.is_empty())
}

fn either(tokens: &mut &[&str]) -> Option<bool> {
    let mut satisfied = both(tokens)?;
    while take(tokens, "OR") {
        satisfied |= both(tokens)?;
    }
    Some(satisfied)
}

fn both(tokens: &mut &[&str]) -> Option<bool> {
    let mut satisfied = single(tokens)?;
    while take(tokens, "AND") {
        satisfied &= single(tokens)?;
    }
    Some(satisfied)
}

fn single(tokens: &mut &[&str]) -> Option<bool> {
    if take(tokens, "(") {
        let inner = either(tokens)?;
        return take(tokens, ")").then_some(inner);
    }
    let (licence, rest) = tokens.split_first()?;
    *tokens = rest;
    // An exception only gives further rights.
    if take(tokens, "WITH") {
        *tokens = tokens.split_first()?.1;
    }
    Some(ALLOWED.contains(licence))
}

fn take(tokens: &mut &[&str], expected: &str) -> bool {
    match tokens.split_first() {
        Some((first, rest)) if *first == expected => {
            *tokens = rest;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read() {
        let check =
            |expression: &str, expected: bool| assert_eq!(allows(expression), expected, "{expression}");
        check("MIT", true);
        check("GPL-3.0-only", false);
        check("MIT OR GPL-3.0-only", true);
        check("MIT AND GPL-3.0-only", false);
        check("GPL-3.0-only OR MIT AND ISC", true);
        check("(GPL-3.0-only OR MIT) AND AGPL-3.0", false);
        check("(MIT OR Apache-2.0) AND Unicode-3.0", true);
        check("Apache-2.0 WITH LLVM-exception OR Apache-2.0", true);
        check("GPL-2.0 WITH Classpath-exception-2.0", false);
        check("Unlicense/MIT", true);
        for broken in ["", "MIT OR", "(MIT", "MIT)", "MIT MIT", "AND MIT"] {
            check(broken, false);
        }
    }
}
