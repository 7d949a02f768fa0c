//! Originals: the same bytes, in ranges, and never as a page.

use crate::client::Call;
use crate::fixture::{Fixture, Outcome, with_model};
use anyhow::{Context, ensure};
use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("originals::bytes_come_back_in_ranges", ranges),
        with_model("originals::a_web_page_is_never_shown_as_one", pages),
        with_model("originals::a_row_has_the_file_of_its_table", rows),
    ]
}

async fn ranges() -> Outcome {
    // Larger than what is read at a time, so that pieces have to fit together; most of it is nothing that is embedded.
    let comment: String = (0..90_000).map(|n| format!("Line {n}.\n")).collect();
    let text = format!("<!doctype html><p>The boiler is new.</p><!-- {comment} -->\n");
    let fixture = Fixture::with(&[("Größe.html", text.as_bytes())]).await?;
    let id = fixture.source("html").await?;
    let at = || Call::get(format!("/api/collections/default/sources/{id}/original"));
    let whole = fixture.send(&at().with("accept-encoding", "gzip")).await?;
    ensure!(whole.status == 200 && whole.body == text.as_bytes(), "the same bytes: {}", whole.body.len());
    ensure!(
        whole.header("content-length") == Some(&text.len().to_string()),
        "{:?}",
        whole.header("content-length")
    );
    ensure!(whole.header("accept-ranges") == Some("bytes") && whole.header("content-encoding").is_none());
    ensure!(
        whole.header("content-type") == Some("text/plain; charset=UTF-8"),
        "{:?}",
        whole.header("content-type")
    );
    ensure!(whole.header("content-disposition") == Some("attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe.html"));
    ensure!(whole.header("x-content-type-options") == Some("nosniff"));
    let tag = whole.header("etag").context("a tag")?.to_owned();
    let part = fixture.send(&at().with("range", "bytes=600000-600009")).await?;
    ensure!(part.status == 206 && part.body == text.as_bytes()[600_000..600_010], "{}", part.text());
    let told = format!("bytes 600000-600009/{}", text.len());
    ensure!(part.header("content-range") == Some(told.as_str()), "{:?}", part.header("content-range"));
    let end = fixture.send(&at().with("range", "bytes=-5").with("if-range", &tag)).await?;
    ensure!(end.status == 206 && end.body == text.as_bytes()[text.len() - 5..], "{}", end.text());
    let changed = fixture.send(&at().with("range", "bytes=-5").with("if-range", "\"old\"")).await?;
    ensure!(changed.status == 200 && changed.body.len() == text.len(), "{}", changed.status);
    let known = fixture.send(&at().with("if-none-match", &tag)).await?;
    ensure!(known.status == 304 && known.body.is_empty(), "{}", known.status);
    fixture.stop().await
}

async fn pages() -> Outcome {
    let html = b"<!doctype html><title>T</title><p>Hello there.</p><script>alert(1)</script>";
    let fixture = Fixture::with(&[("page.html", html), ("page.txt", html)]).await?;
    for (name, disposition) in [("page.html", "attachment"), ("page.txt", "")] {
        let id = fixture.source(name).await?;
        let reply =
            fixture.send(&Call::get(format!("/api/collections/default/sources/{id}/original"))).await?;
        ensure!(reply.status == 200 && reply.body == html, "{reply:?}");
        let kind = reply.header("content-type").context("a type")?;
        ensure!(kind.starts_with("text/plain"), "{name}: {kind}");
        ensure!(
            reply.header("content-disposition").is_some_and(|told| told.starts_with(disposition)),
            "{reply:?}"
        );
        ensure!(reply.header("x-content-type-options") == Some("nosniff"), "{reply:?}");
    }
    fixture.stop().await
}

async fn rows() -> Outcome {
    let table = b"text,year\nOne.,2020\nTwo.,2021\n";
    let fixture = Fixture::with(&[("t.csv", table)]).await?;
    let listed = fixture.get("/api/collections/default/sources?filter=year%20%3D%202021").await?;
    let row = listed["sources"][0]["id"].as_str().context("a row")?;
    let reply = fixture.send(&Call::get(format!("/api/collections/default/sources/{row}/original"))).await?;
    ensure!(reply.status == 200 && reply.body == table, "{reply:?}");
    fixture.stop().await
}
