//! An answer as surfaces show it: the reader's first, then what a language model writes under it.

mod telling;

use crate::App;
use crate::ask::{AskOutcome, AskRequest};
use crate::views::{Answer, ErrorDetail, WrittenSentence};
use pllm_core::{ErrorKind, EventSink, Result};
use std::sync::Arc;
use telling::Telling;

/// Hears how an answer comes about.
pub trait AnswerListener: EventSink {
    /// The reader's answer is there; a language model goes on.
    fn answered(&self, answer: &Answer);

    /// A sentence was written and checked. It comes with the names of what it rests on, which its event lacks.
    fn wrote(&self, _sentence: WrittenSentence) {}

    /// The same as a listener of events alone.
    fn events(self: Arc<Self>) -> Arc<dyn EventSink>;
}

impl App {
    /// Answers a question; where `llm` names a language model, it writes too. When it does not get to an end, the answer says
    /// why, and what the reader found is not lost.
    ///
    /// # Errors
    /// As [`App::ask`]; `NotFound` for an unknown language model; `Denied` when the collection's text may not be sent to it;
    /// `Cancelled`.
    pub async fn answer(
        &self,
        collection: &str,
        request: &AskRequest,
        llm: Option<&str>,
        listener: Option<Arc<dyn AnswerListener>>,
    ) -> Result<Answer> {
        if let Some(llm) = llm {
            self.may_write(collection, llm).await?;
        }
        let draft = self.begin_trace(&*self.collection(collection).await?, request).await;
        let request = &AskRequest { lists: draft.is_some(), ..request.clone() };
        let events = listener.clone().map(AnswerListener::events);
        let (outcome, citations) = self.ask_telling(collection, request, events.clone()).await?;
        let answer = Answer::new(&request.question, &outcome, &citations);
        let Some(llm) = llm else {
            let trace = draft.and_then(|draft| self.keep_trace(draft, request, outcome, None));
            return Ok(Answer { trace, ..answer });
        };
        let mut events = None;
        if let Some(listener) = listener {
            listener.answered(&answer);
            events = Some(self.telling(collection, &outcome, listener).await?);
        }
        let (answer, writing) = match self.write(collection, request, llm, &outcome, events).await {
            Ok(writing) => (answer.with(&writing), Ok(writing)),
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => (Answer { llm_fault: Some(ErrorDetail::new(&error)), ..answer }, Err(error.kind())),
        };
        let trace = draft.and_then(|draft| self.keep_trace(draft, request, outcome, Some(writing)));
        Ok(Answer { trace, ..answer })
    }

    /// Passes on what is written about `outcome` to `listener`.
    async fn telling(
        &self,
        collection: &str,
        outcome: &AskOutcome,
        listener: Arc<dyn AnswerListener>,
    ) -> Result<Arc<dyn EventSink>> {
        let collection = self.collection(collection).await?;
        let spans = outcome.documents.iter().filter_map(|document| document.span.as_ref());
        let details = self.details(&collection, spans.map(|span| &span.source)).await?;
        Ok(Arc::new(Telling::new(listener, details)))
    }

    /// The language model that writes where a question names none; empty = none is to write.
    #[must_use]
    pub fn chosen_llm<'a>(&'a self, named: Option<&'a str>) -> Option<&'a str> {
        named.or(Some(&self.config.ask_llm)).filter(|name| !name.is_empty())
    }
}
