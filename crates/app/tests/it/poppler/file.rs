//! One file as the product stores it, beside what poppler reads: quotes, sentences and lines are compared.

use super::dropped;
use super::folded::Folded;
use super::words::{self, Word};
use pllm_app::evaluate::set::GoldQuote;
use pllm_app::report::StoredDropped;
use pllm_core::{CanonicalText, PageArea, PageBox, Place};
use pllm_text::ByteRange;
use std::path::Path;
use std::sync::Arc;

/// A PDF, read twice.
pub(super) struct Pdf {
    text: Arc<CanonicalText>,
    /// Poppler's words as people are shown them, without what is reported as left out.
    shown: Vec<Word>,
    /// The same with their boxes.
    boxed: Vec<Word>,
    /// What is reported as left out, but is not there.
    faults: Vec<String>,
}

/// How much was compared, and what does not agree.
pub(super) type Found = (usize, Vec<String>);

impl Pdf {
    /// The file at `path` beside its `text`; `reported` is what was left out of that.
    pub(super) fn new(
        path: &Path,
        text: Arc<CanonicalText>,
        reported: &[StoredDropped],
    ) -> anyhow::Result<Self> {
        Ok(Self::of_words(text, words::shown(path)?, words::boxed(path)?, reported))
    }

    pub(super) fn of_words(
        text: Arc<CanonicalText>,
        mut shown: Vec<Word>,
        mut boxed: Vec<Word>,
        reported: &[StoredDropped],
    ) -> Self {
        let mut faults = dropped::take(&mut shown, reported);
        faults.extend(dropped::take(&mut boxed, reported));
        Self { text, shown, boxed, faults }
    }

    /// Each quote stands in what people are shown, on the pages that its place names, and in its boxes.
    pub(super) fn quotes(&self, quotes: &[&GoldQuote]) -> Found {
        let fault = |quote: &&GoldQuote| match quote.places_in(&self.text.text).as_slice() {
            [range] => self.quote(*range).or_else(|| self.passage(*range)).or_else(|| self.beside(*range)),
            places => Some(format!("{:?} stands {} times in the text", quote.quote, places.len())),
        };
        (quotes.len(), quotes.iter().filter_map(fault).collect())
    }

    fn quote(&self, range: ByteRange) -> Option<String> {
        let areas = self.areas(range);
        let shown = Folded::of(on_pages(&self.shown, &areas));
        let quote = self.slice(range);
        shown.find(quote).is_empty().then(|| format!("{}: poppler shows no {quote:?}", pages(&areas)))
    }

    /// Each sentence stands in poppler's words, in order, each of these words in the sentence's boxes, and no other.
    pub(super) fn sentences(&self) -> Found {
        let sentences = pllm_text::sentences(&self.text.text, None);
        let fault = |range: &ByteRange| self.passage(*range).or_else(|| self.beside(*range));
        (sentences.len(), sentences.iter().filter_map(fault).collect())
    }

    /// What stands in the boxes of a passage beside its own words: its first and last line may have others.
    fn beside(&self, range: ByteRange) -> Option<String> {
        let areas = self.areas(range);
        let inside = self.boxed.iter().filter(|word| word.middle_is_in(&areas));
        let found: String = inside.map(|word| word.text.as_str()).collect();
        let extra = letters(&found).checked_sub(letters(self.slice(range)))?;
        (extra > 0)
            .then(|| format!("{}: {extra} letters beside {:?}: {found:?}", pages(&areas), self.slice(range)))
    }

    /// What is wrong with a passage. Cells of a row are compared one by one: poppler has an order of its own in tables.
    fn passage(&self, range: ByteRange) -> Option<String> {
        let areas = self.areas(range);
        let passage = self.slice(range);
        let mut pieces = passage.split('|').map(str::trim).filter(|piece| !piece.is_empty());
        let missing = pieces.find(|piece| !self.stands(piece, &areas))?;
        let what = if missing == passage { String::new() } else { format!(" of {passage:?}") };
        let found =
            areas.iter().flat_map(|area| area.boxes.iter().map(|edge| self.words_in(area.page, edge)));
        let found: Vec<String> = found.map(|words| words::joined(&words)).collect();
        Some(format!("{}: {missing:?}{what} is not in its boxes, which hold {found:?}", pages(&areas)))
    }

    /// Whether `piece` stands in poppler's words one after the other with all of them in `areas`, or in the words of the boxes of a
    /// page, box by box: a cell of several lines has as many.
    fn stands(&self, piece: &str, areas: &[PageArea]) -> bool {
        let here: Vec<&Word> = on_pages(&self.boxed, areas).collect();
        let places = Folded::of(here.iter().copied()).find(piece);
        places.iter().any(|(first, last)| here[*first..=*last].iter().all(|word| word.is_in(areas)))
            || areas.iter().any(|area| {
                let words: Vec<Word> =
                    area.boxes.iter().flat_map(|edge| self.words_in(area.page, edge)).collect();
                !Folded::of(&words).find(piece).is_empty()
            })
    }

    /// The boxes of each line hold its words and no others, and each of poppler's words is in a line's box.
    pub(super) fn lines(&self) -> Found {
        let places = self.text.layout.places();
        let mut faults = self.faults.clone();
        let mut all = Vec::new();
        for (range, place) in places {
            if !matches!(place, Place::Page { .. }) {
                faults.push(format!("{range:?} is on no page"));
                continue;
            }
            let areas = self.areas(*range);
            let boxes = areas.iter().flat_map(|area| area.boxes.iter().map(|edge| (area.page, edge)));
            let words: Vec<Word> = boxes.flat_map(|(page, edge)| self.words_in(page, edge)).collect();
            let line = self.slice(*range);
            if !Folded::of(&words).is(&line.replace('|', "")) {
                faults.push(format!(
                    "{}: the boxes of {line:?} hold {:?}",
                    pages(&areas),
                    words::joined(&words)
                ));
            }
            all.extend(areas);
        }
        let outside = self.boxed.iter().filter(|word| !word.is_in(&all));
        faults.extend(outside.map(|word| format!("p. {}: {:?} is in no line's box", word.page, word.text)));
        (places.len(), faults)
    }

    /// The words in one box, as lines of their own.
    fn words_in(&self, page: u32, edge: &PageBox) -> Vec<Word> {
        let area = [PageArea { page, boxes: vec![*edge] }];
        let mut words: Vec<Word> = self.boxed.iter().filter(|word| word.is_in(&area)).cloned().collect();
        words::mark_line_ends(&mut words);
        words
    }

    /// Where citations say that `range` stands.
    fn areas(&self, range: ByteRange) -> Vec<PageArea> {
        match self.text.layout.locate(&self.text.text, range) {
            Some(Place::Page { areas, .. }) => areas,
            _ => Vec::new(),
        }
    }

    fn slice(&self, range: ByteRange) -> &str {
        range.slice(&self.text.text).unwrap_or_default()
    }
}

/// How many letters and digits a text has.
fn letters(text: &str) -> usize {
    text.chars().filter(|sign| sign.is_alphanumeric()).count()
}

fn on_pages<'a>(words: &'a [Word], areas: &[PageArea]) -> impl Iterator<Item = &'a Word> {
    words.iter().filter(|word| areas.iter().any(|area| area.page == word.page))
}

fn pages(areas: &[PageArea]) -> String {
    let place = Place::Page { headings: Vec::new(), areas: areas.to_vec() };
    place.label()
}
