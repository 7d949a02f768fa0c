//! What a model's name says: which collection answers, and which language model writes.

use crate::problem::Problem;
use crate::state::Service;
use pllm_app::metadata::CollectionRecord;

/// Between a collection and a language model. Both names may have it: the longest name of a collection is taken.
pub(super) const SEPARATOR: char = '@';

/// A name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) collection: String,
    /// None = the configured one; empty = none is to write.
    pub(super) llm: Option<String>,
}

impl Named {
    /// # Errors
    /// A problem when no collection has that name.
    pub(super) async fn find(service: &Service, model: &str) -> Result<Self, Problem> {
        let collections = service.app.collections().await?;
        Self::among(&collections, model).ok_or_else(|| unknown(model, &collections))
    }

    fn among(collections: &[CollectionRecord], model: &str) -> Option<Self> {
        let is_there = |name: &str| collections.iter().any(|record| record.name == name);
        if is_there(model) {
            return Some(Self { collection: model.to_owned(), llm: None });
        }
        let mut apart = model.rmatch_indices(SEPARATOR).map(|(at, _)| (&model[..at], &model[at + 1..]));
        let (collection, llm) = apart.find(|(collection, _)| is_there(collection))?;
        Some(Self { collection: collection.to_owned(), llm: Some(llm.to_owned()) })
    }
}

/// A model that is none, with those there are.
pub(super) fn unknown(model: &str, collections: &[CollectionRecord]) -> Problem {
    let names: Vec<&str> = collections.iter().map(|record| record.name.as_str()).collect();
    let hint = match names.as_slice() {
        [] => "a collection is a model, and there is none yet".to_owned(),
        names => format!("a collection is a model: {}", names.join(", ")),
    };
    Problem::of("not-found", format!("model {model:?} is not here")).hint(hint).about("model")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pllm_app::metadata::CollectionSettings;
    use pllm_core::CollectionId;

    fn record(name: &str) -> CollectionRecord {
        CollectionRecord {
            id: CollectionId::new("c").expect("a safe name"),
            name: name.to_owned(),
            settings: CollectionSettings {
                store: "memory".to_owned(),
                embedder: "e".to_owned(),
                dimension: 1,
                languages: Vec::new(),
                local_only: false,
                prompt_template: None,
            },
            generation: 1,
            deleting: false,
            created_at: 0,
        }
    }

    #[test]
    fn the_longest_name_of_a_collection_is_taken() {
        let collections = [record("a"), record("a@b"), record("Äh x")];
        let check = |model: &str, expected: Option<(&str, Option<&str>)>| {
            let named = Named::among(&collections, model);
            let found = named.as_ref().map(|named| (named.collection.as_str(), named.llm.as_deref()));
            assert_eq!(found, expected, "{model}");
        };
        check("a", Some(("a", None)));
        check("a@", Some(("a", Some(""))));
        check("a@c", Some(("a", Some("c"))));
        check("a@b", Some(("a@b", None)));
        check("a@b@c", Some(("a@b", Some("c"))));
        check("a@c@d", Some(("a", Some("c@d"))));
        check("Äh x@qwen3:8b", Some(("Äh x", Some("qwen3:8b"))));
        check("b@a", None);
        check("", None);
    }
}
