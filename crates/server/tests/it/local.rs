//! What is for the command line of the data's owner alone.

use crate::client::Call;
use crate::fixture::{Fixture, Outcome, plain, with_model};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("local::without_the_token_nobody_comes_in", refused),
        plain("local::no_page_comes_in_with_it", pages),
        plain("local::what_cannot_be_done_is_told_as_it_is", failed),
        with_model("local::paths_are_read_and_their_end_is_told", ingested),
        with_model("local::a_source_is_shown_and_deleted_by_its_names", shown),
    ]
}

async fn token(fixture: &Fixture) -> anyhow::Result<String> {
    // Whoever is answered finds it in the lock file.
    fixture.send(&Call::get("/livez")).await?;
    let lock: Value = serde_json::from_str(&std::fs::read_to_string(fixture.data().join("lock"))?)?;
    Ok(lock["service"]["token"].as_str().context("a token")?.to_owned())
}

fn news(lines: &str) -> anyhow::Result<Vec<Value>> {
    Ok(lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn order(paths: &[&str]) -> Value {
    json!({"collection": "default", "paths": paths, "options": {}})
}

/// Every call that there is; the body is not looked at before the caller is.
fn calls() -> [Call; 3] {
    [
        Call::post("/api/local/ingest", &order(&["/etc/passwd"])),
        Call::post("/api/local/evaluate", &json!("nonsense")),
        Call::get("/api/local/doctor"),
    ]
}

async fn refused() -> Outcome {
    let fixture = Fixture::empty().await?;
    let token = token(&fixture).await?;
    let shorter = &token[1..];
    for call in calls() {
        let problem = fixture.send(&call).await?.json(403)?;
        ensure!(problem["kind"] == "denied" && problem["hint"].is_string(), "{problem}");
    }
    for shown in ["", shorter, &format!("{token}0"), &token.to_uppercase(), "undefined"] {
        for call in calls() {
            let problem =
                fixture.send(&call.with("authorization", &format!("Bearer {shown}"))).await?.json(403)?;
            ensure!(!problem.to_string().contains(shorter), "{problem}");
        }
    }
    let basic = Call::get("/api/health").with("authorization", "Basic eDp5");
    ensure!(fixture.send(&basic).await?.status == 200, "what is for others is not looked at");
    for target in ["/api/local", "/api/local/nothing", "/api/local/ingest"] {
        ensure!(matches!(fixture.send(&Call::get(target)).await?.status, 404 | 405), "{target}");
    }
    ensure!(fixture.get("/api/collections").await? == json!([]), "nothing was made");
    fixture.stop().await
}

async fn pages() -> Outcome {
    let fixture = Fixture::empty().await?;
    let shown = format!("Bearer {}", token(&fixture).await?);
    for (name, value) in
        [("origin", "http://evil.example"), ("sec-fetch-site", "cross-site"), ("host", "evil.example")]
    {
        let call = Call::post("/api/local/ingest", &order(&["/etc"]))
            .with("authorization", &shown)
            .with(name, value);
        ensure!(matches!(fixture.send(&call).await?.status, 403 | 421), "{name}: {value}");
    }
    let described = fixture.get("/api/openapi.json").await?.to_string();
    ensure!(!described.contains("/api/local"), "it is not described");
    fixture.stop().await
}

async fn failed() -> Outcome {
    let fixture = Fixture::empty().await?;
    let shown = format!("Bearer {}", token(&fixture).await?);
    let relative = Call::post("/api/local/ingest", &order(&["notes"])).with("authorization", &shown);
    let problem = fixture.send(&relative).await?.json(400)?;
    ensure!(problem["detail"].as_str().is_some_and(|detail| detail.contains("notes")), "{problem}");
    let call = Call::post("/api/local/ingest", &order(&["/nowhere"])).with("authorization", &shown);
    let events = news(&fixture.send(&call).await?.text())?;
    let last = events.last().context("an end")?;
    ensure!(last["failed"]["kind"] == "not found" && last["failed"]["hint"].is_string(), "{events:?}");
    let doctor =
        fixture.send(&Call::get("/api/local/doctor").with("authorization", &shown)).await?.json(200)?;
    ensure!(doctor["well"] == false && doctor.to_string().contains("pllm models pull"), "{doctor}");
    fixture.stop().await
}

async fn ingested() -> Outcome {
    let fixture = Fixture::with(&[("a.txt", b"The gate is green.")]).await?;
    let shown = format!("Bearer {}", token(&fixture).await?);
    let file = fixture.data().join("../b.txt");
    std::fs::write(&file, "The bicycle is red.")?;
    let order = json!({"collection": "more", "paths": [file], "options": {"set": {"year": 2024}}});
    let call = Call::post("/api/local/ingest", &order).with("authorization", &shown);
    let events = news(&fixture.send(&call).await?.text())?;
    let names: Vec<&str> =
        events.iter().filter_map(|news| Some(news.as_object()?.keys().next()?.as_str())).collect();
    ensure!(names.first() == Some(&"queued") && names.last() == Some(&"ingested"), "{events:?}");
    ensure!(names.contains(&"begun") && names.contains(&"file"), "{names:?}");
    let summary = &events.last().context("an end")?["ingested"];
    ensure!(summary["documents"] == 1 && summary["files"][0]["status"] == "ingested", "{summary}");
    let job = fixture.get(&format!("/api/jobs/{}", summary["job"])).await?;
    ensure!(job["state"] == "done" && job["collection"] == "more", "{job}");
    fixture.stop().await
}

async fn shown() -> Outcome {
    let table = b"key,text\na,The gate is green.\nb,The bicycle is red.\n";
    let fixture = Fixture::with(&[("a.txt", "The gate is green. 🚲".as_bytes()), ("t.csv", table)]).await?;
    let source = fixture.get("/api/collections/default/sources/a.txt?text=true").await?;
    ensure!(source["text"] == "The gate is green. 🚲" && source["page"].is_null(), "{source}");
    let rows = fixture.get("/api/collections/default/sources?rows=true").await?;
    let kinds: Vec<&str> =
        rows["sources"].as_array().context("a list")?.iter().filter_map(|row| row["kind"].as_str()).collect();
    ensure!(kinds == ["file", "dataset", "row", "row"] && rows["total"] == 4, "{rows}");
    let target = "/api/collections/default/deletions";
    let missing = Call::post(target, &json!({"sources": ["a.txt", "nothing"]}));
    ensure!(
        fixture.send(&missing).await?.json(404)?["detail"].to_string().contains("nothing"),
        "it is named"
    );
    let deleted = fixture.post(target, &json!({"sources": ["a.txt", "t.csv"]})).await?;
    ensure!(deleted == json!({"sources": 2, "rows": 2, "documents": 3}), "{deleted}");
    fixture.stop().await
}
