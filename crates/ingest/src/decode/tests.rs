//! Text in every encoding that turns up comes back as it was; what is not text is refused.

use super::*;
use encoding_rs::{BIG5, EUC_JP, EUC_KR, GB18030, ISO_2022_JP, KOI8_R, SHIFT_JIS, WINDOWS_1252};
use encoding_rs::{ISO_8859_7, WINDOWS_1250, WINDOWS_1251};
use proptest::prelude::*;

const GERMAN: &str = "Die Kündigung muß schriftlich erfolgen; die Frist beträgt drei Monate. Für die Übergabe gilt das Gleiche.\n";
const RUSSIAN: &str =
    "Договор вступает в силу с момента подписания. Срок действия договора составляет один год.\n";
const GREEK: &str =
    "Η σύμβαση ισχύει από την υπογραφή της. Η διάρκεια είναι ένα έτος και μπορεί να ανανεωθεί.\n";
const POLISH: &str =
    "Umowa wchodzi w życie z dniem podpisania. Okres wypowiedzenia wynosi trzy miesiące, zaś później też.\n";
const JAPANESE: &str = "この契約は署名の日から効力を生じます。期間は一年とし、更新することができます。\n";
const CHINESE: &str = "本合同自签字之日起生效。合同期限为一年,可以续签。房屋押金为三个月租金。\n";
const KOREAN: &str = "이 계약은 서명한 날부터 효력이 발생한다. 계약 기간은 일 년이며 갱신할 수 있다.\n";

fn check_encoding(encoding: &'static Encoding, text: &str) {
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable, "{} has no {text}", encoding.name());
    let decoded = decode(&bytes).unwrap_or_else(|error| panic!("{}: {error}", encoding.name()));
    assert_eq!((decoded.text.as_str(), decoded.undecodable), (text, 0), "{}", encoding.name());
}

#[test]
fn eight_bit_and_asian_encodings_are_recognised() {
    check_encoding(WINDOWS_1252, GERMAN);
    check_encoding(KOI8_R, RUSSIAN);
    check_encoding(WINDOWS_1251, RUSSIAN);
    check_encoding(ISO_8859_7, GREEK);
    check_encoding(WINDOWS_1250, POLISH);
    check_encoding(SHIFT_JIS, JAPANESE);
    check_encoding(EUC_JP, JAPANESE);
    check_encoding(ISO_2022_JP, JAPANESE);
    check_encoding(GB18030, CHINESE);
    check_encoding(BIG5, "本契約自簽字之日起生效。契約期限為一年,可以續簽。\n");
    check_encoding(EUC_KR, KOREAN);
    check_encoding(UTF_8, "plain\n");
}

fn wide(text: &str, unit: impl Fn(char) -> Vec<u8>) -> Vec<u8> {
    text.chars().flat_map(unit).collect()
}

#[test]
fn utf_16_and_utf_32_need_no_mark() {
    let le =
        |c: char| c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>();
    let be =
        |c: char| c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<_>>();
    let le32 = |c: char| u32::from(c).to_le_bytes().to_vec();
    let be32 = |c: char| u32::from(c).to_be_bytes().to_vec();
    for text in [GERMAN, RUSSIAN, CHINESE, JAPANESE, KOREAN, "x 😀 y\n"] {
        let check = |bytes: &[u8], encoding: &str| {
            let decoded = decode(bytes).unwrap_or_else(|error| panic!("{encoding} {text}: {error}"));
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
        };
        let marked = format!("\u{FEFF}{text}");
        check(&wide(text, le), "UTF-16LE");
        check(&wide(text, be), "UTF-16BE");
        check(&wide(&marked, le), "UTF-16LE");
        check(&wide(&marked, be), "UTF-16BE");
        check(&wide(&marked, le32), "UTF-32LE");
        check(&wide(&marked, be32), "UTF-32BE");
    }
}

#[test]
fn line_ends_and_control_characters_are_put_right() {
    let check = |bytes: &[u8], text: &str, undecodable: usize, controls: usize| {
        let decoded = decode(bytes).expect("text");
        assert_eq!(
            (decoded.text.as_str(), decoded.undecodable, decoded.controls),
            (text, undecodable, controls)
        );
    };
    check(b"\xEF\xBB\xBFa\r\nb\rc\n\r\n", "a\nb\nc\n\n", 0, 0);
    check(b"alpha\0beta\0\0gamma", "alpha beta  gamma", 0, 3);
    check(b"a\tb\x0Cc\x07\x7F", "a\tb\x0Cc  ", 0, 2);
    check(
        "Größe, Übergabe, für, schön, weiß, müßig und \u{FFFD}".as_bytes(),
        "Größe, Übergabe, für, schön, weiß, müßig und \u{FFFD}",
        0,
        0,
    );
    let mut damaged = "größer, Übergabe, für, schön, weiß, müßig, äöü".as_bytes().to_vec();
    damaged.push(0xC3);
    check(&damaged, "größer, Übergabe, für, schön, weiß, müßig, äöü\u{FFFD}", 1, 0);
}

#[test]
fn what_is_not_text_is_refused() {
    let pseudo_random: Vec<u8> = (0..4096u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let zeros = [&[0; 500][..], b"name", &[0; 500], b"value"].concat();
    for bytes in [pseudo_random, zeros] {
        assert_eq!(decode(&bytes).map_err(|error| error.kind()), Err(ErrorKind::Unsupported));
    }
    for blank in [&b" \n "[..], b"\xEF\xBB\xBF", b"\xFF\xFE \0\n\0"] {
        assert!(decode(blank).is_ok_and(|decoded| decoded.text.trim().is_empty()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_in_utf_8_comes_back(text in "[^\u{0}-\u{1F}\u{7F}\u{FEFF}]{1,200}") {
        prop_assume!(!text.trim().is_empty());
        prop_assert_eq!(decode(text.as_bytes()).expect("text").text, text);
    }

    #[test]
    fn any_bytes_give_clean_text_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(decoded) = decode(&bytes) {
            prop_assert!(!decoded.text.contains(|c: char| c < ' ' && !matches!(c, '\t' | '\n' | '\x0C')));
        }
    }
}
