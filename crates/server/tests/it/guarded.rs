//! Who is let in, and what every response says.

use crate::client::Call;
use crate::fixture::{Fixture, Outcome, plain};
use anyhow::ensure;
use libtest_mimic::Trial;
use serde_json::json;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("guarded::another_name_is_refused", hosts),
        plain("guarded::a_write_of_another_page_is_refused", origins),
        plain("guarded::every_response_has_its_headers", headers),
        plain("guarded::only_loopback_is_bound", loopback),
    ]
}

async fn hosts() -> Outcome {
    let fixture = Fixture::empty().await?;
    let port = fixture.port;
    for (host, status) in [
        (format!("localhost:{port}"), 200),
        (format!("127.0.0.1:{port}"), 200),
        (format!("[::1]:{port}"), 200),
        ("localhost".to_owned(), 421),
        (format!("evil.example:{port}"), 421),
        (format!("localhost:{}", port.wrapping_add(1)), 421),
    ] {
        for target in ["/api/health", "/", "/livez"] {
            let reply = fixture.send(&Call::get(target).with("host", &host)).await?;
            ensure!(reply.status == status, "{host} {target}: {}, expected {status}", reply.status);
        }
    }
    let reply = fixture.send(&Call::get("/api/health").with("host", "evil.example")).await?;
    let problem = reply.json(421)?;
    ensure!(
        problem["kind"] == "denied" && problem["hint"].as_str().is_some_and(|hint| hint.contains("-L")),
        "{problem}"
    );
    fixture.stop().await
}

async fn origins() -> Outcome {
    let fixture = Fixture::empty().await?;
    let own = format!("http://localhost:{}", fixture.port);
    for (n, (name, value, status)) in [
        ("origin", own.as_str(), 201),
        ("sec-fetch-site", "same-origin", 201),
        ("x-nothing", "special", 201),
        ("origin", "http://evil.example", 403),
        ("origin", "null", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
    ]
    .into_iter()
    .enumerate()
    {
        let call = Call::post("/api/collections", &json!({"name": format!("c{n}")})).with(name, value);
        let reply = fixture.send(&call).await?;
        ensure!(reply.status == status, "{name}: {value}: {}, expected {status}", reply.status);
    }
    let listed = fixture.get("/api/collections").await?;
    ensure!(listed.as_array().map(Vec::len) == Some(3), "{listed}");
    let refused = fixture.send(&Call::new("DELETE", "/api/collections/c0").with("origin", "null")).await?;
    ensure!(refused.json(403)?["kind"] == "denied", "{refused:?}");
    fixture.stop().await
}

async fn headers() -> Outcome {
    let fixture = Fixture::empty().await?;
    for target in ["/", "/api/health", "/api/nothing", "/readyz", "/some/page", "/assets/nothing.js"] {
        let reply = fixture.send(&Call::get(target)).await?;
        let policy = reply.header("content-security-policy").unwrap_or_default();
        ensure!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"),
            "{target}: {policy}"
        );
        ensure!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
        ensure!(reply.header("x-content-type-options") == Some("nosniff"), "{target}");
        ensure!(reply.header("referrer-policy") == Some("no-referrer"), "{target}");
        ensure!(reply.header("x-request-id").is_some_and(|id| id.len() == 16), "{target}");
        ensure!(reply.header("access-control-allow-origin").is_none(), "{target}");
    }
    fixture.stop().await
}

async fn loopback() -> Outcome {
    for host in ["0.0.0.0", "::", "192.0.2.1"] {
        let error = pllm_server::bind(host, 0, None).await.err().map(|error| error.cure().map(str::to_owned));
        ensure!(error.flatten().is_some_and(|hint| hint.contains("ssh -L")), "{host}");
    }
    let taken = pllm_server::bind("127.0.0.1", 0, None).await?;
    let port = taken.url().rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default();
    let again = pllm_server::bind("127.0.0.1", port, None).await.err().map(|error| error.kind());
    ensure!(again == Some(pllm_core::ErrorKind::Conflict), "{again:?}");
    Ok(())
}
