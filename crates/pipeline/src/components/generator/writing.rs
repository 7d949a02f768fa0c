//! Text as it is written: which sentences are whole, and what the passages say to them.

use crate::support::{self, CheckedSentence, Evidence, Fault, FaultKind, Verdict};
use pllm_core::{Passage, Prompt, Support, Unsupported};

/// Signs after which a sentence may be over.
const ENDS: [char; 10] = ['.', '!', '?', '\n', '。', '！', '？', '…', ':', '।'];

/// A sentence that is whole.
#[derive(Debug, PartialEq)]
pub(super) struct Written {
    /// With the white space before it, without the numbers in brackets that the model wrote.
    pub(super) text: String,
    /// None when nobody may see it.
    pub(super) support: Option<Support>,
    pub(super) evidence: Vec<Evidence>,
}

/// What was written so far.
pub(super) struct Writing<'a> {
    question: &'a str,
    passages: Vec<&'a str>,
    text: String,
    /// Bytes of the text whose sentences were given.
    given: usize,
}

impl<'a> Writing<'a> {
    pub(super) fn new(question: &'a str, prompt: &'a Prompt) -> Self {
        // What was kept from the model comes last: an order that it carries out all the same is no evidence, and shows.
        let passages = prompt.passages.iter().chain(&prompt.kept_out).map(Passage::text);
        Self { question, passages: passages.collect(), text: String::new(), given: 0 }
    }

    /// Takes a piece; gives the sentences that are whole since.
    pub(super) fn push(&mut self, piece: &str) -> Vec<Written> {
        self.text.push_str(piece);
        if thinking(&self.text).is_none() || !piece.contains(ENDS) {
            return Vec::new();
        }
        // The last one may go on.
        let mut checked = self.checked();
        checked.pop();
        self.give(checked)
    }

    /// The sentences that are left.
    pub(super) fn end(&mut self) -> Vec<Written> {
        let checked = self.checked();
        self.give(checked)
    }

    fn checked(&mut self) -> Vec<CheckedSentence> {
        match thinking(&self.text) {
            Some(0) => {}
            Some(thoughts) => {
                self.text.drain(..thoughts);
            }
            // It thought until its tokens were used up.
            None => self.text.clear(),
        }
        support::check(self.question, &self.text, &self.passages)
    }

    fn give(&mut self, checked: Vec<CheckedSentence>) -> Vec<Written> {
        let new = checked.into_iter().filter(|sentence| sentence.range.start() >= self.given);
        let written = new.collect::<Vec<_>>().into_iter().map(|sentence| self.written(sentence));
        written.collect()
    }

    fn written(&mut self, checked: CheckedSentence) -> Written {
        let text = self.text.get(self.given..checked.range.end()).unwrap_or_default();
        let (text, faults) = (without_numbers(text), |faults: &[Fault]| self.unsupported(faults));
        let support = match &checked.verdict {
            Verdict::Supported => Some(Support::Supported),
            Verdict::NoClaim => Some(Support::NoClaim),
            Verdict::Unsupported(found) => Some(Support::Unsupported(faults(found))),
            Verdict::Withheld => None,
        };
        self.given = checked.range.end();
        Written { text, support, evidence: checked.evidence }
    }

    fn unsupported(&self, faults: &[Fault]) -> Vec<Unsupported> {
        let told = |fault: &Fault| {
            let whole = fault.kind == FaultKind::NoEvidence;
            let text = fault.range.slice(&self.text).filter(|_| !whole).unwrap_or_default();
            Unsupported { kind: fault.kind.name(), text: text.to_owned() }
        };
        faults.iter().map(told).collect()
    }
}

/// Where the answer begins, after what some models think aloud; none while they do.
fn thinking(text: &str) -> Option<usize> {
    const TAGS: [&str; 2] = ["<think>", "</think>"];
    let begun = text.trim_start();
    if begun.len() < TAGS[0].len() && TAGS[0].starts_with(begun) && !begun.is_empty() {
        return None;
    }
    if !begun.starts_with(TAGS[0]) {
        return Some(0);
    }
    text.find(TAGS[1]).map(|at| at + TAGS[1].len())
}

/// Without `[1]`, `[2, 3]`: what the model says of its sources is a hint that nobody took.
fn without_numbers(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let inside = after.split_once(']').filter(|(inside, _)| is_numbers(inside));
        match inside {
            Some((_, tail)) => {
                clean.push_str(before.trim_end_matches(' '));
                rest = tail;
            }
            None => {
                clean.push_str(before);
                clean.push('[');
                rest = after;
            }
        }
    }
    clean + rest
}

fn is_numbers(text: &str) -> bool {
    text.len() < 24
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' ' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_brackets_go_and_other_brackets_stay() {
        let check = |text: &str, expected: &str| assert_eq!(without_numbers(text), expected);
        check("It is 900 euro [1]. See [2, 3].", "It is 900 euro. See.");
        check("Array [a] and [x[1]] [", "Array [a] and [x] [");
        check("[1] It is.", " It is.");
    }

    #[test]
    fn thoughts_are_no_part_of_the_answer() {
        for (text, expected) in [
            ("", Some(0)),
            ("<thi", None),
            ("<think>\nWell.", None),
            ("<think>Well.</think>It is.", Some(20)),
            ("<b", Some(0)),
            ("It is.", Some(0)),
        ] {
            assert_eq!(thinking(text), expected, "{text}");
        }
    }

    #[test]
    fn sentences_come_when_they_are_whole_and_once() {
        let passage = "The deposit is 900 euro. Pets are allowed in the flat.";
        let mut writing = Writing {
            question: "How much is the deposit?",
            passages: vec![passage],
            text: String::new(),
            given: 0,
        };
        let mut heard = Vec::new();
        for piece in [
            "<think>hm.</think>",
            "The deposit",
            " is 900",
            " euro [1]. ",
            "Pets are",
            " allowed",
            " in the flat",
        ] {
            heard.push(writing.push(piece).len());
        }
        assert_eq!(heard, [0; 7]);
        let texts: Vec<_> =
            writing.end().into_iter().map(|written| (written.text, written.support)).collect();
        assert_eq!(
            texts,
            [
                ("The deposit is 900 euro.".to_owned(), Some(Support::Supported)),
                (" Pets are allowed in the flat".to_owned(), Some(Support::Supported)),
            ]
        );
        assert!(writing.end().is_empty());
    }
}
