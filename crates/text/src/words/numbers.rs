//! Which digits and separators make one number, and how numbers are written alike.

use std::borrow::Cow;

/// Length of the number that `rest` begins with, when it is more than a run of digits; `before` is the text before it.
///
/// `3.14`, `1,250`, `1.250,00` and `12 500` (no-break space) are numbers. In `2.1.3`, `31.12.2025` and `192.168.0.1`
/// each part is a word of its own; also the `1.3` of `v2.1.3`.
pub(super) fn length(before: &str, rest: &str) -> Option<usize> {
    let first = digits(rest);
    if first == 0
        || before.ends_with(['.', ',']) && before[..before.len() - 1].ends_with(char::is_alphanumeric)
    {
        return None;
    }
    let groups = Groups::read(rest)?;
    (groups.is_decimal() || groups.is_grouped()).then_some(groups.length)
}

/// The same number in its shortest form: `1,250.00` and `1.250` are `1250`, `3,14` is `3.14`.
pub(super) fn canonical(word: &str) -> Cow<'_, str> {
    let Some(groups) = Groups::read(word).filter(|groups| groups.length == word.len()) else {
        return Cow::Borrowed(word);
    };
    let mut parts = word.split(|c: char| !c.is_ascii_digit());
    let fraction = if groups.is_grouped() && !groups.has_fraction() { None } else { parts.next_back() };
    let mut number: String = parts.collect();
    if let Some(fraction) = fraction.filter(|digits| *digits != "00") {
        number.push('.');
        number.push_str(fraction);
    }
    Cow::Owned(number)
}

/// More groups than this are a list, no number; it bounds the work done at each digit of a long chain.
const MAX_GROUPS: usize = 8;

/// Runs of digits with one separator between each and the next.
struct Groups {
    separators: Vec<char>,
    /// Digits in each.
    lengths: Vec<usize>,
    /// Of the whole in bytes.
    length: usize,
}

impl Groups {
    /// Reads at least two groups that are followed by no letter.
    fn read(text: &str) -> Option<Self> {
        let first = digits(text);
        let mut groups = Self { separators: Vec::new(), lengths: vec![first], length: first };
        while let Some(separator) = text[groups.length..].chars().next().filter(|c| SEPARATORS.contains(c)) {
            let start = groups.length + separator.len_utf8();
            let count = digits(&text[start..]);
            if count == 0 || !matches!(separator, '.' | ',') && count != 3 {
                break;
            }
            groups.separators.push(separator);
            groups.lengths.push(count);
            groups.length = start + count;
            if groups.lengths.len() > MAX_GROUPS {
                return None;
            }
        }
        let whole = !text[groups.length..].starts_with(char::is_alphanumeric);
        (first > 0 && groups.lengths.len() > 1 && whole).then_some(groups)
    }

    fn is_decimal(&self) -> bool {
        matches!(self.separators[..], ['.' | ','])
    }

    /// Groups of three after the first, all with the same separator, perhaps with a fraction after another.
    fn is_grouped(&self) -> bool {
        let whole = self.lengths.len() - usize::from(self.has_fraction());
        let separator = self.separators[0];
        self.lengths[0] <= 3
            && whole > 1
            && self.lengths[1..whole].iter().all(|&count| count == 3)
            && self.separators[..whole - 1].iter().all(|&other| other == separator)
    }

    fn has_fraction(&self) -> bool {
        match self.separators[..] {
            [first, .., last] => first != last && matches!(last, '.' | ','),
            _ => false,
        }
    }
}

const SEPARATORS: [char; 7] = ['.', ',', '\'', '’', '\u{A0}', '\u{202F}', '\u{2009}'];

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}
