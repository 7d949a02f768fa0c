//! What an upload is called: a label that looks like a path and never is one.

use pllm_core::id::hex;
use sha2::{Digest, Sha256};

/// What every label begins with; no path of an ingest does, for those are absolute.
const FOLDER: &str = "uploads";
/// Longest component, code points.
const LONGEST_COMPONENT: usize = 120;
/// Components that are kept, the last ones.
const MOST_COMPONENTS: usize = 16;
/// What a name without any usable character becomes.
const UNNAMED: &str = "unnamed";

/// The label of a file that its sender calls `name`: `uploads/` and the components of the name that name something. The same name
/// always has the same label, and different names that are not too long have different ones, but for what is no part of a name:
/// control characters, marks that turn the direction of writing, `.` and `..`, a drive.
pub(crate) fn label(name: &str) -> String {
    let visible: String = name.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    let components = visible.split(['/', '\\']).map(str::trim);
    let components = components.filter(|part| !matches!(*part, "" | "." | "..") && !is_drive(part));
    let components: Vec<String> = components.map(shortened).collect();
    let kept = &components[components.len().saturating_sub(MOST_COMPONENTS)..];
    let name = if kept.is_empty() { UNNAMED.to_owned() } else { kept.join("/") };
    format!("{FOLDER}/{name}")
}

/// What stands in a label after the folder; a path of an ingest as it is.
pub(crate) fn name(label: &str) -> &str {
    label.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/')).unwrap_or(label)
}

/// The label with a number before its ending, for a second file of the same name in one upload: `uploads/a (2).txt`.
pub(crate) fn numbered(label: &str, number: usize) -> String {
    let (stem, ending) = split_ending(label);
    format!("{stem} ({number}){ending}")
}

/// Marks of direction, with which `fdp.exe` reads `exe.pdf` (Unicode Standard Annex 9).
fn turns(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_drive(component: &str) -> bool {
    let mut chars = component.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.as_str() == ":"
}

/// A component that is too long keeps its beginning and its ending, and what tells it from others.
fn shortened(component: &str) -> String {
    if component.chars().count() <= LONGEST_COMPONENT {
        return component.to_owned();
    }
    let digest = hex(&Sha256::digest(component.as_bytes())[..4]);
    let (stem, ending) = split_ending(component);
    let ending = if ending.chars().count() <= 16 { ending } else { "" };
    let kept = LONGEST_COMPONENT - digest.len() - 2 - ending.chars().count();
    let stem: String = stem.chars().take(kept).collect();
    format!("{stem}…-{digest}{ending}")
}

/// A name before and from the dot of its ending; the ending is empty where there is none.
fn split_ending(name: &str) -> (&str, &str) {
    let start = name.rfind('/').map_or(0, |slash| slash + 1);
    match name[start..].rfind('.') {
        Some(dot) if dot > 0 => name.split_at(start + dot),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leaves_its_folder() {
        let check = |name: &str, expected: &str| assert_eq!(label(name), expected, "{name:?}");
        check("a.txt", "uploads/a.txt");
        check("letters/2024/a.txt", "uploads/letters/2024/a.txt");
        check("../../etc/passwd", "uploads/etc/passwd");
        check("/etc/passwd", "uploads/etc/passwd");
        check("C:\\Users\\jo\\a.txt", "uploads/Users/jo/a.txt");
        check("a\0b\n.txt", "uploads/ab.txt");
        check("..", "uploads/unnamed");
        check("", "uploads/unnamed");
        check(" / ./\\ ", "uploads/unnamed");
        check("\u{202E}fdp.exe", "uploads/fdp.exe");
        check("Überweisung für März.pdf", "uploads/Überweisung für März.pdf");
        check(".hidden", "uploads/.hidden");
        assert_eq!((name("uploads/a/b.txt"), name("/home/jo/a.txt")), ("a/b.txt", "/home/jo/a.txt"));
    }

    #[test]
    fn a_long_name_keeps_its_ending_and_stays_different() {
        let (one, other) =
            (label(&format!("{}1.pdf", "x".repeat(300))), label(&format!("{}2.pdf", "x".repeat(300))));
        assert_ne!(one, other);
        assert!(
            one.ends_with(".pdf") && one.chars().count() == "uploads/".len() + LONGEST_COMPONENT,
            "{one}"
        );
        assert_eq!(label(&"ä".repeat(300)).chars().count(), "uploads/".len() + LONGEST_COMPONENT);
        assert_eq!(label(&"a/".repeat(400)).split('/').count(), MOST_COMPONENTS + 1);
    }

    #[test]
    fn a_number_stands_before_the_ending() {
        assert_eq!(numbered("uploads/a.b/c.txt", 2), "uploads/a.b/c (2).txt");
        assert_eq!(numbered("uploads/a.b/c", 3), "uploads/a.b/c (3)");
        assert_eq!(numbered("uploads/.hidden", 2), "uploads/.hidden (2)");
    }
}
