//! Write policies, order, deletion, and reading while somebody writes.

use super::*;
use pllm_core::{ErrorKind, MetaValue, SourceId, Span};
use pllm_text::ByteRange;
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn a_document_comes_back_as_it_was_written() {
    let root = tempfile::tempdir().expect("a folder");
    let mut full = document("one", "Größe\0 und 尺寸");
    full.language = Language::parse("de");
    full.meta =
        serde_json::from_str(r#"{"z": 1, "a": 1.0, "n": null, "f": 0.1, "o": {"l": [true, -0.0, 1e300]}}"#)
            .expect("metadata");
    full.span =
        Some(Span { source: SourceId::new("s").expect("an id"), revision: 7, range: ByteRange::new(3, 20) });
    let bare = Document::new(id("two"), "");
    {
        let engine = engine(root.path());
        assert_eq!(write(&engine, vec![full.clone(), bare.clone()], DuplicatePolicy::Fail), (2, 0, 0));
    }
    let engine = engine(root.path());
    let found = all(&engine);
    let embedding = found[0].embedding.clone().expect("an embedding");
    let length: f32 = embedding.values().iter().map(|x| x * x).sum();
    assert!((length - 1.0).abs() < 1e-3, "{length}");
    assert_eq!(found, [Document { embedding: Some(embedding), ..full.clone() }, bare.clone()]);
    let got = engine.get(&[id("two"), id("unknown"), id("one")]).expect("gets");
    assert_eq!(got, [bare, Document { embedding: None, ..full }]);
}

#[test]
fn policies_count_duplicates_in_the_store_and_in_the_batch() {
    let check = |policy, expected: Result<(u64, u64, u64), ErrorKind>, left: &[(&str, &str)]| {
        let root = tempfile::tempdir().expect("a folder");
        let engine = engine(root.path());
        write(&engine, vec![document("a", "old a"), document("b", "old b")], DuplicatePolicy::Fail);
        let batch = vec![document("a", "new a"), document("c", "first c"), document("c", "second c")];
        let report = engine.write(batch, policy).map(|r| (r.written, r.overwritten, r.skipped));
        assert_eq!(report.map_err(|error| error.kind()), expected);
        let after: Vec<_> = all(&engine).into_iter().map(|d| (d.id.to_string(), d.content)).collect();
        let left: Vec<_> = left.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect();
        assert_eq!(after, left);
        assert_eq!(engine.verify().expect("verifies"), Vec::<String>::new());
    };
    check(DuplicatePolicy::Fail, Err(ErrorKind::Conflict), &[("a", "old a"), ("b", "old b")]);
    check(DuplicatePolicy::Skip, Ok((1, 0, 2)), &[("a", "old a"), ("b", "old b"), ("c", "first c")]);
    check(DuplicatePolicy::Overwrite, Ok((1, 2, 0)), &[("b", "old b"), ("a", "new a"), ("c", "second c")]);
}

#[test]
fn what_cannot_be_stored_is_refused() {
    let root = tempfile::tempdir().expect("a folder");
    let engine = engine(root.path());
    let check = |change: fn(&mut Document), expected: &str| {
        let mut bad = document("bad", "text");
        change(&mut bad);
        let error =
            engine.write(vec![document("good", "text"), bad], DuplicatePolicy::Fail).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.to_string(), format!("{expected} (document=bad)"));
        assert_eq!(engine.count(None).expect("counts"), 0);
    };
    let short = |d: &mut Document| d.embedding = Embedding::new(vec![1.0; 3]).ok();
    check(short, "embedding has 3 dimensions, the store expects 8");
    let infinite = |d: &mut Document| {
        d.meta.insert("x".into(), MetaValue::List(vec![MetaValue::Float(f64::INFINITY)]));
    };
    check(infinite, "metadata \"x\" is not a finite number");
    let deep = |d: &mut Document| {
        let value = (0..70).fold(MetaValue::Null, |inner, _| MetaValue::List(vec![inner]));
        d.meta.insert("x".into(), value);
    };
    check(deep, "metadata \"x\" is nested too deeply, expected at most 64 levels");
    let query = SearchQuery::Embedding { embedding: Random(1).embedding(3), top_k: 1, filter: None };
    assert_eq!(engine.search(&query).expect_err("refused").kind(), ErrorKind::InvalidInput);
}

#[test]
fn deletes_count_and_pages_go_on() {
    let root = tempfile::tempdir().expect("a folder");
    let engine = engine(root.path());
    let mut documents: Vec<Document> = (0..25).map(|n| document(&format!("d{n:02}"), "rent")).collect();
    for (n, document) in documents.iter_mut().enumerate() {
        document.meta.insert("n".into(), MetaValue::Int(n as i64));
    }
    write(&engine, documents, DuplicatePolicy::Fail);
    let mut cursor = Cursor { limit: 10, after: 0 };
    let mut seen = Vec::new();
    loop {
        let page = engine.fetch(Some(&filter("n != 24")), cursor).expect("fetches");
        seen.extend(ids(&page.documents).into_iter().map(str::to_owned));
        // Every page but the last meets deletions and renumbered slots.
        assert_eq!(engine.delete(&filter(&format!("n = {}", seen.len() - 1))).expect("deletes"), 1);
        let Some(next) = page.next else { break };
        assert_eq!((page.documents.len(), next.limit), (10, 10));
        cursor = next;
    }
    assert_eq!(seen, (0..24).map(|n| format!("d{n:02}")).collect::<Vec<_>>());
    assert_eq!(engine.delete(&filter("n >= 5 and n < 20")).expect("deletes"), 13);
    assert_eq!(engine.delete(&filter("n >= 5 and n < 20")).expect("deletes"), 0);
    assert_eq!(engine.search(&keyword("rents")).expect("searches").len(), 9);
    assert_eq!(engine.verify().expect("verifies"), Vec::<String>::new());
}

#[test]
fn a_filter_reaches_the_last_matching_document() {
    let root = tempfile::tempdir().expect("a folder");
    let engine = engine(root.path());
    let mut documents: Vec<Document> =
        (0..400).map(|n| document(&format!("d{n}"), &"rent ".repeat(1 + n % 7))).collect();
    documents[399].meta.insert("rare".into(), MetaValue::Bool(true));
    write(&engine, documents, DuplicatePolicy::Fail);
    let rare = Some(Arc::new(filter("rare = true")));
    let keyword = SearchQuery::Keyword { text: "rent".into(), top_k: 3, filter: rare.clone() };
    let dense = SearchQuery::Embedding { embedding: Random(5).embedding(DIMENSION), top_k: 3, filter: rare };
    for query in [keyword, dense] {
        let found = engine.search(&query).expect("searches");
        assert_eq!(ids(&found), ["d399"]);
        assert!(found[0].score.is_some() && found[0].embedding.is_none());
    }
}

/// While one Document is overwritten again and again, every search finds it, in its old or its new form.
#[test]
fn a_search_during_overwrites_loses_nothing() {
    let root = tempfile::tempdir().expect("a folder");
    let engine = engine(root.path());
    write(&engine, vec![document("a", "rent"), document("b", "rent deposit")], DuplicatePolicy::Fail);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Acquire) {
                    assert_eq!(engine.search(&keyword("rent")).expect("searches").len(), 2);
                    assert_eq!(engine.get(&[id("a"), id("b")]).expect("gets").len(), 2);
                    assert_eq!(engine.count(Some(&filter("content != ''"))).expect("counts"), 2);
                    assert_eq!(all(&engine).len(), 2);
                }
            });
        }
        let writes = (0..200)
            .map(|n| engine.write(vec![document("a", &format!("rent {n}"))], DuplicatePolicy::Overwrite));
        let outcome: Result<Vec<_>, _> = writes.collect();
        done.store(true, Ordering::Release);
        outcome.expect("writes");
    });
    assert_eq!(engine.verify().expect("verifies"), Vec::<String>::new());
}
