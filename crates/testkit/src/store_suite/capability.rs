//! What a store declares: it works where declared, and is refused as `Unsupported` where not.

use super::case::{Case, Entry, Outcome, cases, expect_error, ids, keyword, nearest, write};
use super::sample::with_vectors;
use pllm_core::{DocumentStore, Embedding, ErrorKind, SearchQuery};
use std::sync::Arc;

pub(super) const CASES: &[Entry] = cases![
    Nothing: keyword_search_is_as_declared,
    Nothing: embedding_search_is_as_declared,
];

async fn keyword_search_is_as_declared(case: &mut Case) -> Outcome {
    check(case, case.able.keyword, &keyword("word1", 1, None)).await
}

async fn embedding_search_is_as_declared(case: &mut Case) -> Outcome {
    let second = with_vectors(2, 4, 50)?[1].embedding.clone().ok_or("has a vector")?;
    check(case, case.able.embedding, &nearest(&second, 1, None)).await?;
    if !case.able.embedding {
        // Refused for what it is, not for what is wrong with it.
        let store: Arc<dyn DocumentStore> = case.open().await?;
        let wrong = nearest(&Embedding::new(vec![1.0; 3])?, 1, None);
        expect_error(store.search(&wrong).await, ErrorKind::Unsupported, "another dimension")?;
    }
    Ok(())
}

/// `query` finds `d001` where it is `able`.
async fn check(case: &Case, able: bool, query: &SearchQuery) -> Outcome {
    let store = case.open().await?;
    write(&store, with_vectors(2, 4, 50)?).await?;
    let found = store.search(query).await;
    if able {
        assert_eq!(ids(&found?), ["d001"]);
        return Ok(());
    }
    expect_error(found, ErrorKind::Unsupported, "not declared")
}
