//! Whether a name of a claim stands where the passages speak of the same thing: as [`rivals`](super::rivals) for values.

use super::claim::Claim;
use super::names::Name;
use super::rivals::{Bar, Hits, Place, Standing};
use super::source::{Mention, Passage, Sources};

const NAME: Bar = Bar { within: 0.7, across: 0.7, own: 0.5 };
/// The least certain mention that another name can be said in place of.
const RIVAL: f64 = 0.9;
/// How certain it is that a part of a full name means the same as another part: `Genghis` for `Khan`.
const KIN: f64 = 0.9;

/// How it stands with the name `name` of the claim.
pub(super) fn name(claim: &Claim<'_>, sources: &Sources<'_>, hits: &Hits, name: usize) -> Standing {
    let own = &claim.names[name];
    let kin: Vec<&Name> = sources.names().filter(|theirs| theirs.is_full() && own.is(theirs)).collect();
    let (mut same, mut rivals) = (Vec::new(), Vec::new());
    for (number, (passage, hits)) in sources.passages.iter().zip(hits).enumerate() {
        let place = |mention: &Mention<'_>, strength| {
            Place::of(claim, passage, hits, [own.tokens.start; 2], (number, mention.token), strength)
        };
        for mention in passage.mentions().filter(|mention| passage.counts(mention.token)) {
            if let Some(likeness) = likeness(own, mention.name, &kin) {
                same.push(place(&mention, likeness * mention.strength));
            } else if is_rival(&mention) && !is_said(claim, passage, mention.name, name) {
                rivals.push(place(&mention, mention.strength));
            }
        }
    }
    let stands = |same: &Place| rivals.iter().all(|rival| same.holds(rival, NAME));
    if same.is_empty() && in_words(own, sources) || same.iter().any(stands) {
        Standing::Stands
    } else {
        Standing::Missing
    }
}

/// How certain it is that `theirs` means what `own` does; `None` if it is another name.
fn likeness(own: &Name, theirs: &Name, kin: &[&Name]) -> Option<f64> {
    // `James Morrell` is not meant by `Sarah Morrell`.
    let alone = own.words.len() < 2 || theirs.words.len() < 2;
    if own.is(theirs) || alone && own.touches(theirs) {
        Some(1.0)
    } else {
        kin.iter().any(|kin| kin.is(theirs)).then_some(KIN)
    }
}

fn is_rival(mention: &Mention<'_>) -> bool {
    mention.strength >= RIVAL && !mention.name.doubtful
}

/// Whether the claim has a word of `name` outside of its name `own`, as a name or not.
fn is_said(claim: &Claim<'_>, passage: &Passage<'_>, name: &Name, own: usize) -> bool {
    let mut others = claim.names.iter().enumerate().filter(|(at, _)| *at != own);
    let outside = |at: &usize| !claim.names[own].tokens.contains(at);
    let said = |stem: &str| {
        let tokens = claim.reading.tokens.iter().enumerate();
        tokens.filter(|(at, _)| outside(at)).any(|(_, token)| token.stem == stem)
    };
    let mut theirs = passage.reading.tokens[name.tokens.clone()].iter();
    others.any(|(_, other)| other.touches(name)) || theirs.any(|token| !token.function && said(&token.stem))
}

/// Whether its words stand in the passages, if not as a name.
fn in_words(own: &Name, sources: &Sources<'_>) -> bool {
    own.words.iter().all(|word| sources.passages.iter().any(|passage| passage.has_word(word, true)))
}
