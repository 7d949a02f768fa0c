//! Errors name the path; a file that fails half-way leaves the old one.

use super::*;

#[test]
fn errors_name_the_path_and_the_cure() {
    let check = |kind: Io, expected: ErrorKind, cure: bool| {
        let error = failed("write", Path::new("a/b"), io::Error::from(kind));
        assert_eq!((error.kind(), error.cure().is_some()), (expected, cure), "{error}");
        assert!(error.to_string().starts_with("cannot write a/b: "), "{error}");
    };
    check(Io::NotFound, ErrorKind::NotFound, false);
    check(Io::PermissionDenied, ErrorKind::Denied, true);
    check(Io::StorageFull, ErrorKind::Unavailable, true);
    check(Io::ReadOnlyFilesystem, ErrorKind::Unavailable, true);
    check(Io::IsADirectory, ErrorKind::InvalidInput, false);
    check(Io::AlreadyExists, ErrorKind::Conflict, false);
    check(Io::Other, ErrorKind::Unavailable, false);
}

#[test]
fn a_write_is_whole_or_did_not_happen() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.json");
    write_atomic(&path, b"old")?;
    let mut half = AtomicFile::create(&path)?;
    half.file().write_all(b"ne").expect("written");
    assert_eq!(read(&path)?, b"old");
    drop(half);
    assert_eq!(read_dir(folder.path())?, std::slice::from_ref(&path));
    write_atomic(&path, b"new")?;
    assert_eq!(read(&path)?, b"new");
    assert_eq!((remove_file(&path)?, remove_file(&path)?), (true, false));
    assert_eq!(read(&path).map_err(|error| error.kind()), Err(ErrorKind::NotFound));
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_private_folder_is_only_its_owners() -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("a/b");
    create_private_dir_all(&inner)?;
    let mode = fs::metadata(&inner).expect("metadata").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
    assert_eq!((remove_dir_all(&inner)?, remove_dir_all(&inner)?), (true, false));
    Ok(())
}
