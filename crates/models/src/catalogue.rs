//! Which models are there to be had? `catalogue.toml`, compiled in: names, licences, and each file by address, size and SHA-256.

use pllm_core::{Error, ErrorKind, Result};
use serde::Deserialize;

/// The models that we know.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    #[serde(rename = "model")]
    models: Vec<ModelEntry>,
}

/// One model.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ModelEntry {
    /// How it is asked for.
    pub name: String,
    /// What it does.
    pub kind: ModelKind,
    /// Its licence, as an SPDX expression.
    pub licence: String,
    /// The page that describes it.
    pub home: String,
    /// What it consists of; the weights first.
    #[serde(rename = "file")]
    pub files: Vec<ModelFile>,
}

/// What a model does.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum ModelKind {
    /// Turns texts into vectors.
    Embedder,
    /// Writes.
    Generator,
}

/// One file of a model.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// Its name in the model's folder; no path.
    pub name: String,
    /// Where it can be loaded from.
    pub url: String,
    /// What it must be: 64 hexadecimal digits, lower case.
    pub sha256: String,
    /// Its length in bytes.
    pub size: u64,
}

impl Catalogue {
    /// The catalogue of this version.
    #[must_use]
    pub fn shipped() -> Self {
        #[expect(clippy::expect_used, reason = "a test reads the file, which is part of the program")]
        Self::parse(include_str!("../catalogue.toml"))
            .expect("the shipped catalogue is valid, so this is a bug")
    }

    /// Reads a catalogue in TOML.
    ///
    /// # Errors
    /// `InvalidInput` naming the fault.
    pub fn parse(text: &str) -> Result<Self> {
        let catalogue: Self =
            toml::from_str(text).map_err(|error| invalid("is not valid").caused_by(error))?;
        catalogue.models.iter().try_for_each(ModelEntry::check)?;
        Ok(catalogue)
    }

    /// All models.
    #[must_use]
    pub fn models(&self) -> &[ModelEntry] {
        &self.models
    }

    /// The model of this name.
    ///
    /// # Errors
    /// `NotFound`, with the names that there are.
    pub fn get(&self, name: &str) -> Result<&ModelEntry> {
        self.models.iter().find(|model| model.name == name).ok_or_else(|| {
            let known: Vec<&str> = self.models.iter().map(|model| model.name.as_str()).collect();
            let message = format!("the catalogue has no model {name:?}");
            Error::new(ErrorKind::NotFound, "models.catalogue", message)
                .hint(format!("there are: {}", known.join(", ")))
        })
    }
}

impl ModelEntry {
    /// The name of its folder: the same name with other weights is another folder.
    #[must_use]
    pub fn folder_name(&self) -> String {
        let weights = self.files.first().map_or("", |file| file.sha256.get(..8).unwrap_or(""));
        format!("{}-{weights}", self.name)
    }

    /// Bytes of all files together.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// Names become paths and digests are compared as text, so both must have their one form.
    fn check(&self) -> Result<()> {
        let plain = |name: &str| {
            !name.is_empty()
                && !name.starts_with('.')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        };
        let digest = |text: &str| {
            text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        if !plain(&self.name) || self.files.is_empty() {
            return Err(
                invalid("has a model without a plain name or without files").with("model", &self.name)
            );
        }
        let faulty = self.files.iter().find(|file| !plain(&file.name) || !digest(&file.sha256));
        faulty.map_or(Ok(()), |file| {
            let error = invalid("has a file without a plain name or a SHA-256 in lower case");
            Err(error.with("model", &self.name).with("file", &file.name))
        })
    }
}

fn invalid(fault: &str) -> Error {
    Error::invalid("models.catalogue", format!("the model catalogue {fault}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_catalogue_has_an_embedder_and_a_generator() {
        let catalogue = Catalogue::shipped();
        let entry = catalogue.get("all-minilm-l6-v2").unwrap();
        assert_eq!(entry.folder_name(), "all-minilm-l6-v2-53aa5117");
        assert_eq!(
            (entry.kind, entry.licence.as_str(), entry.size()),
            (ModelKind::Embedder, "Apache-2.0", 91_335_235)
        );
        let entry = catalogue.get("smollm2-135m-instruct").unwrap();
        assert_eq!(entry.folder_name(), "smollm2-135m-instruct-b179c952");
        assert_eq!((entry.kind, entry.files.len()), (ModelKind::Generator, 1));
        let unknown = catalogue.get("gpt").unwrap_err();
        assert_eq!(
            (unknown.kind(), unknown.cure()),
            (ErrorKind::NotFound, Some("there are: all-minilm-l6-v2, smollm2-135m-instruct"))
        );
    }

    fn check(from: &str, to: &str) {
        let shipped = include_str!("../catalogue.toml");
        assert!(shipped.contains(from));
        let error = Catalogue::parse(&shipped.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn faults_are_refused() {
        check("name = \"config.json\"", "name = \"../config.json\"");
        check("name = \"config.json\"", "name = \".hidden\"");
        check("sha256 = \"53aa", "sha256 = \"53AA");
        check("sha256 = \"53aa", "sha256 = \"3aa");
        check("kind = \"embedder\"", "kind = \"oracle\"");
        check("licence =", "license =");
    }
}
