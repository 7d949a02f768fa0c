//! Every character that is not blank is in a chunk, every chunk is a slice, within the budget, however the parts are cut.

use super::*;
use pllm_core::{Document, Meta, MetaValue, Part, Place, SourceId, meta};
use pllm_text::{ByteRange, Language};
use proptest::prelude::*;
use std::collections::HashSet;

/// Counts words, and each character of scripts without spaces as a word.
#[derive(Debug)]
struct Words {
    window: usize,
}

impl TokenCounter for Words {
    fn count(&self, text: &str) -> usize {
        text.split_whitespace().map(|word| word.chars().filter(|c| *c > '\u{2E80}').count().max(1)).sum()
    }

    fn max_tokens(&self) -> usize {
        self.window
    }
}

/// Counts thirds of characters, so that the parts of a text cost less than the whole.
#[derive(Debug)]
struct Thirds;

impl TokenCounter for Thirds {
    fn count(&self, text: &str) -> usize {
        text.chars().count() / 3
    }

    fn max_tokens(&self) -> usize {
        1000
    }
}

fn source(title: &str) -> Arc<SplitterSource> {
    let mut meta = Meta::new();
    meta.insert(meta::TITLE.to_owned(), MetaValue::String(title.to_owned()));
    let source = SourceId::new("s").expect("a safe name");
    Arc::new(SplitterSource { source, revision: 1, meta, language: Some(Language::ENGLISH) })
}

fn section(headings: &[&str]) -> Place {
    let headings = headings.iter().map(ToString::to_string).collect();
    Place::Section { headings, first_line: 1, last_line: 1 }
}

fn split_parts(splitter: &DocumentSplitter, title: &str, parts: &[Part]) -> Vec<Document> {
    let mut session = splitter.start(source(title));
    let mut documents = Vec::new();
    for part in parts {
        documents.extend(session.push(part).expect("no errors"));
    }
    documents.extend(session.finish().expect("no errors"));
    documents
}

fn splitter(max_tokens: usize, overlap_tokens: usize) -> DocumentSplitter {
    DocumentSplitter::new(Arc::new(Words { window: 1000 }), SplitOptions { max_tokens, overlap_tokens })
}

/// The contents of the chunks of a text that is one section.
fn check(splitter: &DocumentSplitter, headings: &[&str], text: &str, expected: &[&str]) {
    let places = vec![(ByteRange::new(0, text.len()), section(headings))];
    let documents = split_parts(splitter, "", &[Part { text: text.to_owned(), places }]);
    let contents: Vec<_> = documents.iter().map(|document| document.content.as_str()).collect();
    assert_eq!(contents, expected, "{text:?}");
}

#[test]
fn chunks_are_filled_with_whole_sentences() {
    let text = "One two three. Four five six. Seven eight nine ten.";
    check(&splitter(100, 0), &[], text, &[text]);
    check(&splitter(6, 0), &[], text, &["One two three. Four five six.", "Seven eight nine ten."]);
    check(
        &splitter(7, 3),
        &[],
        text,
        &["One two three. Four five six.", "Four five six. Seven eight nine ten."],
    );
    check(&splitter(6, 3), &[], text, &["One two three. Four five six.", "Seven eight nine ten."]);
    check(&splitter(3, 0), &[], "1 2 3 4 5 6 7", &["1 2 3", "4 5 6", "7"]);
    check(&splitter(3, 0), &[], "今天下雨。明天晴。", &["今天下", "雨。", "明天", "晴。"]);
    check(&splitter(4, 4), &[], " \n\n ", &[]);
}

#[test]
fn blocks_stay_together_where_there_is_room() {
    let text = "One two three.\n\nFour five six. Seven eight.";
    check(&splitter(6, 0), &[], text, &["One two three.", "Four five six. Seven eight."]);
    // The first block alone would leave its chunk less than half full.
    check(&splitter(7, 0), &[], text, &["One two three.\n\nFour five six.", "Seven eight."]);
    check(&splitter(4, 0), &[], "- a b\n- c d\n- e f", &["- a b", "- c d", "- e f"]);
    check(
        &splitter(4, 0),
        &[],
        "```\nlet a = 1;\n\nlet b = 2;\n```",
        &["```", "let a = 1;", "let b = 2;", "```"],
    );
}

#[test]
fn a_heading_is_not_left_alone() {
    check(&splitter(4, 0), &["A"], "# A\n\nOne two three four.", &["# A\n\nOne two", "three four."]);
    check(&splitter(4, 0), &["A", "B"], "# A\n## B\n\nOne. Two.", &["# A\n## B", "One. Two."]);
    check(&splitter(3, 0), &["A"], "A\n=\n\nOne.", &["A\n=\n\nOne."]);
    check(&splitter(3, 0), &["A"], "# A\n", &["# A"]);
}

#[test]
fn places_are_borders_and_headings_go_into_the_metadata() {
    let text = "before\n# A\ntext\n# B\nmore";
    let places = vec![
        (ByteRange::new(7, 16), section(&["A"])),
        (ByteRange::new(16, text.len()), section(&["A", "B"])),
    ];
    let documents = split_parts(&splitter(100, 0), "", &[Part { text: text.to_owned(), places }]);
    let headings = |document: &Document| document.meta.get(meta::HEADINGS).map(ToString::to_string);
    let found: Vec<_> =
        documents.iter().map(|document| (document.content.as_str(), headings(document))).collect();
    let expected = [
        ("before", None),
        ("# A\ntext", Some(r#"["A"]"#.to_owned())),
        ("# B\nmore", Some(r#"["A","B"]"#.to_owned())),
    ];
    assert_eq!(found, expected);
    assert_eq!(documents[1].span.as_ref().map(|span| span.range), Some(ByteRange::new(7, 15)));
    assert_eq!(documents[1].language, Some(Language::ENGLISH));
}

#[test]
fn title_and_headings_take_from_the_budget_but_not_more_than_half_the_window() {
    let splitter = DocumentSplitter::new(Arc::new(Words { window: 10 }), SplitOptions::default());
    let words = "w ".repeat(30);
    let check = |title: &str, expected: usize| {
        let parts = [Part { text: words.clone(), places: Vec::new() }];
        let documents = split_parts(&splitter, title, &parts);
        assert_eq!(documents[0].content.split_whitespace().count(), expected, "{title}");
    };
    check("", 10);
    check("a b c", 7);
    check("a b c d e f g h i", 5);
}

#[test]
fn an_endless_word_and_an_endless_line_are_cut_in_time() {
    let parts = |text: String| [Part { text, places: Vec::new() }];
    let word = split_parts(&splitter(50, 5), "", &parts("x".repeat(300_000)));
    assert!(word.iter().all(|document| document.content.len() <= 50 * 17), "{}", word.len());
    let line = split_parts(&splitter(50, 5), "", &parts("word ".repeat(200_000)));
    assert_eq!(line.len(), 4000);
}

#[test]
fn blocks_without_an_end_are_cut_alike_in_all_parts() {
    let line = "A line of the log, number one. And a second sentence\n";
    for text in
        [line.repeat(5000), line.trim_end().repeat(5000), "長".repeat(100_000), " ".repeat(200_000) + "end"]
    {
        let splitter = splitter(50, 5);
        let whole = split_parts(&splitter, "", &[Part { text: text.clone(), places: Vec::new() }]);
        check_laws(&text, &whole, 50, &Words { window: 1000 });
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (part, after) = rest.split_at(rest.ceil_char_boundary(rest.len().min(30_011)));
            parts.push(Part { text: part.to_owned(), places: Vec::new() });
            rest = after;
        }
        assert_eq!(split_parts(&splitter, "", &parts), whole);
    }
}

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z]{1,8}",
        2 => Just(" ".to_owned()),
        2 => Just(". ".to_owned()),
        2 => Just("\n".to_owned()),
        2 => Just("\n\n".to_owned()),
        1 => prop::sample::select(vec!["# ", "- ", "| ", "```\n", "=====\n", "。", "？", "z.B. ", "1. ", "\t", "\u{3000}", "\x0C", " \n \n"])
            .prop_map(str::to_owned),
        1 => "[一-龠]{1,12}",
        1 => prop::sample::select(vec!["😀", "👩‍👩‍👧", "é", "\u{200B}", "ﷺ"]).prop_map(str::to_owned),
        1 => "[a-zé]{30,90}",
        1 => "\\PC{0,10}",
    ];
    proptest::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

/// Cuts a text at some of its line ends; sections begin at some of its blank lines.
fn parts_of(text: &str, cuts: &[bool], sections: &[bool]) -> Vec<Part> {
    let (mut parts, mut part, mut start) = (Vec::new(), Part { text: String::new(), places: Vec::new() }, 0);
    let ends = text.match_indices('\n').map(|(at, _)| at + 1);
    for (n, end) in ends.chain([text.len()]).enumerate() {
        if n > 0 && cuts[n % cuts.len()] {
            parts.push(std::mem::replace(&mut part, Part { text: String::new(), places: Vec::new() }));
        }
        if sections[n % sections.len()] {
            let at = part.text.len();
            part.places.push((ByteRange::new(at, at + end - start), section(&["H"])));
        }
        part.text.push_str(&text[start..end]);
        start = end;
    }
    parts.push(part);
    parts
}

/// All that must be true of the chunks of a text.
fn check_laws(text: &str, documents: &[Document], budget: usize, counter: &dyn TokenCounter) {
    let mut covered = vec![false; text.len()];
    let mut ids = HashSet::new();
    let mut end = 0;
    for document in documents {
        let range = document.span.as_ref().expect("a span").range;
        assert_eq!(range.slice(text), Some(document.content.as_str()), "a slice of the text");
        assert_eq!(document.content.trim(), document.content, "no blanks at the ends");
        assert!(!document.content.is_empty() && range.end() > end, "each goes further than the one before");
        end = range.end();
        let single = document.content.chars().count() == 1;
        assert!(single || counter.count(&document.content) <= budget, "{:?}", document.content);
        assert!(ids.insert(document.id.clone()), "ids differ");
        covered[range.start()..range.end()].fill(true);
    }
    for (at, c) in text.char_indices() {
        assert!(c.is_whitespace() || covered[at], "{c:?} at {at} is in no chunk");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(1000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_laws_hold_for_every_text_and_every_way_to_cut_it(
        text in texts(),
        cuts in proptest::collection::vec(any::<bool>(), 1..10),
        sections in proptest::collection::vec(prop::bool::weighted(0.2), 1..10),
        budget in 1..40_usize,
        overlap in 0..10_usize,
    ) {
        let words: Arc<dyn TokenCounter> = Arc::new(Words { window: 1000 });
        for counter in [words, Arc::new(Thirds)] {
            let options = SplitOptions { max_tokens: budget, overlap_tokens: overlap };
            let splitter = DocumentSplitter::new(Arc::clone(&counter), options);
            let whole = split_parts(&splitter, "t", &parts_of(&text, &[false], &sections));
            check_laws(&text, &whole, budget, &*counter);
            let cut = split_parts(&splitter, "t", &parts_of(&text, &cuts, &sections));
            prop_assert_eq!(whole, cut);
        }
    }
}
