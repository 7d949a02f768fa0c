//! What sort of answer a question asks for, and whether a sentence has one: a number, a time, a name.
//!
//! Both are told by a small table of words and signs in the languages of `pllm_text`'s function words, and Chinese,
//! Japanese and Arabic. A question or sentence that the table does not know is of no kind; that costs nothing.

use std::collections::HashSet;

use pllm_text::{Script, fold, words};

/// What a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnswerKind {
    /// How many, how much, how long: digits or a number word.
    Number,
    /// When: digits, a month or a day.
    Time,
    /// Who, where: a word with a capital letter.
    Name,
}

impl AnswerKind {
    /// What `question` asks for, if it can be told.
    pub(super) fn of(question: &str) -> Option<Self> {
        let phrases = phrases(question);
        let asks = |table: &[&str]| table.iter().any(|phrase| contains(question, &phrases, phrase));
        let which = asks(WHICH);
        if asks(HOW_MANY) || (which && asks(QUANTITIES)) {
            Some(Self::Number)
        } else if asks(WHEN) || (which && asks(TIMES)) {
            Some(Self::Time)
        } else {
            asks(WHO).then_some(Self::Name)
        }
    }

    /// Whether `sentence` has such an answer, other than in `known`, the folded words of the question.
    pub(super) fn stands_in(self, sentence: &str, known: &HashSet<String>) -> bool {
        let mut new = words(sentence).filter(|word| !known.contains(fold(word.text).as_ref()));
        match self {
            Self::Number => new.any(|word| is_number(word.text)),
            Self::Time => new.any(|word| is_number(word.text) || is_time(word.text)),
            Self::Name => new.any(|word| is_name(sentence, word.range.start(), word.text)),
        }
    }
}

/// The folded words of `text`, each between blanks.
fn phrases(text: &str) -> String {
    words(text).fold(" ".to_owned(), |all, word| all + &fold(word.text) + " ")
}

/// Whether a phrase of the table stands in the question: as whole words, or anywhere where words have no spaces.
fn contains(question: &str, phrases: &str, phrase: &str) -> bool {
    if phrase.chars().any(is_unspaced) {
        return question.contains(phrase);
    }
    let spaced = |at: usize| phrases.as_bytes()[at] == b' ';
    phrases.match_indices(phrase).any(|(at, _)| spaced(at - 1) && spaced(at + phrase.len()))
}

fn is_unspaced(c: char) -> bool {
    matches!(Script::of(c), Some(Script::Han | Script::Kana | Script::Hangul))
}

fn is_number(word: &str) -> bool {
    word.chars().any(|c| c.is_numeric() || HAN_NUMBERS.contains(c)) || NUMBERS.contains(&fold(word).as_ref())
}

fn is_time(word: &str) -> bool {
    let folded = fold(word);
    let stem = folded.strip_suffix('s').unwrap_or(&folded);
    CALENDAR.contains(&stem) || CALENDAR.contains(&folded.as_ref())
}

/// Whether a word begins with a capital and is not just the first one of its sentence.
fn is_name(sentence: &str, start: usize, word: &str) -> bool {
    let first = sentence[..start].chars().all(|c| !c.is_alphanumeric());
    !first && word.chars().next().is_some_and(char::is_uppercase)
}

/// Without 一, which is in many words that count nothing.
const HAN_NUMBERS: &str = "二三四五六七八九十百千万亿零〇两兩";

#[rustfmt::skip]
const HOW_MANY: &[&str] = &[
    "how many", "how much", "how long", "how old", "how far", "how high", "how large", "how big", "how tall",
    "how deep", "how heavy", "how often", "how frequently", "how fast", "how wide", "how late", "how early",
    "wie viel", "wie viele", "wie vielen", "wieviel", "wieviele", "wie lange", "wie oft", "wie alt", "wie hoch",
    "wie groß", "wie weit", "wie schwer", "wie schnell", "wie spät", "wie teuer", "wie breit", "wie tief",
    "combien", "cuánto", "cuánta", "cuántos", "cuántas", "quanto", "quanta", "quanti", "quante", "quantos",
    "quantas", "сколько", "скольких", "hoeveel", "كم",
    "多少", "几", "幾", "多长", "多久", "多大", "多高", "多远", "多重", "多贵", "いくつ", "いくら", "何人", "何個",
    "何回", "何度", "何日", "何年", "何分", "何枚", "何円", "何冊", "何時間", "どのくらい", "どれくらい",
];

#[rustfmt::skip]
const WHEN: &[&str] = &[
    "when", "wann", "quand", "cuándo", "quando", "когда", "wanneer", "متى",
    "什么时候", "什么时间", "何时", "哪年", "哪天", "哪一年", "哪一天", "いつ", "何時", "何曜日", "何月",
];

#[rustfmt::skip]
const WHO: &[&str] = &[
    "who", "whom", "whose", "where", "wer", "wem", "wen", "wessen", "wo", "woher", "wohin", "qui", "où", "quién",
    "quiénes", "dónde", "chi", "dove", "quem", "onde", "кто", "кого", "кому", "где", "куда", "waar",
];

#[rustfmt::skip]
const WHICH: &[&str] = &[
    "what", "which", "was", "welche", "welchem", "welchen", "welcher", "welches", "quel", "quelle", "quels", "quelles",
    "qué", "cuál", "che", "qual", "quale", "какой", "какая", "каком", "какого", "welk", "哪", "什么", "どの", "何",
];

#[rustfmt::skip]
const QUANTITIES: &[&str] = &[
    "percentage", "percent", "number", "amount", "price", "cost", "fee", "temperature", "age", "size", "weight",
    "height", "length", "speed", "distance", "population", "rate", "sum", "fine", "rent", "deposit",
    "betrag", "preis", "anzahl", "zahl", "temperatur", "alter", "höhe", "länge", "gewicht", "summe", "gebühr", "frist",
    "menge", "miete", "kaution", "prix", "montant", "nombre", "âge", "precio", "número", "edad", "prezzo", "numero",
    "età", "цена", "число", "возраст",
];

#[rustfmt::skip]
const TIMES: &[&str] = &[
    "year", "day", "date", "month", "time", "century", "weekday", "weekdays", "days", "decade", "season",
    "tag", "tage", "tagen", "jahr", "monat", "datum", "wochentag", "wochentagen", "uhrzeit", "jahrhundert",
    "année", "jour", "mois", "heure", "año", "día", "mes", "hora", "anno", "giorno", "mese", "ora", "год", "году",
    "день", "месяц",
];

#[rustfmt::skip]
const NUMBERS: &[&str] = &[
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty", "thirty",
    "forty", "fifty", "sixty", "hundred", "thousand", "million", "billion", "dozen", "half", "once", "twice",
    "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf", "zwanzig", "dreißig",
    "vierzig", "fünfzig", "hundert", "tausend", "einmal", "zweimal", "dreimal",
    "deux", "trois", "quatre", "cinq", "sept", "huit", "neuf", "dix", "vingt", "cent", "mille",
    "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "veinte", "cien", "mil",
    "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "venti", "cento",
    "два", "две", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять", "сто", "тысяч",
];

#[rustfmt::skip]
const CALENDAR: &[&str] = &[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tomorrow",
    "yesterday", "tonight", "morning", "evening", "noon", "midnight", "spring", "summer", "autumn", "winter",
    "januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember", "montag", "dienstag", "mittwoch",
    "donnerstag", "freitag", "samstag", "sonnabend", "sonntag", "heute", "morgen", "gestern", "mittag",
    "janvier", "février", "mars", "avril", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo",
    "gennaio", "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre", "ottobre", "dicembre", "lunedì",
    "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica",
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря", "понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_ask_for_a_number_a_time_or_a_name() {
        let check = |question: &str, expected: Option<AnswerKind>| {
            assert_eq!(AnswerKind::of(question), expected, "{question}");
        };
        check("How many toads did she carry?", Some(AnswerKind::Number));
        check("At which temperature does it set?", Some(AnswerKind::Number));
        check("Wie viel kostet der Schlüssel?", Some(AnswerKind::Number));
        check("租一个车位要交多少钱?", Some(AnswerKind::Number));
        check("When was the roof mended?", Some(AnswerKind::Time));
        check("An welchen Wochentagen ist frei?", Some(AnswerKind::Time));
        check("图书角什么时候开门?", Some(AnswerKind::Time));
        check("Who has the key?", Some(AnswerKind::Name));
        check("Wo steht die Waschmaschine?", Some(AnswerKind::Name));
        check("Whoever what?", None);
        check("Why is the shed blue?", None);
        check("", None);
    }

    #[test]
    fn sentences_have_such_an_answer_or_not() {
        let check = |kind: AnswerKind, sentence: &str, question: &str, expected: bool| {
            let known = words(question).map(|word| fold(word.text).into_owned()).collect();
            assert_eq!(kind.stands_in(sentence, &known), expected, "{sentence}");
        };
        check(AnswerKind::Number, "I carried 347 across.", "How many?", true);
        check(AnswerKind::Number, "In 2024 the price rose.", "What was the price in 2024?", false);
        check(AnswerKind::Number, "höchstens zwei Katzen", "Wie viele Katzen?", true);
        check(AnswerKind::Number, "最多可借五本", "能借几本", true);
        check(AnswerKind::Number, "借书证可以续借", "能借几本", false);
        check(AnswerKind::Time, "It closes on Wednesdays.", "When?", true);
        check(AnswerKind::Time, "It closes late.", "When?", false);
        check(AnswerKind::Name, "The roof was mended by Skelton.", "Who?", true);
        check(AnswerKind::Name, "Skelton was here.", "Was Skelton here?", false);
        check(AnswerKind::Name, "Somebody was here.", "Who?", false);
    }
}
