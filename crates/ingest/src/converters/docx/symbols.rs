//! Characters of the fonts of signs, which stand where other fonts have none: as the characters of Unicode that look the same.

/// The character `code` (hexadecimal, as `w:sym` has it) of `font`; `None` where nothing is known that looks like it.
pub(super) fn character(font: &str, code: &str) -> Option<char> {
    let code = u32::from_str_radix(code, 16).ok()?;
    let own = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    let table = match font.to_ascii_lowercase().as_str() {
        "symbol" => SYMBOL,
        "wingdings" => WINGDINGS,
        "wingdings 2" => WINGDINGS_2,
        _ => return char::from_u32(code).filter(|c| !('\u{E000}'..='\u{F8FF}').contains(c)),
    };
    let listed = table.iter().find(|(sign, _)| *sign == own).map(|(_, character)| *character);
    listed.or_else(|| {
        char::from_u32(own)
            .filter(|c| font.eq_ignore_ascii_case("symbol") && c.is_ascii_graphic() && !c.is_alphabetic())
    })
}

const SYMBOL: &[(u32, char)] = &[
    (0x41, 'Α'),
    (0x42, 'Β'),
    (0x43, 'Χ'),
    (0x44, 'Δ'),
    (0x45, 'Ε'),
    (0x46, 'Φ'),
    (0x47, 'Γ'),
    (0x48, 'Η'),
    (0x49, 'Ι'),
    (0x4B, 'Κ'),
    (0x4C, 'Λ'),
    (0x4D, 'Μ'),
    (0x4E, 'Ν'),
    (0x4F, 'Ο'),
    (0x50, 'Π'),
    (0x51, 'Θ'),
    (0x52, 'Ρ'),
    (0x53, 'Σ'),
    (0x54, 'Τ'),
    (0x55, 'Υ'),
    (0x57, 'Ω'),
    (0x58, 'Ξ'),
    (0x59, 'Ψ'),
    (0x5A, 'Ζ'),
    (0x61, 'α'),
    (0x62, 'β'),
    (0x63, 'χ'),
    (0x64, 'δ'),
    (0x65, 'ε'),
    (0x66, 'φ'),
    (0x67, 'γ'),
    (0x68, 'η'),
    (0x69, 'ι'),
    (0x6A, 'ϕ'),
    (0x6B, 'κ'),
    (0x6C, 'λ'),
    (0x6D, 'μ'),
    (0x6E, 'ν'),
    (0x6F, 'ο'),
    (0x70, 'π'),
    (0x71, 'θ'),
    (0x72, 'ρ'),
    (0x73, 'σ'),
    (0x74, 'τ'),
    (0x75, 'υ'),
    (0x76, 'ϖ'),
    (0x77, 'ω'),
    (0x78, 'ξ'),
    (0x79, 'ψ'),
    (0x7A, 'ζ'),
    (0xA3, '≤'),
    (0xA5, '∞'),
    (0xAB, '↔'),
    (0xAC, '←'),
    (0xAD, '↑'),
    (0xAE, '→'),
    (0xAF, '↓'),
    (0xB0, '°'),
    (0xB1, '±'),
    (0xB3, '≥'),
    (0xB4, '×'),
    (0xB5, '∝'),
    (0xB6, '∂'),
    (0xB7, '•'),
    (0xB8, '÷'),
    (0xB9, '≠'),
    (0xBA, '≡'),
    (0xBB, '≈'),
    (0xBC, '…'),
    (0xC7, '∩'),
    (0xC8, '∪'),
    (0xCE, '∈'),
    (0xD1, '∇'),
    (0xD2, '®'),
    (0xD3, '©'),
    (0xD4, '™'),
    (0xD5, '∏'),
    (0xD6, '√'),
    (0xD7, '⋅'),
    (0xDB, '⇔'),
    (0xDC, '⇐'),
    (0xDE, '⇒'),
    (0xE5, '∑'),
    (0xF2, '∫'),
];

const WINGDINGS: &[(u32, char)] = &[
    (0x28, '☎'),
    (0x2A, '✉'),
    (0x6C, '●'),
    (0x6E, '■'),
    (0x6F, '☐'),
    (0x71, '❑'),
    (0x76, '❖'),
    (0x77, '◆'),
    (0x78, '☒'),
    (0x9F, '•'),
    (0xA7, '▪'),
    (0xA8, '☐'),
    (0xDF, '←'),
    (0xE0, '→'),
    (0xE1, '↑'),
    (0xE2, '↓'),
    (0xE8, '→'),
    (0xF0, '⇨'),
    (0xFB, '✗'),
    (0xFC, '✓'),
    (0xFD, '☒'),
    (0xFE, '☑'),
];

const WINGDINGS_2: &[(u32, char)] =
    &[(0x4F, '✗'), (0x50, '✓'), (0x51, '☒'), (0x52, '☑'), (0x53, '☒'), (0x54, '☒'), (0xA3, '☐')];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_have_characters() {
        let check = |font, code, expected| assert_eq!(character(font, code), expected, "{font} {code}");
        check("Wingdings", "F0FC", Some('✓'));
        check("Wingdings", "FC", Some('✓'));
        check("Symbol", "F061", Some('α'));
        check("Symbol", "F02B", Some('+'));
        check("Wingdings 2", "F052", Some('☑'));
        check("MS Gothic", "2610", Some('☐'));
        check("Webdings", "F031", None);
        check("Wingdings", "no", None);
    }
}
