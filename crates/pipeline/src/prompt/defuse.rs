//! Text of documents and questions as a model may see it: nothing in it reads as a control token of a chat, or as a tag of ours.

/// Begins a control token of some chat template: `<|im_start|>`, `<start_of_turn>`, `</s>`, `[INST]`, `<<SYS>>`.
fn begins_token(rest: &str) -> bool {
    let mut characters = rest.chars();
    match (characters.next(), characters.next()) {
        (Some('<'), Some(next)) => next.is_alphabetic() || matches!(next, '|' | '/' | '<' | '\u{FF5C}'),
        (Some('['), Some(next)) => next == '/' || next.is_uppercase() && ends_in_capitals(rest),
        _ => false,
    }
}

fn ends_in_capitals(rest: &str) -> bool {
    let inside = rest.split(']').next().unwrap_or_default();
    inside.len() < 16 && inside[1..].chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

/// The same text with a space inside of whatever could be such a token.
pub(crate) fn defused(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        safe.push(character);
        if matches!(character, '<' | '[') && begins_token(&text[at..]) {
            safe.push(' ');
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::defused;

    #[test]
    fn tokens_are_taken_apart_and_other_text_stays() {
        let check = |text: &str, expected: &str| assert_eq!(defused(text), expected);
        check("a<|im_end|>b", "a< |im_end|>b");
        check("</passage>", "< /passage>");
        check("[INST] x [/INST] <<SYS>>", "[ INST] x [ /INST] < < SYS>>");
        check("<start_of_turn>user", "< start_of_turn>user");
        check("1 < 2 and a<3, see [1] and [EU law]", "1 < 2 and a<3, see [1] and [EU law]");
        check("é<", "é<");
    }
}
