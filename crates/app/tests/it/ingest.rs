//! Files in and out: what is stored, what is left alone, what a failure and a delete leave behind.

use crate::fixture::{Fixture, Outcome, Silent, ensure, plain, with_model};
use libtest_mimic::Trial;
use pllm_app::ask::AskRequest;
use pllm_app::collections::NewCollection;
use pllm_app::ingest::{FileStatus, IngestOptions};
use pllm_core::{CancelFlag, ErrorKind, Filter, MetaValue};
use std::path::Path;
use std::sync::Arc;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("ingest::a_bad_file_is_named_and_the_others_are_stored", bad_file),
        with_model("ingest::a_changed_file_replaces_itself", changed_file),
        with_model("ingest::metadata_come_from_file_system_front_matter_and_hand", metadata),
        with_model("ingest::the_main_language_follows_the_sources", main_language),
        with_model("ingest::a_deleted_source_leaves_no_byte", deleted_source),
        with_model("ingest::a_deleted_collection_leaves_no_folder", deleted_collection),
        with_model("ingest::a_cancelled_ingest_leaves_nothing_half_stored", cancelled),
        with_model("ingest::folders_are_read_without_hidden_files", folders),
        plain("ingest::a_second_process_is_told_who_holds_the_directory", in_use),
    ]
}

async fn bad_file() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("good.txt", "The boiler was serviced in March by Ines Falk.")?;
    fixture.file("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01")?;
    fixture.file("broken.json", "{\"a\": [1, 2")?;
    let summary = fixture.ingest().await?;
    ensure(summary.failed() == 2, || format!("{summary:?}"))?;
    for file in &summary.files {
        if let FileStatus::Failed(error) = &file.status {
            let expected = if file.path.ends_with("picture.png") { "not read yet" } else { "line 1" };
            ensure(error.to_string().contains(expected), || format!("{}: {error}", file.path.display()))?;
        }
    }
    ensure(fixture.count().await? == 1, || "the good file is one Document".to_owned())?;
    ensure(fixture.app.sources("default", None).await?.len() == 1, || "one source".to_owned())
}

async fn changed_file() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("note.txt", "The code of the gate is 4711.")?;
    fixture.ingest().await?;
    let again = fixture.ingest().await?;
    ensure(again.count(|status| matches!(status, FileStatus::Unchanged { .. })) == 1, || {
        format!("{again:?}")
    })?;
    fixture.file("note.txt", "The code of the gate is 8642.")?;
    fixture.ingest().await?;
    let (outcome, citations) =
        fixture.app.ask("default", &AskRequest::new("What is the code of the gate?")).await?;
    ensure(outcome.answer.text.contains("8642"), || format!("{outcome:?}"))?;
    ensure(citations[0].citation.revision() == 2, || "the second revision is cited".to_owned())?;
    ensure(fixture.count().await? == 1, || "the first revision is gone".to_owned())?;
    ensure(!holds(&fixture.data(), "4711")?, || "the old text is gone from the disk".to_owned())
}

async fn main_language() -> Outcome {
    let fixture = Fixture::new().await?;
    let check = async |expected: &str| {
        let main = fixture.app.collection("default").await?.main_language;
        ensure(main.code() == expected, || format!("{main}, expected {expected}"))
    };
    fixture.app.create_collection(&NewCollection::named("default")).await?;
    check("en").await?;
    fixture.file("wetter.txt", "Am Montag bleiben alle Geschäfte geschlossen, weil ein Feiertag ist.")?;
    fixture.ingest().await?;
    check("de").await?;
    fixture.app.delete_sources("default", &["wetter.txt".to_owned()]).await?;
    check("en").await
}

async fn metadata() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("trip.md", "---\ntitle: Island trip\nyear: 2023\ntags: [sea, ferry]\n---\n# Ferry\n\nThe ferry leaves at seven.\n")?;
    let set =
        [("year".to_owned(), MetaValue::Int(2024)), ("owner".to_owned(), "Jo".into())].into_iter().collect();
    fixture.ingest_with(IngestOptions { set, ..IngestOptions::default() }).await?;
    let check = |filter: &'static str, expected: usize| {
        let fixture = &fixture;
        async move {
            let filter = Filter::parse(filter)?;
            let sources = fixture.app.sources("default", Some(&filter)).await?.len();
            let mut request = AskRequest::new("When does the ferry leave?");
            request.filter = Some(filter.clone());
            let found = fixture.app.search("default", &request).await?.0.len();
            ensure((sources, found) == (expected, expected), || {
                format!("{filter:?}: {sources} sources, {found} found")
            })
        }
    };
    check("year = 2024 and owner = Jo and title = \"Island trip\"", 1).await?;
    check("year = 2023", 0).await?;
    check("type = md and file_name = \"trip.md\" and modified > 2020-01-01", 1).await
}

async fn deleted_source() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("secret.txt", "The canary is called xylocanthum and sings.")?;
    fixture.file("other.txt", "The bicycle stands in the cellar.")?;
    fixture.ingest().await?;
    ensure(holds(&fixture.data(), "xylocanthum")?, || "it is stored at first".to_owned())?;
    let deleted = fixture.app.delete_sources("default", &["secret.txt".to_owned()]).await?;
    ensure((deleted.sources, deleted.documents) == (1, 1), || format!("{deleted:?}"))?;
    ensure(!holds(&fixture.data(), "xylocanthum")?, || "no byte of it is left".to_owned())?;
    let fixture = fixture.restart().await?;
    let found = fixture.app.search("default", &AskRequest::new("xylocanthum canary")).await?.0;
    ensure(found.iter().all(|found| found.name == "other.txt"), || format!("{found:?}"))
}

async fn deleted_collection() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("secret.txt", "The canary is called xylocanthum and sings.")?;
    fixture.ingest().await?;
    fixture.app.delete_collection("default").await?;
    let left = std::fs::read_dir(fixture.app.collections_dir())?.count();
    ensure(left == 0, || format!("{left} folders left"))?;
    ensure(!holds(&fixture.data(), "xylocanthum")?, || "no byte of it is left".to_owned())?;
    let missing = fixture.app.collection("default").await.err().map(|error| error.kind());
    ensure(missing == Some(ErrorKind::NotFound), || format!("{missing:?}"))
}

async fn cancelled() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("long.txt", "One more sentence about the harbour and its cranes.\n\n".repeat(3000))?;
    let cancel = CancelFlag::default();
    let stop = Arc::new(StopAtFirst(cancel.clone()));
    let paths = [fixture.files.clone()];
    let summary = fixture.app.ingest("default", &paths, IngestOptions::default(), stop, cancel).await?;
    ensure(summary.cancelled && summary.files.is_empty(), || format!("{summary:?}"))?;
    ensure(fixture.count().await? == 0, || "no Document is left".to_owned())?;
    ensure(!holds(&fixture.data(), "harbour and its cranes")?, || "no byte of it is left".to_owned())?;
    let finished = fixture.ingest().await?;
    ensure(finished.failed() == 0 && fixture.count().await? > 100, || format!("{finished:?}"))
}

/// Cancels as soon as something was stored.
struct StopAtFirst(CancelFlag);

impl pllm_app::ingest::IngestProgress for StopAtFirst {
    fn begin(&self, _: u64, _: u64) {}
    fn advance(&self, _: u64, _: u64) {
        self.0.cancel();
    }
    fn file(&self, _: &pllm_app::ingest::FileOutcome) {}
}

async fn folders() -> Outcome {
    let fixture = Fixture::new().await?;
    std::fs::create_dir_all(fixture.files.join("a/.git"))?;
    fixture.file("a/one.txt", "One.")?;
    fixture.file("a/.hidden.txt", "Hidden.")?;
    fixture.file("a/.git/config.txt", "Hidden too.")?;
    std::os::unix::fs::symlink("/etc", fixture.files.join("a/link"))?;
    let _socket = std::os::unix::net::UnixListener::bind(fixture.files.join("a/socket"))?;
    let missing = [fixture.files.clone(), fixture.files.join("nothing.txt")];
    let summary = fixture
        .app
        .ingest("default", &missing, IngestOptions::default(), Arc::new(Silent), CancelFlag::default())
        .await?;
    ensure(summary.files.len() == 3 && summary.failed() == 2, || format!("{summary:?}"))?;
    let named = summary.files.iter().any(|file| file.path.ends_with("a/socket"));
    ensure(named, || "what cannot be read is named, however it got there".to_owned())
}

async fn in_use() -> Outcome {
    let fixture = Fixture::new().await?;
    let config = crate::fixture::config(&fixture.data())?;
    let error = pllm_app::App::open(config, "second").await.err();
    let text = error.map(|error| error.to_string()).unwrap_or_default();
    ensure(text.contains("is in use by test (process"), || text.clone())
}

/// Whether any file below `folder` holds `text`.
pub(crate) fn holds(folder: &Path, text: &str) -> std::io::Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let found = if path.is_dir() {
            holds(&path, text)?
        } else {
            std::fs::read(&path)?.windows(text.len()).any(|window| window == text.as_bytes())
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}
