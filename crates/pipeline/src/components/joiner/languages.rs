//! Whether the embedder knows the language of a question, as far as that can be told.

use pllm_text::{Language, Script, detect, scripts_of};

/// What an embedder declares.
#[derive(Debug)]
pub(super) struct Known {
    languages: Vec<Language>,
    scripts: Vec<Script>,
}

impl Known {
    /// An embedder that declares nothing is taken to know everything.
    pub(super) fn new(languages: &[Language]) -> Self {
        let scripts = languages.iter().flat_map(|language| scripts_of(*language)).copied().collect();
        Self { languages: languages.to_vec(), scripts }
    }

    /// False only if the question is in a script of no declared language, or *reliably* in another language: detectors call 2–13 %
    /// of short English questions something else, and an unreliable guess must not switch dense search off.
    pub(super) fn covers(&self, question: &str) -> bool {
        if self.languages.is_empty() {
            return true;
        }
        let detection = detect(question);
        let script_known = detection.script.is_none_or(|script| self.scripts.contains(&script));
        let other =
            detection.reliable && detection.language.is_some_and(|found| !self.languages.contains(&found));
        script_known && !other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_search_is_for_declared_languages_and_for_doubt() {
        let english = [Language::ENGLISH];
        let check = |languages: &[Language], question: &str, expected: bool| {
            assert_eq!(Known::new(languages).covers(question), expected, "{question}");
        };
        check(&english, "How much is the deposit?", true);
        check(&english, "押金是多少？", false);
        check(&english, "Сколько составляет залог?", false);
        let german = "Wie hoch ist die Kaution, die nach dem Mietvertrag für die Wohnung zu zahlen ist?";
        check(&english, german, false);
        // Too short to be sure.
        check(&english, "Kaution?", true);
        check(&english, "2024?", true);
        check(&[], "押金是多少？", true);
        check(&[Language::parse("zh").expect("a code")], "押金是多少？", true);
    }
}
