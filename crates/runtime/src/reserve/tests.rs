//! Room is kept, lent and given up, on disks that have some left and on one that has none.

use super::*;

/// As much as no disk has left.
const ENDLESS: u64 = 1 << 62;

fn kept(folder: &Path) -> Option<u64> {
    folder.join("reserve").metadata().ok().map(|meta| meta.len())
}

#[test]
fn room_is_kept_once_somebody_was_here() {
    let folder = tempfile::tempdir().expect("a folder");
    let reserve = Reserve::new(folder.path(), 1 << 20);
    assert_eq!(kept(folder.path()), None);
    let (first, second) = (reserve.lend(), reserve.lend());
    drop(first);
    assert_eq!(kept(folder.path()), None, "somebody needs the room");
    drop(second);
    assert_eq!(kept(folder.path()), Some(1 << 20));
    drop(reserve.lend());
    assert_eq!(kept(folder.path()), Some(1 << 20), "nobody needed it, for the disk has more");
    assert!(reserve.check().is_ok());
}

#[test]
fn on_a_full_disk_it_is_given_up_and_nothing_else_is_stored() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("reserve"), [0; 100]).expect("it is written");
    let reserve = Reserve::new(folder.path(), ENDLESS);
    let full = reserve.check().expect_err("the disk is full");
    assert_eq!(full.kind(), ErrorKind::Unavailable);
    assert!(
        full.to_string().contains("is full")
            && full.cure().is_some_and(|hint| hint.contains("free some space"))
    );
    assert_eq!(kept(folder.path()), Some(100));
    drop(reserve.lend());
    assert_eq!(kept(folder.path()), None, "it is used, and there is no room to keep any again");
}
