//! Tables: rows as sources, columns as metadata, and what a re-ingest keeps.

use crate::fixture::{Fixture, Outcome, ensure, plain, with_model};
use libtest_mimic::Trial;
use pllm_app::ask::AskRequest;
use pllm_app::ingest::{FileStatus, IngestOptions};
use pllm_app::metadata::SourceRecord;
use pllm_core::converter::DatasetColumns;
use pllm_core::{ErrorKind, Filter};

const FAQ: &str = "key,question,answer,topic,year\n\
    a,Where do I pay?,At the counter on the ground floor.,tax,2020\n\
    b,When is the office open?,From nine to noon on weekdays.,office,2021\n\
    c,Who signs the form?,The tenant signs the form.,tax,2022\n";

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("datasets::columns_are_shown_before_anything_is_stored", shown_columns),
        with_model("datasets::columns_are_text_and_typed_metadata", columns),
        with_model("datasets::a_re_ingest_replaces_rows_by_their_id", by_id),
        with_model("datasets::a_deleted_row_comes_back_with_the_next_ingest", deleted_row),
        with_model("datasets::a_table_that_becomes_a_text_loses_its_rows", becomes_text),
        with_model("datasets::deleting_a_table_deletes_its_rows", delete),
    ]
}

fn options() -> IngestOptions {
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    let columns = DatasetColumns {
        content: names(&["question", "answer"]),
        meta: names(&["topic", "year"]),
        id: Some("key".to_owned()),
    };
    IngestOptions { columns, ..IngestOptions::default() }
}

async fn rows(fixture: &Fixture) -> anyhow::Result<Vec<SourceRecord>> {
    let (collection, dataset) = fixture.app.source("default", "faq.csv").await?;
    Ok(fixture.app.rows(&collection, &dataset).await?)
}

async fn columns() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("faq.csv", FAQ)?;
    let summary = fixture.ingest_with(options()).await?;
    let rows_told = summary.files.iter().map(|file| match &file.status {
        FileStatus::Ingested { rows, .. } => *rows,
        _ => 0,
    });
    ensure(rows_told.sum::<u64>() == 3 && fixture.count().await? == 3, || format!("{summary:?}"))?;
    let (collection, _) = fixture.app.source("default", "faq.csv").await?;
    let first = &rows(&fixture).await?[0];
    let text = fixture.app.source_text(&collection, first).await?;
    let expected = "question: Where do I pay?\nanswer: At the counter on the ground floor.";
    ensure(text.text.trim_end() == expected, || format!("{:?}", text.text))?;
    let mut request = AskRequest::new("form");
    request.filter = Some(Filter::parse("year >= 2021 and topic = \"tax\"")?);
    let found = fixture.app.search("default", &request).await?.0;
    ensure(found.len() == 1 && found[0].document.content.contains("tenant"), || format!("{found:?}"))?;
    ensure(found[0].name == "faq.csv, row 3", || found[0].name.clone())
}

async fn by_id() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("faq.csv", FAQ)?;
    fixture.ingest_with(options()).await?;
    let before = rows(&fixture).await?;
    // Row b changes, c goes, d comes, and a moves: only b and d are made anew.
    fixture.file(
        "faq.csv",
        "key,question,answer,topic,year\n\
         b,When is the office open?,From ten to noon on weekdays.,office,2021\n\
         a,Where do I pay?,At the counter on the ground floor.,tax,2020\n\
         d,Where do I park?,Behind the town hall.,office,2023\n",
    )?;
    fixture.ingest_with(options()).await?;
    let after = rows(&fixture).await?;
    ensure(after.len() == 3 && fixture.count().await? == 3, || format!("{after:?}"))?;
    let kept = before.iter().filter(|old| after.iter().any(|new| new.id == old.id)).count();
    ensure(kept == 2, || format!("{kept} rows kept"))?;
    let revisions: Vec<u32> = after.iter().map(|row| row.revision).collect();
    ensure(revisions.iter().filter(|revision| **revision == 2).count() == 1, || format!("{revisions:?}"))?;
    let hours = fixture.app.search("default", &AskRequest::new("office open weekdays")).await?.0;
    ensure(hours[0].document.content.contains("From ten"), || format!("{:?}", hours[0]))?;
    let pay = fixture.app.search("default", &AskRequest::new("where do I pay")).await?.0;
    let place = pay[0].place.as_ref().map(pllm_core::Place::label);
    ensure(pay[0].name == "faq.csv, row 2" && place.as_deref() == Some("row 2"), || format!("{:?}", pay[0]))
}

async fn deleted_row() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("faq.csv", FAQ)?;
    fixture.ingest_with(options()).await?;
    let row = rows(&fixture).await?[1].id.to_string();
    fixture.app.delete_sources("default", &[row]).await?;
    let listed = fixture.app.sources("default", None).await?;
    ensure(listed[0].rows == 2 && listed[0].source.documents == 2, || format!("{listed:?}"))?;
    fixture.ingest_with(options()).await?;
    ensure(rows(&fixture).await?.len() == 3 && fixture.count().await? == 3, || "the row is back".to_owned())?;
    let again = fixture.ingest_with(options()).await?;
    let unchanged = again.count(|status| matches!(status, FileStatus::Unchanged { .. }));
    ensure(unchanged == 1, || format!("{again:?}"))
}

async fn delete() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("faq.csv", FAQ)?;
    fixture.ingest_with(options()).await?;
    let deleted = fixture.app.delete_sources("default", &["faq.csv".to_owned()]).await?;
    ensure((deleted.sources, deleted.with_rows, deleted.documents) == (1, 4, 3), || format!("{deleted:?}"))?;
    let collection = fixture.app.collection("default").await?;
    ensure(collection.store.count(None).await? == 0, || "no Document is left".to_owned())?;
    let left = fixture.app.sources("default", Some(&Filter::And(Vec::new()))).await?;
    ensure(left.is_empty(), || format!("{left:?}"))
}

async fn becomes_text() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("data.json", r#"[{"name": "Ida", "phone": "123"}, {"name": "Otto", "phone": "456"}]"#)?;
    fixture.ingest().await?;
    ensure(fixture.count().await? == 2, || "two rows".to_owned())?;
    fixture.file("data.json", r#"{"owner": {"name": "Mia"}}"#)?;
    fixture.ingest().await?;
    let sources = fixture.app.sources("default", Some(&Filter::And(Vec::new()))).await?;
    ensure(fixture.count().await? == 1 && sources.len() == 1, || format!("{sources:?}"))
}

async fn shown_columns() -> Outcome {
    let fixture = Fixture::new().await?;
    let long = "x".repeat(600);
    let csv = format!("id;city;note\n1;Köln;{long}\n2;Bonn;\n3;Köln;b\n4;a;c\n5;b;d\n6;c;e\n7;d;f\n");
    let columns = fixture.app.columns("t.csv", csv.as_bytes()).await?;
    let names: Vec<_> = columns.iter().map(|column| (column.name.as_str(), column.is_meta)).collect();
    ensure(names == [("id", true), ("city", true), ("note", false)], || format!("{columns:?}"))?;
    ensure(columns[1].samples == ["Köln", "Bonn", "a", "b", "c"], || format!("{columns:?}"))?;
    ensure(columns[2].samples[0].len() == 200, || format!("{columns:?}"))?;
    for (name, bytes) in
        [("t.json", r#"[{"a": 1}, {"b": null, "a": true}]"#), ("t.jsonl", "{\"a\": 1}\n{\"b\": null}\n")]
    {
        let columns = fixture.app.columns(name, bytes.as_bytes()).await?;
        let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
        ensure(names == ["a", "b"] && columns[1].samples.is_empty(), || format!("{name}: {columns:?}"))?;
    }
    let check = async |name: &str, bytes: &str, expected| {
        let kind = fixture.app.columns(name, bytes.as_bytes()).await.err().map(|error| error.kind());
        ensure(kind == Some(expected), || format!("{name}: {kind:?}"))
    };
    check("t.txt", "no table", ErrorKind::Unsupported).await?;
    check("t.json", "{\"a\": \"no table\"}", ErrorKind::Unsupported).await?;
    check("t.csv", "a,b\n", ErrorKind::InvalidInput).await?;
    ensure(fixture.app.collections().await?.is_empty(), || "nothing is stored".to_owned())
}
