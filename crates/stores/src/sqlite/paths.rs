//! Where does a store lie? `<root>/collections/<collection>/<prefix>.<generation>.sqlite`, with SQLite's `-wal` and `-shm` beside it.

use pllm_core::{CollectionId, Result, StoreKey};
use pllm_runtime::files;
use std::path::{Path, PathBuf};

/// Everything that SQLite puts beside a database, and the database first: once it is gone the store is.
const SUFFIXES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// The file of a store.
pub(crate) fn store_file(root: &Path, prefix: &str, key: &StoreKey) -> PathBuf {
    let name = format!("{prefix}.{}.sqlite", key.generation);
    root.join("collections").join(key.collection.as_str()).join(name)
}

/// The stores below `root` whose files have this prefix, sorted.
pub(crate) fn list(root: &Path, prefix: &str) -> Result<Vec<StoreKey>> {
    let mut keys = Vec::new();
    let collections = root.join("collections");
    if !collections.is_dir() {
        return Ok(keys);
    }
    for directory in files::read_dir(&collections)?.iter().filter(|path| path.is_dir()) {
        let Some(Ok(collection)) = file_name(directory).map(CollectionId::new) else { continue };
        for file in files::read_dir(directory)? {
            if let Some(generation) = file_name(&file).and_then(|name| generation_of(name, prefix)) {
                keys.push(StoreKey { collection: collection.clone(), generation });
            }
        }
    }
    keys.sort();
    Ok(keys)
}

/// Removes a store's files, and its folder when nothing else is in it; whether the store was there.
pub(crate) fn remove(file: &Path) -> Result<bool> {
    let mut found = false;
    for suffix in SUFFIXES {
        let mut path = file.as_os_str().to_owned();
        path.push(suffix);
        found |= files::remove_file(Path::new(&path))?;
    }
    let directory = file.parent().filter(|directory| directory.is_dir());
    if let Some(directory) = directory {
        files::sync_dir(directory)?;
        if files::read_dir(directory)?.is_empty() {
            files::remove_dir_all(directory)?;
            sync_parent(directory)?;
        }
    }
    Ok(found)
}

/// Makes the folder of a new store, open to its owner alone.
pub(crate) fn make_directory(file: &Path) -> Result<()> {
    file.parent().map_or(Ok(()), files::create_private_dir_all)
}

/// Makes the names of a new store durable: the file's in its folder, and the folder's in those above.
pub(crate) fn sync_names(file: &Path) -> Result<()> {
    sync_parent(file)?;
    file.parent().map_or(Ok(()), sync_parent)?;
    file.parent().and_then(Path::parent).map_or(Ok(()), sync_parent)
}

fn sync_parent(path: &Path) -> Result<()> {
    path.parent().filter(|parent| parent.is_dir()).map_or(Ok(()), files::sync_dir)
}

fn file_name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

fn generation_of(name: &str, prefix: &str) -> Option<u32> {
    let digits = name.strip_prefix(prefix)?.strip_prefix('.')?.strip_suffix(".sqlite")?;
    digits.parse().ok().filter(|generation: &u32| generation.to_string() == digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_no_store_are_left_alone() {
        let check =
            |name: &str, expected: Option<u32>| assert_eq!(generation_of(name, "chunks"), expected, "{name}");
        check("chunks.1.sqlite", Some(1));
        check("chunks.12.sqlite", Some(12));
        for name in
            ["chunks.01.sqlite", "chunks.+1.sqlite", "chunks..sqlite", "chunks.1.sqlite-wal", "x.1.sqlite"]
        {
            check(name, None);
        }
    }
}
