//! Sections are where the headings are, and nowhere else.

use super::*;

/// Shows sections as `path|path lines a-b: first line of text`.
fn shown(text: &str, lines_before: u32) -> Vec<String> {
    let sections = find(text, lines_before);
    let mut end = 0;
    let show = |(range, place): &(ByteRange, Place)| {
        assert_eq!(range.start(), end, "no gaps");
        end = range.end();
        let Place::Section { headings, first_line, last_line } = place else { panic!("a section") };
        let first = range.slice(text).and_then(|slice| slice.lines().next()).unwrap_or_default();
        format!("{} {first_line}-{last_line}: {first}", headings.join("|"))
    };
    let shown = sections.places.iter().map(show).collect();
    assert_eq!(end, text.len());
    shown
}

#[test]
fn headings_of_both_styles_make_sections() {
    let text = "Before.\n\n# One *two* `three`\n\nText.\n\n## Sub ##\nMore.\n\nTop\nlevel\n===\n\nLast.\n";
    let expected = [
        " 1-1: Before.",
        "One two three 3-5: # One *two* `three`",
        "One two three|Sub 7-8: ## Sub ##",
        "Top level 10-14: Top",
    ];
    assert_eq!(shown(text, 0), expected);
    assert_eq!(find(text, 0).title.as_deref(), Some("One two three"));
}

#[test]
fn a_bare_heading_goes_with_the_deeper_one() {
    assert_eq!(shown("# A\n\n## B\n\ntext\n", 4), ["A|B 5-9: # A"]);
    assert_eq!(shown("# A\n## B\n## C\ntext\n", 0), ["A|B 1-2: # A", "A|C 3-4: ## C"]);
    assert_eq!(shown("x\n# A\n### C\n## B\n", 0), [" 1-1: x", "A|C 2-3: # A", "A|B 4-4: ## B"]);
    assert_eq!(shown("# Only\n", 0), ["Only 1-1: # Only"]);
}

#[test]
fn what_looks_like_a_heading_inside_something_is_none() {
    for text in [
        "```\n# code\n```\n",
        "    # indented code\n",
        "> # quoted\n",
        "- # in a list\n",
        "#hashtag\n",
        "a | b\n--- | ---\n1 | 2\n",
        "<!--\n# comment\n-->\n",
        "",
    ] {
        assert_eq!(shown(text, 0).len(), 1, "{text}");
        assert!(shown(text, 0)[0].starts_with(" 1-"), "{text}");
    }
}

#[test]
fn markup_that_defeats_backtracking_parsers_is_read_in_time() {
    for (open, count) in [
        ("[a](", 40_000),
        ("[", 60_000),
        ("*a **b ", 30_000),
        ("> ", 30_000),
        ("<a ", 40_000),
        ("- ", 30_000),
    ] {
        let started = std::time::Instant::now();
        assert_eq!(find(&open.repeat(count), 0).places.len(), 1);
        assert!(started.elapsed().as_secs() < 10, "{open:?} took {:?}", started.elapsed());
    }
}
