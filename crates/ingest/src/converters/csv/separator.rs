//! Which byte stands between the cells of a table, seen from its first lines.

/// The candidates, the likelier first.
const CANDIDATES: &[u8] = b",;\t|";
/// So much of the text is looked at.
const HEAD: usize = 64 << 10;
/// And so many lines.
const LINES: usize = 100;

/// The separator: it is in the header, and the lines below have it as often as the header has, or more of them than for any
/// other candidate. Comma, where there is none.
pub(super) fn find(text: &str) -> u8 {
    let counts = count(text);
    let Some((header, rows)) = counts.split_first() else { return CANDIDATES[0] };
    let agreeing = |candidate: usize| rows.iter().filter(|row| row[candidate] == header[candidate]).count();
    let present = (0..CANDIDATES.len()).filter(|candidate| header[*candidate] > 0);
    // `max_by_key` takes the last of equals, the likelier candidate is the first.
    let best = present.rev().max_by_key(|candidate| (agreeing(*candidate), header[*candidate]));
    CANDIDATES[best.unwrap_or_default()]
}

/// How often each candidate stands outside quotation marks, line by line; a line with an open quotation mark goes on.
fn count(text: &str) -> Vec<[usize; CANDIDATES.len()]> {
    let (mut lines, mut line, mut quoted, mut blank) = (Vec::new(), [0; CANDIDATES.len()], false, true);
    for byte in text.bytes().take(HEAD) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                if !blank {
                    lines.push(std::mem::take(&mut line));
                }
                blank = true;
                continue;
            }
            _ if quoted => {}
            _ => {
                if let Some(candidate) = CANDIDATES.iter().position(|known| *known == byte) {
                    line[candidate] += 1;
                }
            }
        }
        blank = false;
    }
    if !blank && text.len() <= HEAD {
        lines.push(line);
    }
    lines.truncate(LINES);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_what_the_lines_agree_on() {
        let check = |text: &str, expected: char| assert_eq!(char::from(find(text)), expected, "{text}");
        check("a,b\n1,2\n", ',');
        check("Preis;Menge\n1,50;2,25\n3,00;4\n", ';');
        check("a\tb, c\n1\t2\n3\t4\n", '\t');
        check("a|b|c\n1|2|3", '|');
        check("one column\nvalue\n", ',');
        check("name;\"a, b; c\"\nx;\"1,2,\n3\"\n", ';');
        check("", ',');
        check("1,2,3\na,b,c,d\n", ',');
    }
}
