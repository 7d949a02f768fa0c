//! Search and ask: the same shapes as the command line's, and the order of a stream.

use crate::client::Call;
use crate::fixture::{Fixture, Outcome, with_model};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("answers::an_answer_points_into_the_text", answer),
        with_model("answers::a_stream_tells_stages_then_the_answer_then_done", stream),
        with_model("answers::filters_are_read_in_both_forms", filters),
    ]
}

const LEASE: &str = "# Lease\n\nÄußerst wichtig 🏠: read all of it.\n\n## Deposit\n\n\
    The tenant pays a deposit of 1,350 euro to the landlord. It is given back after she moves out.\n";
const ASK: &str = "/api/collections/default/ask";

async fn answer() -> Outcome {
    let fixture = Fixture::with(&[("lease.md", LEASE.as_bytes())]).await?;
    let answer = fixture.post(ASK, &json!({"question": "How much is the deposit?"})).await?;
    let citation = &answer["citations"][0];
    ensure!(
        answer["abstained"] == false && citation["name"] == "lease.md" && citation["format"] == "md",
        "{answer}"
    );
    let (source, start, end) =
        (citation["source"].as_str().context("a source")?, &citation["start"], &citation["end"]);
    let text = fixture
        .get(&format!("/api/collections/default/sources/{source}/text?start={start}&end={end}"))
        .await?;
    let marked: Vec<&Value> = pieces(&text).iter().filter(|piece| piece["mark"] == true).collect();
    ensure!(marked.len() == 1 && marked[0]["text"] == citation["quote"], "{text}");
    ensure!(citation["quote"].as_str().is_some_and(|quote| quote.contains("1,350 euro")), "{answer}");
    let whole: String = pieces(&text).iter().filter_map(|piece| piece["text"].as_str()).collect();
    ensure!(whole == LEASE && text["truncated"] == false, "{text}");
    let headings: Vec<_> = pieces(&text).iter().filter(|piece| !piece["heading"].is_null()).collect();
    ensure!(
        headings.len() == 2 && headings[1]["text"] == "## Deposit" && headings[1]["heading"] == 2,
        "{text}"
    );
    let found =
        fixture.post("/api/collections/default/search", &json!({"query": "deposit", "top_k": 1})).await?;
    ensure!(
        found["documents"][0]["rank"] == 1 && found["documents"].as_array().map(Vec::len) == Some(1),
        "{found}"
    );
    fixture.stop().await
}

fn pieces(text: &Value) -> &[Value] {
    text["segments"].as_array().map(Vec::as_slice).unwrap_or_default()
}

async fn stream() -> Outcome {
    let fixture = Fixture::with(&[("lease.md", LEASE.as_bytes())]).await?;
    let call =
        |question: &str| Call::post(ASK, &json!({"question": question})).with("accept", "text/event-stream");
    let reply = fixture.send(&call("How much is the deposit?")).await?;
    ensure!(reply.header("content-type") == Some("text/event-stream"), "{reply:?}");
    ensure!(reply.header("content-encoding").is_none(), "a stream is not compressed: {reply:?}");
    let events = reply.events()?;
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    let stages = names.iter().take_while(|name| **name == "stage").count();
    ensure!(stages >= 5 && names[stages..] == ["answer", "done"], "{names:?}");
    let (_, answer) = &events[stages];
    let timings = answer["timings"].as_object().context("timings")?;
    for (_, stage) in &events[..stages] {
        let component = stage["component"].as_str().context("a component")?;
        ensure!(
            timings.contains_key(&format!("{component}_ms")) && stage["ms"].is_f64(),
            "{stage} in {timings:?}"
        );
    }
    ensure!(answer["citations"][0]["quote"].is_string(), "{answer}");
    let empty = fixture.send(&call("  ")).await?;
    ensure!(empty.json(400)?["kind"] == "invalid input", "what fails at once is a problem: {empty:?}");
    fixture.stop().await
}

async fn filters() -> Outcome {
    let fixture =
        Fixture::with(&[("t.csv", b"text,year\nThe boiler is old.,2019\nThe boiler is new.,2023\n")]).await?;
    let rules = json!({"field": "meta.year", "operator": ">=", "value": 2020});
    for filter in [json!("year >= 2020"), json!(rules.to_string()), rules] {
        let found = fixture
            .post(
                "/api/collections/default/search",
                &json!({"query": "boiler", "filter": filter, "mode": "keyword"}),
            )
            .await?;
        ensure!(found["documents"].as_array().map(Vec::len) == Some(1), "{filter}: {found}");
        ensure!(found["documents"][0]["place"]["row"] == 2, "{found}");
    }
    fixture.stop().await
}
