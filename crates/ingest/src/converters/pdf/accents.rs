//! Accents that are printed over their letter as characters of their own, as TeX does, back to one letter.

use super::glyphs::Glyph;
use unicode_normalization::char::compose;

/// Puts each accent of `glyphs`, which are sorted by base line, on the letter that it is printed over. One without such a
/// letter stays.
pub(super) fn put_on(glyphs: &mut Vec<Glyph>) {
    let mut gone = vec![false; glyphs.len()];
    for at in 0..glyphs.len() {
        let Some(mark) = combining(glyphs[at].sign) else { continue };
        if let Some((letter, whole)) = letter_below(glyphs, at, mark) {
            glyphs[letter].sign = whole;
            gone[at] = true;
        }
    }
    let mut gone = gone.into_iter();
    glyphs.retain(|_| !gone.next().unwrap_or(false));
}

/// The nearest letter that is printed at the same place as the accent `at` and has a form with `mark`.
fn letter_below(glyphs: &[Glyph], at: usize, mark: char) -> Option<(usize, char)> {
    let accent = &glyphs[at];
    let reach = 0.45 * accent.size;
    let from = glyphs.partition_point(|other| other.base < accent.base - reach);
    let near = glyphs[from..].iter().enumerate().take_while(|(_, other)| other.base <= accent.base + reach);
    let middle = |glyph: &Glyph| (glyph.start + glyph.end) / 2.0;
    near.filter(|(_, letter)| (middle(letter) - middle(accent)).abs() < 0.5 * (letter.end - letter.start))
        .filter_map(|(index, letter)| {
            let base = match letter.sign {
                'ı' => 'i',
                'ȷ' => 'j',
                sign => sign,
            };
            Some((from + index, compose(base, mark)?))
        })
        .min_by(|(a, _), (b, _)| {
            let far = |index: &usize| (middle(&glyphs[*index]) - middle(accent)).abs();
            far(a).total_cmp(&far(b))
        })
}

/// The combining form of an accent that stands for itself.
fn combining(sign: char) -> Option<char> {
    Some(match sign {
        '`' | '\u{2CB}' => '\u{300}',
        '\u{B4}' | '\u{2CA}' => '\u{301}',
        '^' | '\u{2C6}' => '\u{302}',
        '~' | '\u{2DC}' => '\u{303}',
        '\u{AF}' | '\u{2C9}' => '\u{304}',
        '\u{2D8}' => '\u{306}',
        '\u{2D9}' => '\u{307}',
        '\u{A8}' => '\u{308}',
        '\u{2DA}' => '\u{30A}',
        '\u{2DD}' => '\u{30B}',
        '\u{2C7}' => '\u{30C}',
        '\u{B8}' => '\u{327}',
        '\u{2DB}' => '\u{328}',
        '\u{300}'..='\u{36F}' => sign,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_join_the_letter_below_them() {
        let check = |signs: &[(char, f32)], expected: &str| {
            let glyph = |(sign, start): &(char, f32)| Glyph {
                sign: *sign,
                start: *start,
                end: start + 5.0,
                base: 10.0,
                up: 8.0,
                down: 2.0,
                size: 10.0,
                bold: false,
            };
            let mut glyphs: Vec<Glyph> = signs.iter().map(glyph).collect();
            put_on(&mut glyphs);
            assert_eq!(glyphs.iter().map(|glyph| glyph.sign).collect::<String>(), expected);
        };
        check(&[('O', 0.0), ('\u{2D8}', 5.5), ('g', 5.0)], "Oğ");
        check(&[('\u{A8}', 0.0), ('u', 0.2), ('b', 5.0)], "üb");
        check(&[('ı', 0.0), ('\u{B4}', 0.0)], "í");
        check(&[('~', 0.0), ('/', 5.0)], "~/");
        check(&[('2', 0.0), ('^', 0.0)], "2^");
    }
}
