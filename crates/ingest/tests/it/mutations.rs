//! The property harness of every converter: random bytes and damaged files never panic, and what comes out is consistent.

use crate::collect::{Collected, collect};
use crate::golden;
use pllm_core::converter::ConvertOptions;
use pllm_core::{ErrorKind, Limits, PageArea, Place};
use proptest::prelude::*;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// One change to a file.
#[derive(Debug, Clone)]
enum Change {
    Delete(usize, usize),
    Insert(usize, Vec<u8>),
    Repeat(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 1..4),
        prop::sample::select(vec![
            "\"",
            ",",
            "\n",
            "\n\n",
            "\r\n",
            "{",
            "[",
            "}",
            "---\n",
            "# ",
            "```\n",
            "\\",
            "\0",
            "é",
            "😀",
            ";\t|",
            "<td colspan=9>",
            "</div>",
            "<table>",
            "<ol start=-5><li>",
            "<!--",
            "<pre>",
            "/Kids [2 0 R]",
            "1 0 obj <<",
            " Tj ",
            "99999999999 0 R",
            "/Rotate 90"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop_oneof![
        (any::<usize>(), 1..20_usize).prop_map(|(at, length)| Change::Delete(at, length)),
        (any::<usize>(), bytes).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (any::<usize>(), 1..40_usize).prop_map(|(at, length)| Change::Repeat(at, length)),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let within = |at: &usize, length: &usize| {
        let start = at % (bytes.len() + 1);
        start..(start + length).min(bytes.len())
    };
    match change {
        Change::Delete(at, length) => drop(bytes.drain(within(at, length))),
        Change::Insert(at, new) => {
            let at = within(at, &0).start;
            bytes.splice(at..at, new.iter().copied());
        }
        Change::Repeat(at, length) => {
            let copied = bytes[within(at, length)].to_vec();
            bytes.extend(copied);
        }
    }
}

/// The archive `bytes` with one of its parts changed: changes of the archive itself are mostly found by its sums.
fn with_changed_part(bytes: &[u8], which: prop::sample::Index, changes: &[Change]) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let changed = which.index(archive.len());
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry");
        let (name, mut content) = (entry.name().expect("a name").into_owned(), Vec::new());
        entry.read_to_end(&mut content).expect("readable");
        if index == changed {
            changes.iter().for_each(|change| apply(&mut content, change));
        }
        out.start_file(name, SimpleFileOptions::default()).expect("an entry");
        out.write_all(&content).expect("written");
    }
    out.finish().expect("an archive").into_inner()
}

/// Everything that must be true of what a converter gives.
fn check_consistent(bytes: &[u8], found: &Collected) {
    assert_eq!(found.report.is_empty(), found.parts.is_empty() && found.records.is_empty());
    let text: String = found.parts.iter().map(|part| part.text.as_str()).collect();
    let is_own = matches!(&*found.report.format, "txt" | "md");
    let own = is_own.then(|| pllm_ingest::decode(bytes).expect("it was decoded before").text);
    if let Some(own) = &own {
        assert!(own.ends_with(&text), "the text is the file's");
        assert!(found.report.format == "md" || found.report.is_empty() || *own == text);
    }
    let lines = |text: &str| text.matches('\n').count();
    let mut part_start = 0;
    for part in &found.parts {
        let mut end = 0;
        for (range, place) in &part.places {
            assert!(
                range.start() >= end && range.slice(&part.text).is_some(),
                "places ascend, on character borders"
            );
            end = range.end();
            if let Place::Page { areas, .. } = place {
                assert!(!range.is_empty(), "a line has text");
                check_areas(areas, found.report.pages);
                continue;
            }
            let (Place::Section { first_line, last_line, .. } | Place::Text { first_line, last_line, .. }) =
                place
            else {
                panic!("text has lines")
            };
            assert!(first_line <= last_line);
            let in_file = own.as_ref().map(|own| &own[..own.len() - text.len() + part_start + range.start()]);
            let before = in_file.unwrap_or(&text[..part_start + range.start()]);
            if !is_own || found.report.format == "md" {
                assert_eq!(
                    *first_line as usize,
                    1 + lines(before),
                    "lines are the file's, or those of its text"
                );
            }
        }
        part_start += part.text.len();
    }
    for (index, record) in found.records.iter().enumerate() {
        assert!(!record.text.trim().is_empty() && !record.key.is_empty());
        let Place::Row { number } = record.place else { panic!("records are rows") };
        assert!(number > index as u64);
    }
}

/// A line is on one page of the file, in boxes that are some.
fn check_areas(areas: &[PageArea], pages: u32) {
    let [PageArea { page, boxes }] = areas else { panic!("a line is on one page") };
    assert!((1..=pages).contains(page) && !boxes.is_empty());
    for edge in boxes {
        let all = [edge.left, edge.top, edge.right, edge.bottom];
        assert!(all.iter().all(|edge| edge.is_finite()), "{edge:?}");
        assert!(edge.left <= edge.right && edge.top <= edge.bottom, "{edge:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(2000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_are_read_or_refused(which in any::<prop::sample::Index>(), changes in proptest::collection::vec(change(), 1..6)) {
        let inputs = golden::inputs();
        let (name, mut bytes) = inputs[which.index(inputs.len())].clone();
        changes.iter().for_each(|change| apply(&mut bytes, change));
        if let Ok(found) = collect(&name, &bytes, &ConvertOptions::default()) {
            check_consistent(&bytes, &found);
        }
    }

    #[test]
    fn damaged_markup_in_documents_is_read_or_refused(which in any::<prop::sample::Index>(), changes in proptest::collection::vec(change(), 1..4)) {
        let documents: Vec<_> = golden::inputs().into_iter().filter(|(name, _)| name.ends_with(".docx")).collect();
        let (name, bytes) = &documents[which.index(documents.len())];
        let bytes = with_changed_part(bytes, which, &changes);
        if let Ok(found) = collect(name, &bytes, &ConvertOptions::default()) {
            check_consistent(&bytes, &found);
        }
    }

    #[test]
    fn random_bytes_are_read_or_refused(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        format in prop::sample::select(vec!["txt", "md", "csv", "tsv", "json", "jsonl", "html", "docx", "pdf"]),
    ) {
        let bytes = if format == "pdf" { [&b"%PDF-1.4\n"[..], &bytes].concat() } else { bytes };
        if let Ok(found) = collect(&format!("x.{format}"), &bytes, &ConvertOptions::default()) {
            check_consistent(&bytes, &found);
        }
    }
}

#[test]
fn limits_refuse_the_whole_file() {
    let check = |limits: Limits, name: &str, bytes: &str| {
        let options = ConvertOptions { limits, ..ConvertOptions::default() };
        let outcome = collect(name, bytes.as_bytes(), &options).map(|_| ()).map_err(|error| error.kind());
        assert_eq!(outcome, Err(ErrorKind::TooLarge), "{name} {limits:?}");
    };
    let all = Limits::default();
    check(Limits { max_input_bytes: 3, ..all }, "a.txt", "four");
    check(Limits { max_text_bytes: 3, ..all }, "a.txt", "four");
    check(Limits { max_text_bytes: 9, ..all }, "a.csv", "a\n1\n2\n3\n");
    check(Limits { max_records: 2, ..all }, "a.jsonl", "1\n2\n3\n");
    check(all, "a.json", &format!("[{}1]", "1,".repeat(1_000_001)));
}

#[test]
fn files_made_to_be_slow_are_read_or_refused_in_time() {
    let files = [
        ("cells.csv", format!("{}\n{}", ",".repeat(50_000), "1\n".repeat(50_000))),
        (
            "names.csv",
            format!(
                "{}{}\n1,2",
                "a,".repeat(20_000),
                (0..20_000).map(|n| format!("a {n},")).collect::<String>()
            ),
        ),
        ("key.json", format!(r#"{{"{}": [{}1]}}"#, "k".repeat(100_000), r#"{"a": null}, "#.repeat(50_000))),
        ("deep.json", "[".repeat(100_000)),
        ("deep.jsonl", "[".repeat(100_000)),
        ("headings.md", format!("# {}\n{}", "x ".repeat(100_000), "## a\nb\n".repeat(20_000))),
        ("quotes.md", "> ".repeat(100_000)),
        ("deep.html", format!("{}x", "<div><b>".repeat(40_000))),
        ("tables.html", format!("{}x", "<table><tr><td>".repeat(20_000))),
        ("lists.html", format!("{}x", "<ul><li>a".repeat(20_000))),
        (
            "spans.html",
            format!("<table>{}</table>", "<tr><td colspan=1000 rowspan=60000>a<td>b".repeat(20_000)),
        ),
        ("styles.html", format!("<style>{}</style>x", "{.a{b:c}/*".repeat(20_000))),
        ("front.md", format!("---\na: {}\n---\nx", "[".repeat(100_000))),
    ];
    for (name, text) in files {
        let started = std::time::Instant::now();
        let _ = collect(name, text.as_bytes(), &ConvertOptions::default());
        assert!(started.elapsed().as_secs() < 10, "{name} took {:?}", started.elapsed());
    }
}
