//! Sentences in hard places, and what holds for any text.

use proptest::prelude::*;

use super::*;

/// `expected` is the text with `|` between its sentences; white space at a `|` does not matter.
fn check(code: &str, marked: &str) {
    let expected: Vec<&str> = marked.split('|').map(str::trim).collect();
    let text = marked.replace('|', "");
    let found = sentences(&text, Language::parse(code));
    let found: Vec<&str> = found.iter().filter_map(|range| range.slice(&text)).collect();
    assert_eq!(found, expected, "{code}");
}

#[test]
fn abbreviations_and_numbers() {
    check("en", "See Fig. 3 and Eq. (2), i.e. the law of J. R. Jones, cf. Sec. 4.1.| It holds.");
    check("en", "The U.S. economy grew.| Acme Inc. said so.| She left the U.S.| He stayed.");
    check("en", "It costs $3.14 at example.com.| Is No. 5 better?| He said no.| She left.");
    check("en", "We met at 5 p.m. Monday.| We left at 6 p.m.| Nobody came.");
    check("de", "Am 3. Oktober, z. B. um 9.30 Uhr, kommt Dr. Meier.| Er starb 1901.| Sie lebt.");
    check("fr", "M. Dupont, p. ex., vit au XIIe s. av. J.-C.| La ville est vieille.");
    check("ru", "Он родился в 1903 г.| Семья жила в г. Москва, ул. Садовая, д. 5.| И т. д.| Конец.");
    check("es", "El Sr. García vive en los EE. UU. desde 2001.| Compró pan, leche, etc.| Se fue.");
    check("it", "Il sig. Rossi lavora alla F.lli Conti S.p.A. di Torino.| Vende pane, ecc.| Poi va via.");
}

#[test]
fn speech_brackets_and_ellipses() {
    check("en", "\"Stop!\" he said.| \"Go!\" Anna said.| She cried, \"No!\"| Then she left.");
    check(
        "en",
        "He left (it was late! Too late!) at once.| (Nobody saw it.)| Well... Maybe.| We waited ...| Nothing came.",
    );
    check("en", "It is true.[2] | Really.");
    check("en", "See (the first note. | Then (as he said) he left.");
    check("en", "See you there! 🎶✨ | Bring the tab.| I'll pay.");
    check("de", "»Halt!« rief er.| „Ja.“ | Er schwieg.");
    check("fr", "« Arrêtez ! » cria-t-il.| « Non. » | Elle partit.");
    check("ru", "— Нет! — ответил он.| — Да! — | Она ушла.".replace("— | ", "| ").as_str());
    check("zh", "“站住！”他喊道。|他说：“好。”|大家都笑了。|（真的。）|是吗？！");
    check("ja", "「止まれ！」と彼は叫んだ。|「はい。」|でも、彼は来なかった。");
}

#[test]
fn languages_without_lists_and_other_scripts() {
    check("hi", "यह एक किताब है। | वह घर गया।");
    check("ar", "هل جاء؟ | نعم جاء.");
    check("ko", "오늘은 비가 온다. | 내일은 맑다!");
    check("sv", "Han kom den 3. maj. | Dr. Berg var hemma.");
}

#[test]
fn a_long_text_without_marks_takes_no_long_time() {
    for part in ["word ", "a.b", "(", "“", "[1", ". ", "! ", "\n", "-\n", "a: b\n", "1,", "。", "「", " »"]
    {
        let text = part.repeat(300_000);
        let found = sentences(&text, None);
        let covered: usize = found.iter().map(|range| range.len()).sum();
        assert!(covered <= text.len(), "{part:?}");
    }
}

proptest! {
    #[test]
    fn sentences_cover_all_but_white_space(
        text in "([a-zA-Z0-9]{1,4}|[.!?…。！？]{1,2}|[ \n\t\r\u{3000}]|[\"'()«»“”„「」|#:*—-]|\\PC|[一-龥ぁ-ん]){0,60}",
        code in prop::sample::select(vec!["en", "de", "fr", "zh", "ja", "ru", "xx"]),
    ) {
        let mut covered = vec![false; text.len()];
        let mut end = 0;
        for range in sentences(&text, Language::parse(code)) {
            prop_assert!(range.start() >= end && !range.is_empty());
            let slice = range.slice(&text);
            prop_assert!(slice.is_some_and(|slice| slice.trim() == slice), "{:?}", slice);
            covered[range.start()..range.end()].fill(true);
            end = range.end();
        }
        for (at, c) in text.char_indices() {
            prop_assert!(covered[at] || c.is_whitespace(), "{:?} at {at}", c);
        }
    }
}
