//! Whether a claim denies what its evidence says, or says what that denies.
//!
//! Only plain denials are compared (`not`, `never`, `nicht`, `ne … pas`), each with the word that it denies. A sentence may
//! deny with another word (`refused`, `unable`, `without`): with such a word on either side nothing is said.

use super::claim::{Claim, Hit, TermKind};
use super::evidence::Support;
use super::reading::Reading;
use super::source::{Passage, Sources};

/// The token of the claim that is denied on one side only.
pub(super) fn contradicted(
    claim: &Claim<'_>,
    sources: &Sources<'_>,
    hits: &[Vec<Hit>],
    support: &Support,
) -> Option<usize> {
    let &(number, sentence) = support.sentences.first()?;
    let (passage, hits) = (sources.passages.get(number)?, hits.get(number)?);
    let within =
        |hit: &&Hit| passage.reading.tokens.get(hit.token).is_some_and(|token| token.sentence == sentence);
    let words = hits
        .iter()
        .filter(within)
        .filter(|hit| claim.terms[hit.term].kind == TermKind::Word && hit.strength > 0.6);
    let otherwise = |reading: &Reading<'_>, of: Option<usize>| {
        let mut tokens = reading.tokens.iter().filter(|token| of.is_none_or(|of| token.sentence == of));
        tokens.any(|token| denies_otherwise(&token.folded))
    };
    let theirs = denied(&passage.reading);
    let own = denied(&claim.reading);
    let any_there = passage
        .reading
        .tokens
        .iter()
        .enumerate()
        .any(|(at, token)| token.sentence == sentence && is_denial(&passage.reading, at));
    if otherwise(&claim.reading, None) || otherwise(&passage.reading, Some(sentence)) {
        return None;
    }
    for hit in words {
        let at = claim.terms[hit.term].tokens.start;
        if own.contains(&at) && !any_there
            || own.is_empty() && theirs.contains(&hit.token) && !doubled(passage, hits, hit)
        {
            return Some(at);
        }
    }
    None
}

/// Whether the term stands elsewhere in the sentence too, where it is not denied.
fn doubled(passage: &Passage<'_>, hits: &[Hit], hit: &Hit) -> bool {
    let sentence = |token: usize| passage.reading.tokens.get(token).map(|token| token.sentence);
    hits.iter().any(|other| {
        other.term == hit.term && other.token != hit.token && sentence(other.token) == sentence(hit.token)
    })
}

/// The words that a denial is of: the next content words of its clause, in German also those before.
fn denied(reading: &Reading<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    for at in (0..reading.tokens.len()).filter(|&at| is_denial(reading, at)) {
        let token = &reading.tokens[at];
        let same = |other: &usize| {
            reading.tokens.get(*other).is_some_and(|other| other.clause == token.clause && !other.function)
        };
        found.extend((at + 1..at + 5).filter(same).take(1));
        if reading.language.code() == "de" {
            found.extend((at.saturating_sub(3)..at).rev().filter(same).take(1));
        }
    }
    found
}

fn is_denial(reading: &Reading<'_>, at: usize) -> bool {
    let word = reading.word(at);
    let only = matches!(
        reading.word(at + 1),
        "only" | "just" | "nur" | "seulement" | "solo" | "later" | "more" | "less" | "earlier" | "longer"
    );
    // What is not before May is from May on.
    let limit = || (at + 1..at + 5).any(|at| LIMITS.contains(&reading.word(at)));
    (DENIALS.contains(&word) || word.ends_with("n't")) && !only && !limit()
}

const LIMITS: &[&str] =
    &["before", "until", "till", "vor", "bevor", "bis", "avant", "antes", "prima", "hasta"];

const DENIALS: &[&str] = &[
    "not", "never", "cannot", "nicht", "nie", "niemals", "kein", "keine", "keinen", "keiner", "keinem",
    "pas", "jamais", "nunca", "mai", "non",
];

fn denies_otherwise(word: &str) -> bool {
    OTHERWISE.contains(&word) || ROOTS.iter().any(|root| word.starts_with(root))
}

/// Words by which a sentence denies something without a plain denial.
const OTHERWISE: &[&str] = &[
    "no",
    "none",
    "nobody",
    "nothing",
    "neither",
    "nor",
    "without",
    "unless",
    "except",
    "instead",
    "rather",
    "ban",
    "bans",
    "banned",
    "hardly",
    "free",
    "least",
    "most",
    "deny",
    "denied",
    "denies",
    "denying",
    "stop",
    "stops",
    "stopped",
    "only",
    "nur",
    "seulement",
    "solo",
    "sólo",
    "soltanto",
    "ohne",
    "außer",
    "weder",
    "noch",
    "statt",
    "sans",
    "sin",
    "senza",
    "ni",
    "né",
];

/// How such words begin in all their forms: `refuse`, `refusing`.
const ROOTS: &[&str] = &[
    "refus",
    "fail",
    "lack",
    "prevent",
    "avoid",
    "reject",
    "forbid",
    "forbad",
    "prohibit",
    "disqualif",
    "unable",
    "unlike",
    "impossib",
    "declin",
    "abstain",
    "exclud",
    "exempt",
    "abandon",
    "cease",
    "verbot",
    "verbiet",
    "untersag",
    "ausgeschlossen",
    "verzicht",
    "verweiger",
    "weiger",
    "ablehn",
    "abgelehnt",
    "interdi",
    "empêch",
    "prohib",
    "negó",
    "rechaz",
    "vieta",
    "rifiut",
];
