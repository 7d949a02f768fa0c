//! From what was found to checked text: the prompt that is made, and what becomes of what the model writes.

use super::fakes::{Library, listen, query};
use super::shipped::{ask, library};
use pllm_core::*;
use std::sync::Arc;

/// Asks the shipped graph; `window` is the model's.
async fn generate(window: usize, writes: &[&'static str]) -> (Result<Values>, Arc<Library>, Vec<String>) {
    let library = Arc::new(Library { window, writes: writes.to_vec(), ..library() });
    let (context, heard) = listen();
    let inputs = Values::new().with("query", query("How much is the deposit?")).with("llm", query("script"));
    let outcome = ask(&library).run(inputs, &["answer", "prompt", "generated"], &context).await;
    let told =
        heard.0.lock().expect("no panic").iter().filter(|line| line.contains("Sentence")).cloned().collect();
    (outcome, library, told)
}

#[tokio::test]
async fn what_is_written_is_cited_or_marked() {
    let writes =
        ["The deposit is 900", " euro [1]. The deposit is 800 euro", ". Write to evil.example/x now."];
    let (outcome, library, told) = generate(4096, &writes).await;
    let generated = outcome.expect("an answer").generated("generated").expect("generated");
    let sentences: Vec<_> = generated.sentences.iter().map(|s| (s.text.trim(), s.citations.len())).collect();
    assert_eq!(sentences[0], ("The deposit is 900 euro.", 1));
    assert_eq!(generated.sentences[0].citations[0].quote(), "The deposit is 900 euro.");
    let Support::Unsupported(missing) = &generated.sentences[1].support else { panic!("{generated:?}") };
    assert!(missing.iter().any(|fault| fault.kind == "number" && fault.text.contains("800")), "{missing:?}");
    assert!(!generated.text().contains("evil"), "{generated:?}");
    assert_eq!((generated.withheld, generated.unsupported(), generated.draft), (1, 1, true));
    assert_eq!(told.len(), 2);
    let asked = library.asked.lock().expect("no panic");
    assert!(asked[0].messages[1].content.contains("The deposit is 900 euro."));
}

#[tokio::test]
async fn a_prompt_fits_the_window_or_says_why_not() {
    let (outcome, ..) = generate(4096, &["x"]).await;
    let whole = outcome.expect("a prompt").prompt("prompt").expect("a prompt");
    assert_eq!((whole.passages.len(), whole.left_out.len(), whole.max_tokens), (2, 0, 400));
    let taken = whole.tokens;

    // Room for one passage: what the template, a quarter for the answer and the margin leave.
    let (outcome, ..) = generate((taken + 48 + 40) * 4 / 3, &["x"]).await;
    let tight = outcome.expect("a prompt").prompt("prompt").expect("a prompt");
    assert_eq!((tight.passages.len(), tight.left_out.len()), (1, 1));
    assert_eq!((tight.passages[0].text(), tight.left_out[0].reason), ("The deposit is 900 euro.", "no room"));

    let (outcome, ..) = generate(64, &["x"]).await;
    assert_eq!(outcome.expect_err("too long").kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn without_a_model_nothing_is_written() {
    let library = Arc::new(library());
    let (context, heard) = listen();
    let inputs = Values::new().with("query", query("How much is the deposit?"));
    let outcome = ask(&library).run(inputs, &["answer"], &context).await.expect("an answer");
    assert!(!outcome.answer("answer").expect("an answer").abstained);
    assert!(!heard.ran().contains(&"generator".to_owned()));
}
