//! `pllm convert`: a line for every file, whatever becomes of it.

use crate::program::{Outcome, Program, plain, repository};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use serde_json::Value;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("convert::every_file_has_its_line_in_order", lines),
        plain("convert::text_is_for_people_and_problems_on_standard_error", text),
        plain("convert::a_password_opens_and_is_not_told", passwords),
        plain("convert::a_file_that_needs_too_much_costs_only_itself", limits),
    ]
}

fn parsed(out: &[u8]) -> anyhow::Result<Vec<Value>> {
    Ok(std::str::from_utf8(out)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// A protected file of the reader's own tests.
fn protected() -> String {
    repository().join("crates/ingest/tests/golden/pdf/password/input.pdf").display().to_string()
}

fn lines() -> Outcome {
    let program = Program::new()?;
    program.file("b.txt", "The gate is green.\n")?;
    program.file("c.csv", "name,age\nIda,7\nOtto,9\n")?;
    program.file("blank.md", " \n")?;
    program.file("broken.json", "{\"a\": ")?;
    std::fs::create_dir_all(program.files().join("sub/.hidden"))?;
    program.file("sub/z.txt", "last")?;
    program.file("sub/a.txt", "first")?;
    program.file("sub/.hidden/x.txt", "not seen")?;
    let protected = protected();
    let paths = ["c.csv", "nowhere.txt", "b.txt", "sub", "broken.json", "blank.md", &protected, "b.txt"];
    let out = program.run(&[&["convert", "--jsonl"][..], &paths].concat(), 5)?.stdout;
    let told = parsed(&out)?;
    let seen: Vec<_> = told.iter().map(|line| (&line["file"], line["status"].as_str())).collect();
    let expected = [
        ("c.csv", "ok"),
        ("nowhere.txt", "error"),
        ("b.txt", "ok"),
        ("sub/a.txt", "ok"),
        ("sub/z.txt", "ok"),
        ("broken.json", "error"),
        ("blank.md", "empty"),
        (&protected, "password"),
        ("b.txt", "ok"),
    ];
    ensure!(
        seen.iter()
            .map(|(file, status)| (file.as_str(), *status))
            .eq(expected.iter().map(|(file, status)| (Some(*file), Some(*status)))),
        "{seen:?}"
    );
    ensure!(
        told[0]["text"] == "| name | age |\n| Ida | 7 |\n| Otto | 9 |\n" && told[0]["report"]["tables"] == 1
    );
    ensure!(told[1]["error"]["kind"] == "not found" && told[1]["text"] == "", "{}", told[1]);
    ensure!(told[2]["rss_mb"].as_f64().is_some_and(|mb| mb > 1.0), "{}", told[2]);
    ensure!(told[2]["report"]["format"] == "txt" && told[2]["report"]["encoding"] == "UTF-8", "{}", told[2]);
    ensure!(told[7]["error"]["hint"].as_str().is_some_and(|hint| hint.contains("--password")), "{}", told[7]);
    ensure!(!program.data().exists(), "no library is made");
    Ok(())
}

fn text() -> Outcome {
    let program = Program::new()?;
    program.file("a.txt", "Ärger im Hafen")?;
    ensure!(program.text(&["convert", "a.txt"])? == "Ärger im Hafen\n");
    let output = program.run(&["convert", "a.txt", "nowhere.txt"], 5)?;
    ensure!(output.stdout == "==> a.txt <==\nÄrger im Hafen\n".as_bytes());
    let told = String::from_utf8(output.stderr)?;
    ensure!(told.starts_with("not converted: nowhere.txt: the file cannot be read"), "{told}");
    program.run(&["convert"], 2)?;
    Ok(())
}

fn passwords() -> Outcome {
    let program = Program::new()?;
    let options = repository().join("crates/ingest/tests/golden/pdf/right-password/options.json");
    let options: Value = serde_json::from_slice(&std::fs::read(options)?)?;
    let password = options["passwords"][1].as_str().context("a password")?;
    let file = repository().join("crates/ingest/tests/golden/pdf/right-password/input.pdf");
    let file = file.display().to_string();
    program.file("passwords", &format!("wrong-one\n\n{password}\n"))?;
    for how in [["--password", password], ["--password-file", "passwords"]] {
        let out = program.run(&["convert", "--jsonl", &file, how[0], how[1]], 0)?.stdout;
        ensure!(parsed(&out)?[0]["status"] == "ok");
    }
    let output = program.run(&["convert", "--jsonl", &file, "--password", "wrong-one", "-vv"], 5)?;
    ensure!(parsed(&output.stdout)?[0]["status"] == "password");
    let all = [output.stdout, output.stderr].concat();
    ensure!(!String::from_utf8_lossy(&all).contains("wrong-one"), "passwords are not told");
    Ok(())
}

/// A page whose content unpacks from 4 KiB to a gigabyte: run lengths of run lengths of run lengths.
fn bomb() -> Vec<u8> {
    let head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>endobj\n\
        4 0 obj<</Length 4096/Filter[/RunLengthDecode/RunLengthDecode/RunLengthDecode]>>stream\n";
    let tail = b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\n%%EOF\n";
    [&head[..], &[129; 4096], tail].concat()
}

fn limits() -> Outcome {
    let program = Program::new()?;
    std::fs::write(program.files().join("bomb.pdf"), bomb())?;
    program.file("small.txt", "still here")?;
    let told = parsed(&program.run(&["convert", "--jsonl", "bomb.pdf", "small.txt"], 5)?.stdout)?;
    ensure!(told[0]["status"] == "error" && told[0]["error"]["kind"] == "too large", "{}", told[0]);
    ensure!(
        told[0]["error"]["hint"].as_str().is_some_and(|hint| hint.contains("ingest.max_memory_mb")),
        "{}",
        told[0]
    );
    ensure!(told[1]["status"] == "ok" && told[1]["text"] == "still here", "{}", told[1]);
    Ok(())
}
