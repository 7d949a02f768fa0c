//! The development sets, where `PLLM_EVAL_DATA` has them: what hybrid and keyword search must reach.

use crate::fixture::{Outcome, Silent, config, ensure};
use libtest_mimic::{Completion, Failed, Trial};
use pllm_app::ask::Mode;
use pllm_app::evaluate::set::EvaluationSet;
use pllm_app::evaluate::{EvaluateOptions, ThrowAway};
use pllm_core::CancelFlag;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A set, nDCG@10 of the plain BM25 of the data's README, and what hybrid search has to reach.
struct Gate {
    set: &'static str,
    bm25: f64,
    hybrid: f64,
}

const GATES: [Gate; 6] = [
    Gate { set: "xquad-en-a", bm25: 0.964, hybrid: 0.97 },
    Gate { set: "squad2-a", bm25: 0.938, hybrid: 0.0 },
    Gate { set: "hotpotqa-100", bm25: 0.789, hybrid: 0.815 },
    Gate { set: "cranfield", bm25: 0.357, hybrid: 0.405 },
    Gate { set: "lihua-world", bm25: 0.794, hybrid: 0.80 },
    Gate { set: "clapnq-a", bm25: 0.868, hybrid: 0.92 },
];

/// How much keyword search may lose against the plain BM25.
const KEYWORD_SLACK: f64 = 0.01;
/// How much hybrid search may lose against keyword search.
const HYBRID_SLACK: f64 = 0.005;

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |gate: &'static Gate| Trial::ignorable_test(format!("sets::{}", gate.set), move || run(gate));
    GATES.iter().map(trial).collect()
}

fn run(gate: &'static Gate) -> Result<Completion, Failed> {
    let folder =
        std::env::var_os("PLLM_EVAL_DATA").map(|data| PathBuf::from(data).join("sets").join(gate.set));
    match folder.filter(|folder| folder.is_dir()) {
        None => Ok(Completion::ignored_with("not present: PLLM_EVAL_DATA names no folder with this set")),
        Some(folder) => {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
            let outcome = runtime.block_on(check(gate, &folder));
            outcome.map(|()| Completion::Completed).map_err(|error| Failed::from(format!("{error:?}")))
        }
    }
}

async fn check(gate: &Gate, folder: &Path) -> Outcome {
    let set = EvaluationSet::read(folder)?;
    let library = fill(&set).await?;
    let keyword = library.evaluate(&options(Mode::Keyword), &|_, _| {}).await?.report;
    let hybrid = library.evaluate(&options(Mode::Hybrid), &|_, _| {}).await?.report;
    println!("{}: keyword {:.4}, hybrid {:.4}; {hybrid:?}", gate.set, keyword.ndcg_10, hybrid.ndcg_10);
    let floor = gate.bm25 - KEYWORD_SLACK;
    ensure(keyword.ndcg_10 >= floor, || {
        format!("keyword nDCG@10 {:.4}, expected {floor:.4}", keyword.ndcg_10)
    })?;
    let floor = (keyword.ndcg_10 - HYBRID_SLACK).max(gate.hybrid);
    ensure(hybrid.ndcg_10 >= floor, || format!("hybrid nDCG@10 {:.4}, expected {floor:.4}", hybrid.ndcg_10))
}

/// A set, ingested.
pub(crate) async fn fill(set: &EvaluationSet) -> anyhow::Result<ThrowAway<'_>> {
    Ok(ThrowAway::fill(&config(Path::new("unused"))?, set, Arc::new(Silent), CancelFlag::default()).await?)
}

/// Retrieval in one mode.
pub(crate) fn options(mode: Mode) -> EvaluateOptions {
    EvaluateOptions { mode, retrieval_only: true, given: false, cancel: CancelFlag::default() }
}
