//! Blobs come back as they were given, in whole and by range, through any seal.

use super::*;
use crate::files::AtomicFile;
use pllm_core::IdentitySeal;
use pllm_core::seal::SealHeader;
use proptest::prelude::*;
use std::borrow::Cow;
use std::io;

/// A stand-in for a cipher: longer than the plain text, and bound to its context.
#[derive(Debug)]
struct Tagged;

fn tag(context: SealContext<'_>) -> [u8; 4] {
    let bytes = context.record.bytes().chain(context.collection.into_iter().flat_map(|c| c.as_str().bytes()));
    bytes.fold(7u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())).to_le_bytes()
}

impl Seal for Tagged {
    fn header(&self, format: u32) -> SealHeader {
        SealHeader { format, version: 9, key_id: 1 }
    }
    fn seal<'a>(&self, context: SealContext<'_>, plain: &'a [u8]) -> Result<Cow<'a, [u8]>> {
        Ok([&tag(context), plain].concat().into())
    }
    fn open<'a>(&self, context: SealContext<'_>, sealed: &'a [u8]) -> Result<Cow<'a, [u8]>> {
        match sealed.strip_prefix(&tag(context)) {
            Some(plain) => Ok(plain.into()),
            None => Err(Error::new(ErrorKind::Corrupt, "test.seal", "moved")),
        }
    }
}

fn key(name: &str) -> BlobKey {
    let collection = CollectionId::new("notes").expect("a safe name");
    BlobKey { collection, kind: BlobKind::Text, name: name.to_owned() }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n % 251) as u8).collect()
}

#[test]
fn every_length_comes_back_whole_and_identity_adds_only_the_header() -> Result<()> {
    let folder = folder();
    let seals: [Arc<dyn Seal>; 2] = [Arc::new(IdentitySeal), Arc::new(Tagged)];
    for seal in seals {
        let blobs = LocalBlobs::new(folder.path(), Arc::clone(&seal));
        for length in [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 5] {
            let plain = bytes(length);
            assert_eq!(blobs.put(&key("s.1"), &mut plain.as_slice())?, length as u64);
            assert!(blobs.get(&key("s.1"), None)? == plain, "{length} with {seal:?}");
            if seal.header(1).version == 0 {
                let stored = files::read(&blobs.path(&key("s.1"))?)?;
                assert!(stored[HEADER..] == plain, "{length}");
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn a_range_is_a_slice(length in 0..3 * FRAME, a in 0..3 * FRAME, b in 0..3 * FRAME) {
        let folder = folder();
        let blobs = LocalBlobs::new(folder.path(), Arc::new(Tagged));
        let (plain, a, b) = (bytes(length), a.min(length), b.min(length));
        let range = a.min(b)..a.max(b);
        blobs.put(&key("s.1"), &mut plain.as_slice()).expect("stored");
        let part = blobs.get(&key("s.1"), Some(range.start as u64..range.end as u64)).expect("read");
        prop_assert!(part == plain[range]);
    }
}

#[test]
fn bytes_that_come_in_pieces_are_the_blob() -> Result<()> {
    let folder = folder();
    let blobs = LocalBlobs::new(folder.path(), Arc::new(Tagged));
    let plain = bytes(2 * FRAME + 7);
    for piece in [1000, FRAME, plain.len()] {
        let mut writer = blobs.begin(&key("s.1"))?;
        plain.chunks(piece).try_for_each(|piece| writer.write(piece))?;
        assert_eq!(writer.commit()?, plain.len() as u64);
        assert!(blobs.get(&key("s.1"), None)? == plain, "{piece}");
    }
    let mut given_up = blobs.begin(&key("s.1"))?;
    given_up.write(b"new")?;
    drop(given_up);
    assert!(blobs.get(&key("s.1"), None)? == plain, "what is not committed changes nothing");
    assert_eq!(blobs.sweep()?, 0, "and leaves nothing");
    Ok(())
}

#[test]
fn damage_is_seen() -> Result<()> {
    let folder = folder();
    let blobs = LocalBlobs::new(folder.path(), Arc::new(Tagged));
    let path = blobs.path(&key("s.1"))?;
    let check = |change: &dyn Fn(&mut Vec<u8>)| -> Result<()> {
        blobs.put(&key("s.1"), &mut bytes(2 * FRAME).as_slice())?;
        let mut stored = files::read(&path)?;
        change(&mut stored);
        files::write_atomic(&path, &stored)?;
        assert_eq!(blobs.get(&key("s.1"), None).map_err(|error| error.kind()), Err(ErrorKind::Corrupt));
        Ok(())
    };
    check(&|stored| stored.truncate(10))?;
    check(&|stored| stored.truncate(HEADER + 4 + FRAME))?;
    check(&|stored| stored.push(0))?;
    check(&|stored| stored[0] = b'X')?;
    check(&|stored| stored[8] = 2)?;
    check(&|stored| stored[12] = 0)?;
    check(&|stored| stored[24..32].fill(0xFF))?;
    check(&|stored| {
        // Frames swapped.
        let (first, second) = stored[HEADER..].split_at_mut(FRAME + 4);
        first.swap_with_slice(second);
    })
}

#[test]
fn a_failed_put_changes_nothing_and_leftovers_are_swept() -> Result<()> {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("unplugged"))
        }
    }
    let folder = folder();
    let blobs = LocalBlobs::new(folder.path(), Arc::new(IdentitySeal));
    blobs.put(&key("s.1"), &mut &b"old"[..])?;
    let outcome = blobs.put(&key("s.1"), &mut (&b"new"[..]).chain(Failing));
    assert_eq!(outcome.map_err(|error| error.kind()), Err(ErrorKind::Unavailable));
    assert_eq!(blobs.get(&key("s.1"), None)?, b"old");
    assert_eq!(blobs.sweep()?, 0);
    std::mem::forget(AtomicFile::create(&blobs.path(&key("s.2"))?)?);
    assert_eq!((blobs.list(&key("x").collection)?, blobs.sweep()?), (vec![key("s.1")], 1));
    Ok(())
}

#[test]
fn deleting_listing_and_refusing() -> Result<()> {
    let folder = folder();
    let blobs = LocalBlobs::new(folder.path(), Arc::new(IdentitySeal));
    assert_eq!(blobs.list(&key("x").collection)?, []);
    let original = BlobKey { kind: BlobKind::Original, ..key("b.1") };
    for key in [&key("b.1"), &key("a.1"), &original] {
        blobs.put(key, &mut &b"x"[..])?;
    }
    assert_eq!(blobs.list(&key("x").collection)?, [original, key("a.1"), key("b.1")]);
    assert_eq!((blobs.delete(&key("a.1"))?, blobs.delete(&key("a.1"))?), (true, false));
    blobs.put(&key("a.2"), &mut &b"x"[..])?;
    blobs.delete_all(&[key("a.1"), key("a.2")])?;
    assert!(!blobs.delete(&key("a.2"))?, "it is gone, and what was not there did no harm");
    let kind = |outcome: Result<Vec<u8>>| outcome.map_err(|error| error.kind());
    assert_eq!(kind(blobs.get(&key("a.1"), None)), Err(ErrorKind::NotFound));
    assert_eq!(kind(blobs.get(&key("b.1"), Some(0..2))), Err(ErrorKind::InvalidInput));
    for name in ["", ".", "../b.1", "a/b", ".x.tmp", &"x".repeat(161)] {
        assert_eq!(kind(blobs.get(&key(name), None)), Err(ErrorKind::InvalidInput), "{name:?}");
    }
    Ok(())
}
