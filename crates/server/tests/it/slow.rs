//! Clients that are slow, in sending or in reading, are cut when their time is over and hold nothing up until then.

use crate::client::{Call, Part, Reply};
use crate::fixture::{Fixture, Outcome, plain};
use crate::limits::{nothing_is_left, with_collection};
use anyhow::ensure;
use libtest_mimic::Trial;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("slow::a_head_that_does_not_end_is_cut", head),
        plain("slow::a_body_that_does_not_end_is_refused_and_leaves_nothing", body),
        plain("slow::whoever_waits_for_a_connection_gets_one", connections),
        plain("slow::a_stream_that_nobody_reads_is_cut", reader),
    ]
}

/// A client's time; everything waits for the service, never for a clock.
const SECOND: (&str, u64) = ("server.client_seconds", 1);
/// When something that should have been cut was not.
const LATE: Duration = Duration::from_secs(20);

/// What comes until the service closes the connection.
async fn until_closed(stream: &mut TcpStream) -> anyhow::Result<String> {
    let mut told = Vec::new();
    // A connection that is cut while something is still on its way to it ends with an error.
    let _ = tokio::time::timeout(LATE, stream.read_to_end(&mut told)).await?;
    Ok(String::from_utf8_lossy(&told).into_owned())
}

async fn head() -> Outcome {
    let fixture = Fixture::limited(&[SECOND]).await?;
    let began = Instant::now();
    let mut silent = TcpStream::connect(("127.0.0.1", fixture.port)).await?;
    let mut half = TcpStream::connect(("127.0.0.1", fixture.port)).await?;
    half.write_all(b"GET /livez HTTP/1.1\r\nhost: local").await?;
    for stream in [&mut silent, &mut half] {
        let told = until_closed(stream).await?;
        ensure!(!told.contains("200"), "{told}");
    }
    ensure!(began.elapsed() >= Duration::from_secs(1), "they had their time");
    ensure!(fixture.send(&Call::get("/livez")).await?.status == 200, "it lives");
    fixture.stop().await
}

async fn body() -> Outcome {
    let fixture = Fixture::limited(&[SECOND, ("server.max_asks", 1)]).await?;
    with_collection(&fixture).await?;
    let calls = [
        Call::post("/api/collections/c/ask", &json!({"question": "Why?"})),
        Call::form("/api/collections/c/sources", &[Part::file("a.txt", &[b'x'; 100_000])]),
        Call::form("/api/collections/c/columns", &[Part::file("a.csv", b"a,b\n1,2\n")]),
    ];
    for call in &calls {
        let (head, body) = call.bytes(fixture.port);
        let mut slow = TcpStream::connect(("127.0.0.1", fixture.port)).await?;
        slow.write_all(&head).await?;
        slow.write_all(&body[..body.len() - 15]).await?;
        // It holds no place of those who ask.
        let other = fixture.send(&calls[0]).await?;
        ensure!(other.status == 404, "there is no model: {other:?}");
        let problem = Reply::read(slow).await?.json(408)?;
        ensure!(problem["type"] == "/problems/slow-request", "{problem}");
    }
    nothing_is_left(&fixture).await?;
    fixture.stop().await
}

async fn connections() -> Outcome {
    let fixture = Fixture::limited(&[SECOND, ("server.max_connections", 4)]).await?;
    let mut silent = Vec::new();
    for _ in 0..8 {
        silent.push(TcpStream::connect(("127.0.0.1", fixture.port)).await?);
    }
    let reply = tokio::time::timeout(LATE, fixture.send(&Call::get("/livez"))).await??;
    ensure!(reply.status == 200, "{reply:?}");
    fixture.stop().await
}

/// Of a job with very many files that are refused, one event is more than any buffer on the way takes.
async fn reader() -> Outcome {
    let limits = [
        SECOND,
        ("server.max_streams", 1),
        ("server.max_upload_files", 20_000),
        ("ingest.max_file_bytes", 1),
    ];
    let fixture = Fixture::limited(&limits).await?;
    with_collection(&fixture).await?;
    let long = "x".repeat(100);
    let mut parts: Vec<Part> = (0..15_000).map(|n| Part::file(&format!("{n}{long}.txt"), b"much")).collect();
    parts.push(Part::file("small.txt", b"x"));
    let job = fixture.send(&Call::form("/api/collections/c/sources", &parts)).await?.json(202)?;
    let events = Call::get(format!("/api/jobs/{}/events", job["id"]));
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4096)?;
    let mut deaf = socket.connect(([127, 0, 0, 1], fixture.port).into()).await?;
    deaf.write_all(&events.bytes(fixture.port).0).await?;
    let mut began = [0; 12];
    deaf.read_exact(&mut began).await?;
    ensure!(began.starts_with(b"HTTP/1.1 200"), "{began:?}");
    // It has the one place there is, until its time is over.
    ensure!(fixture.send(&events).await?.status == 429, "the place is taken");
    let waited = Instant::now();
    while fixture.send(&events).await?.status != 200 {
        ensure!(waited.elapsed() < LATE, "nobody reads the stream, and it is still open");
    }
    drop(deaf);
    fixture.stop().await
}
