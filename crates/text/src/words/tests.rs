//! Words of many kinds, and what holds for any text.

use proptest::prelude::*;

use super::*;

fn texts(text: &str) -> Vec<&str> {
    words(text).map(|word| word.text).collect()
}

#[test]
fn words_of_spaced_scripts() {
    let check = |text: &str, expected: &[&str]| assert_eq!(texts(text), expected, "{text}");
    check("", &[]);
    check(" – … 😀 ", &[]);
    check("Don't panic, it's the company’s.", &["Don't", "panic", "it", "the", "company"]);
    check("We'll see: they’ve won 'gold'", &["We", "see", "they", "won", "gold"]);
    check("l'eau de l’école, O'Brien", &["l", "eau", "de", "l", "école", "O", "Brien"]);
    check(
        "A4-17 v2.1.3 snake_case me@example.org",
        &["A4", "17", "v2", "1", "3", "snake", "case", "me", "example", "org"],
    );
    check("ex\u{AD}ample e\u{301}te\u{301}", &["ex\u{AD}ample", "e\u{301}te\u{301}"]);
    check("Москва — ёлка, Ωμέγα", &["Москва", "ёлка", "Ωμέγα"]);
}

#[test]
fn numbers_with_separators() {
    let check = |text: &str, expected: &[&str]| assert_eq!(texts(text), expected, "{text}");
    check(
        "3.14 1,250.00 1.250,00 12\u{A0}500 1'250'000.",
        &["3.14", "1,250.00", "1.250,00", "12\u{A0}500", "1'250'000"],
    );
    check("31.12.2025, 9:30, 192.168.0.1", &["31", "12", "2025", "9", "30", "192", "168", "0", "1"]);
    check("2nd 3.5kg 90's 7.", &["2nd", "3", "5kg", "90", "7"]);
    check("1,2,3,4", &["1", "2", "3", "4"]);
}

#[test]
fn unspaced_scripts_give_pairs() {
    let check = |text: &str, expected: &[&str]| assert_eq!(texts(text), expected, "{text}");
    check("東京タワー、2025年", &["東京", "京タ", "タワ", "ワー", "2025", "年"]);
    check("서울에서 책", &["서울", "울에", "에서", "책"]);
    check("น้ำตก", &["น้ำ", "ำต", "ตก"]);
    check("PDF文件", &["PDF", "文件"]);
}

#[test]
fn folding_unifies_what_people_type_differently() {
    let check = |word: &str, expected: &str| assert_eq!(fold(word), expected, "{word}");
    check("Zürich", "zürich");
    check("ＡＢＣ１２", "abc12");
    check("ﬁne", "fine");
    check("Don’t", "don't");
    check("ex\u{AD}ample", "example");
    check("e\u{301}te\u{301}", "été");
    check("1,250.00", "1250");
    check("1.250", "1250");
    check("12\u{A0}500", "12500");
    check("3,14", "3.14");
    check("2ND", "2nd");
}

#[test]
fn accents_fall_where_people_leave_them_out() {
    let check = |word: &str, expected: &str| assert_eq!(without_accents(word), expected, "{word}");
    check("élève", "eleve");
    check("straße", "strasse");
    check("ёлкай", "елкай");
    check("がぎ", "がぎ");
    check("ωμέγα", "ωμεγα");
}

proptest! {
    #[test]
    fn words_stand_where_they_say(text in "([a-zA-Z0-9'’.,é \u{301}\u{A0}]|\\PC|[一-龥ぁ-んก-ฮ가-힣]){0,40}") {
        let mut start = 0;
        for word in words(&text) {
            prop_assert!(word.range.start() >= start && !word.range.is_empty());
            prop_assert_eq!(word.range.slice(&text), Some(word.text));
            prop_assert!(!fold(word.text).is_empty() || word.text.chars().all(|c| !c.is_ascii()));
            start = word.range.start() + 1;
        }
        let found: usize = words(&text).map(|word| word.text.chars().filter(|c| c.is_ascii_digit()).count()).sum();
        prop_assert_eq!(found, text.chars().filter(char::is_ascii_digit).count());
    }
}
