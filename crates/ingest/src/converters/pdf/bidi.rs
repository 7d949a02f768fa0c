//! Characters in the order they are seen to text in the order it is read.

use super::glyphs::{Glyph, is_east_asian};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::compose;

/// The text of characters that stand side by side; a blank is a space. `reversed` is whether their line begins at the right.
pub(super) fn text_of(glyphs: &[Glyph], reversed: bool) -> String {
    read(glyphs, reversed).text
}

/// A text, and for each of its characters the index of the glyph that it is of.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) text: String,
    pub(super) glyphs: Vec<usize>,
}

/// As [`text_of`], with where each character comes from.
pub(super) fn read(glyphs: &[Glyph], reversed: bool) -> Read {
    let mut signs: Vec<Sign> =
        glyphs.iter().enumerate().map(|(glyph, seen)| Sign { sign: seen.sign, glyph }).collect();
    if signs.iter().any(|sign| is_right_to_left(sign.sign)) {
        if reversed { reverse_line(&mut signs) } else { reverse_runs(&mut signs) }
    }
    clean(&signs)
}

/// A character on its way to the place where it is read.
#[derive(Debug, Clone, Copy)]
struct Sign {
    sign: char,
    glyph: usize,
}

impl Sign {
    fn mirrored(self) -> Self {
        Self { sign: mirrored(self.sign), ..self }
    }
}

/// Whether most letters of `glyphs` are read from the right to the left.
pub(super) fn is_reversed<'a>(glyphs: impl Iterator<Item = &'a Glyph>) -> bool {
    let balance =
        glyphs.map(|glyph| i64::from(is_right_to_left(glyph.sign)) - i64::from(is_left_to_right(glyph.sign)));
    balance.sum::<i64>() > 0
}

/// Whether a sign is of a script that is read from the right to the left.
pub(super) fn is_right_to_left(sign: char) -> bool {
    matches!(sign, '\u{590}'..='\u{65F}' | '\u{66E}'..='\u{6EF}' | '\u{6FA}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

fn is_left_to_right(sign: char) -> bool {
    sign.is_alphabetic() && !is_right_to_left(sign)
}

/// Letters and numbers keep their direction in a text of the other one.
fn keeps_direction(sign: char) -> bool {
    sign.is_alphanumeric() && !is_right_to_left(sign)
}

/// Puts the two letters of an Arabic ligature of lam and alef, which the parser gives in the order they are read and with
/// half of its width each, in the order they are seen. Two letters side by side have the width that an alef has elsewhere.
pub(super) fn part_ligatures(glyphs: &mut [Glyph]) {
    let is_alef = |sign: char| matches!(sign, 'ا' | 'أ' | 'إ' | 'آ');
    let width = |glyph: &Glyph| (glyph.end - glyph.start) / glyph.size;
    let may_be_one = |pair: &[Glyph]| {
        let (lam, alef) = (&pair[0], &pair[1]);
        lam.sign == 'ل'
            && is_alef(alef.sign)
            && (width(lam) - width(alef)).abs() < 0.002
            && (alef.start - lam.end).abs() < 0.01 * lam.size
    };
    let found: Vec<usize> =
        glyphs.windows(2).enumerate().filter(|(_, pair)| may_be_one(pair)).map(|(at, _)| at).collect();
    let single = glyphs.iter().enumerate().filter(|(at, glyph)| {
        is_alef(glyph.sign) && at.checked_sub(1).is_none_or(|before| found.binary_search(&before).is_err())
    });
    let widths: Vec<f32> = single.map(|(_, glyph)| width(glyph)).collect();
    for at in found {
        let half = width(&glyphs[at]);
        if !widths.is_empty() && widths.iter().all(|known| (known - half).abs() > 0.002) {
            let lam = glyphs[at].sign;
            glyphs[at].sign = glyphs[at + 1].sign;
            glyphs[at + 1].sign = lam;
        }
    }
}

/// A line that begins at the right: all is turned, words and numbers of the other direction back again.
fn reverse_line(signs: &mut [Sign]) {
    // Files have brackets as they are seen or as they are read: those are right that open before they close.
    let turned: Vec<Sign> = signs.iter().rev().map(|sign| sign.mirrored()).collect();
    if unmatched(turned.iter()) <= unmatched(signs.iter().rev()) {
        signs.copy_from_slice(&turned);
    } else {
        signs.reverse();
    }
    let mut at = 0;
    while at < signs.len() {
        let run = signs[at..].iter().take_while(|sign| !is_right_to_left(sign.sign)).count();
        let is_number = signs[at..at + run].get(1).is_some_and(|sign| sign.sign.is_ascii_digit())
            && is_of_number(signs[at].sign);
        if !keeps_direction(signs[at].sign) && !is_number {
            at += 1;
            continue;
        }
        let length = signs[at..at + run]
            .iter()
            .rposition(|sign| keeps_direction(sign.sign))
            .map_or(1, |last| last + 1);
        let behind = signs[at + length..at + run].iter().take_while(|sign| is_of_number(sign.sign)).count();
        signs[at..at + length + behind].reverse();
        signs[at..at + length + behind].iter_mut().for_each(|sign| *sign = sign.mirrored());
        at += length + behind;
    }
    put_marks_behind(signs);
}

/// Whether a sign is part of the number that it touches.
fn is_of_number(sign: char) -> bool {
    matches!(sign, '%' | '$' | '€' | '£' | '₪' | '+' | '°')
}

/// How many brackets are closed before they are opened, or never.
fn unmatched<'a>(signs: impl Iterator<Item = &'a Sign>) -> usize {
    let (mut open, mut wrong) = (0_usize, 0);
    for sign in signs {
        match sign.sign {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' if open > 0 => open -= 1,
            ')' | ']' | '}' => wrong += 1,
            _ => {}
        }
    }
    wrong + open
}

/// Turned round, a mark stands before its letter: it belongs behind it.
fn put_marks_behind(signs: &mut [Sign]) {
    let mut at = 0;
    while at < signs.len() {
        let marks = signs[at..].iter().take_while(|sign| is_mark(sign.sign)).count();
        if marks > 0 && signs.get(at + marks).is_some_and(|letter| is_right_to_left(letter.sign)) {
            signs[at..=at + marks].rotate_left(marks);
        }
        at += marks + 1;
    }
}

/// Whether a sign is a vowel or another mark of Hebrew or Arabic.
fn is_mark(sign: char) -> bool {
    matches!(sign, '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E4}')
}

/// A line that begins at the left: the words of the other direction are turned.
fn reverse_runs(signs: &mut [Sign]) {
    let mut at = 0;
    while at < signs.len() {
        if !is_right_to_left(signs[at].sign) {
            at += 1;
            continue;
        }
        let run = signs[at..].iter().take_while(|sign| !keeps_direction(sign.sign)).count();
        let length = signs[at..at + run]
            .iter()
            .rposition(|sign| is_right_to_left(sign.sign))
            .map_or(1, |last| last + 1);
        signs[at..at + length].reverse();
        at += length;
    }
}

fn mirrored(sign: char) -> char {
    match sign {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}

/// Letters for their printed forms, accents on their letters, no control characters.
fn clean(signs: &[Sign]) -> Read {
    let mut read = Read { text: String::with_capacity(signs.len()), glyphs: Vec::with_capacity(signs.len()) };
    for (at, Sign { sign, glyph }) in signs.iter().copied().enumerate() {
        match sign {
            '\u{FB00}'..='\u{FB06}' | '\u{FB13}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => {
                std::iter::once(sign).nfkc().for_each(|letter| read.push(letter, glyph));
            }
            '\u{F0B7}' | '\u{F0A7}' | '\u{F0D8}' | '\u{F0FC}' | '\u{F076}' => read.push('•', glyph),
            '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => read.push(' ', glyph),
            '\u{AD}' if at + 1 < signs.len() => {}
            '\u{200B}' | '\u{FEFF}' | '\u{2060}' | '\u{FFFE}' | '\u{FFFF}' => {}
            sign if sign.is_control() => {}
            sign => {
                if read.text.chars().next_back().is_some_and(|last| changes_direction(last, sign)) {
                    read.push(' ', glyph);
                }
                read.push_composed(sign, glyph);
            }
        }
    }
    read
}

/// Whether two letters without a blank between them are of scripts that run against each other.
fn changes_direction(last: char, next: char) -> bool {
    let letters = last.is_alphabetic() && next.is_alphabetic();
    letters && is_right_to_left(last) != is_right_to_left(next)
}

impl Read {
    fn push(&mut self, sign: char, glyph: usize) {
        self.text.push(sign);
        self.glyphs.push(glyph);
    }

    /// Adds a character; a combining mark joins the letter before it where Unicode has a letter for both.
    fn push_composed(&mut self, sign: char, glyph: usize) {
        let letter = self.text.chars().next_back().filter(|_| matches!(sign, '\u{300}'..='\u{36F}'));
        match letter.and_then(|letter| compose(letter, sign)) {
            Some(whole) => {
                self.text.pop();
                self.text.push(whole);
            }
            None => self.push(sign, glyph),
        }
    }
}

/// Whether two lines are joined without a blank: scripts that have none.
pub(super) fn joins_without_blank(last: char, next: char) -> bool {
    is_east_asian(last) && is_east_asian(next)
        || matches!(last, '\u{E00}'..='\u{E7F}') && matches!(next, '\u{E00}'..='\u{E7F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(seen: &str, expected: &str) {
        let glyph = |sign| Glyph {
            sign,
            start: 0.0,
            end: 0.0,
            base: 0.0,
            up: 0.0,
            down: 0.0,
            size: 1.0,
            bold: false,
        };
        let glyphs: Vec<Glyph> = seen.chars().map(glyph).collect();
        let read = read(&glyphs, is_reversed(glyphs.iter()));
        assert_eq!(read.text, expected, "{seen}");
        assert_eq!(read.glyphs.len(), read.text.chars().count(), "{seen}");
        let kept = |(sign, glyph): (char, &usize)| sign.is_alphabetic() && sign == glyphs[*glyph].sign;
        let count = read.text.chars().zip(&read.glyphs).filter(|(sign, glyph)| kept((*sign, glyph))).count();
        assert!(count * 3 >= read.text.chars().filter(|sign| sign.is_alphabetic()).count(), "{seen}");
    }

    #[test]
    fn text_is_in_reading_order() {
        check("plain text", "plain text");
        check("דגבא", "אבגד");
        check("ד 12.5 ג (ב) א", "א (ב) ג 12.5 ד");
        check("דהוז Python בג א", "א גב Python זוהד");
        check("the word בא here", "the word אב here");
        check("ד (ג) ב א", "א ב (ג) ד");
        check("ד )ג( ב א", "א ב (ג) ד");
        check("ג 4.5% ב א", "א ב 4.5% ג");
    }

    #[test]
    fn printed_forms_become_letters() {
        check("ﬁne ﬂow", "fine flow");
        check("e\u{301}te\u{301}", "été");
        check("co\u{AD}op\u{AD}", "coop\u{AD}");
        check("a\u{A0}b\u{F0B7}", "a b•");
    }
}
