//! Headers that we write ourselves, whole, cut and changed.

use super::*;
use proptest::prelude::*;

fn text(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat()
}

fn entry(key: &str, kind: u32, value: &[u8]) -> Vec<u8> {
    [&text(key), &kind.to_le_bytes()[..], value].concat()
}

fn number(key: &str, value: u32) -> Vec<u8> {
    entry(key, 4, &value.to_le_bytes())
}

fn list(kind: u32, items: &[Vec<u8>]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(items.len() as u64).to_le_bytes(), &items.concat()].concat()
}

/// A file of one tensor, 8 by 4.
fn file(entries: &[Vec<u8>]) -> Vec<u8> {
    let counts = [1_u64.to_le_bytes(), (entries.len() as u64).to_le_bytes()].concat();
    let tensor = [&text("w")[..], &2_u32.to_le_bytes(), &8_u64.to_le_bytes(), &4_u64.to_le_bytes(), &[0; 12]];
    [b"GGUF", &3_u32.to_le_bytes()[..], &counts, &entries.concat(), &tensor.concat(), &[0; 128]].concat()
}

fn model() -> Vec<u8> {
    file(&[
        entry("general.architecture", 8, &text("llama")),
        entry("general.name", 8, &text("Small one")),
        number("llama.context_length", 8192),
        number("llama.block_count", 30),
        number("llama.embedding_length", 576),
        number("llama.attention.head_count", 9),
        entry(
            "llama.attention.head_count_kv",
            9,
            &list(4, &[2_u32.to_le_bytes().into(), 3_u32.to_le_bytes().into()]),
        ),
        entry("tokenizer.ggml.tokens", 9, &list(8, &[text("a"), text("bcd")])),
        entry("tokenizer.ggml.scores", 6, &1.5_f32.to_le_bytes()),
        entry("tokenizer.chat_template", 8, &text("{{ messages }}")),
    ])
}

fn read(bytes: &[u8]) -> io::Result<GgufHeader> {
    Header { input: bytes }.header(bytes.len() as u64)
}

#[test]
fn a_header_says_what_the_model_needs() {
    let header = read(&model()).expect("a header");
    assert_eq!((header.name.as_deref(), header.architecture.as_str()), (Some("Small one"), "llama"));
    assert_eq!((header.context_tokens, header.parameters, header.has_chat_template), (8192, 32, true));
    // 30 layers, 3 heads of 64 numbers, keys and values, two bytes each.
    assert_eq!(header.token_bytes, 30 * 3 * 128 * 2);
    assert_eq!(header.memory_bytes(2048), header.file_bytes + 2048 * 23_040);
}

#[test]
fn what_is_no_model_is_refused_in_words() {
    let check = |bytes: &[u8], expected: &str| {
        let error = read(bytes).expect_err("no header");
        assert_eq!(error.to_string(), expected);
    };
    check(b"", "it ends early");
    check(b"PK\x03\x04 and more", "it does not begin with GGUF");
    check(b"GGUF\x01\0\0\0", "its version is 1, expected 2 or 3");
    check(&file(&[]), "it does not say its architecture");
    check(&file(&[entry("general.architecture", 8, &text("llama"))]), "it does not say its context length");
    check(&file(&[entry("x", 99, &[])]), "a value has the unknown type 99");
    let long = entry("x", 8, &u64::MAX.to_le_bytes());
    check(&file(&[long]), "it ends early");
    let error = GgufHeader::read(Path::new("/nowhere/model.gguf")).expect_err("no file");
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

proptest! {
    #[test]
    fn a_damaged_header_is_an_answer_and_no_crash(at in any::<prop::sample::Index>(), byte: u8, end in any::<prop::sample::Index>()) {
        let mut bytes = model();
        let (at, end) = (at.index(bytes.len()), end.index(bytes.len()));
        bytes[at] = byte;
        // Whatever comes of it, it comes to an end.
        let _ = read(&bytes);
        let _ = read(&bytes[..end]);
    }
}
