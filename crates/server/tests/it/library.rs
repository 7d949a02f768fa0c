//! Collections and their sources: what was made is listed, shown, found by name, and gone after a delete.

use crate::client::Call;
use crate::fixture::{Fixture, Outcome, plain, with_model};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use serde_json::json;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("library::collections_are_made_shown_and_deleted", collections),
        plain("library::formats_and_models_are_told", about),
        plain("library::what_the_client_has_is_not_sent_again", etags),
        plain("library::figures_are_on_a_listener_of_their_own", metrics),
        with_model("library::sources_are_listed_in_parts_and_deleted", sources),
        with_model("library::a_page_tells_where_its_lines_stand", page),
    ]
}

async fn collections() -> Outcome {
    let fixture = Fixture::empty().await?;
    let body = json!({"name": "Meine Notizen", "languages": ["de", "en"], "store": "memory"});
    let made = fixture.send(&Call::post("/api/collections", &body)).await?.json(201)?;
    ensure!(made["name"] == "Meine Notizen" && made["languages"] == json!(["de", "en"]), "{made}");
    let shown = fixture.get("/api/collections/Meine%20Notizen").await?;
    ensure!(shown["documents"] == 0 && shown["id"] == made["id"] && shown["folder"].is_string(), "{shown}");
    let listed = fixture.get("/api/collections").await?;
    ensure!(listed == json!([made]), "{listed}");
    let deleted = fixture.send(&Call::new("DELETE", "/api/collections/Meine%20Notizen")).await?;
    ensure!(deleted.status == 204 && deleted.body.is_empty(), "{deleted:?}");
    ensure!(fixture.get("/api/collections").await? == json!([]), "it is gone");
    fixture.stop().await
}

async fn about() -> Outcome {
    let fixture = Fixture::empty().await?;
    let formats = fixture.get("/api/formats").await?;
    let formats = formats.as_array().context("a list")?;
    let pdf = formats.iter().find(|format| format["name"] == "pdf").context("pdf")?;
    ensure!(pdf["extensions"] == json!(["pdf"]) && pdf["media_types"] == json!(["application/pdf"]), "{pdf}");
    let models = fixture.get("/api/models").await?;
    ensure!(models[0]["kind"] == "embedder" && models[0]["bytes"].is_u64(), "{models}");
    fixture.stop().await
}

async fn etags() -> Outcome {
    let fixture = Fixture::empty().await?;
    for target in ["/api/formats", "/api/openapi.json"] {
        let first = fixture.send(&Call::get(target)).await?;
        let tag = first.header("etag").with_context(|| format!("{first:?}"))?.to_owned();
        let again = fixture.send(&Call::get(target).with("if-none-match", &tag)).await?;
        ensure!(
            again.status == 304 && again.body.is_empty() && again.header("etag") == Some(&tag),
            "{again:?}"
        );
        let other = fixture.send(&Call::get(target).with("if-none-match", "\"other\"")).await?;
        ensure!(other.status == 200 && other.body == first.body, "{other:?}");
        let small = fixture.send(&Call::get(target).with("accept-encoding", "gzip")).await?;
        ensure!(
            small.header("content-encoding") == Some("gzip") && small.body.len() < first.body.len(),
            "{target}"
        );
    }
    fixture.stop().await
}

async fn metrics() -> Outcome {
    let fixture = Fixture::empty().await?;
    fixture.get("/api/formats").await?;
    fixture.send(&Call::get("/api/collections/secret")).await?;
    let port = fixture.metrics.split(['/', ':']).find_map(|part| part.parse().ok()).context("a port")?;
    let text = Call::get("/metrics").send(port).await?.text();
    for expected in [
        "pllm_server_requests_total{method=\"GET\",route=\"/api/formats\",status=\"200\"} 1\n",
        "pllm_server_requests_total{method=\"GET\",route=\"/api/collections/{name}\",status=\"404\"} 1\n",
    ] {
        ensure!(text.contains(expected), "{expected} in\n{text}");
    }
    ensure!(!text.contains("secret"), "no names: {text}");
    let on_the_page = fixture.send(&Call::get("/metrics")).await?;
    ensure!(!on_the_page.text().contains("pllm_server_"), "not on the page's listener");
    fixture.stop().await
}

async fn sources() -> Outcome {
    let files: [(&str, &[u8]); 3] = [
        ("alpha.md", b"# A\n\nOne.\n"),
        ("beta.txt", b"Two.\n"),
        ("gamma.csv", b"text,year\nThree.,2020\nFour.,2021\n"),
    ];
    let fixture = Fixture::with(&files).await?;
    let at = "/api/collections/default/sources";
    let all = fixture.get(at).await?;
    ensure!(all["total"] == 3 && all["sources"].as_array().map(Vec::len) == Some(3), "{all}");
    let part = fixture.get(&format!("{at}?offset=1&limit=1")).await?;
    ensure!(part["total"] == 3 && part["sources"] == json!([all["sources"][1]]), "{part}");
    let named = fixture.get(&format!("{at}?query=BETA")).await?;
    ensure!(named["total"] == 1 && named["sources"][0]["name"] == "beta.txt", "{named}");
    let matching = fixture.get(&format!("{at}?filter=year%20%3E%202020")).await?;
    ensure!(matching["total"] == 1 && matching["sources"][0]["kind"] == "row", "{matching}");
    let table = fixture.source("gamma.csv").await?;
    let shown = fixture.get(&format!("{at}/{table}")).await?;
    ensure!(shown["rows"] == 2 && shown["report"]["records"] == 2, "{shown}");
    let deleted = fixture.send(&Call::new("DELETE", format!("{at}/{table}"))).await?.json(200)?;
    ensure!(deleted == json!({"sources": 1, "rows": 2, "documents": 2}), "{deleted}");
    ensure!(fixture.get(at).await?["total"] == 2, "it is gone");
    ensure!(fixture.send(&Call::get(format!("{at}/{table}"))).await?.status == 404, "it is gone");
    fixture.stop().await
}

async fn page() -> Outcome {
    let pdf = crate::fixture::pdf(&["The rent is 900 euro.", "The deposit is 1,350 euro."]);
    let fixture = Fixture::with(&[("lease.pdf", &pdf)]).await?;
    let id = fixture.source("lease.pdf").await?;
    let at = format!("/api/collections/default/sources/{id}");
    let text = fixture.get(&format!("{at}/text")).await?;
    let whole: String = text["segments"]
        .as_array()
        .context("pieces")?
        .iter()
        .filter_map(|piece| piece["text"].as_str())
        .collect();
    let start = whole[..whole.find("deposit").with_context(|| whole.clone())?].chars().count();
    let page = fixture.get(&format!("{at}/pages/1?start={start}&end={}", start + 7)).await?;
    ensure!(page["page"] == 1 && page["lines"].as_array().map(Vec::len) == Some(2), "{page}");
    ensure!(page["lines"][1]["text"] == "The deposit is 1,350 euro.", "{page}");
    ensure!(page["marks"].as_array().map(Vec::len) == Some(1), "{page}");
    let mark: [f64; 4] = serde_json::from_value(page["marks"][0].clone())?;
    let line: [f64; 4] = serde_json::from_value(page["lines"][1]["box"].clone())?;
    // Left, top, right, bottom: as high as its line, and no wider than the word in its middle.
    ensure!((mark[1], mark[3]) == (line[1], line[3]) && mark[1] < mark[3], "{page}");
    ensure!(line[0] < mark[0] && mark[0] < mark[2] && mark[2] < line[2], "{page}");
    ensure!(
        fixture.send(&Call::get(format!("{at}/pages/2"))).await?.status == 404,
        "there is no second page"
    );
    fixture.stop().await
}
