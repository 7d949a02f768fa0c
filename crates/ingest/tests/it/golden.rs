//! Each folder of `tests/golden/<format>/<case>` holds an input and what reading it gives; `UPDATE_GOLDEN=1` rewrites the latter.

use crate::collect::{Collected, collect};
use pllm_core::converter::{ConvertOptions, DatasetColumns, Passwords, TableReading};
use pllm_core::{Dropped, Layout, PageArea, Place, Result, Warning};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn inputs_read_as_expected() {
    let (update, mut wrong) = (std::env::var_os("UPDATE_GOLDEN").is_some(), Vec::new());
    for case in cases() {
        let found = serde_json::to_string_pretty(&shown(convert(&case))).expect("JSON") + "\n";
        let file = case.join("expected.json");
        if update {
            fs::write(&file, &found).expect("writable");
        } else if fs::read_to_string(&file).unwrap_or_default() != found {
            wrong.push(format!("{}\n{found}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "differ from expected.json (UPDATE_GOLDEN=1 rewrites):\n{}", wrong.join("\n"));
}

/// The folders of all cases.
fn cases() -> Vec<PathBuf> {
    let formats = entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden"));
    let cases: Vec<_> = formats.iter().flat_map(|format| entries(format)).collect();
    assert!(cases.len() > 20, "the golden files are there");
    cases
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    entries
}

/// Name and content of each case's input.
pub(crate) fn inputs() -> Vec<(String, Vec<u8>)> {
    let inputs = cases().into_iter().map(|case| input(&case));
    inputs.map(|path| (name_of(&path), fs::read(path).expect("readable"))).collect()
}

fn input(case: &Path) -> PathBuf {
    entries(case).into_iter().find(|path| name_of(path).starts_with("input.")).expect("an input")
}

fn name_of(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

fn convert(case: &Path) -> Result<Collected> {
    let path = input(case);
    let options = fs::read_to_string(case.join("options.json"))
        .map(|text| serde_json::from_str(&text).expect("JSON"))
        .unwrap_or(Value::Null);
    let names = |key: &str| -> Vec<String> {
        options[key]
            .as_array()
            .into_iter()
            .flatten()
            .map(|name| name.as_str().expect("text").into())
            .collect()
    };
    let id = options["id"].as_str().map(str::to_owned);
    let columns = DatasetColumns { content: names("content"), meta: names("meta"), id };
    let passwords = Passwords(names("passwords"));
    let tables = if options["tables_as_text"] == true { TableReading::Text } else { TableReading::Records };
    let options = ConvertOptions { columns, passwords, tables, ..ConvertOptions::default() };
    collect(&name_of(&path), &fs::read(&path).expect("readable"), &options)
}

fn shown(outcome: Result<Collected>) -> Value {
    let found = match outcome {
        Ok(found) => found,
        Err(error) => return json!({"error": {"kind": error.kind().name(), "message": error.message()}}),
    };
    let report = &found.report;
    let warning =
        |w: &Warning| json!({"code": w.code, "place": w.place.as_ref().map(place), "message": w.message});
    let parts = found.parts.iter().map(|part| {
        let layout = Layout::new(part.places.clone());
        let places = part.places.iter().map(|(range, at)| {
            // Of a line on a page, what a citation of all of it says.
            let whole = layout.locate(&part.text, *range).filter(|_| matches!(at, Place::Page { .. }));
            json!({"start": range.start(), "end": range.end(), "place": place(whole.as_ref().unwrap_or(at))})
        });
        json!({"text": part.text, "places": places.collect::<Vec<_>>()})
    });
    let records = found.records.iter().map(|record| {
        json!({"key": record.key, "text": record.text, "place": place(&record.place), "meta": record.meta})
    });
    json!({
        "report": {
            "format": report.format, "encoding": report.encoding, "meta": report.meta, "records": report.records,
            "pages": report.pages, "pages_without_text": report.pages_without_text, "tables": report.tables,
            "dropped": report.dropped.iter().map(dropped).collect::<Vec<_>>(),
            "warnings": report.warnings.iter().map(warning).collect::<Vec<_>>(),
        },
        "parts": parts.collect::<Vec<_>>(),
        "records": records.collect::<Vec<_>>(),
    })
}

fn place(place: &Place) -> Value {
    match place {
        Place::Section { headings, first_line, last_line } => {
            json!({"headings": headings, "lines": [first_line, last_line]})
        }
        Place::Row { number } => json!({"row": number}),
        Place::Text { headings, first_line, last_line } => {
            json!({"headings": headings, "text_lines": [first_line, last_line]})
        }
        Place::Page { headings, areas } => {
            json!({"headings": headings, "areas": areas.iter().map(area).collect::<Vec<_>>()})
        }
        other => json!(other.label()),
    }
}

/// A page with its boxes, to a tenth of a point.
fn area(area: &PageArea) -> Value {
    let tenth = |edge: f32| f64::from((edge * 10.0).round()) / 10.0;
    let boxes = area.boxes.iter().map(|b| [b.left, b.top, b.right, b.bottom].map(tenth));
    json!({"page": area.page, "boxes": boxes.collect::<Vec<_>>()})
}

fn dropped(dropped: &Dropped) -> Value {
    json!({"kind": dropped.kind, "text": dropped.text, "pages": dropped.pages, "reason": dropped.reason})
}
