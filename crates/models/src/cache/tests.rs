//! A cache in a temporary folder, with a model of two small files.

use super::*;
use crate::catalogue::Catalogue;

const WEIGHTS: &str = "the weights";
const CONFIG: &str = "{}";

fn entry() -> ModelEntry {
    let file = |name: &str, text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let sha256 = incoming::sha256_of(&path).unwrap();
        format!(
            "[[model.file]]\nname = \"{name}\"\nurl = \"http://x/{name}\"\nsha256 = \"{sha256}\"\nsize = {}\n",
            text.len()
        )
    };
    let head = "[[model]]\nname = \"tiny\"\nkind = \"embedder\"\nlicence = \"MIT\"\nhome = \"http://x\"\n";
    let text = format!("{head}{}{}", file("weights", WEIGHTS), file("config", CONFIG));
    Catalogue::parse(&text).unwrap().models()[0].clone()
}

struct Fixture {
    _folder: tempfile::TempDir,
    entry: ModelEntry,
    cache: ModelCache,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cache = ModelCache::new(folder.path().join("models"));
        Self { _folder: folder, entry: entry(), cache }
    }

    /// As a script would fill the folder.
    fn fill(&self, weights: &str) {
        let folder = self.cache.folder(&self.entry);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("weights"), weights).unwrap();
        std::fs::write(folder.join("config"), CONFIG).unwrap();
    }
}

#[test]
fn the_digest_is_sha_256() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("abc");
    std::fs::write(&path, "abc").unwrap();
    // The first example of FIPS 180-2.
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(incoming::sha256_of(&path).unwrap(), expected);
}

#[test]
fn a_missing_model_says_how_to_get_it() {
    let fixture = Fixture::new();
    assert_eq!(fixture.cache.state(&fixture.entry), ModelState::Missing);
    for error in
        [fixture.cache.open(&fixture.entry).unwrap_err(), fixture.cache.verify(&fixture.entry).unwrap_err()]
    {
        assert_eq!((error.kind(), error.cure()), (ErrorKind::NotFound, Some("pllm models pull tiny")));
    }
}

#[test]
fn a_filled_folder_is_checked_once() {
    let fixture = Fixture::new();
    fixture.fill(WEIGHTS);
    assert_eq!(fixture.cache.state(&fixture.entry), ModelState::Unchecked);
    assert_eq!(fixture.cache.open(&fixture.entry).unwrap(), fixture.cache.folder(&fixture.entry));
    assert_eq!(fixture.cache.state(&fixture.entry), ModelState::Ready);
}

#[test]
fn a_wrong_file_is_corrupt_whatever_the_folder_is_called() {
    let fixture = Fixture::new();
    fixture.fill("the weighs!");
    let error = fixture.cache.open(&fixture.entry).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.to_string().starts_with("weights has SHA-256 "), "{error}");
    assert_eq!(fixture.cache.state(&fixture.entry), ModelState::Unchecked);
}

#[test]
fn a_file_that_changes_is_checked_again() {
    let fixture = Fixture::new();
    fixture.fill(WEIGHTS);
    fixture.cache.open(&fixture.entry).unwrap();
    // Of the same length, so that only its time tells.
    let path = fixture.cache.folder(&fixture.entry).join("weights");
    std::fs::write(&path, "the weighs!").unwrap();
    let later = std::time::SystemTime::now() + Duration::from_secs(5);
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(later).unwrap();
    assert_eq!(fixture.cache.open(&fixture.entry).unwrap_err().kind(), ErrorKind::Corrupt);
}

#[test]
fn verify_finds_what_the_stamp_cannot() {
    let fixture = Fixture::new();
    fixture.fill(WEIGHTS);
    fixture.cache.open(&fixture.entry).unwrap();
    let path = fixture.cache.folder(&fixture.entry).join("weights");
    let before = path.metadata().unwrap().modified().unwrap();
    std::fs::write(&path, "the weighs!").unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(before).unwrap();
    assert_eq!(fixture.cache.state(&fixture.entry), ModelState::Ready);
    assert_eq!(fixture.cache.verify(&fixture.entry).unwrap_err().kind(), ErrorKind::Corrupt);
    assert_eq!(fixture.cache.state(&fixture.entry), ModelState::Unchecked);
}

#[test]
fn install_copies_what_is_right_and_keeps_nothing_else() {
    let fixture = Fixture::new();
    let from = tempfile::tempdir().unwrap();
    std::fs::write(from.path().join("weights"), "wrong").unwrap();
    std::fs::write(from.path().join("config"), CONFIG).unwrap();
    let error = fixture.cache.install(&fixture.entry, from.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    let folder = fixture.cache.folder(&fixture.entry);
    let left: Vec<PathBuf> = files::read_dir(&folder).unwrap();
    assert_eq!(left, [folder.join("lock")]);

    // As a process that was killed would leave it.
    std::fs::write(folder.join(".weights.1-0.tmp"), "the wei").unwrap();
    std::fs::write(from.path().join("weights"), WEIGHTS).unwrap();
    assert_eq!(fixture.cache.install(&fixture.entry, from.path()).unwrap(), folder);
    assert_eq!(fixture.cache.state(&fixture.entry), ModelState::Ready);
    assert_eq!(std::fs::read_to_string(folder.join("weights")).unwrap(), WEIGHTS);
    let names = ["checked.json", "config", "lock", "weights"].map(|name| folder.join(name));
    assert_eq!(files::read_dir(&folder).unwrap(), names);
}

#[test]
fn two_cannot_fill_one_folder() {
    let fixture = Fixture::new();
    let _held = fixture.cache.begin(&fixture.entry).unwrap();
    let from = tempfile::tempdir().unwrap();
    let error = fixture.cache.install(&fixture.entry, from.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}
