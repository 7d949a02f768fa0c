//! How the service ends: nobody new comes in, what is under way is answered, and then it is over.

use crate::client::{Call, Part, Reply};
use crate::fixture::{Fixture, Outcome, plain, with_model};
use crate::limits::{begin_long, incoming, with_collection};
use anyhow::ensure;
use libtest_mimic::Trial;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("ending::what_is_under_way_is_answered", under_way),
        plain("ending::an_idle_connection_holds_nothing_up", idle),
        with_model("ending::asks_uploads_and_streams_hold_it_up_for_its_time_at_most", busy),
    ]
}

async fn under_way() -> Outcome {
    let mut fixture = Fixture::empty().await?;
    let call = Call::post("/api/collections", &json!({"name": "late"})).with("expect", "100-continue");
    let (head, body) = call.bytes(fixture.port);
    let mut stream = TcpStream::connect(("127.0.0.1", fixture.port)).await?;
    stream.write_all(&head).await?;
    // The server asks for the body, so it is in the middle of the request.
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).await?;
    ensure!(asked.starts_with(b"HTTP/1.1 100"), "{asked:?}");
    fixture.begin_stop();
    let deadline = Instant::now() + Duration::from_secs(5);
    while TcpStream::connect(("127.0.0.1", fixture.port)).await.is_ok() {
        ensure!(Instant::now() < deadline, "it still accepts");
        tokio::task::yield_now().await;
    }
    stream.write_all(&body).await?;
    ensure!(Reply::read(stream).await?.json(201)?["name"] == "late");
    fixture.stop().await
}

async fn idle() -> Outcome {
    let fixture = Fixture::empty().await?;
    let (head, _) = Call::get("/livez").bytes(fixture.port);
    let mut stream = TcpStream::connect(("127.0.0.1", fixture.port)).await?;
    let kept = String::from_utf8(head)?.replace("connection: close", "connection: keep-alive");
    stream.write_all(kept.as_bytes()).await?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await?;
    ensure!(answer.starts_with(b"HTTP/1.1 200"), "{answer:?}");
    let began = Instant::now();
    fixture.stop().await?;
    ensure!(began.elapsed() < Duration::from_secs(5), "it waited {:?}", began.elapsed());
    Ok(())
}

/// A job that is read, its stream, questions and half an upload are under way; the upload never ends.
async fn busy() -> Outcome {
    // By the patience with a slow client it would not end.
    let limits = [("server.stop_seconds", 1), ("server.client_seconds", 3600)];
    let mut fixture = Fixture::with_limits(&[], &limits).await?;
    with_collection(&fixture).await?;
    let job = begin_long(&fixture).await?;
    let events = Call::get(format!("/api/jobs/{}/events", job["id"]));
    let (mut events, began) = events.begin(fixture.port).await?;
    ensure!(began.starts_with("HTTP/1.1 200"), "{began}");
    let upload = Call::form("/api/collections/c/sources", &[Part::file("half.txt", &[b'x'; 600_000])]);
    let (head, body) = upload.bytes(fixture.port);
    let mut half = TcpStream::connect(("127.0.0.1", fixture.port)).await?;
    half.write_all(&head).await?;
    half.write_all(&body[..body.len() - 1000]).await?;
    let began = Instant::now();
    while incoming(&fixture.data())? < 2 {
        ensure!(began.elapsed() < LATE, "the upload does not begin");
    }
    let (port, call) =
        (fixture.port, Call::post("/api/collections/c/ask", &json!({"question": "Which crane?"})));
    let asked = tokio::spawn(async move { call.send(port).await });
    let began = Instant::now();
    fixture.begin_stop();
    let mut told = Vec::new();
    tokio::time::timeout(LATE, events.read_to_end(&mut told)).await??;
    let cut = Reply::read(half).await;
    ensure!(cut.is_err(), "half an upload is no upload: {cut:?}");
    // Either it came in before the end began, or it was not let in.
    if let Ok(reply) = asked.await? {
        ensure!([200, 503].contains(&reply.status), "{reply:?}");
    }
    let fixture = fixture.restart().await?;
    ensure!(began.elapsed() < LATE, "it took {:?}", began.elapsed());
    let jobs = fixture.get("/api/jobs?collection=c").await?;
    ensure!(jobs.as_array().map(Vec::len) == Some(1) && jobs[0]["attempts"].as_u64() <= Some(2), "{jobs}");
    ensure!(["queued", "running"].iter().any(|state| jobs[0]["state"] == *state), "it goes on: {jobs}");
    ensure!(incoming(&fixture.data())? == 1, "of the upload nothing is left");
    fixture.stop().await
}

/// When something that should have ended has not; a piece of a file is read to its end, and that takes long on a busy machine.
const LATE: Duration = Duration::from_secs(120);
