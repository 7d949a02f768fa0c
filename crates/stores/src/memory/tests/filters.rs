//! A filter's bitmap holds the Documents that `Filter::matches` finds, one by one.

use super::super::columns::LONGEST_STRING;
use super::super::filter::compile;
use super::super::index::{Entry, Index};
use super::*;
use pllm_core::{Comparison, Meta, MetaValue, SourceId, Span};
use pllm_text::{Analyzer, ByteRange, KnownWords};
use proptest::prelude::*;
use std::convert::Infallible;

/// Few values, so that they meet: each kind, equal by value and not by kind, dates in several forms, long strings.
fn scalar() -> impl Strategy<Value = MetaValue> {
    let numbers = prop_oneof![
        (-2i64..3).prop_map(MetaValue::Int),
        (-4i64..6).prop_map(|n| MetaValue::Float(n as f64 / 2.0)),
        Just(MetaValue::Int(9_007_199_254_740_993)),
        Just(MetaValue::Float(9_007_199_254_740_992.0)),
        Just(MetaValue::Float(1e300)),
    ];
    let long_date = format!("2020-01-01T00:00:00.{}", "0".repeat(LONGEST_STRING));
    let texts = prop::sample::select(vec![
        "tax".to_owned(),
        "2020-01-01".to_owned(),
        "2020-01-01T00:00:00Z".to_owned(),
        "2020-01-01T01:00:00+02:00".to_owned(),
        "2021-06-30 12:00".to_owned(),
        "x".repeat(LONGEST_STRING),
        "x".repeat(LONGEST_STRING + 1),
        long_date,
        "1".to_owned(),
        String::new(),
    ]);
    prop_oneof![
        2 => numbers,
        2 => texts.prop_map(MetaValue::String),
        1 => any::<bool>().prop_map(MetaValue::Bool),
        1 => Just(MetaValue::Null),
    ]
}

fn value() -> impl Strategy<Value = MetaValue> {
    scalar().prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(MetaValue::List),
            prop::collection::hash_map("a|b|a.b", inner, 0..3)
                .prop_map(|map| MetaValue::Object(map.into_iter().collect::<Meta>())),
        ]
    })
}

fn some_document() -> impl Strategy<Value = Document> {
    let meta = prop::collection::hash_map("a|b|a.b|b.a|a.b.a|document.language", value(), 0..5);
    let span = prop::option::of((prop::sample::select(vec!["s1", "tax"]), 1u32..4));
    let language = prop::option::of(prop::sample::select(vec!["en", "de"]));
    (meta, span, language, prop::sample::select(vec!["tax", "other"])).prop_map(
        |(meta, span, language, content)| {
            let mut document = Document::new(id("to be named"), content);
            document.meta = meta.into_iter().collect();
            document.language = language.and_then(Language::parse);
            document.span = span.map(|(source, revision)| Span {
                source: SourceId::new(source).expect("an id"),
                revision,
                range: ByteRange::new(0, content.len()),
            });
            document
        },
    )
}

fn some_filter() -> impl Strategy<Value = Filter> {
    let field = prop::sample::select(vec![
        "a",
        "b",
        "meta.a",
        "a.b",
        "a.b.a",
        "b.a",
        "meta.a.a",
        "meta.document.language",
        "missing",
        "id",
        "content",
        "document.language",
        "document.source",
        "document.revision",
    ]);
    let ids = prop_oneof![4 => value(), 1 => prop::sample::select(vec!["0", "3", "2020-01-01"]).prop_map(MetaValue::from)];
    let comparison =
        (field, prop::sample::select(Comparison::ALL.to_vec()), prop::collection::vec(ids, 1..4))
            .prop_map(|(field, operator, mut values)| {
                let value = match operator {
                    Comparison::In | Comparison::NotIn => MetaValue::List(values),
                    _ => values.swap_remove(0),
                };
                Filter::compare(field, operator, value)
            })
            .prop_filter("valid", |filter| filter.validate().is_ok());
    comparison.prop_recursive(3, 12, 3, |inner| {
        let parts = prop::collection::vec(inner, 0..4);
        prop_oneof![
            parts.clone().prop_map(Filter::And),
            parts.clone().prop_map(Filter::Or),
            parts.prop_map(Filter::Not)
        ]
    })
}

fn check(index: &Index, documents: &[Option<Document>], filter: &Filter) -> Result<(), TestCaseError> {
    let by_id = |slot: u32| documents.iter().flatten().find(|document| document.id == *index.slots.id(slot));
    let matches = |slot: u32, filter: &Filter| by_id(slot).is_some_and(|document| filter.matches(document));
    let live = index.slots.live();
    let found = compile::<Infallible>(filter, index, live, &mut |slots, comparison| {
        Ok(slots.iter().filter(|slot| matches(*slot, comparison)).collect())
    });
    let Ok(found) = found;
    let expected: Vec<u32> = live.iter().filter(|slot| matches(*slot, filter)).collect();
    prop_assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{}", filter);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_bitmap_equals_the_evaluation(
        documents in prop::collection::vec(some_document(), 0..12),
        filters in prop::collection::vec(some_filter(), 1..6),
        deleted in prop::collection::vec(0u32..12, 0..6),
    ) {
        let analyzer = Analyzer::new(&[]);
        let mut index = Index::new(1);
        let mut documents: Vec<Option<Document>> = documents.into_iter().map(Some).collect();
        for (n, document) in documents.iter_mut().flatten().enumerate() {
            document.id = if n == 5 { id("2020-01-01") } else { id(&n.to_string()) };
            index.push(n as i64 + 1, Entry::new(document.clone(), None, &analyzer, &mut KnownWords::default()));
        }
        for filter in &filters {
            check(&index, &documents, filter)?;
        }
        // One by one, so that some deletions leave dead slots and some renumber.
        for n in deleted {
            let gone = documents.get_mut(n as usize).and_then(Option::take);
            let slot = gone.and_then(|document| index.slots.find(document.id.as_str()));
            index.remove(&slot.into_iter().collect());
            for filter in &filters {
                check(&index, &documents, filter)?;
            }
        }
    }
}

#[test]
fn what_the_columns_do_not_know_is_read_from_the_rows() {
    let root = tempfile::tempdir().expect("a folder");
    let engine = engine(root.path());
    let long = "y".repeat(LONGEST_STRING + 1);
    let mut documents: Vec<Document> =
        (0..6).map(|n| document(&n.to_string(), &format!("text {n}"))).collect();
    documents[1].meta.insert("tags".into(), MetaValue::List(vec!["a".into(), MetaValue::Int(1)]));
    documents[2].meta.insert("note".into(), MetaValue::String(long.clone()));
    write(&engine, documents, DuplicatePolicy::Fail);
    let check = |text: &str, expected: &[&str]| {
        let filter = filter(text);
        let page = engine.fetch(Some(&filter), Cursor::default()).expect("fetches");
        assert_eq!(ids(&page.documents), expected, "{text}");
        assert_eq!(engine.count(Some(&filter)).expect("counts"), expected.len() as u64, "{text}");
    };
    check("tags = [a, 1.0]", &["1"]);
    check("tags != [a, 1]", &["0", "2", "3", "4", "5"]);
    check(&format!("note = {long}"), &["2"]);
    check("content = 'text 3'", &["3"]);
    check("content in ['text 3', 'text 5'] and id != '3'", &["5"]);
    check("id >= 2020-01-01", &[]);
}
