//! Filters: every operator on every kind of value finds what `Filter::matches` says, wherever a store takes a filter.

use super::case::{
    Case, Entry, Outcome, cases, everything, expect_error, found, ids, keyword, nearest, overwrite, write,
};
use super::filter_corpus::{comparisons, corpus, trees};
use pllm_core::{Comparison, Document, DocumentStore, Embedding, ErrorKind, Filter, MetaValue, SearchQuery};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) const CASES: &[Entry] = cases![
    Nothing: filters_mean_what_people_expect,
    Nothing: equal_is_as_the_oracle_says,
    Nothing: not_equal_is_as_the_oracle_says,
    Nothing: greater_is_as_the_oracle_says,
    Nothing: greater_or_equal_is_as_the_oracle_says,
    Nothing: less_is_as_the_oracle_says,
    Nothing: less_or_equal_is_as_the_oracle_says,
    Nothing: in_is_as_the_oracle_says,
    Nothing: not_in_is_as_the_oracle_says,
    Nothing: trees_are_as_the_oracle_says,
    Nothing: deleting_by_filter_is_as_the_oracle_says,
    Nothing: filters_see_overwritten_metadata,
    Nothing: filters_that_cannot_be_evaluated_are_refused,
];

/// The store with the corpus in it, and what every call takes.
struct Asked {
    store: Arc<dyn DocumentStore>,
    documents: Vec<Document>,
    searches: Vec<fn(&Filter) -> pllm_core::Result<SearchQuery>>,
}

impl Asked {
    async fn start(case: &Case) -> Result<Self, libtest_mimic::Failed> {
        let (store, documents) = (case.open().await?, corpus()?);
        write(&store, documents.clone()).await?;
        let mut searches: Vec<fn(&Filter) -> pllm_core::Result<SearchQuery>> = Vec::new();
        if case.able.keyword {
            searches.push(|filter| Ok(keyword("common", 1_000, Some(filter))));
        }
        if case.able.embedding {
            searches
                .push(|filter| Ok(nearest(&Embedding::new(vec![1.0, 0.5, -0.5, 0.1])?, 1_000, Some(filter))));
        }
        Ok(Self { store, documents, searches })
    }

    fn expected(&self, filter: &Filter) -> Vec<String> {
        let matching = self.documents.iter().filter(|document| filter.matches(document));
        matching.map(|document| document.id.to_string()).collect()
    }

    /// count, fetch and every search see the same Documents as the oracle.
    async fn check(&self, filter: &Filter) -> Outcome {
        let expected = self.expected(filter);
        let fetched = ids(&everything(&self.store, Some(filter)).await?);
        assert_eq!(fetched, expected, "fetch {filter}");
        assert_eq!(self.store.count(Some(filter)).await?, expected.len() as u64, "count {filter}");
        let expected: BTreeSet<String> = expected.into_iter().collect();
        for search in &self.searches {
            let query = search(filter)?;
            let found = ids(&self.store.search(&query).await?);
            assert_eq!(found.len(), expected.len(), "{query:?}");
            assert_eq!(BTreeSet::from_iter(found), expected, "{query:?}");
        }
        Ok(())
    }

    /// No call takes it.
    async fn check_refused(&self, filter: &Filter) -> Outcome {
        let (kind, store) = (ErrorKind::InvalidInput, &self.store);
        expect_error(store.count(Some(filter)).await, kind, &format!("count {filter}"))?;
        expect_error(everything(store, Some(filter)).await, kind, &format!("fetch {filter}"))?;
        expect_error(store.delete(filter).await, kind, &format!("delete {filter}"))?;
        for search in &self.searches {
            let query = search(filter)?;
            expect_error(store.search(&query).await, kind, &format!("{query:?}"))?;
        }
        Ok(())
    }
}

async fn check_operator(case: &Case, operator: Comparison) -> Outcome {
    let asked = Asked::start(case).await?;
    let mut valid = 0;
    for filter in comparisons(operator)? {
        if filter.validate().is_ok() {
            asked.check(&filter).await?;
            valid += 1;
        } else {
            asked.check_refused(&filter).await?;
        }
    }
    assert!(valid > 100, "only {valid} filters by {operator:?} can be evaluated");
    assert_eq!(asked.store.count(None).await?, asked.documents.len() as u64, "a refused delete deleted");
    Ok(())
}

async fn equal_is_as_the_oracle_says(case: &mut Case) -> Outcome {
    check_operator(case, Comparison::Equal).await
}

async fn not_equal_is_as_the_oracle_says(case: &mut Case) -> Outcome {
    check_operator(case, Comparison::NotEqual).await
}

async fn greater_is_as_the_oracle_says(case: &mut Case) -> Outcome {
    check_operator(case, Comparison::Greater).await
}

async fn greater_or_equal_is_as_the_oracle_says(case: &mut Case) -> Outcome {
    check_operator(case, Comparison::GreaterOrEqual).await
}

async fn less_is_as_the_oracle_says(case: &mut Case) -> Outcome {
    check_operator(case, Comparison::Less).await
}

async fn less_or_equal_is_as_the_oracle_says(case: &mut Case) -> Outcome {
    check_operator(case, Comparison::LessOrEqual).await
}

async fn in_is_as_the_oracle_says(case: &mut Case) -> Outcome {
    check_operator(case, Comparison::In).await
}

async fn not_in_is_as_the_oracle_says(case: &mut Case) -> Outcome {
    check_operator(case, Comparison::NotIn).await
}

async fn trees_are_as_the_oracle_says(case: &mut Case) -> Outcome {
    let asked = Asked::start(case).await?;
    for filter in trees(400)? {
        asked.check(&filter).await?;
    }
    for empty in [Filter::And(Vec::new()), Filter::Or(Vec::new()), Filter::Not(Vec::new())] {
        asked.check(&empty).await?;
    }
    Ok(())
}

/// Written out by hand over four Documents, so that the oracle is not the only witness.
async fn filters_mean_what_people_expect(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let rows = [
        ("a", serde_json::json!({"year": 2019, "topic": "tax", "due": "2024-03-01", "p": {"q": 1}})),
        ("b", serde_json::json!({"year": 2020.5, "topic": null, "due": "2024-02-29T23:30:00-01:00", "p": 1})),
        ("c", serde_json::json!({"year": "2021", "topic": ["tax"], "due": "soon", "paid": true})),
        ("d", serde_json::json!({})),
    ];
    for (id, meta) in rows {
        write(&store, vec![super::sample::with_meta(super::sample::document(id, "text")?, meta)?]).await?;
    }
    for (filter, expected) in [
        ("year >= 2019", "a b"),
        ("year > 2019", "b"),
        ("year = \"2021\"", "c"),
        ("year != 2019", "b c d"),
        ("year = 2019.0", "a"),
        ("topic = null", "b d"),
        ("topic != null", "a c"),
        ("topic = tax", "a"),
        ("topic in [tax, null]", "a b d"),
        ("topic not in [tax]", "b c d"),
        ("topic = [tax]", "c"),
        ("due >= 2024-03-01", "a b"),
        ("due < 2024-03-01T00:30:00", "a"),
        ("paid = true", "c"),
        ("paid = 1", ""),
        ("p.q = 1", "a"),
        ("meta.p = 1", "b"),
        ("not (year >= 2019)", "c d"),
        ("year >= 2019 and topic = tax or id = d", "a d"),
    ] {
        let there = ids(&everything(&store, Some(&Filter::parse(filter)?)).await?);
        assert_eq!(there.join(" "), expected, "{filter}");
    }
    Ok(())
}

async fn deleting_by_filter_is_as_the_oracle_says(case: &mut Case) -> Outcome {
    let asked = Asked::start(case).await?;
    let mut filters = trees(40)?;
    for operator in Comparison::ALL {
        let valid = comparisons(operator)?.into_iter().filter(|filter| filter.validate().is_ok());
        filters.extend(valid.step_by(97));
    }
    for filter in &filters {
        let expected = asked.expected(filter);
        assert_eq!(asked.store.delete(filter).await?, expected.len() as u64, "{filter}");
        let left = ids(&everything(&asked.store, None).await?);
        let gone: BTreeSet<&String> = expected.iter().collect();
        let kept: Vec<String> = ids(&asked.documents).into_iter().filter(|id| !gone.contains(id)).collect();
        assert_eq!(left, kept, "{filter}");
        if case.able.keyword {
            let mut found = found(&asked.store, "common").await?;
            found.sort();
            assert_eq!(found, kept, "{filter}");
        }
        // All anew, so that the order is the corpus's again.
        overwrite(&asked.store, asked.documents.clone()).await?;
    }
    Ok(())
}

async fn filters_see_overwritten_metadata(case: &mut Case) -> Outcome {
    let mut asked = Asked::start(case).await?;
    // Everybody gets somebody else's metadata, language and span.
    let old = asked.documents.clone();
    for (n, document) in asked.documents.iter_mut().enumerate() {
        let other = &old[(n + 11) % old.len()];
        (document.meta, document.language, document.span) =
            (other.meta.clone(), other.language, other.span.clone());
    }
    overwrite(&asked.store, asked.documents.clone()).await?;
    for filter in trees(200)? {
        asked.check(&filter).await?;
    }
    Ok(())
}

async fn filters_that_cannot_be_evaluated_are_refused(case: &mut Case) -> Outcome {
    let asked = Asked::start(case).await?;
    let greater = |value: MetaValue| Filter::compare("v", Comparison::Greater, value);
    let word = || greater("abc".into());
    let mut deep = Filter::compare("v", Comparison::Equal, MetaValue::Null);
    for _ in 0..pllm_core::filter::MAX_DEPTH {
        deep = Filter::Not(vec![deep]);
    }
    for filter in [
        word(),
        greater(MetaValue::Bool(true)),
        greater(MetaValue::List(vec![MetaValue::Int(1)])),
        greater(MetaValue::Object(pllm_core::Meta::new())),
        Filter::compare("v", Comparison::In, MetaValue::Int(1)),
        Filter::compare("v", Comparison::NotIn, "a".into()),
        Filter::compare("missing", Comparison::In, MetaValue::Null),
        deep,
        // Behind a part that decides already.
        Filter::Or(vec![Filter::And(Vec::new()), word()]),
        Filter::And(vec![Filter::Or(Vec::new()), word()]),
        Filter::Not(vec![Filter::Not(vec![word()])]),
    ] {
        asked.check_refused(&filter).await?;
    }
    assert_eq!(asked.store.count(None).await?, asked.documents.len() as u64);
    Ok(())
}
