//! Commands, what they print, and how they end.

use crate::program::{Outcome, Program, plain, with_model};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use pllm_runtime::DirectoryLock;
use serde_json::Value;
use std::time::{Duration, Instant};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("commands::help_teaches_every_command", help),
        plain("commands::exit_codes_tell_things_apart", exit_codes),
        plain("commands::a_held_data_directory_is_waited_for_and_then_named", held),
        plain("commands::settings_are_shown_with_their_origin", settings),
        plain("commands::pipelines_are_checked_with_the_line", pipelines),
        with_model("commands::collections_are_made_shown_and_deleted", None, collections),
        with_model("commands::an_answer_as_json_points_into_the_printed_text", None, ask_json),
        with_model("commands::a_table_is_filtered_by_its_columns", None, table),
        with_model("commands::a_failed_file_is_told_and_the_rest_is_there", None, partly),
        with_model("commands::the_doctor_misses_what_is_gone", None, doctor),
        with_model("commands::questions_on_own_documents_are_measured", None, evaluate_own),
        with_model("commands::a_set_is_measured_in_a_throw_away_collection", None, evaluate_set),
    ]
}

fn help() -> Outcome {
    let program = Program::new()?;
    let top = program.text(&["--help"])?;
    for command in [
        "ingest",
        "convert",
        "search",
        "ask",
        "collections",
        "sources",
        "eval",
        "models",
        "config",
        "doctor",
        "pipeline",
        "serve",
    ] {
        ensure!(top.contains(&format!("\n  {command} ")), "{command} is in the help:\n{top}");
        let help = program.text(&[command, "--help"])?;
        ensure!(help.contains("Usage: pllm") && help.len() > 300, "{command}:\n{help}");
    }
    ensure!(top.contains("Exit codes:") && top.contains("First steps:"), "{top}");
    Ok(())
}

fn exit_codes() -> Outcome {
    let program = Program::new()?;
    program.run(&["ask"], 2)?;
    program.run(&["search", "x", "--filter", "year >>= 3"], 2)?;
    program.run(&["collections", "create", " "], 2)?;
    let output = program.run(&["ask", "What?", "--collection", "nothing", "--json"], 3)?;
    let error: Value = serde_json::from_slice(&output.stderr)?;
    ensure!(error["error"]["kind"] == "not found" && error["error"]["hint"].is_string(), "{error}");
    program.run(&["pipeline", "show", "nothing"], 3)?;
    for missing in [["pipeline", "check", "nothing.yaml"], ["config", "check", "--config=nothing.toml"]] {
        let output = program.run(&missing, 3)?;
        let told = String::from_utf8(output.stderr)?;
        ensure!(told.contains("nothing.") && told.contains("No such file"), "{told}");
    }
    let output = program.run(&["ask", "--json", "--nonsense"], 2)?;
    let error: Value = serde_json::from_slice(&output.stderr)?;
    ensure!(error["error"]["kind"] == "invalid input" && output.stdout.is_empty(), "{error}");
    ensure!(error["error"]["message"].as_str().is_some_and(|told| told.contains("--nonsense")), "{error}");
    Ok(())
}

fn held() -> Outcome {
    let program = Program::new()?;
    std::fs::create_dir_all(program.data())?;
    let lock = DirectoryLock::acquire(&program.data(), "pllm something", Duration::ZERO)?;
    let began = Instant::now();
    let output = program.run(&["collections", "list"], 4)?;
    ensure!(began.elapsed() >= Duration::from_secs(2), "it waits 2 s, it waited {:?}", began.elapsed());
    let told = String::from_utf8(output.stderr)?;
    ensure!(told.contains(&format!("pllm something (process {}", std::process::id())), "{told}");
    drop(lock);
    program.text(&["collections", "list"])?;
    Ok(())
}

fn settings() -> Outcome {
    let program = Program::new()?;
    let shown = program.json(&["config", "show"])?;
    ensure!(shown["data_dir"]["origin"] == "environment PLLM_DATA_DIR", "{shown}");
    ensure!(shown["search.top_k"]["origin"] == "built in", "{shown}");
    let file = program.file("bad.toml", "threads = \"many\"\nnonsense = 1\n")?;
    let output = program.run(&["config", "check", "--config", &file.display().to_string()], 2)?;
    let told = String::from_utf8(output.stderr)?;
    ensure!(told.contains("threads") && told.contains("nonsense"), "{told}");
    Ok(())
}

fn pipelines() -> Outcome {
    let program = Program::new()?;
    for name in ["index", "ask", "extract"] {
        let shown = program.text(&["pipeline", "show", name])?;
        ensure!(shown.contains("components:"), "{shown}");
    }
    ensure!(program.text(&["pipeline", "show"])?.contains("pllm.Joiner"), "kinds are shown");
    let file = program.file("bad.yaml", "components:\n  a: { type: pllm.Raeder }\nconnections: []\n")?;
    let output = program.run(&["pipeline", "check", &file.display().to_string()], 2)?;
    let told = String::from_utf8(output.stderr)?;
    ensure!(told.contains("bad.yaml:2:") && told.contains("pllm.Reader"), "{told}");
    Ok(())
}

fn collections() -> Outcome {
    let program = Program::new()?;
    program.text(&["collections", "create", "Meine Notizen", "--language", "de,en"])?;
    program.run(&["collections", "create", "Meine Notizen"], 1)?;
    let shown = program.json(&["collections", "show", "Meine Notizen"])?;
    ensure!(shown["documents"] == 0 && shown["languages"][0] == "de", "{shown}");
    program.text(&["collections", "delete", "Meine Notizen"])?;
    let listed = program.json(&["collections", "list"])?;
    ensure!(listed.as_array().is_some_and(Vec::is_empty), "{listed}");
    let doctor = program.json(&["doctor"])?;
    ensure!(doctor["well"] == true, "{doctor}");
    Ok(())
}

const LEASE: &str = "---\ntitle: Lease of the flat\n---\n# Lease\n\nÄußerst wichtig 🏠: read all of it.\n\n## Deposit\n\n\
    The tenant pays a deposit of 1,350 euro to the landlord. It is given back after she moves out.\n";

fn ask_json() -> Outcome {
    let program = Program::new()?;
    program.file("lease.md", LEASE)?;
    program.text(&["ingest", "."])?;
    let question = "How much is the deposit that the tenant pays?";
    let answer = program.json(&["ask", question])?;
    let citation = &answer["citations"][0];
    let text =
        program.text(&["sources", "show", citation["source"].as_str().context("a source")?, "--text"])?;
    let number = |key: &str| citation[key].as_u64().and_then(|n| usize::try_from(n).ok()).context("a number");
    let quote: String = text.chars().skip(number("start")?).take(number("end")? - number("start")?).collect();
    ensure!(citation["quote"] == quote.as_str() && quote.contains("1,350 euro"), "{answer}");
    ensure!(answer["answer"] == quote.as_str() && answer["abstained"] == false, "{answer}");
    ensure!(answer["question"] == question && citation["n"] == 1, "{answer}");
    ensure!(citation["place"]["kind"] == "section" && citation["place"]["first_line"] == 10, "{answer}");
    ensure!(citation["path"].as_str().is_some_and(|path| path.ends_with("files/lease.md")), "{answer}");
    ensure!(answer["confidence"].is_f64() && answer["timings"]["total_ms"].is_f64(), "{answer}");
    let human = program.text(&["ask", question])?;
    ensure!(human.contains("[1] lease.md, “Deposit”, line 10") && human.contains(&quote), "{human}");
    Ok(())
}

fn table() -> Outcome {
    let program = Program::new()?;
    program.file("faq.csv", "key,question,answer,year\na,Where is it?,In the cellar.,2019\nb,Where is it now?,In the attic.,2023\n")?;
    program.text(&["ingest", "faq.csv", "--content", "question,answer", "--meta", "year", "--id", "key"])?;
    let found = program.json(&["search", "where is it", "--filter", "year >= 2020"])?;
    ensure!(found["documents"].as_array().map(Vec::len) == Some(1), "{found}");
    let document = &found["documents"][0];
    ensure!(document["content"] == "question: Where is it now?\nanswer: In the attic.", "{found}");
    ensure!(document["place"]["row"] == 2 && document["meta"]["year"] == 2023, "{found}");
    let haystack = r#"{"field": "meta.year", "operator": "<", "value": 2020}"#;
    let listed = program.json(&["sources", "list", "--filter", haystack])?;
    ensure!(listed.as_array().map(Vec::len) == Some(1) && listed[0]["kind"] == "row", "{listed}");
    let listed = program.json(&["sources", "list"])?;
    ensure!(listed[0]["rows"] == 2 && listed[0]["documents"] == 2, "{listed}");
    program.text(&["ingest", "faq.csv", "--set", "zip=\"10115\"", "--set", "floor=3"])?;
    let typed = program.json(&["sources", "list", "--filter", "zip = \"10115\" and floor = 3"])?;
    ensure!(typed.as_array().map(Vec::len) == Some(2), "{typed}");
    let unknown = program.run(&["ingest", "faq.csv", "--content", "nonsense"], 5)?;
    ensure!(String::from_utf8(unknown.stderr)?.contains("nonsense"), "the unknown column is named");
    Ok(())
}

fn partly() -> Outcome {
    let program = Program::new()?;
    program.file("good.txt", "The boiler was serviced in March.")?;
    program.file("bad.pdf", "%PDF-1.7\n%\u{e2}\u{e3}")?;
    let output = program.run(&["ingest", ".", "--json"], 5)?;
    let summary: Value = serde_json::from_slice(&output.stdout)?;
    ensure!(summary["failed"] == 1 && summary["documents"] == 1, "{summary}");
    ensure!(String::from_utf8(output.stderr)?.contains("bad.pdf"), "the file is named");
    let listed = program.json(&["sources", "list"])?;
    ensure!(listed.as_array().map(Vec::len) == Some(1), "{listed}");
    Ok(())
}

fn doctor() -> Outcome {
    let program = Program::new()?;
    program.file("lease.md", LEASE)?;
    program.text(&["ingest", "."])?;
    ensure!(program.json(&["doctor"])?["well"] == true, "all is well");
    let folder = program.json(&["collections", "show", "default"])?["folder"].clone();
    std::fs::remove_dir_all(std::path::Path::new(folder.as_str().context("a folder")?).join("text"))?;
    let told = String::from_utf8(program.run(&["doctor"], 1)?.stdout)?;
    ensure!(told.contains("the text of lease.md"), "{told}");
    Ok(())
}

fn evaluate_own() -> Outcome {
    let program = Program::new()?;
    program.file("lease.md", LEASE)?;
    program.text(&["ingest", "lease.md"])?;
    let line = r#"{"id":"q1","question":"How much is the deposit that the tenant pays?","answers":["1,350 euro"],"gold":[{"file":"lease.md","quote":"deposit of 1,350 euro"}]}"#;
    let questions = program.file("questions.jsonl", line)?.display().to_string();
    let report = program.json(&["eval", "--questions", &questions, "--out", "out"])?;
    let source = program.json(&["sources", "list"])?[0]["id"].clone();
    let run: Value =
        serde_json::from_str(std::fs::read_to_string(program.files().join("out/run.jsonl"))?.trim())?;
    ensure!(run["hits"].as_array().map(Vec::len) == Some(1) && run["hits"][0]["doc"] == source, "{run}");
    ensure!(report["recall_10"] == 1.0 && report["first_citation"] == 1.0, "{report}");
    program.file("questions.jsonl", &line.replace("of 1,350", "of 9,999"))?;
    let wrong = program.run(&["eval", "--questions", &questions], 2)?;
    ensure!(String::from_utf8(wrong.stderr)?.contains("9,999"), "the missing quote is named");
    Ok(())
}

fn evaluate_set() -> Outcome {
    let program = Program::new()?;
    let document = |id: &str, title: &str, text: &str| {
        serde_json::json!({"id": id, "title": title, "text": text}).to_string()
    };
    let corpus = [
        document("d1", "Deposit", "Äh, the tenant pays 1,350 euro to the landlord."),
        document("d2", "Boiler", "It was serviced in March."),
    ];
    program.file("corpus.jsonl", &corpus.join("\n"))?;
    program.file("queries.jsonl", r#"{"id":"q1","text":"How much deposit does the tenant pay?","answers":["1,350 euro"],"answerable":true}"#)?;
    program.file("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1\n")?;
    for extra in [&[][..], &["--given"], &["--mode", "keyword"]] {
        let arguments: Vec<&str> =
            ["eval", "--set", ".", "--out", "out"].iter().chain(extra).copied().collect();
        let report = program.json(&arguments)?;
        ensure!(report["first_citation"] == 1.0, "{extra:?}: {report}");
        ensure!(extra == ["--given"] || report["ndcg_10"] == 1.0, "{extra:?}: {report}");
        let answers = std::fs::read_to_string(program.files().join("out/answers.jsonl"))?;
        let answer: Value = serde_json::from_str(answers.trim())?;
        let citation = &answer["citations"][0];
        ensure!(citation["doc"] == "d1" && citation["start"] == 0 && citation["end"] == 47, "{answer}");
    }
    let given = program.json(&["eval", "--set", ".", "--given"])?;
    ensure!(given["judged"] == 0, "nothing is retrieved, so nothing of it is counted: {given}");
    program.file("corpus.jsonl", &[&corpus[..], &corpus[..1]].concat().join("\n"))?;
    let twice = program.run(&["eval", "--set", "."], 2)?;
    ensure!(String::from_utf8(twice.stderr)?.contains("\"d1\""), "the id that stands twice is named");
    ensure!(!program.data().join("collections").exists(), "the user's data directory is not touched");
    Ok(())
}
