//! The ledger beside a collection: missing, damaged, behind, or behind what another one did, it is made anew from Chroma.

use super::backend;
use super::server::{self, Server};
use crate::crash::script::{self, State, steps};
use libtest_mimic::{Completion, Failed, Trial};
use pllm_core::{Cursor, DocumentStore, SearchQuery, StoreBackend};
use pllm_stores::ChromaBackend;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

const STEPS: usize = 30;

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |name, test: fn(World) -> Result<(), Failed>| {
        Trial::ignorable_test(format!("chroma::ledger::{name}"), move || {
            if let Some(ending) = server::presence().settle("chroma")? {
                return Ok(ending);
            }
            test(World::start()?).map(|()| Completion::Completed)
        })
    };
    vec![
        trial("one_that_is_missing_is_made_anew", one_that_is_missing_is_made_anew),
        trial("one_that_is_damaged_is_made_anew", one_that_is_damaged_is_made_anew),
        trial("one_that_is_behind_is_made_anew", one_that_is_behind_is_made_anew),
        trial("one_of_another_life_of_the_collection_is_not_used", one_of_another_life_is_not_used),
        trial("what_was_deleted_is_in_no_file_of_it", what_was_deleted_is_in_no_file),
    ]
}

/// A server, a folder for ledgers, and what the collection is to hold.
struct World {
    server: Server,
    ledgers: TempDir,
    state: State,
    seed: u64,
}

impl World {
    fn start() -> Result<Self, Failed> {
        let (server, ledgers) = (Server::start()?, tempfile::tempdir()?);
        Ok(Self { server, ledgers, state: State::default(), seed: 0 })
    }

    fn backend(&self) -> Result<ChromaBackend, Failed> {
        Ok(backend(self.server.url(), self.ledgers.path())?)
    }

    fn ledger(&self) -> PathBuf {
        self.ledgers.path().join("collections/crash/chroma.1.sqlite")
    }

    /// Writes and deletes through an engine of its own, whose ledger is below `root`.
    async fn live_on(&mut self, root: &Path) -> Result<(), Failed> {
        let backend = backend(self.server.url(), root)?;
        let store = backend.open(&script::key()?, &script::schema()).await?;
        self.seed += 1;
        for step in steps(self.seed, STEPS) {
            step.run(&*store).await?;
            self.state.apply(&step);
        }
        Ok(())
    }

    async fn live(&mut self) -> Result<(), Failed> {
        let root = self.ledgers.path().to_owned();
        self.live_on(&root).await
    }

    /// What is there is what was written, in order, and found by words; and so it is after some more steps.
    async fn check(&mut self) -> Result<(), Failed> {
        for round in 0..2 {
            let backend = self.backend()?;
            let store = backend.open(&script::key()?, &script::schema()).await?;
            self.check_rows(&store).await?;
            let faults = backend.verify(&script::key()?, &script::schema()).await?;
            assert_eq!(faults, [""; 0], "round {round}");
            drop(store);
            self.live().await?;
        }
        Ok(())
    }

    async fn check_rows(&self, store: &Arc<dyn DocumentStore>) -> Result<(), Failed> {
        let page = store.fetch(None, Cursor { limit: 1_000, after: 0 }).await?;
        let there: Vec<&str> = page.documents.iter().map(|document| document.id.as_str()).collect();
        let expected: Vec<&str> = self.state.0.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(there, expected);
        for (id, version) in &self.state.0 {
            let query = SearchQuery::Keyword { text: script::word(*version).into(), top_k: 10, filter: None };
            let found = store.search(&query).await?;
            assert_eq!(found.iter().map(|document| document.id.as_str()).collect::<Vec<_>>(), [id.as_str()]);
        }
        Ok(())
    }
}

fn run(test: impl Future<Output = Result<(), Failed>>) -> Result<(), Failed> {
    tokio::runtime::Runtime::new()?.block_on(test)
}

fn one_that_is_missing_is_made_anew(mut world: World) -> Result<(), Failed> {
    run(async {
        world.live().await?;
        fs::remove_dir_all(world.ledgers.path().join("collections"))?;
        world.check().await
    })
}

fn one_that_is_damaged_is_made_anew(mut world: World) -> Result<(), Failed> {
    run(async {
        world.live().await?;
        let whole = fs::read(world.ledger())?;
        let mut flipped = whole.clone();
        // All pages but the first, which says only what tables there are.
        flipped[4096..].iter_mut().for_each(|byte| *byte ^= 0x55);
        for damaged in [whole[..whole.len() / 2].to_vec(), flipped, b"no database at all".repeat(300)] {
            fs::write(world.ledger(), damaged)?;
            world.check().await?;
        }
        Ok(())
    })
}

/// A copy of before is put back; or the collection was written to from elsewhere.
fn one_that_is_behind_is_made_anew(mut world: World) -> Result<(), Failed> {
    run(async {
        world.live().await?;
        let before = fs::read(world.ledger())?;
        world.live().await?;
        fs::write(world.ledger(), before)?;
        world.check().await?;
        let elsewhere = tempfile::tempdir()?;
        world.live_on(elsewhere.path()).await?;
        world.check().await
    })
}

fn one_of_another_life_is_not_used(mut world: World) -> Result<(), Failed> {
    run(async {
        world.live().await?;
        let before = fs::read(world.ledger())?;
        world.backend()?.drop_store(&script::key()?).await?;
        assert!(!world.ledger().exists());
        world.state = State::default();
        world.live().await?;
        fs::write(world.ledger(), before)?;
        world.check().await
    })
}

fn what_was_deleted_is_in_no_file(mut world: World) -> Result<(), Failed> {
    run(async {
        let store = world.backend()?.open(&script::key()?, &script::schema()).await?;
        for (n, step) in steps(77, 60).iter().enumerate() {
            step.run(&*store).await?;
            world.state.apply(step);
            if n % 10 == 9 {
                crate::deletion::check(world.ledgers.path(), &world.state)?;
            }
        }
        Ok(())
    })
}
