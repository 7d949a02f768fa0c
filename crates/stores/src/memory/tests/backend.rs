//! Opening, listing, removing and checking stores.

use super::super::MemoryBackend;
use super::*;
use pllm_core::{DocumentStore, ErrorKind, StoreBackend, StoreKey, Visible};
use pllm_runtime::CpuPool;
use std::fs;

fn key(collection: &str, generation: u32) -> StoreKey {
    StoreKey { collection: CollectionId::new(collection).expect("an id"), generation }
}

fn backend(root: &Path) -> MemoryBackend {
    MemoryBackend::new(root, Arc::new(IdentitySeal), CpuPool::new(2, 64))
}

async fn put(store: &Arc<dyn DocumentStore>, name: &str) {
    let documents = vec![document(name, "rent")];
    store.write(documents, DuplicatePolicy::Fail, Visible::OnReturn).await.expect("writes");
}

#[tokio::test]
async fn stores_are_opened_once_listed_and_removed() {
    let root = tempfile::tempdir().expect("a folder");
    let backend = backend(root.path());
    assert_eq!(backend.list().await.expect("lists"), []);
    assert!(!backend.drop_store(&key("b", 1)).await.expect("drops"));
    let (b1, schema) = (key("b", 1), schema());
    let (first, again) = tokio::join!(backend.open(&b1, &schema), backend.open(&b1, &schema));
    let (first, again) = (first.expect("opens"), again.expect("opens"));
    assert!(Arc::ptr_eq(&first, &again));
    let mut other = schema.clone();
    other.dimension = 3;
    assert_eq!(backend.open(&key("b", 1), &other).await.expect_err("refused").kind(), ErrorKind::Conflict);
    let second = backend.open(&key("b", 2), &other).await.expect("opens");
    backend.open(&key("a", 10), &schema).await.expect("opens");
    assert_eq!(backend.list().await.expect("lists"), [key("a", 10), key("b", 1), key("b", 2)]);

    put(&first, "x").await;
    assert_eq!(second.count(None).await.expect("counts"), 0);
    assert!(backend.drop_store(&key("b", 1)).await.expect("drops"));
    assert!(!backend.drop_store(&key("b", 1)).await.expect("drops"));
    assert_eq!(first.count(None).await.expect_err("removed").kind(), ErrorKind::NotFound);
    assert_eq!(first.get(&[id("x")]).await.expect_err("removed").kind(), ErrorKind::NotFound);
    let late = first.write(vec![document("y", "")], DuplicatePolicy::Fail, Visible::OnReturn).await;
    assert_eq!(late.expect_err("removed").kind(), ErrorKind::NotFound);
    let left: Vec<_> = fs::read_dir(root.path().join("collections/b")).expect("a folder").flatten().collect();
    assert!(
        left.iter().all(|entry| entry.file_name().to_string_lossy().starts_with("chunks.2.")),
        "{left:?}"
    );
    let anew = backend.open(&key("b", 1), &schema).await.expect("opens");
    assert_eq!(anew.count(None).await.expect("counts"), 0);

    drop((second, anew));
    assert!(backend.drop_store(&key("b", 1)).await.expect("drops"));
    assert!(backend.drop_store(&key("b", 2)).await.expect("drops"));
    assert!(!root.path().join("collections/b").exists());
    assert_eq!(backend.list().await.expect("lists"), [key("a", 10)]);
}

#[tokio::test]
async fn a_store_is_verified_open_or_not() {
    let root = tempfile::tempdir().expect("a folder");
    let backend = backend(root.path());
    assert_eq!(backend.verify(&key("a", 1)).await.expect_err("none").kind(), ErrorKind::NotFound);
    let store = backend.open(&key("a", 1), &schema()).await.expect("opens");
    put(&store, "x").await;
    assert_eq!(backend.verify(&key("a", 1)).await.expect("verifies"), Vec::<String>::new());
    let connection =
        rusqlite::Connection::open(root.path().join("collections/a/chunks.1.sqlite")).expect("opens");
    connection.execute("DELETE FROM document", []).expect("deletes");
    assert!(!backend.verify(&key("a", 1)).await.expect("verifies").is_empty());
    drop(store);
    assert_eq!(backend.verify(&key("a", 1)).await.expect("verifies"), Vec::<String>::new());
}

#[tokio::test]
async fn a_check_names_what_is_damaged() {
    let root = tempfile::tempdir().expect("a folder");
    let backend = backend(root.path());
    backend.open(&key("good", 1), &schema()).await.expect("opens");
    let bad = root.path().join("collections/bad");
    fs::create_dir(&bad).expect("makes");
    fs::write(bad.join("chunks.3.sqlite"), "nothing like a database, but long enough ".repeat(30))
        .expect("writes");
    let health = backend.check().await.expect("checks");
    assert!(health.version.contains("SQLite 3."), "{}", health.version);
    assert_eq!(health.faults.len(), 1);
    let fault = &health.faults[0];
    assert!(fault.contains("collection bad generation 3") && fault.contains("restore the file"), "{fault}");
}
