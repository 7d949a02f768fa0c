//! What is on disk: nothing that was deleted, everything that was acknowledged, and a reason where it is damaged.

use super::super::format::FORMAT;
use super::*;
use pllm_core::{Error, ErrorKind, Purpose, Result, Seal, SealContext, seal::SealHeader};
use std::borrow::Cow;
use std::fs;

const CANARY: &str = "zebrafish-canary";

fn on_disk(root: &Path, text: &[u8]) -> Vec<PathBuf> {
    let directory = root.join("collections/notes");
    let files = fs::read_dir(directory).expect("a folder").map(|entry| entry.expect("an entry").path());
    let holds =
        |path: &PathBuf| fs::read(path).expect("a file").windows(text.len()).any(|window| window == text);
    files.filter(holds).collect()
}

#[test]
fn deleted_and_overwritten_text_is_gone_from_the_files() {
    let root = tempfile::tempdir().expect("a folder");
    let engine = engine(root.path());
    let long = format!("{CANARY} {}", "long ".repeat(5000));
    let bearer = |name: &str, text: &str| {
        let mut bearer = document(name, text);
        bearer.meta.insert("secret".into(), CANARY.into());
        bearer
    };
    write(&engine, (0..50).map(|n| document(&format!("d{n}"), "other")).collect(), DuplicatePolicy::Fail);
    write(&engine, vec![bearer("a", &long), bearer("b", CANARY), bearer("c", &long)], DuplicatePolicy::Fail);
    assert!(!on_disk(root.path(), CANARY.as_bytes()).is_empty());
    write(&engine, vec![document("b", "harmless")], DuplicatePolicy::Overwrite);
    assert_eq!(engine.delete(&filter("id in [a, c]")).expect("deletes"), 2);
    assert_eq!(on_disk(root.path(), CANARY.as_bytes()), Vec::<PathBuf>::new());
    assert_eq!(engine.count(None).expect("counts"), 51);
}

#[test]
fn deleted_text_that_a_long_read_kept_goes_with_the_next_write() {
    let root = tempfile::tempdir().expect("a folder");
    let engine = engine(root.path());
    engine.wait_for_readers(std::time::Duration::ZERO);
    write(&engine, vec![document("a", CANARY)], DuplicatePolicy::Fail);
    let reader = rusqlite::Connection::open(file(root.path())).expect("opens");
    reader.execute_batch("BEGIN; SELECT count(*) FROM document").expect("reads");
    assert_eq!(engine.delete(&filter("id = a")).expect("deletes"), 1);
    assert!(!on_disk(root.path(), CANARY.as_bytes()).is_empty());
    reader.execute_batch("COMMIT").expect("ends");
    write(&engine, vec![document("b", "harmless")], DuplicatePolicy::Fail);
    assert_eq!(on_disk(root.path(), CANARY.as_bytes()), Vec::<PathBuf>::new());
}

#[test]
fn the_index_after_any_history_equals_a_rebuild() {
    let root = tempfile::tempdir().expect("a folder");
    let mut random = Random(9);
    let some = |random: &mut Random| {
        let text = format!("word{} word{} deposit", random.below(9), random.below(9));
        let mut some = document(&format!("d{}", random.below(30)), &text);
        some.language = Language::parse(["en", "de", "fr"][random.below(3)]);
        some.meta.insert("n".into(), pllm_core::MetaValue::Int(random.below(9) as i64));
        some.embedding = some.embedding.filter(|_| random.below(4) > 0);
        some
    };
    let mut expected = Vec::new();
    for _ in 0..4 {
        let engine = engine(root.path());
        assert_eq!(all(&engine), expected);
        for _ in 0..12 {
            let batch = (0..random.below(8)).map(|_| some(&mut random)).collect();
            let policy = [DuplicatePolicy::Skip, DuplicatePolicy::Overwrite][random.below(2)];
            engine.write(batch, policy).expect("writes");
            engine.delete(&filter(&format!("n = {}", random.below(9)))).expect("deletes");
            assert_eq!(engine.verify().expect("verifies"), Vec::<String>::new());
        }
        expected = all(&engine);
    }
    assert!(!expected.is_empty());
}

#[test]
fn a_different_index_is_noticed() {
    let root = tempfile::tempdir().expect("a folder");
    let engine = engine(root.path());
    write(&engine, vec![document("a", "rent"), document("b", "deposit")], DuplicatePolicy::Fail);
    // Behind the engine's back.
    let writer = rusqlite::Connection::open(file(root.path())).expect("opens");
    writer.execute("DELETE FROM document WHERE id = 'b'", []).expect("deletes");
    let faults = engine.verify().expect("verifies");
    assert_eq!(faults.len(), 3, "{faults:?}");
    let error = engine.get(&[id("b")]).expect_err("the row is gone");
    assert_eq!(error.kind(), ErrorKind::Corrupt);
}

#[test]
fn a_damaged_file_is_named() {
    let check = |damage: &dyn Fn(&Path)| {
        let root = tempfile::tempdir().expect("a folder");
        let documents = (0..200).map(|n| document(&format!("d{n}"), &"rent ".repeat(200))).collect();
        write(&engine(root.path()), documents, DuplicatePolicy::Fail);
        damage(&file(root.path()));
        let error = Engine::open(&file(root.path()), &collection(), &schema(), Arc::new(IdentitySeal))
            .expect_err("damaged");
        assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
        assert!(error.to_string().contains("chunks.1.sqlite"), "{error}");
        assert!(error.cure().is_some());
    };
    let overwrite = |path: &Path, from: usize, bytes: &[u8]| {
        let mut content = fs::read(path).expect("a file");
        content[from..from + bytes.len()].copy_from_slice(bytes);
        fs::write(path, content).expect("writes");
    };
    check(&|path| overwrite(path, 0, b"not a database at all"));
    check(&|path| {
        let other = b"some other program's file, long enough to be read as a header".repeat(20);
        fs::write(path, other).expect("writes");
    });
    check(&|path| {
        let length = fs::metadata(path).expect("a file").len() as usize;
        overwrite(path, 3 * 4096, &vec![0xa5; length - 3 * 4096]);
    });
    check(&|path| {
        let connection = rusqlite::Connection::open(path).expect("opens");
        connection.execute("UPDATE document SET vector = x'00' WHERE id = 'd7'", []).expect("changes");
    });
    check(&|path| {
        let connection = rusqlite::Connection::open(path).expect("opens");
        connection.execute("UPDATE document SET meta = x'00' WHERE id = 'd7'", []).expect("changes");
    });
    check(&|path| {
        let connection = rusqlite::Connection::open(path).expect("opens");
        connection.execute_batch("DROP TABLE format").expect("changes");
    });
}

#[test]
fn what_it_was_made_for_is_kept() {
    let root = tempfile::tempdir().expect("a folder");
    drop(engine(root.path()));
    let open = |schema: &Schema, seal: Arc<dyn Seal>| {
        Engine::open(&file(root.path()), &collection(), schema, seal)
            .map(|_| ())
            .map_err(|error| (error.kind(), error.to_string()))
    };
    let check = |change: fn(&mut Schema), expected: &str| {
        let mut other = schema();
        change(&mut other);
        let (kind, message) = open(&other, Arc::new(IdentitySeal)).expect_err("refused");
        assert_eq!((kind, message.as_str()), (ErrorKind::Conflict, expected));
    };
    check(|s| s.dimension = 9, "the store was made with dimension 8, it is opened with 9");
    check(
        |s| s.languages.push(Language::parse("de").expect("a code")),
        r#"the store was made with languages ["en"], it is opened with ["en","de"]"#,
    );
    check(|s| s.keyword.b = 0.5, "the store was made with keyword.b 0.75, it is opened with 0.5");
    check(
        |s| s.keyword.variant = Bm25Variant::L,
        r#"the store was made with keyword.variant "okapi", it is opened with "l""#,
    );
    assert_eq!(open(&schema(), Arc::new(IdentitySeal)), Ok(()));
    assert_eq!(open(&schema(), Arc::new(Flip(2))).expect_err("another key").0, ErrorKind::Denied);
    let connection = rusqlite::Connection::open(file(root.path())).expect("opens");
    connection.execute("UPDATE format SET format = ?1", [FORMAT + 1]).expect("changes");
    let (kind, message) = open(&schema(), Arc::new(IdentitySeal)).expect_err("newer");
    assert_eq!(kind, ErrorKind::Unsupported);
    assert!(message.contains("has format 2, expected at most 1"), "{message}");
}

/// A seal that changes every byte, and knows where the bytes belong.
#[derive(Debug)]
struct Flip(u64);

impl Seal for Flip {
    fn header(&self, format: u32) -> SealHeader {
        SealHeader { format, version: 1, key_id: self.0 }
    }

    fn seal<'a>(&self, context: SealContext<'_>, plain: &'a [u8]) -> Result<Cow<'a, [u8]>> {
        let mark = match context.purpose {
            Purpose::Content => 1,
            Purpose::Meta => 2,
            _ => 3,
        };
        let flipped = plain.iter().map(|byte| byte ^ 0x5a);
        Ok([mark].into_iter().chain(context.record.bytes()).chain(flipped).collect())
    }

    fn open<'a>(&self, context: SealContext<'_>, sealed: &'a [u8]) -> Result<Cow<'a, [u8]>> {
        let again = self.seal(context, &[])?;
        match sealed.strip_prefix(&*again) {
            Some(flipped) => Ok(flipped.iter().map(|byte| byte ^ 0x5a).collect()),
            None => Err(Error::new(ErrorKind::Corrupt, "test.seal", "not sealed for this")),
        }
    }
}

#[test]
fn content_metadata_and_vectors_are_sealed() {
    let root = tempfile::tempdir().expect("a folder");
    let open = || Engine::open(&file(root.path()), &collection(), &schema(), Arc::new(Flip(u64::MAX)));
    let mut secret = document("one", CANARY);
    secret.meta.insert("note".into(), CANARY.into());
    let engine = open().expect("opens");
    write(&engine, vec![secret, document("two", "text")], DuplicatePolicy::Fail);
    let before = all(&engine);
    let halves = super::super::vectors::to_halves(before[0].embedding.as_ref().expect("a vector").values());
    let vector: Vec<u8> = halves.iter().flat_map(|half| half.to_le_bytes()).collect();
    for plain in [CANARY.as_bytes(), &vector] {
        assert_eq!(on_disk(root.path(), plain), Vec::<PathBuf>::new());
    }
    drop(engine);
    assert_eq!(all(&open().expect("opens")), before);
    let connection = rusqlite::Connection::open(file(root.path())).expect("opens");
    let swap =
        "UPDATE document SET content = (SELECT content FROM document WHERE id = 'two') WHERE id = 'one'";
    connection.execute(swap, []).expect("changes");
    assert_eq!(open().expect_err("moved bytes").kind(), ErrorKind::Corrupt);
}

#[test]
fn a_full_disk_stores_nothing_of_a_write() {
    let root = tempfile::tempdir().expect("a folder");
    let engine = engine(root.path());
    write(&engine, vec![document("a", "rent")], DuplicatePolicy::Fail);
    engine.limit_pages(20);
    let batch = (0..100).map(|n| document(&format!("d{n}"), &"rent ".repeat(300))).collect();
    let error = engine.write(batch, DuplicatePolicy::Fail).expect_err("full");
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    assert!(error.cure().is_some_and(|cure| cure.contains("free some space")));
    assert_eq!(ids(&all(&engine)), ["a"]);
    assert_eq!(engine.verify().expect("verifies"), Vec::<String>::new());
    engine.limit_pages(1_000_000);
    write(&engine, vec![document("b", "rent")], DuplicatePolicy::Fail);
    assert_eq!(ids(&all(&engine)), ["a", "b"]);
}
