//! Whether what follows a quotation belongs to its sentence: `"Stop!" Anna said.` and `“站住！”他喊道。` are one each.

use super::marks::mark_of;

/// Forms of English verbs of speech; other languages turn the order around and begin in lower case.
#[rustfmt::skip]
const ENGLISH: [&str; 34] = [
    "added", "admitted", "agreed", "announced", "answered", "argued", "asked", "began", "called", "continued", "cried",
    "declared", "demanded", "exclaimed", "explained", "insisted", "murmured", "muttered", "observed", "remarked",
    "repeated", "replied", "responded", "said", "says", "screamed", "shouted", "sighed", "snapped", "suggested",
    "told", "warned", "whispered", "yelled",
];
const CHINESE: [char; 15] =
    ['说', '說', '问', '問', '喊', '叫', '答', '讲', '講', '嚷', '吼', '嘆', '叹', '骂', '罵'];
#[rustfmt::skip]
const JAPANESE: [&str; 14] = [
    "言", "聞", "尋", "訊", "問", "叫", "答", "話", "呟", "囁", "つぶや", "ささや", "語", "怒鳴",
];

/// What follows a Japanese quotation that is part of its sentence, and words that only begin like it.
const PARTICLES: [&str; 12] = ["と", "って", "は", "が", "を", "に", "の", "も", "で", "だ", "など", "から"];
#[rustfmt::skip]
const OPENERS: [&str; 16] = [
    "とても", "ところ", "とうとう", "とにかく", "はい", "はじめ", "がん", "にも", "もう", "もし", "もちろん", "でも", "では",
    "だが", "だから", "だって",
];

/// Words of an English clause, and characters of a Chinese or Japanese one, in which the verb has to come.
const MAX_WORDS: usize = 6;
const MAX_CHARS: usize = 30;
/// A word that is no longer than this and has a full stop is a title: `Mrs.`
const MAX_TITLE: usize = 3;

/// Whether `after`, which follows a closing quote, goes on with a Japanese particle.
pub(super) fn continues_with_particle(after: &str) -> bool {
    let begins_with = |words: &[&str]| words.iter().any(|word| after.starts_with(word));
    begins_with(&PARTICLES) && !begins_with(&OPENERS)
}

/// Whether `after`, which follows an ellipsis, takes a Chinese sentence up again.
pub(super) fn goes_on_in_chinese(after: &str) -> bool {
    const LINKS: [&str; 12] =
        ["但", "可是", "不过", "不過", "而", "就", "却", "卻", "还", "還", "也", "所以"];
    LINKS.iter().any(|link| after.starts_with(link))
}

/// Whether `after`, which follows a closing quote, says who spoke.
pub(super) fn names_speaker(after: &str) -> bool {
    in_english(after) || in_east_asian(after)
}

fn in_english(after: &str) -> bool {
    for word in after.split_whitespace().take(MAX_WORDS) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if ENGLISH.binary_search(&bare).is_ok() {
            return true;
        }
        if bare.len() < word.len() && bare.len() > MAX_TITLE {
            return false;
        }
    }
    false
}

fn in_east_asian(after: &str) -> bool {
    let ends_clause = |c: char| mark_of(c).is_some() || matches!(c, ',' | ':' | '，' | '：' | '、' | '\n');
    let Some((end, _)) = after.char_indices().take(MAX_CHARS).find(|&(_, c)| ends_clause(c)) else {
        return false;
    };
    let clause = &after[..end];
    clause.contains(CHINESE)
        || (clause.ends_with('道') && !clause.ends_with("知道"))
        || JAPANESE.iter().any(|verb| clause.contains(verb))
}
