//! `pllm eval`.

use crate::arguments::EvalArguments;
use crate::output;
use crate::progress::{self, IngestBar};
use crate::session::Session;
use anyhow::Result;
use pllm_app::evaluate::{EvaluateOptions, Evaluation, EvaluationReport, ThrowAway, set};
use std::process::ExitCode;
use std::sync::Arc;

pub(crate) async fn run(session: &Session, arguments: EvalArguments) -> Result<ExitCode> {
    let options = EvaluateOptions {
        mode: arguments.mode.into(),
        retrieval_only: arguments.retrieval_only,
        given: arguments.given,
        cancel: session.cancel.clone(),
    };
    let quiet = session.global.quiet;
    let bar = progress::questions(quiet);
    let tell = |done: u64, total: u64| {
        bar.set_length(total);
        bar.set_position(done);
    };
    let evaluation = match (&arguments.set, &arguments.questions) {
        (Some(folder), _) => {
            let set = set::EvaluationSet::read(folder)?;
            let (config, _) = session.config()?;
            let ingest = Arc::new(IngestBar::new(quiet));
            let library = ThrowAway::fill(&config, &set, ingest.clone(), session.cancel.clone()).await;
            ingest.finish();
            Ok(library?.evaluate(&options, &tell).await?)
        }
        (None, Some(file)) => {
            let questions = set::read_lines(file)?;
            let library = session.library("eval").await?;
            library.evaluate(&arguments.collection.collection, &questions, &options, &tell).await
        }
        (None, None) => anyhow::bail!("neither --set nor --questions was given"),
    };
    bar.finish_and_clear();
    let evaluation: Evaluation = evaluation?;
    if let Some(folder) = &arguments.out {
        evaluation.write(folder)?;
    }
    let report = &evaluation.report;
    if session.global.json {
        output::json(report)?;
    } else {
        output::print(&as_text(report))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn as_text(report: &EvaluationReport) -> String {
    let mut text = format!("{} documents, {} questions\n", report.documents, report.questions);
    let mut row = |name: &str, value: String| text.push_str(&format!("  {name:<42} {value}\n"));
    let figure = |value: f64| format!("{value:.4}");
    let share = |value: f64| format!("{:.1} %", value * 100.0);
    if report.judged > 0 {
        row("questions with known relevant documents", report.judged.to_string());
        row(
            "recall@5 / @10 / @100",
            [report.recall_5, report.recall_10, report.recall_100].map(figure).join(" / "),
        );
        row("MRR@10", figure(report.mrr_10));
        row("nDCG@10", figure(report.ndcg_10));
    }
    if report.answerable + report.unanswerable > 0 {
        row("answerable / unanswerable", format!("{} / {}", report.answerable, report.unanswerable));
        row("first citation holds the answer", share(report.first_citation));
        row("exact match / F1", format!("{} / {}", share(report.exact), share(report.f1)));
        let abstained = [report.abstained_answerable, report.abstained_unanswerable].map(share).join(" / ");
        row("abstained, of answerable / unanswerable", abstained);
    }
    let times =
        [report.seconds_median, report.seconds_p95].map(|seconds| format!("{:.1} ms", seconds * 1000.0));
    row("time a question, median / 95 %", times.join(" / "));
    text
}
