//! Languages that the embedder was not trained for: hybrid search must not lose against keyword search.

use crate::fixture::{Outcome, ensure, repository, with_model};
use crate::sets::{fill, options};
use libtest_mimic::Trial;
use pllm_app::ask::Mode;
use pllm_app::evaluate::metrics::{self, RetrievalFigures};
use pllm_app::evaluate::set::EvaluationSet;
use pllm_app::evaluate::{QuestionResult, ThrowAway};
use std::collections::HashMap;

const LANGUAGES: [&str; 8] = ["de", "fr", "es", "it", "ru", "zh", "ja", "ar"];
/// How much hybrid search may lose in nDCG@10.
const SLACK: f64 = 0.005;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("languages::hybrid_search_keeps_up_in_each_language_alone", alone),
        with_model("languages::hybrid_search_keeps_up_in_a_mixed_collection", mixed),
    ]
}

fn set(language: &str) -> pllm_core::Result<EvaluationSet> {
    EvaluationSet::read(&repository().join("tests/data/languages").join(language))
}

async fn alone() -> Outcome {
    for language in LANGUAGES {
        compare(language, &set(language)?).await?;
    }
    Ok(())
}

/// All languages in one collection, compared over the questions of each.
async fn mixed() -> Outcome {
    let sets = LANGUAGES.map(set).into_iter().collect::<pllm_core::Result<Vec<_>>>()?;
    let all = EvaluationSet {
        corpus: sets.iter().flat_map(|set| set.corpus.clone()).collect(),
        questions: sets.iter().flat_map(|set| set.questions.clone()).collect(),
        relevance: sets.iter().flat_map(|set| set.relevance.clone()).collect(),
    };
    let library = fill(&all).await?;
    let keyword = by_question(&all, &library, Mode::Keyword).await?;
    let hybrid = by_question(&all, &library, Mode::Hybrid).await?;
    for (language, set) in LANGUAGES.iter().zip(&sets) {
        let mean =
            |figures: &HashMap<String, f64>| metrics::mean(set.questions.iter().map(|q| figures[&q.id]));
        check(&format!("mixed {language}"), mean(&keyword), mean(&hybrid))?;
    }
    Ok(())
}

/// nDCG@10 of each question.
async fn by_question(
    set: &EvaluationSet,
    library: &ThrowAway<'_>,
    mode: Mode,
) -> anyhow::Result<HashMap<String, f64>> {
    let figure = |result: QuestionResult| {
        let ranked: Vec<String> = result.hits.into_iter().map(|(doc, _)| doc).collect();
        let figures = RetrievalFigures::of(&set.relevance[&result.id], &ranked);
        (result.id, figures.ndcg_10)
    };
    let evaluation = library.evaluate(&options(mode), &|_, _| {}).await?;
    Ok(evaluation.results.into_iter().map(figure).collect())
}

async fn compare(name: &str, set: &EvaluationSet) -> Outcome {
    let library = fill(set).await?;
    let keyword = library.evaluate(&options(Mode::Keyword), &|_, _| {}).await?.report;
    let hybrid = library.evaluate(&options(Mode::Hybrid), &|_, _| {}).await?.report;
    check(name, keyword.ndcg_10, hybrid.ndcg_10)
}

fn check(name: &str, keyword: f64, hybrid: f64) -> Outcome {
    println!("{name}: keyword {keyword:.4}, hybrid {hybrid:.4}");
    ensure(hybrid >= keyword - SLACK, || format!("{name}: keyword {keyword:.4}, hybrid {hybrid:.4}"))
}
