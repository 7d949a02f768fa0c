//! An answer as the text of one message, with what each part of it rests on.

use super::wire::{ChatAnnotation, ChatUsage, CitedPlace, UrlCitation};
use pllm_app::views::{Answer, Citation, Generated, Sentence};
use pllm_runtime::local::target;
use std::ops::Range;

/// The text of a message.
#[derive(Debug, Default)]
pub(super) struct Text {
    text: String,
    /// Code points of it.
    chars: usize,
}

impl Text {
    /// The text so far.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    fn add(&mut self, text: &str) {
        self.text.push_str(text);
        self.chars += text.chars().count();
    }

    /// Adds a sentence, with its mark if the documents do not support it; gives the code points that it takes without mark and
    /// white space.
    pub(super) fn push(&mut self, sentence: &Sentence) -> Range<usize> {
        let inside = sentence.text.trim();
        if inside.is_empty() {
            return self.chars..self.chars;
        }
        let (before, after) = sentence.text.split_once(inside).unwrap_or_default();
        if !self.text.is_empty() {
            self.add(before);
        }
        let start = self.chars;
        self.add(inside);
        let end = self.chars;
        self.add(&sentence.mark().unwrap_or_default());
        self.add(after);
        start..end
    }
}

/// Where sources are shown.
#[derive(Debug, Clone)]
pub(super) struct Sources {
    /// `http://127.0.0.1:8080`, as the client calls this service.
    pub(super) origin: String,
    pub(super) collection: String,
}

impl Sources {
    /// The page of a source with the quote marked.
    fn url(&self, citation: &Citation) -> String {
        let (start, end) = (citation.start.to_string(), citation.end.to_string());
        let path = ["library", &self.collection, "sources", &citation.source];
        format!("{}{}", self.origin, target(&path, &[("start", &start), ("end", &end)]))
    }

    fn annotation(&self, range: &Range<usize>, support: &str, citation: &Citation) -> ChatAnnotation {
        let place = citation.place.as_ref().map(|place| format!(", {}", place.label)).unwrap_or_default();
        ChatAnnotation {
            kind: "url_citation",
            url_citation: UrlCitation {
                start_index: range.start,
                end_index: range.end,
                title: format!("{}{place}", citation.name),
                url: self.url(citation),
            },
            pllm: CitedPlace { support: support.to_owned(), citation: citation.clone() },
        }
    }
}

/// A message.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) content: String,
    pub(super) annotations: Vec<ChatAnnotation>,
    pub(super) finish: String,
    pub(super) usage: ChatUsage,
}

impl Reply {
    /// What was written, if anything was; else what the reader found.
    pub(super) fn new(answer: &Answer, sources: &Sources) -> Self {
        match &answer.generated {
            Some(generated) if !generated.text.is_empty() => Self::written(generated, sources),
            generated => {
                let usage = generated.as_ref().map(usage).unwrap_or_default();
                Self { usage, ..Self::read(answer, sources) }
            }
        }
    }

    fn written(generated: &Generated, sources: &Sources) -> Self {
        let (mut text, mut annotations) = (Text::default(), Vec::new());
        for sentence in &generated.sentences {
            let range = text.push(sentence);
            let cited = |n: &usize| generated.citations.iter().find(|citation| citation.n == *n);
            let cited = sentence.citations.iter().filter_map(cited);
            annotations.extend(cited.map(|citation| sources.annotation(&range, &sentence.support, citation)));
        }
        let finish = generated.finish.clone();
        Self { content: text.text, annotations, finish, usage: usage(generated) }
    }

    /// The nearest passages of an answer that there is not are no citations of it.
    fn read(answer: &Answer, sources: &Sources) -> Self {
        let range = 0..answer.answer.chars().count();
        let annotation = |citation: &Citation| {
            let support = if citation.quote.trim() == answer.answer { "quote" } else { "further" };
            sources.annotation(&range, support, citation)
        };
        let cited = answer.citations.iter().filter(|_| !answer.abstained);
        let annotations = cited.map(annotation).collect();
        let mut content = match answer.abstained {
            true => format!("{}.", Answer::NOT_THERE),
            false => answer.answer.clone(),
        };
        if let Some(fault) = &answer.llm_fault {
            content.push_str(&format!("\n\nThe language model did not write: {}", fault.message));
        }
        Self { content, annotations, finish: "stop".to_owned(), usage: ChatUsage::default() }
    }
}

fn usage(generated: &Generated) -> ChatUsage {
    let (prompt_tokens, completion_tokens) = (generated.prompt_tokens, generated.completion_tokens);
    ChatUsage { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sentence(text: &str, support: &str, missing: &[&str]) -> Sentence {
        let missing: Vec<_> = missing.iter().map(|text| json!({"kind": "number", "text": text})).collect();
        serde_json::from_value(json!({"text": text, "support": support, "missing": missing, "citations": []}))
            .expect("a sentence")
    }

    #[test]
    fn ranges_are_code_points_and_leave_marks_out() {
        let mut text = Text::default();
        let ranges = [
            text.push(&sentence("\n Die Kaution ist 🏠 900 €.", "supported", &[])),
            text.push(&sentence(" ", "no_claim", &[])),
            text.push(&sentence(" It is 5 %.", "unsupported", &["5 %"])),
            text.push(&sentence("\nSo it is.\n", "unsupported", &[""])),
        ];
        let whole = "Die Kaution ist 🏠 900 €. It is 5 %. [not in your documents: 5 %]\n\
            So it is. [not in your documents]\n";
        assert_eq!(text.as_str(), whole);
        let points: Vec<char> = whole.chars().collect();
        let cut = |range: &Range<usize>| points[range.clone()].iter().collect::<String>();
        let cuts: Vec<String> = ranges.iter().map(cut).collect();
        assert_eq!(cuts, ["Die Kaution ist 🏠 900 €.", "", "It is 5 %.", "So it is."]);
    }
}
