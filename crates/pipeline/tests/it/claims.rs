//! The sentences of `tests/data/support`, with the passages that they are checked against.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A line of `claims.jsonl`; its README says what the keys mean.
#[derive(Debug, Deserialize)]
pub(crate) struct Claim {
    pub(crate) id: String,
    pub(crate) set: String,
    document: String,
    near: Vec<String>,
    pub(crate) claim: String,
    pub(crate) class: String,
    pub(crate) half: u8,
}

/// All lines.
pub(crate) fn claims() -> Vec<Claim> {
    let lines = read(&data().join("support/claims.jsonl"));
    lines.lines().map(parsed).collect()
}

pub(crate) fn parsed<T: DeserializeOwned>(line: &str) -> T {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data")
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The texts that claims name.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    /// By set and document.
    texts: HashMap<(String, String), String>,
}

impl Texts {
    /// The texts of the sample library that `claims` name, and those of the sets in `folder`.
    pub(crate) fn of(claims: &[Claim], folder: Option<&Path>) -> Self {
        let mut texts = HashMap::new();
        let mut sets: Vec<&str> = claims.iter().map(|claim| claim.set.as_str()).collect();
        sets.sort_unstable();
        sets.dedup();
        for set in sets {
            let corpus =
                folder.map(|folder| folder.join(set).join("corpus.jsonl")).filter(|path| path.is_file());
            if let Some(corpus) = corpus {
                texts.extend(documents(&corpus).map(|(id, text)| ((set.to_owned(), id), text)));
            }
        }
        for claim in claims.iter().filter(|claim| claim.set == "library") {
            let key = (claim.set.clone(), claim.document.clone());
            texts.entry(key).or_insert_with(|| read(&data().join("library/files").join(&claim.document)));
        }
        Self { texts }
    }

    /// The document of `claim` and its neighbours, or the pieces of its file.
    pub(crate) fn passages(&self, claim: &Claim) -> Option<Vec<&str>> {
        let of = |id: &String| self.texts.get(&(claim.set.clone(), id.clone())).map(String::as_str);
        let own = of(&claim.document)?;
        Some(if claim.set == "library" {
            pieces(own)
        } else {
            [own].into_iter().chain(claim.near.iter().filter_map(of)).collect()
        })
    }
}

fn documents(corpus: &Path) -> impl Iterator<Item = (String, String)> + use<> {
    #[derive(Deserialize)]
    struct Document {
        id: String,
        text: String,
    }
    let lines: Vec<Document> = read(corpus).lines().map(parsed).collect();
    lines.into_iter().map(|document| (document.id, document.text))
}

/// Pieces of about a thousand bytes, cut at blank lines: the size of a retrieved passage.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices("\n\n") {
        if at - start > 1000 {
            pieces.push(&text[start..at]);
            start = at;
        }
    }
    pieces.push(&text[start..]);
    pieces
}
