//! The web page's files: every address of the page is the page, and only files that are there are files.

use crate::client::Call;
use crate::fixture::{Fixture, Outcome, plain};
use anyhow::ensure;
use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![plain("pages::every_address_of_the_page_is_the_page", served)]
}

async fn served() -> Outcome {
    let page = "<!doctype html><title>Page</title>";
    let fixture = Fixture::with_page(&[("index.html", page), ("assets/app.js", "let a = 1;")]).await?;
    for target in ["/", "/index.html", "/library", "/collections/x/sources/y?start=1"] {
        let reply = fixture.send(&Call::get(target)).await?;
        ensure!(reply.status == 200 && reply.text() == page, "{target}: {reply:?}");
        ensure!(reply.header("content-type") == Some("text/html; charset=utf-8"), "{reply:?}");
        ensure!(reply.header("cache-control") == Some("no-cache"), "a new program is a new page: {reply:?}");
    }
    let script = fixture.send(&Call::get("/assets/app.js")).await?;
    ensure!(script.header("content-type") == Some("text/javascript; charset=utf-8"), "{script:?}");
    let tag = script.header("etag").unwrap_or_default().to_owned();
    let again = fixture.send(&Call::get("/assets/app.js").with("if-none-match", &tag)).await?;
    ensure!(again.status == 304 && again.body.is_empty(), "{again:?}");
    for target in ["/assets/other.js", "/assets/../index.html", "/assets/..%2findex.html", "/api/index.html"]
    {
        ensure!(fixture.send(&Call::get(target)).await?.status == 404, "{target}");
    }
    let head = fixture.send(&Call::new("HEAD", "/")).await?;
    ensure!(head.status == 200 && head.body.is_empty(), "{head:?}");
    fixture.stop().await
}
