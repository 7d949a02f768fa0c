//! Which generated sentences say nothing that could be checked.

use super::claim::{Claim, TermKind};

/// Whether a sentence only leads over to others or says that the passages do not answer.
pub(super) fn claims_nothing(claim: &Claim<'_>) -> bool {
    let words = &claim.reading.tokens;
    let plain = claim.terms.iter().all(|term| term.asked || term.kind == TermKind::Word);
    let is_one = |list: &[&str]| words.iter().any(|word| list.contains(&word.folded.as_str()));
    let leads = claim.reading.text.trim_end().ends_with(':') && words.len() <= MAX_LEAD;
    let declines = is_one(SOURCES) && is_one(NOT);
    claim.terms.is_empty() || plain && (leads || declines)
}

/// The most words before a colon that lead over: `Here is what I found:`.
const MAX_LEAD: usize = 12;

const SOURCES: &[&str] = &[
    "passage",
    "passages",
    "source",
    "sources",
    "document",
    "documents",
    "context",
    "information",
    "text",
    "texts",
    "answer",
    "quellen",
    "dokumente",
    "dokumenten",
    "textstellen",
    "kontext",
    "informationen",
    "sources",
    "documents",
    "contexte",
    "fuentes",
    "documentos",
    "contexto",
    "información",
    "fonti",
    "documenti",
    "contesto",
    "informazioni",
];

const NOT: &[&str] = &[
    "not", "no", "cannot", "can't", "don't", "doesn't", "nothing", "unable", "nicht", "kein", "keine",
    "keinen", "ne", "pas", "aucune", "aucun", "ningún", "ninguna", "non", "nessuna", "nessun",
];
