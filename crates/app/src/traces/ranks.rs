//! All ranks of a question as one digest: what a replay compares.

use crate::ask::Lists;
use pllm_core::Document;
use pllm_core::id::hex;
use sha2::{Digest, Sha256};

/// The SHA-256 of the joined list and of the lists that it was joined from, in hexadecimal: their ids in order.
pub(super) fn digest(joined: &[Document], lists: &Lists) -> String {
    let mut hash = Sha256::new();
    let all =
        [Some(joined), lists.keyword.as_ref().map(|list| &list[..]), lists.dense.as_ref().map(|l| &l[..])];
    for list in all {
        let ids = list.unwrap_or_default();
        hash.update((ids.len() as u64).to_le_bytes());
        for document in ids {
            hash.update(document.id.as_str());
            hash.update([0]);
        }
    }
    hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pllm_core::DocumentId;
    use std::sync::Arc;

    #[test]
    fn every_list_and_its_order_count() {
        let list = |ids: &[&str]| -> Vec<Document> {
            ids.iter().map(|id| Document::new(DocumentId::new(id).expect("an id"), "")).collect()
        };
        let lists = |keyword: &[&str], dense: &[&str]| Lists {
            keyword: Some(Arc::new(list(keyword))),
            dense: Some(Arc::new(list(dense))),
        };
        let first = digest(&list(&["a", "b"]), &lists(&["a"], &["b"]));
        assert_eq!(first, digest(&list(&["a", "b"]), &lists(&["a"], &["b"])));
        for other in [
            digest(&list(&["b", "a"]), &lists(&["a"], &["b"])),
            digest(&list(&["a", "b"]), &lists(&["b"], &["a"])),
            digest(&list(&["a", "b"]), &lists(&["a", "b"], &[])),
            digest(&list(&["a"]), &lists(&["b", "a"], &["b"])),
        ] {
            assert_ne!(first, other);
        }
    }
}
