//! Which passages fit, counted in the generator's own tokens; the last one is trimmed at a sentence's end.

use super::passage;
use super::passages::Candidate;
use pllm_core::{Generator, LeftOut, Passage, Result};
use pllm_text::ByteRange;

/// Tokens that the template puts around a passage: its tags, number and label.
const AROUND: usize = 40;

/// Tokens that are left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room(usize);

impl Room {
    pub(super) fn new(tokens: usize) -> Self {
        Self(tokens)
    }

    /// Takes a passage of `tokens`, if it fits.
    fn take(&mut self, tokens: usize) -> bool {
        match self.0.checked_sub(tokens + AROUND) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => false,
        }
    }
}

/// What is in and what is not.
#[derive(Debug, Default)]
pub(super) struct Fitted {
    pub(super) passages: Vec<Passage>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Takes candidates, best first. After one that does not fit as a whole, none is taken: a worse one must not push out a better.
pub(super) async fn fit(
    generator: &dyn Generator,
    candidates: Vec<Candidate>,
    mut room: Room,
) -> Result<Fitted> {
    let mut fitted = Fitted::default();
    let mut candidates = candidates.into_iter();
    for candidate in candidates.by_ref() {
        let whole = candidate.range();
        let text = whole.slice(&candidate.document.content).unwrap_or_default();
        if room.take(generator.count_tokens(text).await?) {
            fitted.passages.push(passage(&candidate.document, whole));
            continue;
        }
        match beginning(generator, &candidate, &mut room).await? {
            Some(range) => {
                fitted.passages.push(passage(&candidate.document, range));
                let rest = ByteRange::new(range.end(), whole.end());
                fitted.left_out.push(left_out(&candidate, rest, "no room for the rest"));
            }
            None => fitted.left_out.push(left_out(&candidate, whole, "no room")),
        }
        break;
    }
    fitted.left_out.extend(candidates.map(|candidate| left_out(&candidate, candidate.range(), "no room")));
    Ok(fitted)
}

/// As many sentences of the candidate as fit.
async fn beginning(
    generator: &dyn Generator,
    candidate: &Candidate,
    room: &mut Room,
) -> Result<Option<ByteRange>> {
    let mut fits = None;
    for sentence in &candidate.sentences {
        let range = ByteRange::new(candidate.range().start(), sentence.end());
        let text = range.slice(&candidate.document.content).unwrap_or_default();
        let tokens = generator.count_tokens(text).await?;
        if tokens + AROUND > room.0 {
            break;
        }
        fits = Some((range, tokens));
    }
    Ok(fits.map(|(range, tokens)| {
        room.take(tokens);
        range
    }))
}

fn left_out(candidate: &Candidate, range: ByteRange, reason: &'static str) -> LeftOut {
    LeftOut { document_id: candidate.document.id.clone(), range, reason }
}
