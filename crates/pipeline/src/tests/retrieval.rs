//! What the retrievers ask the store, and when the dense list counts.

use super::fakes::{Library, listen, query};
use super::shipped::{ask, library};
use pllm_core::*;
use pllm_text::Language;
use std::sync::Arc;

fn year() -> Filter {
    Filter::compare("year", Comparison::Equal, MetaValue::Int(2024))
}

#[tokio::test]
async fn documents_in_undeclared_languages_stay_out_of_the_dense_list_only() {
    let library = Arc::new(Library { languages: vec![Language::ENGLISH], ..library() });
    let (context, _) = listen();
    let inputs =
        Values::new().with("query", query("deposit")).with("filter", Value::Filter(Arc::new(year())));
    ask(&library).run(inputs, &["documents"], &context).await.expect("documents");
    let known = Filter::Or(vec![
        Filter::compare("document.language", Comparison::Equal, MetaValue::Null),
        Filter::compare("document.language", Comparison::In, MetaValue::List(vec!["en".into()])),
    ]);
    let searches = library.searches.lock().expect("no panic");
    for search in searches.iter() {
        match search {
            SearchQuery::Keyword { filter, top_k, text } => {
                assert_eq!((filter.as_deref(), *top_k, &**text), (Some(&year()), 100, "deposit"));
            }
            SearchQuery::Embedding { filter, top_k, embedding } => {
                assert_eq!(filter.as_deref(), Some(&Filter::And(vec![year(), known.clone()])));
                assert_eq!((*top_k, embedding.values()), (100, &[7.0][..]));
            }
        }
    }
    assert_eq!(searches.len(), 2);
}

#[tokio::test]
async fn a_question_in_an_undeclared_language_is_keyword_search() {
    let check = async |question: &str, weight: Option<f64>, expected: [&str; 2]| {
        let library = Arc::new(Library { languages: vec![Language::ENGLISH], ..library() });
        let (context, _) = listen();
        let mut inputs = Values::new().with("query", query(question));
        if let Some(weight) = weight {
            inputs.insert("dense_weight", Value::Number(weight));
        }
        let found = ask(&library).run(inputs, &["documents"], &context).await.expect("documents");
        let documents = found.documents("documents").expect("documents");
        let contents: Vec<&str> = documents.iter().map(|document| document.content.as_str()).collect();
        assert_eq!(contents, expected, "{question} {weight:?}");
    };
    let (deposit, pets) = ("The deposit is 900 euro.", "Pets are allowed.");
    // Keyword search prefers the deposit, dense search the pets.
    check("deposit", None, [deposit, pets]).await;
    check("deposit", Some(0.9), [pets, deposit]).await;
    check("押金是多少", Some(0.9), [deposit, pets]).await;
}

#[tokio::test]
async fn a_weight_is_a_share() {
    let library = Arc::new(library());
    let (context, _) = listen();
    let inputs = Values::new().with("query", query("x")).with("dense_weight", Value::Number(1.5));
    let error = ask(&library).run(inputs, &["documents"], &context).await.expect_err("refused");
    let expected = "dense_weight is 1.5, expected a number from 0 to 1 (component=joiner)";
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidInput, expected));
}
