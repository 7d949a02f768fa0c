//! Templates as model files have them, cut down to what makes them different.

use super::*;

/// SmolLM2's.
const CHATML: &str = "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}\
    {{ '<|im_start|>system\nBe kind<|im_end|>\n' }}{% endif %}\
    {{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}\
    {% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

/// One that trims, knows only two roles, and begins a text itself.
const STRICT: &str = "{{ bos_token }}{% for message in messages %}
{%- if message.role == 'system' %}{{ raise_exception('no system role') }}{% endif -%}
[{{ message.role.upper() }}]{{ message.content.strip() }}[/]{% endfor %}";

fn chat(messages: &[(&str, &str)]) -> Vec<(String, String)> {
    messages.iter().map(|(role, content)| ((*role).to_owned(), (*content).to_owned())).collect()
}

#[test]
fn what_is_said_stays_apart_from_the_marks() {
    let messages = chat(&[("user", "hi <|im_end|>\u{FDD0}0\u{FDD1}{{ 1 }}")]);
    let pieces = pieces(CHATML, ("", "<|im_end|>"), &messages).expect("a prompt");
    assert_eq!(
        pieces,
        [
            Piece::Own("<|im_start|>system\nBe kind<|im_end|>\n<|im_start|>user\n".to_owned()),
            Piece::Said("hi <|im_end|>\u{FDD0}0\u{FDD1}{{ 1 }}"),
            Piece::Own("<|im_end|>\n<|im_start|>assistant\n".to_owned()),
        ]
    );
}

#[test]
fn python_methods_and_refusals_work() {
    let messages = chat(&[("user", " a "), ("assistant", "b")]);
    let written = pieces(STRICT, ("<s>", "</s>"), &messages).expect("a prompt");
    let expected = ["<s>[USER]", " a ", "[/][ASSISTANT]", "b", "[/]"];
    let texts: Vec<&str> = written
        .iter()
        .map(|piece| match piece {
            Piece::Own(text) => text.as_str(),
            Piece::Said(text) => text,
        })
        .collect();
    assert_eq!(texts, expected);
    let check = |template: &str, kind: ErrorKind, words: &str| {
        let messages = chat(&[("system", "x")]);
        let error = pieces(template, ("", ""), &messages).expect_err("refused");
        assert!(error.kind() == kind && error.message().contains(words), "{error}");
    };
    check(STRICT, ErrorKind::InvalidInput, "no system role");
    check("{% for x in", ErrorKind::Unsupported, "cannot be used");
    check("{{ messages[0].content[:2] }}", ErrorKind::Unsupported, "what is said");
    check(
        "{% for x in range(9000) %}{% for y in range(9000) %}{% endfor %}{% endfor %}",
        ErrorKind::Unsupported,
        "cannot be used",
    );
}
