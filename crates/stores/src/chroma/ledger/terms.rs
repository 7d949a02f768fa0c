//! The terms of one Document in bytes: its number of words, then for each term its length, its bytes and its count. Numbers are
//! in LEB128.

use pllm_text::TermCounts;
use std::collections::HashSet;
use std::sync::Arc;

/// Terms seen before, each in memory once.
#[derive(Debug, Default)]
pub(super) struct Interned(HashSet<Arc<str>>);

impl Interned {
    fn term(&mut self, text: &str) -> Arc<str> {
        if let Some(term) = self.0.get(text) {
            return Arc::clone(term);
        }
        let term: Arc<str> = text.into();
        self.0.insert(Arc::clone(&term));
        term
    }
}

pub(super) fn encode(words: &TermCounts) -> Vec<u8> {
    let mut bytes = Vec::new();
    push(&mut bytes, words.words as usize);
    for (term, count) in &words.terms {
        push(&mut bytes, term.len());
        bytes.extend_from_slice(term.as_bytes());
        push(&mut bytes, *count as usize);
    }
    bytes
}

/// `None` for bytes that were not written so.
pub(super) fn decode(mut bytes: &[u8], interned: &mut Interned) -> Option<TermCounts> {
    let words = u32::try_from(take(&mut bytes)?).ok()?;
    let mut terms = Vec::new();
    while !bytes.is_empty() {
        let length = take(&mut bytes)?;
        let (term, rest) = bytes.split_at_checked(length)?;
        bytes = rest;
        let term = interned.term(std::str::from_utf8(term).ok()?);
        terms.push((term, u32::try_from(take(&mut bytes)?).ok()?));
    }
    Some(TermCounts { terms, words })
}

#[expect(clippy::cast_possible_truncation, reason = "seven bits of the number")]
fn push(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in (0..35).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn terms_come_back(terms in prop::collection::vec(("\\PC{0,200}", 0u32..), 0..20), words in 0u32..) {
            let terms = terms.into_iter().map(|(term, count)| (term.as_str().into(), count)).collect();
            let counts = TermCounts { terms, words };
            prop_assert_eq!(decode(&encode(&counts), &mut Interned::default()), Some(counts));
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = decode(&bytes, &mut Interned::default());
        }
    }

    #[test]
    fn equal_terms_are_in_memory_once() {
        let counts = TermCounts { terms: vec![("walrus".into(), 1)], words: 1 };
        let mut interned = Interned::default();
        let read =
            |interned: &mut Interned| decode(&encode(&counts), interned).expect("terms").terms.remove(0).0;
        let (one, two) = (read(&mut interned), read(&mut interned));
        assert!(Arc::ptr_eq(&one, &two));
    }
}
