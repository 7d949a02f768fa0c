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
        br#"{"pid":1,"command":"long gone","since":0,"service":{"address":"127.0.0.1:1","version":"1","process":1,"token":"t"}}"#,
    )?;
    let held = DirectoryLock::acquire(folder.path(), "x", Duration::ZERO)?;
    let holder: Holder = serde_json::from_slice(&files::read(&path)?).expect("JSON");
    assert_eq!((holder.pid, holder.command.as_str()), (process::id(), "x"));
    assert_eq!(holder.service, None);
    drop(held);
    Ok(())
}

#[test]
fn a_service_is_found_while_it_says_so() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let held = DirectoryLock::acquire(folder.path(), "pllm serve", Duration::ZERO)?;
    let found = || DirectoryLock::acquire_or_find(folder.path(), "x", Duration::ZERO);
    let service = Service::new(([127, 0, 0, 1], 8080).into(), "1.2.3")?;
    assert!(found().is_err(), "it does not listen yet");
    held.announce(&service)?;
    let Access::Served(other) = found()? else { panic!("it is held") };
    assert_eq!(other, service);
    assert!(DirectoryLock::acquire(folder.path(), "x", Duration::ZERO).is_err());
    held.withdraw()?;
    assert!(found().is_err(), "it listens no more");
    drop(held);
    assert!(matches!(found()?, Access::Own(_)));
    Ok(())
}

#[test]
fn a_token_is_256_bits_that_are_never_shown() -> Result<()> {
    let service = || Service::new(([127, 0, 0, 1], 8080).into(), "1.2.3");
    let (one, other) = (service()?, service()?);
    let token = one.token.reveal();
    assert!(
        token.len() == 64 && token.chars().all(|c| c.is_ascii_hexdigit()) && token != other.token.reveal()
    );
    assert!(!format!("{one:?}").contains(token));
    let error = one.check_version("1.2.4").expect_err("another version");
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("1.2.3") && error.to_string().contains("1.2.4"), "{error}");
    assert!(one.check_version("1.2.3").is_ok() && !format!("{error:?}").contains(token));
    Ok(())
}

#[cfg(unix)]
#[test]
fn the_lock_file_is_only_its_owners() -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lock");
    let mode = || std::fs::metadata(&path).expect("metadata").permissions().mode() & 0o777;
    let held = DirectoryLock::acquire(folder.path(), "x", Duration::ZERO)?;
    assert_eq!(mode(), 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("opened to all");
    held.announce(&Service::new(([127, 0, 0, 1], 8080).into(), "1.2.3")?)?;
    assert_eq!(mode(), 0o600, "nobody else reads the token");
    Ok(())
}
