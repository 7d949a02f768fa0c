//! Which characters end, close and open sentences.

/// How strongly a run of end marks ends a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// A single full stop: an abbreviation, a number, or an end.
    Dot,
    /// An ellipsis: a pause, or an end.
    Ellipsis,
    /// `!` and `?` in the scripts that put a space after them.
    Exclamation,
    /// `。！？` and the marks of other scripts that are used for nothing else.
    Always,
}

/// The mark that a character is by itself.
pub(super) fn mark_of(c: char) -> Option<Mark> {
    match c {
        '.' => Some(Mark::Dot),
        // Most of what is read leaves here.
        'A'..='z' | ' ' | '\u{3003}'..='\u{FF00}' => None,
        '…' => Some(Mark::Ellipsis),
        '!' | '?' | '‼' | '⁇' | '⁈' | '⁉' | '؟' | '۔' | '\u{37E}' | '՞' | '՜' => {
            Some(Mark::Exclamation)
        }
        '。' | '！' | '？' | '｡' | '．' | '։' | '।' | '॥' | '።' | '፧' | '။' | '។' | '៕' | '᠃' | '᙮' => {
            Some(Mark::Always)
        }
        _ => None,
    }
}

/// Length of the run of end marks that `text` begins with, and how strong it is. Spaced dots (`. . .`) are a run too.
pub(super) fn run(text: &str) -> (usize, Option<Mark>) {
    let (mut length, mut strongest) = (0, None);
    loop {
        let rest = &text[length..];
        let dot = rest.strip_prefix(" .").filter(|_| strongest.is_some_and(|mark| mark <= Mark::Ellipsis));
        let (step, mark) = match (rest.chars().next(), dot) {
            (_, Some(_)) => (2, Mark::Ellipsis),
            (Some(c), None) => match mark_of(c) {
                Some(Mark::Dot) if strongest.is_some() => (c.len_utf8(), Mark::Ellipsis),
                Some(mark) => (c.len_utf8(), mark),
                None => break,
            },
            (None, None) => break,
        };
        length += step;
        strongest = strongest.max(Some(mark));
    }
    (length, strongest)
}

/// Whether a character is a closing quote in any language.
pub(super) fn closes_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '”'
            | '’'
            | '“'
            | '‘'
            | '»'
            | '›'
            | '«'
            | '‹'
            | '」'
            | '』'
            | '＂'
            | '〞'
            | '〟'
            | '｣'
    )
}

/// Whether `c`, right after an end mark, closes a quotation of the sentence `before`. German closes with what English
/// (`“`) and French (`«`) open with; then its own opening sign is the last one before.
fn closes_here(c: char, before: &str) -> bool {
    let opened_by = |sign: char| {
        tail(before, MAX_QUOTATION)
            .rfind([sign, c])
            .is_some_and(|at| tail(before, MAX_QUOTATION)[at..].starts_with(sign))
    };
    match c {
        '“' => opened_by('„'),
        '‘' => opened_by('‚'),
        '«' => opened_by('»'),
        '‹' => opened_by('›'),
        _ => closes_quote(c),
    }
}

/// Whether a character opens a quotation at the beginning of a sentence.
pub(super) fn opens_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '‘' | '„' | '‚' | '«' | '‹' | '»' | '›' | '「' | '『' | '＂' | '〝' | '｢')
}

/// Whether a character closes a bracket.
pub(super) fn closes_bracket(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | '）' | '］' | '｝' | '】' | '〕' | '》' | '〉' | '〗')
}

/// Whether a character opens a bracket.
pub(super) fn opens_bracket(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '（' | '［' | '｛' | '【' | '〔' | '《' | '〈' | '〖')
}

/// Dashes that introduce or interrupt speech.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '―')
}

/// Length of the closing quotes, brackets, note numbers (`[2]`, `²`), emphasis signs and emoji that follow an end mark
/// of the sentence `before`.
pub(super) fn closers(before: &str, text: &str) -> usize {
    let mut length = 0;
    while let Some(c) = text[length..].chars().next() {
        let rest = &text[length..];
        length += match c {
            _ if closes_here(c, before) || closes_bracket(c) => c.len_utf8(),
            '*' | '_' | '¹' | '²' | '³' | '⁰' | '⁴'..='⁹' => c.len_utf8(),
            '[' => match note(rest) {
                0 => break,
                note => note,
            },
            _ if c.is_whitespace() => match spaced_guillemet(rest).max(spaced_emoji(rest)) {
                0 => break,
                closing => closing,
            },
            _ if is_emoji(c) => c.len_utf8(),
            _ => break,
        };
    }
    length
}

/// Length of a note number such as `[12]`.
fn note(text: &str) -> usize {
    let digits = text[1..].bytes().take(4).take_while(u8::is_ascii_digit).count();
    if digits > 0 && text[1 + digits..].starts_with(']') { digits + 2 } else { 0 }
}

/// Length of a space and the `»` that closes French speech; German `»` opens, a letter follows it.
fn spaced_guillemet(text: &str) -> usize {
    let after = text.trim_start_matches([' ', '\u{A0}', '\u{202F}']);
    match after.strip_prefix('»') {
        Some(rest) if !rest.starts_with(char::is_alphanumeric) => text.len() - rest.len(),
        _ => 0,
    }
}

/// Length of the spaces and the first emoji after them: a picture belongs to what was just said.
fn spaced_emoji(text: &str) -> usize {
    let after = text.trim_start_matches(' ');
    after.chars().next().filter(|&c| is_emoji(c)).map_or(0, |c| text.len() - after.len() + c.len_utf8())
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x2600..=0x27BF | 0x2B50 | 0xFE0F | 0x200D | 0x1F000..=0x1FAFF)
}

/// Whether a letter is of a script in which a sentence follows another without a space.
pub fn is_east_asian(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x303F | 0x3040..=0x30FF | 0x31F0..=0x9FFF | 0xF900..=0xFAFF | 0xFF01..=0xFF9F
        | 0x20000..=0x3FFFF)
}

/// How far back the beginning of a quotation is looked for, in bytes.
pub(super) const MAX_QUOTATION: usize = 600;

/// The last `bytes` of `text` or a little less.
pub(super) fn tail(text: &str, bytes: usize) -> &str {
    let from = text.len().saturating_sub(bytes);
    let from = (from..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    &text[from..]
}
