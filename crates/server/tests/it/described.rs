//! The committed description is the one that the code makes. `UPDATE_GOLDEN=1` rewrites it.

use crate::client::Call;
use crate::fixture::{Fixture, Outcome, plain, repository};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;
use serde_json::Value;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("described::the_committed_document_is_that_of_the_code", drift),
        plain("described::the_documentation_loads_nothing_from_elsewhere", page),
        plain("described::every_reference_leads_somewhere", references),
        plain("described::no_two_operations_have_one_name", names),
    ]
}

async fn drift() -> Outcome {
    let path = repository().join("docs/openapi.json");
    let made = pllm_server::document().to_pretty_json()? + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &made)?;
    }
    let committed = std::fs::read_to_string(&path).context("docs/openapi.json")?;
    ensure!(committed == made, "docs/openapi.json is not that of the code; UPDATE_GOLDEN=1 rewrites it");
    Ok(())
}

async fn names() -> Outcome {
    let document = serde_json::to_value(pllm_server::document())?;
    let items = document["paths"].as_object().context("paths")?.values();
    let operations = items.filter_map(Value::as_object).flat_map(|item| item.values());
    let mut names: Vec<&str> = operations.filter_map(|operation| operation["operationId"].as_str()).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    ensure!(all > 20 && names.len() == all, "{all} operations have {} names: {names:?}", names.len());
    Ok(())
}

async fn page() -> Outcome {
    let fixture = Fixture::empty().await?;
    let served = fixture.get("/api/openapi.json").await?;
    ensure!(served["paths"]["/api/collections/{name}/ask"]["post"].is_object(), "{served}");
    let page = fixture.send(&Call::get("/api/docs")).await?;
    let text = page.text();
    ensure!(page.header("content-type") == Some("text/html; charset=utf-8"), "{page:?}");
    ensure!(text.contains("/api/collections/{name}/ask") && !text.contains("<script"), "{text}");
    ensure!(!text.contains("http://") && !text.contains("https://") && !text.contains("style="), "{text}");
    for path in served["paths"].as_object().context("paths")?.keys() {
        ensure!(text.contains(path), "{path} is on the page");
    }
    ensure!(
        fixture.send(&Call::get("/api/docs.css")).await?.header("content-type")
            == Some("text/css; charset=utf-8")
    );
    fixture.stop().await
}

async fn references() -> Outcome {
    let document: Value = serde_json::from_str(&pllm_server::document().to_json()?)?;
    let text = document.to_string();
    let mut count = 0;
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().context("an end")?;
        ensure!(document.pointer(pointer).is_some(), "{pointer} is not in the document");
        count += 1;
    }
    ensure!(count > 20, "{count} references");
    Ok(())
}
