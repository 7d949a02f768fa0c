//! Traces over HTTP: an answer names its own, which is shown, asked again and removed.

use crate::client::Call;
use crate::fixture::{Fixture, Outcome, plain, with_model};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use serde_json::json;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("traces::an_answer_names_its_trace", named),
        plain("traces::what_is_not_there_is_told", missing),
    ]
}

const LEASE: &str = "# Lease\n\n## Deposit\n\nThe tenant pays a deposit of 1,350 euro to the landlord.\n";
const ASK: &str = "/api/collections/default/ask";

async fn named() -> Outcome {
    let fixture = Fixture::with(&[("lease.md", LEASE.as_bytes())]).await?;
    let question = json!({"question": "How much is the deposit?"});
    let answer = fixture.post(ASK, &question).await?;
    let streamed = fixture.send(&Call::post(ASK, &question).with("accept", "text/event-stream")).await?;
    let events = streamed.events()?;
    let last = events.iter().rfind(|(name, _)| name == "answer").context("an answer")?;
    ensure!((&answer["trace"], &last.1["trace"]) == (&json!(1), &json!(2)), "{answer}, {}", last.1);
    // At once: nobody waits for the writing, and nobody comes too early.
    let trace = fixture.get("/api/traces/2").await?;
    ensure!(trace["candidates"][0]["at"]["name"] == "lease.md", "{trace}");
    ensure!(trace["citations"][0]["at"]["text"] == answer["citations"][0]["quote"], "{trace}");
    let replay = fixture.post("/api/traces/1/replay", &json!(null)).await?;
    ensure!(replay["identical"] == true && replay["moved"] == json!([]), "{replay}");
    let listed = fixture.get("/api/traces?collection=default&limit=1").await?;
    ensure!(listed.as_array().map(Vec::len) == Some(1) && listed[0]["id"] == 2, "{listed}");
    let deleted = fixture.send(&Call::new("DELETE", "/api/traces?collection=default")).await?.json(200)?;
    ensure!(deleted == json!({"traces": 2}), "{deleted}");
    ensure!(fixture.get("/api/traces").await? == json!([]));
    fixture.stop().await
}

async fn missing() -> Outcome {
    let fixture = Fixture::empty().await?;
    for (target, status) in [
        ("/api/traces/7", 404),
        ("/api/traces/x", 400),
        ("/api/traces?limit=0", 400),
        ("/api/traces?collection=nothing", 404),
    ] {
        let reply = fixture.send(&Call::get(target)).await?;
        ensure!(reply.status == status, "{target}: {reply:?}");
    }
    let hint = fixture.send(&Call::get("/api/traces/7")).await?.json(404)?;
    ensure!(hint["hint"].as_str().is_some_and(|hint| hint.contains("30 days")), "{hint}");
    fixture.stop().await
}
