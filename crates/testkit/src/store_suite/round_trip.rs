//! What is written comes back as it was, before and after a restart: content, ids, metadata, language, span, vector.

use super::case::{Case, Entry, Outcome, cases, everything, found, ids, write};
use super::sample::{document, in_language, schema, with_meta, with_vectors};
use crate::plain_store::cosine;
use pllm_core::{Document, DocumentId, Filter, MetaValue, Result, SourceId, Span};
use pllm_text::ByteRange;
use serde_json::json;

pub(super) const CASES: &[Entry] = cases![
    Nothing: any_content_comes_back,
    Nothing: any_id_comes_back,
    Nothing: metadata_keeps_kinds_order_and_bits,
    Nothing: language_and_span_come_back,
    Nothing: vectors_come_back_with_fetch,
    Nothing: a_megabyte_comes_back,
];

/// Texts that encodings, databases and regular expressions trip over.
const TEXTS: &[&str] = &[
    "",
    " ",
    "plain",
    "line\nline\r\nline\ttab",
    "👩‍👩‍👧‍👦 family, 🏳️‍🌈 flag, 🇩🇪",
    "e\u{301} is not é",
    "שלום עולם",
    "\u{202e}reversed\u{202c}",
    "العربية 123",
    "中文，日本語、한국어",
    "zero\u{0}byte",
    "\u{feff}mark",
    "quotes ' \" ` \\ %s {} $1 ;-- /*",
    "\u{10ffff}\u{e000}\u{fffd}",
    "ﬁ ligature İ dotted ß",
];

/// The Documents come back equal, in order, by fetch and by id, now and after a restart.
async fn check_round_trip(case: &mut Case, written: Vec<Document>) -> Outcome {
    let mut store = case.open().await?;
    write(&store, written.clone()).await?;
    let asked: Vec<DocumentId> = written.iter().map(|document| document.id.clone()).collect();
    for round in ["after writing", "after a restart"] {
        assert_eq!(everything(&store, None).await?, written, "fetch {round}");
        assert_eq!(store.get(&asked).await?, written, "get {round}");
        case.restart(store).await?;
        store = case.open().await?;
    }
    Ok(())
}

async fn any_content_comes_back(case: &mut Case) -> Outcome {
    let documents = TEXTS
        .iter()
        .enumerate()
        .map(|(n, text)| document(&format!("d{n:02}"), text))
        .collect::<Result<_>>()?;
    check_round_trip(case, documents).await
}

async fn any_id_comes_back(case: &mut Case) -> Outcome {
    let long = ["x".repeat(1024), "é".repeat(512), "👩".repeat(256)];
    let names = TEXTS.iter().copied().chain(["..", "../../etc", "a/b", "NULL", "0"]);
    let names = names.chain(long.iter().map(String::as_str)).filter(|name| !name.is_empty());
    let documents: Vec<Document> =
        names.map(|name| document(name, &format!("text of {name:?}"))).collect::<Result<_>>()?;
    check_round_trip(case, documents.clone()).await?;
    let store = case.open().await?;
    for document in &documents {
        let filter = Filter::compare("id", pllm_core::Comparison::Equal, document.id.as_str().into());
        assert_eq!(store.delete(&filter).await?, 1, "{:?}", document.id);
    }
    assert_eq!(store.count(None).await?, 0);
    Ok(())
}

async fn metadata_keeps_kinds_order_and_bits(case: &mut Case) -> Outcome {
    let meta = json!({
        "zulu": 1, "alpha": 1.0, "mike": true, "null": null, "text": "1", "empty": "", "": "no name",
        "largest": i64::MAX, "smallest": i64::MIN, "third": 1.0 / 3.0, "sum": 0.1 + 0.2,
        "denormal": f64::from_bits(1), "huge": f64::MAX, "minus_zero": -0.0, "big_float": 9_007_199_254_740_993.0,
        "list": [3, 1.5, null, "x", [false, []], {"b": 1, "a": {}}], "object": {"z": {"y": {"x": [1]}}, "a": 0},
        "date": "2024-02-29T12:00:00+01:00", "dotted.key": "é👩 \u{0} \"", "$where": "'; drop", "id": "other", "v": TEXTS,
    });
    let written = with_meta(document("a", "text")?, meta)?;
    let bits = |document: &Document| match document.meta.get("minus_zero") {
        Some(MetaValue::Float(float)) => Some(float.to_bits()),
        _ => None,
    };
    let keys: Vec<String> = written.meta.keys().cloned().collect();
    check_round_trip(case, vec![written.clone()]).await?;
    let there = everything(&case.open().await?, None).await?;
    // Equality of maps does not see the order of keys, nor that of floats the sign of zero.
    assert_eq!(there[0].meta.keys().cloned().collect::<Vec<_>>(), keys);
    let inner = |document: &Document| format!("{:?}", document.meta);
    assert_eq!(inner(&there[0]), inner(&written));
    assert_eq!(bits(&there[0]), Some((-0.0_f64).to_bits()));
    Ok(())
}

async fn language_and_span_come_back(case: &mut Case) -> Outcome {
    let mut documents = Vec::new();
    for (n, code) in ["en", "de", "zh", "xx", "none"].into_iter().enumerate() {
        let source = SourceId::new(&format!("source-{n}.B_c"))?;
        let range = ByteRange::new(n * 1_000_000, n * 5_000_000_000);
        let span = Some(Span { source, revision: [1, 2, 3, 4, u32::MAX][n], range });
        let plain = in_language(document(&format!("d{n}"), "text")?, code);
        documents.push(Document { span: if n == 2 { None } else { span }, ..plain });
    }
    check_round_trip(case, documents).await
}

async fn vectors_come_back_with_fetch(case: &mut Case) -> Outcome {
    let schema = schema(384);
    let mut written = with_vectors(20, 384, 20)?;
    written[5].embedding = None;
    let mut store = case.open_with(&schema).await?;
    write(&store, written.clone()).await?;
    for round in ["after writing", "after a restart"] {
        for (there, written) in everything(&store, None).await?.iter().zip(&written) {
            let (Some(there), Some(written)) = (&there.embedding, &written.embedding) else {
                assert_eq!(there.embedding, written.embedding, "{} {round}", there.id);
                continue;
            };
            let cosine = cosine(there.values(), written.values());
            assert!(there.dimension() == 384 && cosine > 0.9999, "{round}: cosine {cosine}");
        }
        case.restart(store).await?;
        store = case.open_with(&schema).await?;
    }
    Ok(())
}

async fn a_megabyte_comes_back(case: &mut Case) -> Outcome {
    let words: Vec<String> = (0..132_000).map(|n| format!("w{n:06}")).collect();
    let content = words.join(" ");
    assert!(content.len() > 1 << 20, "{} bytes", content.len());
    check_round_trip(case, vec![document("big", &content)?, document("small", "w000007")?]).await?;
    if case.able.keyword {
        let store = case.open().await?;
        assert_eq!(found(&store, "w131999").await?, ["big"]);
        assert_eq!(found(&store, "w000007").await?, ["small", "big"]);
        assert_eq!(ids(&everything(&store, None).await?), ["big", "small"]);
    }
    Ok(())
}
