//! How the service ends: nobody new comes in, what is under way is answered, and then it is over.

use crate::client::{Call, Reply};
use crate::fixture::{Fixture, Outcome, plain};
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
