//! Files that cost their reader, and files that are protected: what becomes of them and of the others.

use crate::fixture::{Fixture, Outcome, ensure, repository, with_model};
use crate::ingest::holds;
use libtest_mimic::Trial;
use pllm_app::ingest::{FileStatus, IngestOptions, IngestSummary};
use pllm_core::converter::Passwords;
use pllm_core::{Error, ErrorKind};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("readers::a_file_that_kills_its_reader_costs_only_itself", killer),
        with_model("readers::a_protected_file_is_opened_and_its_password_not_kept", protected),
    ]
}

/// Run lengths of run lengths of run lengths: 4 KiB that unpack to a gigabyte.
fn bomb() -> Vec<u8> {
    let head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>endobj\n\
        4 0 obj<</Length 4096/Filter[/RunLengthDecode/RunLengthDecode/RunLengthDecode]>>stream\n";
    let tail = b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\n%%EOF\n";
    [&head[..], &[129; 4096], tail].concat()
}

async fn killer() -> Outcome {
    let fixture = Fixture::new().await?;
    for name in ["a.pdf", "c.pdf", "e.pdf"] {
        fixture.file(name, bomb())?;
    }
    for name in ["b.txt", "d.txt", "f.txt"] {
        fixture.file(name, format!("The note {name} is about the garden."))?;
    }
    let summary = fixture.ingest().await?;
    let failed = errors(&summary);
    ensure(failed.len() == 3 && failed.iter().all(|error| error.kind() == ErrorKind::TooLarge), || {
        format!("{failed:?}")
    })?;
    ensure(fixture.count().await? == 3, || "the others are there".to_owned())?;
    ensure(fixture.app.sources("default", None).await?.len() == 3, || "and nothing else".to_owned())
}

async fn protected() -> Outcome {
    let fixture = Fixture::new().await?;
    let golden = repository().join("crates/ingest/tests/golden/pdf/right-password/input.pdf");
    fixture.file("locked.pdf", std::fs::read(golden)?)?;
    let with = |passwords: &[&str]| IngestOptions {
        passwords: Passwords(passwords.iter().map(ToString::to_string).collect()),
        ..IngestOptions::default()
    };
    let summary = fixture.ingest_with(with(&["sesame-1"])).await?;
    let failed = errors(&summary);
    ensure(failed.len() == 1 && failed[0].kind() == ErrorKind::Denied, || format!("{failed:?}"))?;
    ensure(failed[0].cure().is_some_and(|cure| cure.contains("--password")), || format!("{failed:?}"))?;
    let summary = fixture.ingest_with(with(&["sesame-2", "flower"])).await?;
    ensure(summary.failed() == 0 && fixture.count().await? > 0, || format!("{summary:?}"))?;
    // It is the same file, whatever opens it.
    let again = fixture.ingest().await?;
    ensure(again.count(|status| matches!(status, FileStatus::Unchanged { .. })) == 1, || {
        format!("{again:?}")
    })?;
    for password in ["sesame-1", "sesame-2"] {
        ensure(!holds(&fixture.data(), password)?, || format!("{password} is on the disk"))?;
    }
    Ok(())
}

fn errors(summary: &IngestSummary) -> Vec<&Error> {
    let failed = summary.files.iter().filter_map(|file| match &file.status {
        FileStatus::Failed(error) => Some(error),
        _ => None,
    });
    failed.collect()
}
