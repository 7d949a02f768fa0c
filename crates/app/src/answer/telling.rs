//! Sentences of a language model as they come: each with what it rests on, so that nobody waits for the last one to look it up.

use super::AnswerListener;
use crate::ask::{Details, NamedCitation};
use crate::views::{Citation, Sentence, WrittenSentence};
use pllm_core::{self as core, Event, EventSink, GeneratedSentence};
use std::sync::{Arc, Mutex, PoisonError};

/// Passes on what it hears; names and numbers citations as the whole answer will.
pub(super) struct Telling {
    listener: Arc<dyn AnswerListener>,
    details: Details,
    cited: Mutex<Vec<core::Citation>>,
}

impl Telling {
    /// `details`: of the sources that sentences can rest on.
    pub(super) fn new(listener: Arc<dyn AnswerListener>, details: Details) -> Self {
        Self { listener, details, cited: Mutex::default() }
    }

    fn named(&self, written: &GeneratedSentence) -> WrittenSentence {
        let mut cited = self.cited.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut sentence, mut new) = (Sentence::new(written), Vec::new());
        for citation in &written.citations {
            let Some(named) = NamedCitation::new(citation, &self.details) else { continue };
            let known = cited.iter().position(|one| one == citation);
            let at = known.unwrap_or_else(|| {
                cited.push(citation.clone());
                new.push(Citation::new(cited.len(), &named));
                cited.len() - 1
            });
            sentence.citations.push(at + 1);
        }
        WrittenSentence { sentence, cited: new }
    }
}

impl EventSink for Telling {
    fn emit(&self, event: Event) {
        if let Event::Sentence { sentence, .. } = &event {
            self.listener.wrote(self.named(sentence));
        }
        self.listener.emit(event);
    }
}
