//! Whether the embedder knows the language of a question, as far as that can be told.

use pllm_text::{Language, Script, detect, scripts_of};

/// What an embedder declares, and what a collection's questions are likely to be in.
#[derive(Debug)]
pub(super) struct Known {
    languages: Vec<Language>,
    scripts: Vec<Script>,
    main: Option<Language>,
}

impl Known {
    /// An embedder that declares nothing is taken to know everything.
    pub(super) fn new(languages: &[Language], main: Option<Language>) -> Self {
        let scripts = languages.iter().flat_map(|language| scripts_of(*language)).copied().collect();
        Self { languages: languages.to_vec(), scripts, main }
    }

    /// False only if the question is in a script of no declared language, or in another language. Detectors call 2–13 % of short
    /// English questions something else, so an unreliable guess counts for nothing: the question then is in the collection's
    /// main language, if it may be by its script.
    pub(super) fn covers(&self, question: &str) -> bool {
        if self.languages.is_empty() {
            return true;
        }
        let detection = detect(question);
        let script_known = detection.script.is_none_or(|script| self.scripts.contains(&script));
        let may_be_main =
            |main: &Language| detection.script.is_none_or(|script| scripts_of(*main).contains(&script));
        let language = if detection.reliable { detection.language } else { self.main.filter(may_be_main) };
        script_known && language.is_none_or(|language| self.languages.contains(&language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_search_is_for_declared_languages_and_for_doubt() {
        let english = [Language::ENGLISH];
        let code = |code: &str| Language::parse(code).expect("a code");
        let check = |languages: &[Language], main: Option<&str>, question: &str, expected: bool| {
            let known = Known::new(languages, main.map(code));
            assert_eq!(known.covers(question), expected, "{question} {main:?}");
        };
        check(&english, None, "How much is the deposit?", true);
        check(&english, None, "押金是多少？", false);
        check(&english, Some("en"), "Сколько составляет залог?", false);
        let german = "Wie hoch ist die Kaution, die nach dem Mietvertrag für die Wohnung zu zahlen ist?";
        check(&english, Some("en"), german, false);
        // Too short to be sure: as the collection's main language.
        check(&english, None, "Kaution?", true);
        check(&english, Some("en"), "Kaution?", true);
        check(&english, Some("de"), "Kaution?", false);
        check(&english, Some("zh"), "Kaution?", true);
        check(&english, Some("en"), "2024?", true);
        check(&[], Some("de"), "押金是多少？", true);
        check(&[code("zh")], Some("zh"), "押金是多少？", true);
    }
}
