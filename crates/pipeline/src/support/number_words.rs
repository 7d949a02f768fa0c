//! What numbers are written as words, in English, German, French, Spanish and Italian.

use pllm_text::Language;

/// The words of one value in each language, in the order of [`column()`]; several forms are parted by blanks.
type Row = (f64, [&'static str; 5]);

/// The value of a folded word that is a number; compound German and Italian ones (`einundzwanzig`) are read too.
pub(super) fn number_word(word: &str, language: Language) -> Option<f64> {
    match language.code() {
        "de" => find(NUMBERS, word, language).or_else(|| german_compound(word, language)),
        "it" => find(NUMBERS, word, language).or_else(|| italian_compound(word, language)),
        _ => find(NUMBERS, word, language),
    }
}

/// The factor of a word such as `million`.
pub(super) fn magnitude(word: &str, language: Language) -> Option<f64> {
    find(MAGNITUDES, word, language)
}

/// The value of an ordinal written as a word: `third`, `dritten`.
pub(super) fn ordinal_word(word: &str, language: Language) -> Option<f64> {
    find(ORDINALS, word, language).or_else(|| {
        let stem = ["ten", "ter", "tes", "te"].iter().find_map(|ending| word.strip_suffix(ending))?;
        let value = number_word(stem.strip_suffix('s').unwrap_or(stem), language)?;
        (language.code() == "de" && value >= 4.0).then_some(value)
    })
}

/// The denominator of a word such as `thirds`.
pub(super) fn denominator(word: &str, language: Language) -> Option<f64> {
    find(DENOMINATORS, word, language)
}

/// The column of a language; any other is read as English.
fn column(language: Language) -> usize {
    ["en", "de", "fr", "es", "it"].iter().position(|code| *code == language.code()).unwrap_or(0)
}

fn find(table: &[Row], word: &str, language: Language) -> Option<f64> {
    let column = column(language);
    let has = |row: &&Row| row.1[column].split(' ').any(|known| known == word);
    table.iter().find(has).filter(|_| !word.is_empty()).map(|(value, _)| *value)
}

/// `dreiundzwanzig`, `zweihundertfünfzig`, `dreitausend`.
fn german_compound(word: &str, german: Language) -> Option<f64> {
    for (name, value) in [("tausend", 1000.0), ("hundert", 100.0)] {
        if let Some((left, right)) = word.split_once(name).filter(|_| word.len() > 7) {
            return Some(part(left, 1.0, german)? * value + part(right, 0.0, german)?);
        }
    }
    let (units, tens) = word.split_once("und")?;
    let units = part(units, 0.0, german).filter(|&units| (1.0..10.0).contains(&units))?;
    find(NUMBERS, tens, german).filter(|&tens| (20.0..100.0).contains(&tens)).map(|tens| tens + units)
}

fn part(word: &str, empty: f64, german: Language) -> Option<f64> {
    match word {
        "" => Some(empty),
        "ein" => Some(1.0),
        _ => find(NUMBERS, word, german).or_else(|| german_compound(word, german)),
    }
}

/// `ventidue`, `trentotto`.
fn italian_compound(word: &str, italian: Language) -> Option<f64> {
    let (tens, rest) =
        ITALIAN_TENS.iter().find_map(|(value, stem)| Some((*value, word.strip_prefix(stem)?)))?;
    let units = find(NUMBERS, rest.trim_start_matches(['i', 'a']), italian)?;
    (1.0..10.0).contains(&units).then_some(tens + units)
}

#[rustfmt::skip]
const ITALIAN_TENS: [(f64, &str); 8] = [
    (20.0, "vent"), (30.0, "trent"), (40.0, "quarant"), (50.0, "cinquant"), (60.0, "sessant"), (70.0, "settant"),
    (80.0, "ottant"), (90.0, "novant"),
];

#[rustfmt::skip]
const NUMBERS: &[Row] = &[
    (0.0, ["zero", "null", "zéro", "cero", "zero"]),
    (1.0, ["one", "", "", "", ""]),
    (2.0, ["two", "zwei zwo", "deux", "dos", "due"]),
    (3.0, ["three", "drei", "trois", "tres", "tre"]),
    (4.0, ["four", "vier", "quatre", "cuatro", "quattro"]),
    (5.0, ["five", "fünf", "cinq", "cinco", "cinque"]),
    (6.0, ["six", "sechs", "six", "seis", "sei"]),
    (7.0, ["seven", "sieben", "sept", "siete", "sette"]),
    (8.0, ["eight", "acht", "huit", "ocho", "otto"]),
    (9.0, ["nine", "neun", "neuf", "nueve", "nove"]),
    (10.0, ["ten", "zehn", "dix", "diez", "dieci"]),
    (11.0, ["eleven", "elf", "onze", "once", "undici"]),
    (12.0, ["twelve dozen", "zwölf dutzend", "douze douzaine", "doce docena", "dodici dozzina"]),
    (13.0, ["thirteen", "dreizehn", "treize", "trece", "tredici"]),
    (14.0, ["fourteen", "vierzehn", "quatorze", "catorce", "quattordici"]),
    (15.0, ["fifteen", "fünfzehn", "quinze", "quince", "quindici"]),
    (16.0, ["sixteen", "sechzehn", "seize", "dieciséis", "sedici"]),
    (17.0, ["seventeen", "siebzehn", "", "diecisiete", "diciassette"]),
    (18.0, ["eighteen", "achtzehn", "", "dieciocho", "diciotto"]),
    (19.0, ["nineteen", "neunzehn", "", "diecinueve", "diciannove"]),
    (20.0, ["twenty", "zwanzig", "vingt", "veinte", "venti"]),
    (21.0, ["", "", "", "veintiuno veintiún", "ventuno"]),
    (22.0, ["", "", "", "veintidós", ""]),
    (23.0, ["", "", "", "veintitrés", ""]),
    (24.0, ["", "", "", "veinticuatro", ""]),
    (25.0, ["", "", "", "veinticinco", ""]),
    (26.0, ["", "", "", "veintiséis", ""]),
    (27.0, ["", "", "", "veintisiete", ""]),
    (28.0, ["", "", "", "veintiocho", "ventotto"]),
    (29.0, ["", "", "", "veintinueve", ""]),
    (30.0, ["thirty", "dreißig dreissig", "trente", "treinta", "trenta"]),
    (40.0, ["forty", "vierzig", "quarante", "cuarenta", "quaranta"]),
    (50.0, ["fifty", "fünfzig", "cinquante", "cincuenta", "cinquanta"]),
    (60.0, ["sixty", "sechzig", "soixante", "sesenta", "sessanta"]),
    (70.0, ["seventy", "siebzig", "septante", "setenta", "settanta"]),
    (80.0, ["eighty", "achtzig", "octante", "ochenta", "ottanta"]),
    (90.0, ["ninety", "neunzig", "nonante", "noventa", "novanta"]),
    (100.0, ["hundred", "hundert", "cent", "cien ciento", "cento"]),
    (200.0, ["", "", "", "doscientos doscientas", "duecento"]),
    (300.0, ["", "", "", "trescientos trescientas", "trecento"]),
    (500.0, ["", "", "", "quinientos quinientas", "cinquecento"]),
    (1000.0, ["thousand", "tausend", "mille", "mil", "mille"]),
];

#[rustfmt::skip]
const MAGNITUDES: &[Row] = &[
    (1e2, ["hundred", "hundert", "", "", ""]),
    (1e3, ["thousand", "tausend tsd", "mille", "mil", "mila"]),
    (1e6, ["million millions mln", "million millionen mio", "million millions", "millón millones", "milione milioni"]),
    (1e9, ["billion billions bn", "milliarde milliarden mrd", "milliard milliards", "", "miliardo miliardi"]),
    (1e12, ["trillion trillions", "billion billionen", "billion billions", "billón billones", ""]),
];

#[rustfmt::skip]
const ORDINALS: &[Row] = &[
    (1.0, ["first", "erste ersten erster erstes erstem", "premier première", "primer primera primero", "primo prima"]),
    (2.0, ["second", "zweite zweiten zweiter zweites zweitem", "deuxième second seconde", "segundo segunda", "secondo seconda"]),
    (3.0, ["third", "dritte dritten dritter drittes drittem", "troisième", "tercer tercera tercero", "terzo terza"]),
    (4.0, ["fourth", "", "quatrième", "cuarto cuarta", "quarto quarta"]),
    (5.0, ["fifth", "", "cinquième", "quinto quinta", "quinto quinta"]),
    (6.0, ["sixth", "", "sixième", "sexto sexta", "sesto sesta"]),
    (7.0, ["seventh", "siebte siebten siebter", "septième", "séptimo séptima", "settimo settima"]),
    (8.0, ["eighth", "achte achten achter", "huitième", "octavo octava", "ottavo ottava"]),
    (9.0, ["ninth", "", "neuvième", "noveno novena", "nono nona"]),
    (10.0, ["tenth", "", "dixième", "décimo décima", "decimo decima"]),
    (11.0, ["eleventh", "", "onzième", "", ""]),
    (12.0, ["twelfth", "", "douzième", "", ""]),
    (13.0, ["thirteenth", "", "", "", ""]),
    (14.0, ["fourteenth", "", "", "", ""]),
    (15.0, ["fifteenth", "", "", "", ""]),
    (16.0, ["sixteenth", "", "", "", ""]),
    (17.0, ["seventeenth", "", "", "", ""]),
    (18.0, ["eighteenth", "", "", "", ""]),
    (19.0, ["nineteenth", "", "", "", ""]),
    (20.0, ["twentieth", "", "", "", ""]),
];

#[rustfmt::skip]
const DENOMINATORS: &[Row] = &[
    (2.0, ["halves", "", "", "", ""]),
    (3.0, ["third thirds", "drittel", "tiers", "tercio tercios", "terzo terzi"]),
    (4.0, ["quarter quarters", "viertel", "quart quarts", "cuarto cuartos", "quarto quarti"]),
    (5.0, ["fifth fifths", "fünftel", "", "", ""]),
    (6.0, ["sixth sixths", "sechstel", "", "", ""]),
    (8.0, ["eighth eighths", "achtel", "", "", ""]),
    (10.0, ["tenth tenths", "zehntel", "", "", ""]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_numbers_in_their_language() {
        let check = |word: &str, code: &str, expected: Option<f64>| {
            let language = Language::parse(code).expect("a code");
            assert_eq!(number_word(word, language), expected, "{word}");
        };
        check("twelve", "en", Some(12.0));
        check("due", "it", Some(2.0));
        check("due", "en", None);
        check("einundzwanzig", "de", Some(21.0));
        check("zweihundertfünfzig", "de", Some(250.0));
        check("dreitausend", "de", Some(3000.0));
        check("ventidue", "it", Some(22.0));
        check("hund", "de", None);
        check("vent", "it", None);
        check("", "en", None);
    }

    #[test]
    fn german_ordinals_are_made_of_numbers() {
        let german = Language::parse("de").expect("a code");
        assert_eq!(ordinal_word("vierzehnten", german), Some(14.0));
        assert_eq!(ordinal_word("zwanzigste", german), Some(20.0));
        assert_eq!(ordinal_word("alten", german), None);
    }
}
