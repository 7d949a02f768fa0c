//! Files and texts come in, are read in the background, and jobs tell how.

use crate::client::{Call, Part};
use crate::fixture::{Fixture, Outcome, pdf, plain, with_model};
use crate::limits::{incoming, with_collection};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("uploads::a_form_that_is_none_is_told", wrong_forms),
        plain("uploads::columns_of_a_table_are_shown", columns),
        plain("uploads::jobs_that_are_not_there_are_told", missing_jobs),
        with_model("uploads::one_bad_file_does_not_stop_the_others", upload),
        with_model("uploads::a_name_is_a_label_and_never_a_path", names),
        with_model("uploads::a_question_says_that_reading_goes_on", reading),
    ]
}

const SOURCES: &str = "/api/collections/c/sources";

/// The job at its end, as its stream tells it.
pub(crate) async fn ended(fixture: &Fixture, job: &Value) -> anyhow::Result<Value> {
    let events = fixture.send(&Call::get(format!("/api/jobs/{}/events", job["id"]))).await?.events()?;
    let (last, before) = events.split_last().context("an event")?;
    ensure!(last.0 == "done" && before.iter().all(|(name, _)| name == "job"), "{events:?}");
    Ok(last.1.clone())
}

async fn wrong_forms() -> Outcome {
    let fixture = Fixture::limited(&[("ingest.max_file_bytes", 1000)]).await?;
    with_collection(&fixture).await?;
    let file = || Part::file("a.txt", b"Something.");
    let large = Part::file("big.txt", &[b'x'; 2000]);
    let cases = [
        (Call::form(SOURCES, &[]), 400),
        (Call::form(SOURCES, &[Part::field("nonsense", "1")]), 400),
        (Call::form(SOURCES, &[file(), Part::field("options", "{}")]), 400),
        (Call::form(SOURCES, &[Part::field("options", "{\"nonsense\": 1}"), file()]), 400),
        (Call::form(SOURCES, &[Part::field("options", "{}")]), 400),
        (Call::form(SOURCES, &[large]), 413),
        (Call::form("/api/collections/none/sources", &[file()]), 404),
        (Call::form(SOURCES, &[file()]).cut(20), 400),
        (Call::post(SOURCES, &json!({})), 415),
        (Call::post("/api/collections/c/texts", &json!({"name": "n", "text": " "})), 400),
        (Call::post("/api/collections/none/texts", &json!({"name": "n", "text": "t"})), 404),
    ];
    for (n, (call, status)) in cases.iter().enumerate() {
        let problem = fixture.send(call).await?.json(*status).with_context(|| format!("case {n}"))?;
        ensure!(problem["request_id"].is_string(), "case {n}: {problem}");
    }
    ensure!(fixture.get("/api/jobs").await? == json!([]), "nothing became a job");
    fixture.stop().await
}

async fn columns() -> Outcome {
    let fixture = Fixture::empty().await?;
    with_collection(&fixture).await?;
    let long = "A very long answer. ".repeat(50);
    let table = format!(
        "key;question;answer;year\na1;Where is the key?;{long};2020\nb2;Who has the lamp?;Nobody has it;2021\n"
    );
    let call = |bytes: &[u8]| Call::form("/api/collections/c/columns", &[Part::file("faq.csv", bytes)]);
    let found = fixture.send(&call(table.as_bytes())).await?.json(200)?;
    let names: Vec<&str> = found["columns"]
        .as_array()
        .context("columns")?
        .iter()
        .filter_map(|column| column["name"].as_str())
        .collect();
    ensure!(names == ["key", "question", "answer", "year"], "{found}");
    ensure!(found["columns"][3]["samples"] == json!(["2020", "2021"]), "{found}");
    let proposed = json!({"content": names, "meta": ["key", "question", "year"], "id": null});
    ensure!(found["proposed"] == proposed, "{found}");
    let no_table = Call::form("/api/collections/c/columns", &[Part::file("a.md", b"# Only text\n")]);
    ensure!(fixture.send(&no_table).await?.json(422)?["kind"] == "unsupported", "no table");
    ensure!(fixture.get(SOURCES).await?["total"] == 0, "nothing is stored");
    fixture.stop().await
}

async fn missing_jobs() -> Outcome {
    let fixture = Fixture::empty().await?;
    for (call, status) in [
        (Call::get("/api/jobs/7"), 404),
        (Call::get("/api/jobs/7/events"), 404),
        (Call::new("POST", "/api/jobs/7/cancel"), 404),
        (Call::new("POST", "/api/jobs/7/retry"), 404),
        (Call::new("DELETE", "/api/jobs/7"), 404),
        (Call::get("/api/jobs/seven"), 400),
        (Call::get("/api/jobs?collection=none"), 404),
    ] {
        fixture.send(&call).await?.json(status)?;
    }
    fixture.stop().await
}

async fn upload() -> Outcome {
    let fixture = Fixture::with(&[]).await?;
    with_collection(&fixture).await?;
    let pdf = pdf(&["The deposit is 1,350 euro."]);
    let parts = [
        Part::field("options", r#"{"set": {"topic": "flat"}}"#),
        Part::file("flat/lease.pdf", &pdf),
        Part::file("bad.docx", b"PK\x03\x04 nothing more"),
        Part::file("boiler.txt", b"The boiler was serviced in March."),
    ];
    let reply = fixture.send(&Call::form(SOURCES, &parts)).await?;
    let job = reply.json(202)?;
    ensure!(
        reply.header("location").map(str::to_owned) == Some(format!("/api/jobs/{}", job["id"])),
        "{reply:?}"
    );
    ensure!(job["files_total"] == 3 && job["collection"] == "c" && job["kind"] == "ingest", "{job}");
    let job = ended(&fixture, &job).await?;
    ensure!(job["state"] == "failed" && job["files_done"] == 2 && job["files_failed"] == 1, "{job}");
    let states: Vec<&Value> =
        job["files"].as_array().context("files")?.iter().map(|file| &file["state"]).collect();
    ensure!(states == ["done", "failed", "done"], "{job}");
    ensure!(
        job["files"][0]["name"] == "flat/lease.pdf" && job["files"][1]["error"]["message"].is_string(),
        "{job}"
    );
    let listed = fixture.get("/api/jobs?collection=c").await?;
    ensure!(listed[0]["id"] == job["id"] && listed[0]["files"].is_null(), "{listed}");
    let ask = json!({"question": "How much is the deposit?", "filter": "topic = \"flat\""});
    let answer = fixture.post("/api/collections/c/ask", &ask).await?;
    ensure!(
        answer["citations"][0]["path"] == "uploads/flat/lease.pdf" && answer["reading"].is_null(),
        "{answer}"
    );
    ensure!(answer["citations"][0]["place"]["pages"][0]["boxes"][0].is_array(), "{answer}");
    let again = fixture.send(&Call::form(SOURCES, &parts[..2])).await?.json(202)?;
    let again = ended(&fixture, &again).await?;
    ensure!(again["files"][0]["state"] == "unchanged" && again["files"][0]["source"].is_string(), "{again}");
    let retried = fixture.send(&Call::new("POST", format!("/api/jobs/{}/retry", again["id"]))).await?;
    ensure!(retried.json(409)?["kind"] == "conflict", "nothing of it failed");
    let text = json!({"name": "Note", "text": "The cellar key hangs behind the door."});
    let pasted = fixture.send(&Call::post("/api/collections/c/texts", &text)).await?.json(202)?;
    let pasted = ended(&fixture, &pasted).await?;
    ensure!(pasted["state"] == "done" && pasted["files"][0]["name"] == "Note.txt", "{pasted}");
    let cancelled = fixture.send(&Call::new("POST", format!("/api/jobs/{}/cancel", pasted["id"]))).await?;
    ensure!(cancelled.json(200)?["state"] == "done", "what has ended stays as it is");
    ensure!(incoming(&fixture.data())? == 1, "the bytes of the bad file are kept");
    let removed = fixture.send(&Call::new("DELETE", format!("/api/jobs/{}", job["id"]))).await?;
    ensure!(
        removed.status == 204 && incoming(&fixture.data())? == 0,
        "until its job is removed: {removed:?}"
    );
    fixture.send(&Call::get(format!("/api/jobs/{}", job["id"]))).await?.json(404)?;
    ensure!(fixture.get("/api/collections/c/sources").await?["total"] == 3, "what was stored stays");
    fixture.stop().await
}

async fn names() -> Outcome {
    let fixture = Fixture::with(&[]).await?;
    with_collection(&fixture).await?;
    let hostile = ["../../../etc/passwd", "/etc/shadow", "C:\\boot.ini", "..", "a\u{202e}fdp.exe.txt"];
    let parts: Vec<Part> =
        hostile.iter().map(|name| Part::file(name, format!("Content of {name:?}.").as_bytes())).collect();
    let job = fixture.send(&Call::form(SOURCES, &parts)).await?.json(202)?;
    let job = ended(&fixture, &job).await?;
    ensure!(job["state"] == "done", "{job}");
    for file in job["files"].as_array().context("files")? {
        let path = file["path"].as_str().context("a path")?;
        ensure!(path.starts_with("uploads/") && !path.contains("..") && !path.contains('\\'), "{path}");
        ensure!(path.chars().all(|c| !c.is_control() && c != '\u{202e}'), "{path:?}");
    }
    fixture.stop().await
}

async fn reading() -> Outcome {
    let fixture = Fixture::with(&[("boiler.txt", b"The boiler was serviced in March.")]).await?;
    let long: String =
        (0..400).map(|n| format!("Line {n} says nothing about what was asked at all.\n\n")).collect();
    let text = json!({"name": "long", "text": long});
    let job = fixture.send(&Call::post("/api/collections/default/texts", &text)).await?.json(202)?;
    let ask = json!({"question": "When was the boiler serviced?"});
    let answer = fixture.post("/api/collections/default/ask", &ask).await?;
    ensure!(answer["reading"] == json!({"jobs": 1, "files_left": 1}), "{answer}");
    let early = fixture.send(&Call::new("DELETE", format!("/api/jobs/{}", job["id"]))).await?;
    ensure!(early.json(409)?["hint"] == "stop it first", "{early:?}");
    ensure!(answer["citations"][0]["name"] == "boiler.txt", "{answer}");
    ensure!(ended(&fixture, &job).await?["state"] == "done", "it goes on");
    ensure!(fixture.post("/api/collections/default/ask", &ask).await?["reading"].is_null(), "it has ended");
    fixture.stop().await
}
