//! Every error is a document of one form, with its status.

use crate::client::Call;
use crate::fixture::{Fixture, Outcome, plain, with_model};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("problems::what_is_asked_wrong_is_told", wrong),
        plain("problems::a_missing_model_is_told", no_model),
        plain("problems::each_kind_has_a_page", pages),
        with_model("problems::what_a_file_is_not_is_told", of_files),
        with_model("problems::damage_is_told_without_paths", damage),
    ]
}

fn check(problem: &Value, status: u16, code: &str) -> Outcome {
    let text = |key: &str| {
        problem[key].as_str().filter(|text| !text.is_empty()).with_context(|| format!("{key} in {problem}"))
    };
    ensure!(problem["status"] == status, "{problem}");
    ensure!(text("type")? == format!("/problems/{code}"), "{problem}, expected {code}");
    for key in ["title", "detail", "kind", "request_id"] {
        text(key)?;
    }
    ensure!(problem["hint"].is_null() || problem["hint"].is_string(), "{problem}");
    Ok(())
}

async fn wrong() -> Outcome {
    let fixture = Fixture::empty().await?;
    fixture.send(&Call::post("/api/collections", &json!({"name": "there"}))).await?.json(201)?;
    let search = "/api/collections/there/search";
    let long = "x".repeat(300 << 10);
    let cases = [
        (Call::get("/api/collections/none"), 404, "not-found"),
        (Call::get("/api/collections/none/sources"), 404, "not-found"),
        (Call::get("/api/collections/there/sources/x/text"), 404, "not-found"),
        (Call::get("/api/nothing"), 404, "not-found"),
        (Call::get("/assets/nothing.js"), 404, "not-found"),
        (Call::new("DELETE", "/api/collections/none"), 404, "not-found"),
        (Call::new("DELETE", "/api/health"), 405, "method-not-allowed"),
        (Call::new("POST", "/somewhere"), 405, "method-not-allowed"),
        (Call::post("/api/collections", &json!({"name": "there"})), 409, "conflict"),
        (Call::post("/api/collections", &json!({"name": " "})), 400, "invalid-input"),
        (
            Call::post("/api/collections", &json!({"name": "n", "languages": ["german"]})),
            400,
            "invalid-input",
        ),
        (Call::post("/api/collections", &json!({"name": "n", "nonsense": 1})), 400, "invalid-input"),
        (Call::post("/api/collections", &json!({"name": "n", "store": "chroma"})), 422, "unsupported"),
        (Call::new("POST", "/api/collections").body(b"{}".to_vec()), 415, "unsupported-media-type"),
        (Call::post(search, &json!({"query": "x", "filter": "year >>= 3"})), 400, "invalid-input"),
        (Call::post(search, &json!({"query": "x", "filter": {"operator": "NOR"}})), 400, "invalid-input"),
        (Call::post(search, &json!({"query": "x", "top_k": 101})), 400, "invalid-input"),
        (Call::post(search, &json!({"query": "x", "mode": "psychic"})), 400, "invalid-input"),
        (Call::post(search, &json!({"query": " "})), 400, "invalid-input"),
        (Call::post(search, &json!({"query": long})), 413, "too-large"),
        (Call::get("/api/collections/there/sources?limit=0"), 400, "invalid-input"),
        (Call::get("/api/collections/there/sources?limit=many"), 400, "invalid-input"),
        (Call::get("/api/collections/there/sources?nonsense=1"), 400, "invalid-input"),
        (Call::get("/api/collections/there/sources/x/pages/one"), 400, "invalid-input"),
        (Call::get("/api/collections/there/sources/x/text?start=1"), 400, "invalid-input"),
        (Call::get("/api/collections/%FF"), 400, "invalid-input"),
    ];
    for (n, (call, status, code)) in cases.iter().enumerate() {
        let reply = fixture.send(call).await?;
        let problem = reply.json(*status).with_context(|| format!("case {n}"))?;
        check(&problem, *status, code)?;
        ensure!(reply.header("content-type") == Some("application/problem+json"), "case {n}: {reply:?}");
        ensure!(reply.header("x-request-id") == problem["request_id"].as_str(), "case {n}: {reply:?}");
    }
    fixture.stop().await
}

async fn no_model() -> Outcome {
    let fixture = Fixture::empty().await?;
    fixture.send(&Call::post("/api/collections", &json!({"name": "c"}))).await?.json(201)?;
    // By now the models may still be looked for; a question waits for the end of that.
    let asked = fixture.send(&Call::post("/api/collections/c/ask", &json!({"question": "Why?"}))).await?;
    check(&asked.json(404)?, 404, "not-found")?;
    let reply = fixture.send(&Call::get("/readyz")).await?;
    check(&reply.json(503)?, 503, "unavailable")?;
    ensure!(reply.header("retry-after").is_some(), "{reply:?}");
    ensure!(fixture.send(&Call::get("/livez")).await?.status == 200, "it lives");
    let health = fixture.get("/api/health").await?;
    ensure!(health["state"] != "ready" && health["models"][0]["state"] == "not here", "{health}");
    ensure!(health["disk_free_bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{health}");
    fixture.stop().await
}

async fn pages() -> Outcome {
    let fixture = Fixture::empty().await?;
    let problem = fixture.send(&Call::get("/api/nothing")).await?.json(404)?;
    let page = fixture.send(&Call::get(problem["type"].as_str().context("a type")?)).await?;
    ensure!(page.status == 200 && page.text().contains("It is not there"), "{page:?}");
    ensure!(fixture.send(&Call::get("/problems/%3Cscript%3E")).await?.status == 404);
    fixture.stop().await
}

async fn of_files() -> Outcome {
    let fixture = Fixture::with(&[("a.md", b"# A\n\nShort.\n"), ("t.csv", b"a,b\n1,2\n")]).await?;
    let (text, table) = (fixture.source("a.md").await?, fixture.source("t.csv").await?);
    let at = |id: &str, rest: &str| Call::get(format!("/api/collections/default/sources/{id}/{rest}"));
    let cases = [
        (at(&text, "pages/1"), 422, "unsupported"),
        (at(&table, "text"), 422, "unsupported"),
        (at(&text, "text?start=2&end=900"), 400, "invalid-input"),
        (at(&text, "text?start=5&end=2"), 400, "invalid-input"),
        (at(&text, "original").with("range", "bytes=900-"), 416, "range-not-satisfiable"),
    ];
    for (call, status, code) in cases {
        let reply = fixture.send(&call).await?;
        check(&reply.json(status)?, status, code)?;
        ensure!(status != 416 || reply.header("content-range") == Some("bytes */12"), "{reply:?}");
    }
    fixture.stop().await
}

async fn damage() -> Outcome {
    let fixture = Fixture::with(&[("a.md", b"# A\n\nShort.\n")]).await?;
    let id = fixture.source("a.md").await?;
    let folder =
        fixture.get("/api/collections/default").await?["folder"].as_str().context("a folder")?.to_owned();
    for entry in std::fs::read_dir(format!("{folder}/text"))? {
        std::fs::write(entry?.path(), b"not what was written")?;
    }
    let reply = fixture.send(&Call::get(format!("/api/collections/default/sources/{id}/text"))).await?;
    let problem = reply.json(500)?;
    check(&problem, 500, "corrupt")?;
    ensure!(!problem.to_string().contains(&*fixture.data().to_string_lossy()), "{problem}");
    fixture.stop().await
}
