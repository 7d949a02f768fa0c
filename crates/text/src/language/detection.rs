//! What language a text is probably in, and whether that may be relied on.

use super::script::ScriptCounts;
use super::{Language, Script};

/// What [`detect`] says of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detection {
    /// The best guess; `None` when the text has no letters or the guess has no ISO 639-1 code.
    pub language: Option<Language>,
    /// The script of most letters, see [`main_script`](super::main_script).
    pub script: Option<Script>,
    /// Whether the guess may decide anything. When it is `false`, go by the source's or the collection's language.
    pub reliable: bool,
}

/// Guesses the language of a text from its first 4,096 characters.
///
/// Chinese, Japanese, Korean, Thai, Greek and Hebrew follow from the script and are reliable from two letters on.
/// Elsewhere trigrams and alphabets decide (crate `whatlang`), and a guess is reliable only when the text is long
/// enough and the runner-up clearly behind: it is better to leave a short text undecided than to call it wrong.
#[must_use]
pub fn detect(text: &str) -> Detection {
    let head = text.char_indices().nth(MAX_CHARS).map_or(text, |(end, _)| &text[..end]);
    let counts = ScriptCounts::of(head);
    let Some(script) = counts.main() else {
        return Detection { language: None, script: None, reliable: false };
    };
    let letters = counts.letters(script);
    let (language, reliable) = match language_of_script(script) {
        Some(language) => (Some(language), letters >= MIN_LETTERS_OF_OWN_SCRIPT),
        None => by_trigrams(head, letters),
    };
    Detection { language, script: Some(script), reliable }
}

/// More text changes no guess and only costs time.
const MAX_CHARS: usize = 4096;
const MIN_LETTERS_OF_OWN_SCRIPT: usize = 2;

/// Letters and confidence (0 to 1) that a guess by trigrams needs. Measured: of 2,072 English questions none, of
/// 17,047 English passages 11 (lists of foreign names) are reliably something else; of German, French and Italian
/// paragraphs of 150 letters and more 99 % are reliably right.
const MIN_LETTERS: usize = 24;
const MIN_CONFIDENCE: f64 = 0.9;
/// With this many letters a closer runner-up (Spanish and Portuguese, say) still leaves the guess right.
const MANY_LETTERS: usize = 150;
const MIN_CONFIDENCE_OF_MANY: f64 = 0.6;

/// The language that is (nearly) the only one in a script.
fn language_of_script(script: Script) -> Option<Language> {
    let code = match script {
        Script::Han => b"zh",
        Script::Kana => b"ja",
        Script::Hangul => b"ko",
        Script::Thai => b"th",
        Script::Greek => b"el",
        Script::Hebrew => b"he",
        _ => return None,
    };
    Some(Language(*code))
}

fn by_trigrams(text: &str, letters: usize) -> (Option<Language>, bool) {
    let Some(guess) = whatlang::detect(text) else {
        return (None, false);
    };
    let language = iso_639_1(guess.lang());
    let least = if letters >= MANY_LETTERS { MIN_CONFIDENCE_OF_MANY } else { MIN_CONFIDENCE };
    let reliable = language.is_some() && letters >= MIN_LETTERS && guess.confidence() > least;
    (language, reliable)
}

/// The two-letter code of a language that whatlang knows; `None` for those that have none.
fn iso_639_1(language: whatlang::Lang) -> Option<Language> {
    let code = match language.code() {
        "afr" => b"af",
        "aka" => b"ak",
        "amh" => b"am",
        "ara" => b"ar",
        "aze" => b"az",
        "bel" => b"be",
        "ben" => b"bn",
        "bul" => b"bg",
        "cat" => b"ca",
        "ces" => b"cs",
        "cmn" => b"zh",
        "cym" => b"cy",
        "dan" => b"da",
        "deu" => b"de",
        "ell" => b"el",
        "eng" => b"en",
        "epo" => b"eo",
        "est" => b"et",
        "fin" => b"fi",
        "fra" => b"fr",
        "guj" => b"gu",
        "heb" => b"he",
        "hin" => b"hi",
        "hrv" => b"hr",
        "hun" => b"hu",
        "hye" => b"hy",
        "ind" => b"id",
        "ita" => b"it",
        "jav" => b"jv",
        "jpn" => b"ja",
        "kan" => b"kn",
        "kat" => b"ka",
        "khm" => b"km",
        "kor" => b"ko",
        "lat" => b"la",
        "lav" => b"lv",
        "lit" => b"lt",
        "mal" => b"ml",
        "mar" => b"mr",
        "mkd" => b"mk",
        "mya" => b"my",
        "nep" => b"ne",
        "nld" => b"nl",
        "nob" => b"no",
        "ori" => b"or",
        "pan" => b"pa",
        "pes" => b"fa",
        "pol" => b"pl",
        "por" => b"pt",
        "ron" => b"ro",
        "rus" => b"ru",
        "sin" => b"si",
        "slk" => b"sk",
        "slv" => b"sl",
        "sna" => b"sn",
        "spa" => b"es",
        "srp" => b"sr",
        "swe" => b"sv",
        "tam" => b"ta",
        "tel" => b"te",
        "tgl" => b"tl",
        "tha" => b"th",
        "tuk" => b"tk",
        "tur" => b"tr",
        "ukr" => b"uk",
        "urd" => b"ur",
        "uzb" => b"uz",
        "vie" => b"vi",
        "yid" => b"yi",
        "zul" => b"zu",
        _ => return None,
    };
    Some(Language(*code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_is_reliable_only_when_the_text_carries_it() {
        let check = |text: &str, code: &str, reliable: bool| {
            let detection = detect(text);
            assert_eq!(detection.language.map(|l| l.to_string()).as_deref(), Some(code), "{text}");
            assert_eq!(detection.reliable, reliable, "{text}");
        };
        check(
            "The cat sat on the mat while it was raining outside, and nobody wanted to leave the house.",
            "en",
            true,
        );
        check("Am Montag bleiben alle Geschäfte geschlossen, weil ein Feiertag ist.", "de", true);
        check(
            "Сегодня целый день шёл дождь, поэтому дети остались дома и читали книги, которые им подарила бабушка.",
            "ru",
            true,
        );
        check("昨日は雨", "ja", true);
        check("雨", "zh", false);
        check("今天下雨", "zh", true);
        check("오늘", "ko", true);
        check("שלום", "he", true);
    }

    #[test]
    fn short_latin_text_and_text_without_letters_decide_nothing() {
        let check = |text: &str, script: Option<Script>| {
            let detection = detect(text);
            assert_eq!((detection.script, detection.reliable), (script, false), "{text}");
        };
        check("", None);
        check("4711 – 12.5 %", None);
        check("Hotel Roma", Some(Script::Latin));
        check("da capo al fine", Some(Script::Latin));
    }

    #[test]
    fn only_the_beginning_of_a_long_text_is_read() {
        let text = format!("{}{}", "The cat sat on the mat. ".repeat(400), "雨".repeat(100_000));
        assert_eq!(detect(&text).language, Some(Language::ENGLISH));
    }
}
