//! Runs every case twice, and compares what was printed, on both streams, and how it ended.

use super::cases::{CASES, FILES};
use crate::program::{Outcome, Program, repository};
use crate::serve::{Running, SERVE};
use anyhow::{Context, ensure};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::Path;

pub(super) fn all() -> Outcome {
    let program = Program::new()?;
    let password = fill(&program)?;
    let served = program.files().join("../served");
    let mut serve = program.command(&SERVE);
    serve.env("PLLM_DATA_DIR", &served);
    let _running = Running::start(serve)?;
    for (words, code) in CASES {
        for form in ["text", "json"] {
            let mut words: Vec<String> = words
                .iter()
                .map(|word| word.replace("{form}", form).replace("{password}", &password))
                .collect();
            words.extend((form == "json").then(|| "--json".to_owned()));
            let here = ran(&program, &program.data(), &words)?;
            let there = ran(&program, &served, &words)?;
            ensure!(here.code == Some(*code), "{words:?} without a service: {here:#?}");
            let exact = form == "text" && words.iter().any(|word| word == "--text");
            ensure!(!exact || here == there, "{words:?}: the text is not the same byte for byte");
            ensure!(here.is_like(&there), "{words:?} without a service: {here:#?}\nwith one: {there:#?}");
        }
    }
    Ok(())
}

/// Makes the files of the cases; gives the password of the protected one.
fn fill(program: &Program) -> anyhow::Result<String> {
    std::fs::create_dir_all(program.files().join("in/deep"))?;
    for (name, text) in FILES {
        program.file(name, text)?;
    }
    let golden = repository().join("crates/ingest/tests/golden/pdf");
    for (from, to) in [("right-password", "locked.pdf"), ("two-columns", "pages.pdf")] {
        std::fs::copy(golden.join(from).join("input.pdf"), program.files().join(to))?;
    }
    std::fs::create_dir(program.files().join("set"))?;
    program.file(
        "set/corpus.jsonl",
        r#"{"id": "d1", "title": "Deposit", "text": "Äh, the tenant pays 1,350 euro."}"#,
    )?;
    program.file(
        "set/queries.jsonl",
        r#"{"id":"q1","text":"How much does the tenant pay?","answers":["1,350 euro"]}"#,
    )?;
    program.file("set/qrels.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1\n")?;
    let options: Value = serde_json::from_slice(&std::fs::read(golden.join("right-password/options.json"))?)?;
    Ok(options["passwords"][1].as_str().context("a password")?.to_owned())
}

/// What a run left behind, with its own data directory named `DATA`.
#[derive(Debug, PartialEq, Eq)]
struct Ran {
    code: Option<i32>,
    out: String,
    error: String,
    files: Vec<String>,
}

fn ran(program: &Program, data: &Path, words: &[String]) -> anyhow::Result<Ran> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let output = program.command(&words).env("PLLM_DATA_DIR", data).output()?;
    let named =
        |bytes: Vec<u8>| anyhow::Ok(String::from_utf8(bytes)?.replace(&data.display().to_string(), "DATA"));
    let written = program.files().join("out");
    let mut files = Vec::new();
    if written.exists() {
        for name in ["run.jsonl", "answers.jsonl"] {
            files.push(std::fs::read_to_string(written.join(name))?);
        }
        std::fs::remove_dir_all(&written)?;
    }
    Ok(Ran { code: output.status.code(), out: named(output.stdout)?, error: named(output.stderr)?, files })
}

impl Ran {
    /// Whether the other differs only in what differs from one run to the next.
    fn is_like(&self, other: &Self) -> bool {
        let same = self.code == other.code && self.files == other.files;
        same && lines(&self.out) == lines(&other.out) && lines(&self.error) == lines(&other.error)
    }
}

/// Lines in which times and the names that a collection's folder has are like any other; files end in any order.
fn lines(text: &str) -> BTreeSet<String> {
    let calm = |line: &str| match serde_json::from_str::<Value>(line) {
        Ok(json) => calm(json).to_string(),
        Err(_) => calm_line(line),
    };
    text.lines().map(calm).collect()
}

fn calm_line(line: &str) -> String {
    if line.trim_start().starts_with("on disk ") {
        return "on disk".to_owned();
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let calm = words.iter().enumerate().map(|(n, word)| {
        let measured = words.get(n + 1).is_some_and(|next| matches!(*next, "ms" | "s)"));
        if measured { "N".to_owned() } else { calm_word(word) }
    });
    calm.collect::<Vec<_>>().join(" ")
}

fn calm_word(word: &str) -> String {
    let is_time = word.len() == 20 && word.ends_with('Z') && word.as_bytes()[10] == b'T';
    let is_id = |part: &str| {
        part.len() == 17 && part.starts_with('c') && part[1..].chars().all(|c| c.is_ascii_hexdigit())
    };
    let parts = word.split('/').map(|part| if is_id(part) { "ID" } else { part });
    if is_time { "TIME".to_owned() } else { parts.collect::<Vec<_>>().join("/") }
}

/// The same for JSON.
fn calm(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(calm_line(&text)),
        Value::Array(all) => Value::Array(all.into_iter().map(calm).collect()),
        Value::Object(map) => Value::Object(map.into_iter().map(calm_entry).collect::<Map<_, _>>()),
        other => other,
    }
}

fn calm_entry((key, value): (String, Value)) -> (String, Value) {
    let value = match (key.as_str(), calm(value)) {
        (
            "timings" | "total_ms" | "seconds" | "seconds_median" | "seconds_p95" | "disk_bytes" | "rss_mb",
            _,
        ) => Value::Null,
        ("files", Value::Array(mut files)) => {
            files.sort_by_key(|file| file["path"].to_string());
            Value::Array(files)
        }
        (_, value) => value,
    };
    (key, value)
}

/// Every command and every option of it, by the help, is in a case. `serve` is the other side of all of them.
pub(super) fn complete() -> Outcome {
    let program = Program::new()?;
    let mut left = vec![Vec::new()];
    let mut commands = 0;
    while let Some(path) = left.pop() {
        let help = help(&program, &path)?;
        let inner = section(&help, "Commands:").into_iter().filter(|name| name != "help");
        let inner: Vec<Vec<String>> =
            inner.map(|name| path.iter().cloned().chain([name]).collect()).collect();
        if inner.is_empty() && path != ["serve"] {
            commands += 1;
            check(&path, &section(&help, "Options:"))?;
        }
        left.extend(inner);
    }
    ensure!(commands > 15, "the help names {commands} commands");
    Ok(())
}

fn help(program: &Program, path: &[String]) -> anyhow::Result<String> {
    let words: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
    program.text(&words)
}

/// Names of commands, or long names of options, below a head line; the global options have a head of their own.
fn section(help: &str, head: &str) -> Vec<String> {
    let below = help.lines().skip_while(|line| *line != head).skip(1);
    let inside = below.take_while(|line| line.is_empty() || line.starts_with(' '));
    let name = |line: &str| {
        let mut words = line.split_whitespace();
        match head {
            "Commands:" => {
                line.starts_with("  ").then(|| words.next()).flatten().filter(|_| !line.starts_with("   "))
            }
            _ if line.trim_start().starts_with('-') => words.find(|word| word.starts_with("--")),
            _ => None,
        }
        .map(str::to_owned)
    };
    inside.filter_map(name).filter(|name| name != "--help" && name != "--version").collect()
}

fn check(path: &[String], options: &[String]) -> Outcome {
    let of_it: Vec<_> = CASES
        .iter()
        .filter(|(words, _)| words.iter().zip(path).filter(|(a, b)| a == b).count() == path.len())
        .collect();
    ensure!(!of_it.is_empty(), "pllm {path:?} has no case");
    for option in options {
        let has = of_it.iter().any(|(words, _)| words.contains(&option.as_str()));
        ensure!(has, "pllm {path:?} has no case with {option}");
    }
    Ok(())
}
