//! Deleted means gone: when `delete` or an overwrite has returned, no file of the store holds a word of what was deleted.

use crate::crash::script::{self, State, steps, word};
use crate::memory;
use libtest_mimic::{Failed, Trial};
use pllm_core::StoreBackend;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const STEPS: usize = 200;

pub(crate) fn trials() -> Vec<Trial> {
    vec![Trial::test("memory::deletion::no_file_holds_what_was_deleted", no_file_holds_what_was_deleted)]
}

fn no_file_holds_what_was_deleted() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let store = memory::backend(folder.path()).open(&script::key()?, &script::schema()).await?;
        let mut state = State::default();
        for (n, step) in steps(1, STEPS).iter().enumerate() {
            step.run(&*store).await?;
            state.apply(step);
            if n % 10 == 9 {
                check(folder.path(), &state)?;
            }
        }
        Ok(())
    })
}

pub(crate) fn check(root: &Path, state: &State) -> Result<(), Failed> {
    let there: BTreeSet<u64> = state.0.iter().map(|(_, version)| *version).collect();
    let mut found = BTreeSet::new();
    for path in files(root)? {
        let versions = versions_in(&fs::read(&path)?);
        if let Some(gone) = versions.difference(&there).next() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            return Err(format!("{name} still holds {:?}", word(*gone)).into());
        }
        found.extend(versions);
    }
    // The seal is the identity, so what is there can be seen; else this test could not fail.
    assert_eq!(found, there, "words in the files");
    Ok(())
}

/// The versions whose words are in `content`, wherever they stand.
fn versions_in(content: &[u8]) -> BTreeSet<u64> {
    let (text, start) = (String::from_utf8_lossy(content), word_start());
    let digits = text.split(&start).skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..end].parse()
    });
    digits.filter_map(Result::ok).collect()
}

/// What the words of all versions begin with.
fn word_start() -> String {
    word(0).trim_end_matches('0').to_owned()
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Failed> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}
