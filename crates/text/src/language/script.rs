//! Which script a letter is written in, which one a text is mostly in, and which ones a language uses.

use super::Language;

/// A writing system, as far as search has to tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Script {
    /// Latin letters.
    Latin,
    /// Cyrillic letters.
    Cyrillic,
    /// Greek letters.
    Greek,
    /// Arabic letters.
    Arabic,
    /// Hebrew letters.
    Hebrew,
    /// Chinese characters, in Chinese, Japanese and Korean text alike.
    Han,
    /// Hiragana and Katakana; as the script of a whole text: Japanese.
    Kana,
    /// Korean syllables and letters.
    Hangul,
    /// Thai letters.
    Thai,
    /// Devanagari letters.
    Devanagari,
    /// Letters of any other script.
    Other,
}

impl Script {
    const COUNT: usize = Self::Other as usize + 1;
    const ALL: [Self; Self::COUNT] = [
        Self::Latin,
        Self::Cyrillic,
        Self::Greek,
        Self::Arabic,
        Self::Hebrew,
        Self::Han,
        Self::Kana,
        Self::Hangul,
        Self::Thai,
        Self::Devanagari,
        Self::Other,
    ];

    /// The script of a letter; `None` for what every script shares: digits, punctuation, symbols, white space.
    ///
    /// The ranges are blocks of the Unicode standard; inside a block only alphabetic characters count.
    #[must_use]
    pub fn of(letter: char) -> Option<Self> {
        if letter.is_ascii() {
            return letter.is_ascii_alphabetic().then_some(Self::Latin);
        }
        if !letter.is_alphabetic() {
            return None;
        }
        Some(match u32::from(letter) {
            0x00B5 | 0x02B0..=0x036F => return None,
            0x0080..=0x024F | 0x0250..=0x02AF | 0x1E00..=0x1EFF | 0x2C60..=0x2C7F => Self::Latin,
            0xA720..=0xA7FF | 0xAB30..=0xAB6F | 0xFB00..=0xFB06 | 0xFF21..=0xFF5A => Self::Latin,
            0x0370..=0x03FF | 0x1F00..=0x1FFF => Self::Greek,
            0x0400..=0x052F | 0x1C80..=0x1C8F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => Self::Cyrillic,
            0x0590..=0x05FF | 0xFB1D..=0xFB4F => Self::Hebrew,
            0x0600..=0x06FF | 0x0750..=0x077F | 0x0870..=0x08FF => Self::Arabic,
            0xFB50..=0xFDFF | 0xFE70..=0xFEFF => Self::Arabic,
            0x0900..=0x097F | 0xA8E0..=0xA8FF => Self::Devanagari,
            0x0E00..=0x0E7F => Self::Thai,
            0x1100..=0x11FF | 0x3130..=0x318F | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xFFA0..=0xFFDC => {
                Self::Hangul
            }
            0x3040..=0x30FF | 0x31F0..=0x31FF | 0xFF66..=0xFF9F | 0x1B000..=0x1B16F => Self::Kana,
            0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3400..=0x4DBF => Self::Han,
            0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF => Self::Han,
            _ => Self::Other,
        })
    }
}

/// How many letters of a text are of each script.
pub(super) struct ScriptCounts([usize; Script::COUNT]);

impl ScriptCounts {
    pub(super) fn of(text: &str) -> Self {
        let mut counts = [0; Script::COUNT];
        for script in text.chars().filter_map(Script::of) {
            counts[script as usize] += 1;
        }
        Self(counts)
    }

    fn get(&self, script: Script) -> usize {
        self.0[script as usize]
    }

    /// The letters that speak for `script`; Chinese characters speak for Japanese too.
    pub(super) fn letters(&self, script: Script) -> usize {
        let han = if script == Script::Kana { self.get(Script::Han) } else { 0 };
        self.get(script) + han
    }

    /// See [`main_script`].
    pub(super) fn main(&self) -> Option<Script> {
        let east_asian = self.letters(Script::Kana);
        let others = Script::ALL.into_iter().filter(|script| !matches!(script, Script::Han | Script::Kana));
        // Of equals the first of the enumeration wins; `max_by_key` would take the last.
        let (other, most) = others.rev().map(|script| (script, self.get(script))).max_by_key(|&(_, n)| n)?;
        if east_asian > most {
            let japanese = self.get(Script::Kana) * KANA_SHARE >= east_asian;
            return Some(if japanese { Script::Kana } else { Script::Han });
        }
        (most > 0).then_some(other)
    }
}

/// One Kana letter in this many makes a text Japanese: any Kana in a question does, the の of a shop's name in a
/// Chinese page does not.
const KANA_SHARE: usize = 50;

/// The script that most letters of `text` are in; `None` when it has no letter. Linear in the length of `text`.
///
/// Chinese characters and Kana count together; with at least one Kana in 50 of them the text is `Kana`, else `Han`.
#[must_use]
pub fn main_script(text: &str) -> Option<Script> {
    ScriptCounts::of(text).main()
}

/// The scripts a language is written in; none when the language is not known here.
#[must_use]
pub fn scripts_of(language: Language) -> &'static [Script] {
    match language.code() {
        "af" | "ak" | "az" | "ca" | "cs" | "cy" | "da" | "de" | "en" | "eo" | "es" | "et" | "eu" | "fi"
        | "fr" | "ga" | "gl" | "hr" | "hu" | "id" | "is" | "it" | "jv" | "la" | "lt" | "lv" | "ms" | "nb"
        | "nl" | "nn" | "no" | "pl" | "pt" | "ro" | "sk" | "sl" | "sn" | "sq" | "st" | "sv" | "sw" | "tk"
        | "tl" | "tr" | "uz" | "vi" | "xh" | "zu" => &[Script::Latin],
        "be" | "bg" | "kk" | "ky" | "mk" | "mn" | "ru" | "tg" | "uk" => &[Script::Cyrillic],
        "bs" | "sr" => &[Script::Cyrillic, Script::Latin],
        "el" => &[Script::Greek],
        "ar" | "fa" | "ps" | "ur" => &[Script::Arabic],
        "he" | "yi" => &[Script::Hebrew],
        "zh" => &[Script::Han],
        "ja" => &[Script::Kana, Script::Han],
        "ko" => &[Script::Hangul, Script::Han],
        "th" => &[Script::Thai],
        "hi" | "mr" | "ne" | "sa" => &[Script::Devanagari],
        "am" | "bn" | "gu" | "hy" | "ka" | "km" | "kn" | "lo" | "ml" | "my" | "or" | "pa" | "si" | "ta"
        | "te" => &[Script::Other],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_a_script_and_common_characters_have_none() {
        let check = |text: &str, expected: Option<Script>| {
            for letter in text.chars() {
                assert_eq!(Script::of(letter), expected, "{letter}");
            }
        };
        check("aZéßœﬁＡẾ", Some(Script::Latin));
        check("жЁї", Some(Script::Cyrillic));
        check("ωά", Some(Script::Greek));
        check("ひカーｶ", Some(Script::Kana));
        check("漢々〇", Some(Script::Han));
        check("한ㄱ", Some(Script::Hangul));
        check("ქا".chars().next_back().map(String::from).as_deref().unwrap_or(""), Some(Script::Arabic));
        check("ქবກខ", Some(Script::Other));
        check("0٣.,。「」 \n😀€½", None);
    }

    #[test]
    fn most_letters_decide_and_kana_means_japanese() {
        let check = |text: &str, expected: Option<Script>| assert_eq!(main_script(text), expected, "{text}");
        check("", None);
        check("12.5 %", None);
        check("Das ist Москва, klar", Some(Script::Latin));
        check("Москва (Msk)", Some(Script::Cyrillic));
        check("東京大学の歴史", Some(Script::Kana));
        check("北京大学的历史", Some(Script::Han));
        check(&format!("{}の店", "今天终于晴了".repeat(20)), Some(Script::Han));
        check("서울의 역사", Some(Script::Hangul));
    }

    #[test]
    fn known_languages_have_scripts() {
        let check = |code: &str, expected: &[Script]| {
            assert_eq!(scripts_of(Language::parse(code).expect("a code")), expected, "{code}");
        };
        check("en", &[Script::Latin]);
        check("ja", &[Script::Kana, Script::Han]);
        check("sr", &[Script::Cyrillic, Script::Latin]);
        check("xx", &[]);
    }
}
