//! One holder at a time, named to the others.

use super::*;

#[test]
fn a_second_taker_is_told_who_holds_it() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let held = DirectoryLock::acquire(folder.path(), "pllm ingest", Duration::ZERO)?;
    let error = DirectoryLock::acquire(folder.path(), "pllm ask", Duration::ZERO).expect_err("held");
    assert_eq!(error.kind(), ErrorKind::Conflict);
    let who = format!("is in use by pllm ingest (process {}, for ", process::id());
    assert!(error.message().contains(&who), "{error}");
    drop(held);
    DirectoryLock::acquire(folder.path(), "pllm ask", Duration::ZERO).map(drop)
}

#[test]
fn a_waiting_taker_gets_it_when_the_holder_leaves() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let held = DirectoryLock::acquire(folder.path(), "first", Duration::ZERO)?;
    thread::scope(|scope| {
        let waiter = scope.spawn(|| DirectoryLock::acquire(folder.path(), "second", Duration::from_secs(60)));
        drop(held);
        waiter.join().expect("no panic").map(drop)
    })
}

#[test]
fn a_leftover_of_a_dead_process_does_not_hold() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lock");
    files::write_atomic(
        &path,
        br#"{"pid":1,"command":"long gone, and a longer text than the next","since":0}"#,
    )?;
    let held = DirectoryLock::acquire(folder.path(), "x", Duration::ZERO)?;
    let holder: Holder = serde_json::from_slice(&files::read(&path)?).expect("JSON");
    assert_eq!((holder.pid, holder.command.as_str()), (process::id(), "x"));
    drop(held);
    Ok(())
}

#[cfg(unix)]
#[test]
fn the_lock_file_is_only_its_owners() -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let _held = DirectoryLock::acquire(folder.path(), "x", Duration::ZERO)?;
    let mode = std::fs::metadata(folder.path().join("lock")).expect("metadata").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    Ok(())
}
