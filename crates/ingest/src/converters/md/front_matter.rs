//! Metadata in front of a Markdown text: YAML between two lines of `---`.

use crate::warnings::Warnings;
use pllm_core::{Meta, MetaValue, Place};

/// A text and what stood in front of it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Front<'a> {
    /// The metadata.
    pub(super) meta: Meta,
    /// Lines that it took.
    pub(super) lines: u32,
    /// The text after it.
    pub(super) rest: &'a str,
}

/// Takes the front matter off. What is between `---` lines but is no YAML map stays in the text: with a warning when it is
/// not YAML at all, without when it is prose between two thematic breaks.
pub(super) fn take<'a>(text: &'a str, warnings: &mut Warnings) -> Front<'a> {
    let none = Front { rest: text, ..Front::default() };
    let Some((yaml, lines, rest)) = delimited(text) else { return none };
    match serde_saphyr::from_str_with_options::<Option<MetaValue>>(yaml, yaml_options()) {
        Ok(Some(MetaValue::Object(meta))) => Front { meta, lines, rest },
        Ok(None) => Front { meta: Meta::new(), lines, rest },
        Ok(Some(_)) => none,
        Err(error) => {
            let place = Place::Section { headings: Vec::new(), first_line: 1, last_line: lines };
            let reason = error.to_string().lines().next().unwrap_or_default().to_owned();
            let message = format!("front matter is not YAML and was left in the text: {reason}");
            warnings.add("front-matter", Some(place), message);
            none
        }
    }
}

/// What is between the `---` of the first line and the next `---` or `...`, the lines down to there, and the rest.
fn delimited(text: &str) -> Option<(&str, u32, &str)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == "---")?;
    let mut end = first.len();
    for (line, count) in lines.zip(2..) {
        let start = end;
        end += line.len();
        if matches!(line.trim_end(), "---" | "...") {
            return Some((&text[first.len()..start], count, &text[end..]));
        }
    }
    None
}

/// A postcode or a version such as `1_000` stays text, as in a table.
fn yaml_options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, json: &str, lines: u32, rest: &str, n_warnings: usize) {
        let mut warnings = Warnings::default();
        let front = take(text, &mut warnings);
        let meta = serde_json::to_string(&front.meta).expect("json");
        assert_eq!((meta.as_str(), front.lines, front.rest), (json, lines, rest), "{text}");
        assert_eq!(warnings.finish().len(), n_warnings, "{text}");
    }

    #[test]
    fn front_matter_is_typed() {
        check("---\ntitle: A: b\n---\nx", "{}", 0, "---\ntitle: A: b\n---\nx", 1);
        check(
            "---\ntitle: Lease\ndate: 2024-03-01\nyear: 2024\nrent: 812.50\npaid: true\nzip: 01069\nnone:\n---\n\n# x\n",
            r#"{"title":"Lease","date":"2024-03-01","year":2024,"rent":812.5,"paid":true,"zip":"01069","none":null}"#,
            9,
            "\n# x\n",
            0,
        );
        check(
            "---\ntags: [a, b]\nby: {name: X, at: [1, 2]}\n...\nx",
            r#"{"tags":["a","b"],"by":{"name":"X","at":[1,2]}}"#,
            4,
            "x",
            0,
        );
        check("---\n---\nx", "{}", 2, "x", 0);
    }

    #[test]
    fn what_is_no_front_matter_stays() {
        for text in [
            "x\n---\na: 1\n---\n",
            "---\na: 1\n",
            "---\nOnly prose here.\n---\nMore.",
            "",
            "----\na: 1\n----\n",
        ] {
            check(text, "{}", 0, text, 0);
        }
        for text in
            ["---\na: [1\n---\nx", "---\na: 1\na: 2\n---\nx", "---\nx: .nan\n---\n", "---\na: &a [*a]\n---\n"]
        {
            check(text, "{}", 0, text, 1);
        }
    }
}
