//! What sort of answer a question asks for, and whether a sentence has one: a number, a price, a duration, a time, a name.
//!
//! Both are told by a small table of words and signs in the languages of `pllm_text`'s function words, and Chinese,
//! Japanese and Arabic. A question that the table does not know is of no kind, and no sentence lacks anything.

mod table;

use std::collections::HashSet;

use pllm_text::{Script, fold, words};

use table::{
    CALENDAR, CURRENCIES, HAN_NUMBERS, HOW_LONG, HOW_MANY, HOW_MUCH, NUMBERS, PRICES, QUANTITIES, TIMES,
    UNITS_OF_TIME, WHEN, WHICH, WHO,
};

/// What a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnswerKind {
    /// How many, how high: digits or a number word.
    Number,
    /// How much: a number, best with a currency.
    Price,
    /// How long: a number, best with a unit of time.
    Duration,
    /// When: digits, a month or a day.
    Time,
    /// Who, where: a word with a capital letter.
    Name,
}

/// In the order in which they are tried, with the words that ask, and those that ask after "which".
const ASKING: &[(AnswerKind, &[&str], &[&str])] = &[
    (AnswerKind::Price, HOW_MUCH, PRICES),
    (AnswerKind::Duration, HOW_LONG, &[]),
    (AnswerKind::Number, HOW_MANY, QUANTITIES),
    (AnswerKind::Time, WHEN, TIMES),
    (AnswerKind::Name, WHO, &[]),
];

impl AnswerKind {
    /// What `question` asks for, if it can be told.
    pub(super) fn of(question: &str) -> Option<Self> {
        let phrases = phrases(question);
        let has = |table: &[&str]| contains(question, &phrases, table);
        let which = has(WHICH);
        let asked = ASKING.iter().find(|(_, asking, after_which)| has(asking) || (which && has(after_which)));
        asked.map(|(kind, ..)| *kind)
    }

    /// How much `sentence` lacks of such an answer, from 0 to 1, other than in `known`, the folded words of the question.
    pub(super) fn lack(self, sentence: &str, known: &HashSet<String>) -> f64 {
        let new: Vec<_> = words(sentence).filter(|word| !known.contains(fold(word.text).as_ref())).collect();
        let number = || new.iter().any(|word| is_number(word.text));
        let measured = |units: &[&str]| {
            if !number() {
                1.0
            } else if contains(sentence, &phrases(sentence), units) {
                0.0
            } else {
                WITHOUT_UNIT
            }
        };
        let lacking = |has: bool, lack: f64| if has { 0.0 } else { lack };
        match self {
            Self::Number => lacking(number(), 1.0),
            Self::Price => measured(CURRENCIES),
            Self::Duration => measured(UNITS_OF_TIME),
            Self::Time => lacking(number() || new.iter().any(|word| is_time(word.text)), 1.0),
            Self::Name => lacking(
                new.iter().any(|word| is_name(sentence, word.range.start(), word.text)),
                WITHOUT_CAPITAL,
            ),
        }
    }
}

/// Columns of tables and casual text leave units out.
const WITHOUT_UNIT: f64 = 0.5;
/// Many persons and places are no names: `the neighbour`, `under the stairs`.
const WITHOUT_CAPITAL: f64 = 0.5;

/// The folded words of `text`, each between blanks.
fn phrases(text: &str) -> String {
    words(text).fold(" ".to_owned(), |all, word| all + &fold(word.text) + " ")
}

/// Whether a phrase of `table` stands in `text`: as whole words, or anywhere if it is a sign or its script has no spaces.
fn contains(text: &str, phrases: &str, table: &[&str]) -> bool {
    let is_inside = |phrase: &&str| {
        if phrase.chars().any(|c| !c.is_alphabetic() && c != ' ' || is_unspaced(c)) {
            return text.contains(*phrase);
        }
        let is_blank = |at: usize| phrases.as_bytes()[at] == b' ';
        phrases.match_indices(*phrase).any(|(at, _)| is_blank(at - 1) && is_blank(at + phrase.len()))
    };
    table.iter().any(is_inside)
}

fn is_unspaced(c: char) -> bool {
    matches!(Script::of(c), Some(Script::Han | Script::Kana | Script::Hangul))
}

fn is_number(word: &str) -> bool {
    word.chars().any(|c| c.is_numeric() || HAN_NUMBERS.contains(c)) || NUMBERS.contains(&fold(word).as_ref())
}

fn is_time(word: &str) -> bool {
    let folded = fold(word);
    let singular = folded.strip_suffix('s').unwrap_or(&folded);
    CALENDAR.contains(&singular) || CALENDAR.contains(&folded.as_ref())
}

/// Whether a word begins with a capital and is not just the first one of its sentence.
fn is_name(sentence: &str, start: usize, word: &str) -> bool {
    let first = sentence[..start].chars().all(|c| !c.is_alphanumeric());
    !first && word.chars().next().is_some_and(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_ask_for_a_number_a_time_or_a_name() {
        let check = |question: &str, expected: Option<AnswerKind>| {
            assert_eq!(AnswerKind::of(question), expected, "{question}");
        };
        check("How much is the fish?", Some(AnswerKind::Price));
        check("Wie hoch ist die Miete?", Some(AnswerKind::Price));
        check("How long does the lamb cook?", Some(AnswerKind::Duration));
        check("How many toads did she carry?", Some(AnswerKind::Number));
        check("At which temperature does it set?", Some(AnswerKind::Number));
        check("Wie viele Schlüssel?", Some(AnswerKind::Number));
        check("租一个车位要交多少钱?", Some(AnswerKind::Price));
        check("能借几本书?", Some(AnswerKind::Number));
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
        let check = |kind: AnswerKind, sentence: &str, question: &str, expected: f64| {
            let known = words(question).map(|word| fold(word.text).into_owned()).collect();
            assert_eq!(kind.lack(sentence, &known), expected, "{sentence}");
        };
        check(AnswerKind::Number, "I carried 347 across.", "How many?", 0.0);
        check(AnswerKind::Number, "In 2024 the price rose.", "What was the price in 2024?", 1.0);
        check(AnswerKind::Number, "höchstens zwei Katzen", "Wie viele Katzen?", 0.0);
        check(AnswerKind::Number, "最多可借五本", "能借几本", 0.0);
        check(AnswerKind::Number, "借书证可以续借", "能借几本", 1.0);
        check(AnswerKind::Time, "It closes on Wednesdays.", "When?", 0.0);
        check(AnswerKind::Time, "It closes late.", "When?", 1.0);
        check(AnswerKind::Name, "The roof was mended by Skelton.", "Who?", 0.0);
        check(AnswerKind::Name, "Skelton was here.", "Was Skelton here?", 0.5);
        check(AnswerKind::Name, "Somebody was here.", "Who?", 0.5);
        check(AnswerKind::Price, "It is 12.50 €.", "How much?", 0.0);
        check(AnswerKind::Price, "price: 12.50", "How much?", 0.5);
        check(AnswerKind::Price, "快充电价为每度1.28元", "多少钱", 0.0);
        check(AnswerKind::Duration, "at 150 °C for four hours", "How long?", 0.0);
        check(AnswerKind::Duration, "It is cheap.", "How long?", 1.0);
    }
}
