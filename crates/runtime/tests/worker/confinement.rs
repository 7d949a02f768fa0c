//! What a worker cannot reach: files, network, other processes.

use crate::child::pool;
use crate::faults::{result, trial};
use anyhow::ensure;
use libtest_mimic::{Completion, Failed, Trial};
use pllm_runtime::worker::Confinement;
use std::net::TcpListener;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::ignorable_test("confinement::files_network_and_programs_are_out_of_reach", || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
            runtime.block_on(out_of_reach()).map_err(|error| Failed::from(format!("{error:?}")))
        }),
        trial("confinement::libraries_see_that_there_are_no_threads", no_threads),
    ]
}

async fn out_of_reach() -> anyhow::Result<Completion> {
    let pool = pool("serve", 1);
    let confinement: Confinement = pool.confinement().await?;
    if !confinement.holds() {
        return Ok(Completion::ignored_with(format!("this kernel shuts nobody in: {confinement}")));
    }
    let folder = tempfile::tempdir()?;
    let (there, new) = (folder.path().join("there"), folder.path().join("new"));
    std::fs::write(&there, "words")?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let orders = [
        format!("open {}", there.display()),
        "open /proc/self/environ".to_owned(),
        format!("write {}", new.display()),
        format!("write {}", there.display()),
        format!("remove {}", there.display()),
        format!("connect {}", listener.local_addr()?),
        "run /bin/true".to_owned(),
    ];
    for order in orders {
        let told = result(&pool, &order).await?;
        ensure!(told.starts_with("refused: "), "{order}: {told}, {confinement}");
    }
    ensure!(!new.exists() && std::fs::read_to_string(&there)? == "words");
    Ok(Completion::Completed)
}

async fn no_threads() -> anyhow::Result<()> {
    let told = result(&pool("serve", 1), "thread").await?;
    // Where there is no seccomp, there are threads.
    ensure!(told == "refused: Unsupported" || told == "runs", "{told}");
    Ok(())
}
