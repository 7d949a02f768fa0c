//! How good it is on given questions: the same path as `ask`, with figures.

pub mod metrics;
mod own;
mod report;
pub mod set;
mod throw_away;

pub use report::{CitedPlace, Evaluation, EvaluationReport, QuestionResult};
pub use throw_away::ThrowAway;

use crate::app::App;
use crate::ask::{AskOutcome, AskRequest, Lists, Mode};
use crate::collections::Collection;
use pllm_core::{Answer, CancelFlag, Filter, Result};
use std::sync::Arc;

/// How to evaluate.
#[derive(Debug, Clone)]
pub struct EvaluateOptions {
    /// How to retrieve.
    pub mode: Mode,
    /// Whether only retrieval is measured: no Document is read, no answer made.
    pub retrieval_only: bool,
    /// Whether the relevant documents are given, without retrieval.
    pub given: bool,
    /// To stop between questions.
    pub cancel: CancelFlag,
}

/// Tells how many questions are done, of how many.
pub type QuestionProgress<'a> = &'a (dyn Fn(u64, u64) + Send + Sync);

impl EvaluateOptions {
    /// Asks one question as `pllm ask` does, or retrieves for it as `pllm search` does.
    async fn ask(
        &self,
        app: &App,
        collection: &Collection,
        question: &str,
        given: Option<Filter>,
    ) -> Result<AskOutcome> {
        let request =
            AskRequest { mode: self.mode, given, cancel: self.cancel.clone(), ..AskRequest::new(question) };
        if !self.retrieval_only {
            return app.ask_in(collection, &request, None).await;
        }
        let (documents, timings) = app.retrieve(collection, &request).await?;
        let answer = Answer {
            text: String::new(),
            citations: Vec::new(),
            confidence: 0.0,
            score: 0.0,
            abstained: true,
        };
        let (answer, reading, lists) = (Arc::new(answer), Arc::default(), Lists::default());
        Ok(AskOutcome { answer, documents, reading, lists, timings })
    }
}
