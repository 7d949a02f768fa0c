//! Tokens of the real tokenizer: cutting, counting, ranges.

use pllm_core::TokenCounter;

use crate::model::{MAX_TOKENS, MODEL};

const CLS: u32 = 101;
const SEP: u32 = 102;

fn check(text: &str, expected: &[u32]) {
    assert_eq!(MODEL.tokenizer.encode(text).unwrap(), expected);
    assert_eq!(MODEL.tokenizer.count(text), expected.len() - 2);
}

#[test]
fn special_tokens_stand_around_the_text() {
    check("", &[CLS, SEP]);
    check(" \n ", &[CLS, SEP]);
    check("hello world", &[CLS, 7592, 2088, SEP]);
}

#[test]
fn a_long_text_is_cut_and_still_ends_with_sep() {
    let fitting = "house ".repeat(MAX_TOKENS - 2);
    let whole = MODEL.tokenizer.encode(&fitting).unwrap();
    assert_eq!(whole.len(), MAX_TOKENS);
    let longer = format!("{fitting} garden");
    assert_eq!(MODEL.tokenizer.encode(&longer).unwrap(), whole);
    assert_eq!(MODEL.tokenizer.count(&longer), MAX_TOKENS - 1);
    assert_eq!(MODEL.tokenizer.max_tokens(), MAX_TOKENS - 2);
}

#[test]
fn ranges_are_bytes_of_the_text() {
    let text = "Zürich's Straßen: 租约 ok";
    let ranges = MODEL.tokenizer.token_ranges(text).unwrap();
    let pieces: Vec<&str> = ranges.iter().map(|range| &text[range.clone()]).collect();
    assert_eq!(pieces.len(), MODEL.tokenizer.count(text));
    assert_eq!((pieces[0], *pieces.last().unwrap()), ("Zürich", "ok"));
    assert!(pieces.contains(&"租") && pieces.contains(&":"));
}
