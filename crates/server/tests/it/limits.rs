//! What is beyond a limit is told so and told to come back; the service stays as it was, and nothing is left behind.

use crate::client::{Call, Part, Reply};
use crate::fixture::{Fixture, Outcome, plain, with_model};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("limits::more_questions_than_may_wait_are_told_to_come_back", asks),
        plain("limits::an_upload_beyond_a_limit_leaves_nothing", uploads),
        with_model("limits::more_streams_than_may_be_open_are_refused", streams),
        with_model("limits::more_jobs_than_may_wait_are_refused_before_their_bytes", jobs),
        with_model("limits::an_archive_that_unpacks_to_too_much_costs_itself", bomb),
    ]
}

const SOURCES: &str = "/api/collections/c/sources";

/// How long a test waits for what happens in the background.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) async fn with_collection(fixture: &Fixture) -> Outcome {
    fixture.send(&Call::post("/api/collections", &json!({"name": "c"}))).await?.json(201)?;
    Ok(())
}

/// A refusal for now: its status, and when to come back.
pub(crate) fn comes_back(reply: &Reply) -> Outcome {
    let problem = reply.json(429)?;
    let after = reply.header("retry-after").and_then(|seconds| seconds.parse::<u64>().ok());
    ensure!(after.is_some_and(|seconds| seconds >= 1) && problem["kind"] == "overloaded", "{reply:?}");
    Ok(())
}

/// Questions stand still as long as somebody else holds the file of a store that has to be opened: one at its work, four in
/// the queue.
async fn asks() -> Outcome {
    let fixture = Fixture::limited(&[("server.max_asks", 1)]).await?;
    with_collection(&fixture).await?;
    let holder = held_store(&fixture.data())?;
    let mut asked = JoinSet::new();
    for _ in 0..12 {
        let port = fixture.port;
        let call = Call::post("/api/collections/c/ask", &json!({"question": "Why?"}));
        asked.spawn(async move { call.send(port).await });
    }
    for _ in 0..12 - 5 {
        comes_back(&asked.join_next().await.context("a reply")???)?;
    }
    ensure!(fixture.send(&Call::get("/livez")).await?.status == 200, "it lives");
    ensure!(asked.try_join_next().is_none(), "five are still waiting");
    holder.execute_batch("COMMIT")?;
    while let Some(reply) = asked.join_next().await {
        // They had their turn, and found that there is no model.
        ensure!(reply??.json(404)?["kind"] == "not found");
    }
    fixture.send(&Call::post("/api/collections/c/ask", &json!({"question": "Why?"}))).await?.json(404)?;
    fixture.stop().await
}

/// The one collection's store, not opened yet, in the hands of somebody else until they commit.
fn held_store(data: &Path) -> anyhow::Result<Connection> {
    let metadata = Connection::open(data.join("pllm.sqlite"))?;
    let id: String = metadata.query_row("SELECT id FROM collection", [], |row| row.get(0))?;
    let folder = data.join("collections").join(id);
    std::fs::create_dir_all(&folder)?;
    let holder = Connection::open(folder.join("chunks.1.sqlite"))?;
    holder.execute_batch("BEGIN EXCLUSIVE")?;
    Ok(holder)
}

/// Files that wait to be read, of any collection.
pub(crate) fn incoming(data: &Path) -> anyhow::Result<usize> {
    let mut count = 0;
    for collection in std::fs::read_dir(data.join("collections"))? {
        let folder = collection?.path().join("incoming");
        count += if folder.is_dir() { std::fs::read_dir(folder)?.count() } else { 0 };
    }
    Ok(count)
}

/// What was given up is removed in the background, and no job is made of it.
pub(crate) async fn nothing_is_left(fixture: &Fixture) -> Outcome {
    let began = Instant::now();
    while incoming(&fixture.data())? > 0 {
        ensure!(began.elapsed() < PATIENCE, "{} files are left", incoming(&fixture.data())?);
        tokio::task::yield_now().await;
    }
    ensure!(fixture.get("/api/jobs").await? == json!([]), "nothing became a job");
    Ok(())
}

async fn uploads() -> Outcome {
    let limits = [("server.max_upload_files", 3), ("server.max_upload_bytes", 300_000)];
    let fixture = Fixture::limited(&limits).await?;
    with_collection(&fixture).await?;
    let many: Vec<Part> = (0..4).map(|n| Part::file(&format!("{n}.txt"), b"Something.")).collect();
    let large = vec![b'x'; 200_000];
    let much = [Part::file("a.txt", &large), Part::file("b.txt", &large)];
    for (parts, most) in [(&many[..], "at most 3"), (&much[..], "at most 300000")] {
        let problem = fixture.send(&Call::form(SOURCES, parts)).await?.json(413)?;
        ensure!(problem["kind"] == "too large", "{problem}");
        ensure!(problem["detail"].as_str().is_some_and(|detail| detail.contains(most)), "{problem}");
        ensure!(problem["hint"].as_str().is_some_and(|hint| hint.contains("several uploads")), "{problem}");
        nothing_is_left(&fixture).await?;
    }
    fixture.send(&Call::form(SOURCES, &many[..3])).await?.json(202)?;
    fixture.stop().await
}

/// A text that takes long to be read.
fn long() -> Value {
    let text: String =
        (0..3000).map(|n| format!("Line {n} tells of crane {n} in the harbour.\n\n")).collect();
    json!({"name": "long", "text": text})
}

pub(crate) async fn begin_long(fixture: &Fixture) -> anyhow::Result<Value> {
    fixture.send(&Call::post("/api/collections/c/texts", &long())).await?.json(202)
}

async fn cancel(fixture: &Fixture, job: &Value) -> Outcome {
    fixture.send(&Call::new("POST", format!("/api/jobs/{}/cancel", job["id"]))).await?.json(200)?;
    Ok(())
}

async fn streams() -> Outcome {
    let fixture = Fixture::with_limits(&[], &[("server.max_streams", 1)]).await?;
    with_collection(&fixture).await?;
    let job = begin_long(&fixture).await?;
    let events = || Call::get(format!("/api/jobs/{}/events", job["id"]));
    let (first, began) = events().begin(fixture.port).await?;
    ensure!(began.starts_with("HTTP/1.1 200"), "{began}");
    comes_back(&fixture.send(&events()).await?)?;
    let ask = Call::post("/api/collections/c/ask", &json!({"question": "Why?"}));
    comes_back(&fixture.send(&ask.with("accept", "text/event-stream")).await?)?;
    let answer = fixture.post("/api/collections/c/ask", &json!({"question": "Why?"})).await?;
    ensure!(answer["abstained"].is_boolean(), "what is no stream is answered: {answer}");
    drop(first);
    let opened = Instant::now();
    // The service hears of it when it writes the next time.
    let (_second, again) = loop {
        let (stream, head) = events().begin(fixture.port).await?;
        if head.starts_with("HTTP/1.1 200") {
            break (stream, head);
        }
        ensure!(opened.elapsed() < PATIENCE, "the place of a client that left is not free: {head}");
    };
    ensure!(again.contains("text/event-stream"), "{again}");
    cancel(&fixture, &job).await?;
    fixture.stop().await
}

async fn jobs() -> Outcome {
    let fixture = Fixture::with_limits(&[], &[("server.max_queued_jobs", 1)]).await?;
    with_collection(&fixture).await?;
    // Of one collection, one job runs at a time.
    let running = begin_long(&fixture).await?;
    let began = Instant::now();
    while fixture.get(&format!("/api/jobs/{}", running["id"])).await?["state"] != "running" {
        ensure!(began.elapsed() < PATIENCE, "the first job does not begin");
    }
    let waiting = begin_long(&fixture).await?;
    let refused = [
        Call::post("/api/collections/c/texts", &json!({"name": "third", "text": "One too many."})),
        Call::form(SOURCES, &[Part::file("third.txt", b"One too many.")]),
    ];
    for call in &refused {
        comes_back(&fixture.send(call).await?)?;
    }
    ensure!(incoming(&fixture.data())? <= 2, "nothing of what was refused is kept");
    cancel(&fixture, &waiting).await?;
    fixture.send(&refused[0]).await?.json(202)?;
    cancel(&fixture, &running).await?;
    fixture.stop().await
}

/// A Word document whose text is small in the archive and enormous outside of it.
fn bomb_of(megabytes: usize) -> anyhow::Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("[Content_Types].xml", options)?;
    archive.write_all(br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#)?;
    archive.start_file("word/document.xml", options)?;
    archive.write_all(br#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>"#)?;
    for _ in 0..megabytes {
        archive.write_all(&[b'a'; 1 << 20])?;
    }
    archive.write_all(b"</w:t></w:r></w:p></w:body></w:document>")?;
    Ok(archive.finish()?.into_inner())
}

async fn bomb() -> Outcome {
    let fixture = Fixture::with(&[]).await?;
    with_collection(&fixture).await?;
    let bomb = bomb_of(600)?;
    ensure!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
    let parts =
        [Part::file("bomb.docx", &bomb), Part::file("note.txt", b"The boiler was serviced in March.")];
    let job = fixture.send(&Call::form(SOURCES, &parts)).await?.json(202)?;
    let ended = crate::uploads::ended(&fixture, &job).await?;
    ensure!(ended["files"][0]["state"] == "failed" && ended["files"][1]["state"] == "done", "{ended}");
    ensure!(ended["files"][0]["error"]["kind"] == "too large", "{ended}");
    let answer =
        fixture.post("/api/collections/c/ask", &json!({"question": "When was the boiler serviced?"})).await?;
    ensure!(answer["citations"][0]["name"] == "note.txt", "{answer}");
    fixture.stop().await
}
