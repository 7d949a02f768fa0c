//! Is what a step wrote on the disk when the step is acknowledged? Read off the system calls of a writer.

use super::child::Writer;
use super::journal;
use super::strace::{self, Event};
use super::subject::Subject;
use libtest_mimic::Failed;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const STEPS: usize = 40;

pub(super) fn written_is_synced_before_it_is_acknowledged() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (root, log) = (folder.path().canonicalize()?.join("data"), folder.path().join("strace.log"));
    let writer = Writer { subject: Subject::Memory, root: root.clone(), seed: 1, steps: STEPS };
    let output = strace::command(&writer, &log, None)?.output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut disk = Disk::new(root);
    strace::read(&fs::read_to_string(&log)?).iter().for_each(|event| disk.see(event));
    assert_eq!(disk.acknowledged, STEPS, "steps acknowledged in the log");
    assert_eq!(disk.faults, Vec::<String>::new());
    Ok(())
}

/// The judge judged: logs written by hand, of a step whose bytes, or whose file's name, are not on the disk in time.
pub(super) fn a_missing_sync_is_seen() -> Result<(), Failed> {
    let check = |log: &[&str], expected: &[&str]| {
        let mut disk = Disk::new(PathBuf::from("/d"));
        strace::read(&log.join("\n")).iter().for_each(|event| disk.see(event));
        assert_eq!(disk.faults, expected, "{log:?}");
    };
    let (begin, done) =
        (r#"7 write(1<pipe:[1]>, "write d1=1\n", 11) = 11"#, r#"7 write(1<pipe:[1]>, "done\n", 5) = 5"#);
    let (write, sync) = (r#"8 pwrite64(3</d/a>, "x", 1, 0) = 1"#, "8 fdatasync(3</d/a>) = 0");
    let (begin_sync, end_sync) = ("8 fdatasync(3</d/a> <unfinished ...>", "8 <... fdatasync resumed>) = 0");
    let name = "8 fsync(4</d>) = 0";
    check(&[begin, write, sync, name, done], &[]);
    check(&[begin, write, name, begin_sync, end_sync, done], &[]);
    check(
        &[begin, write, name, begin_sync, done, end_sync],
        &["acknowledgement 1: /d/a is not synced", "acknowledgement 1: nothing was synced"],
    );
    check(
        &[begin, sync, name, write, done],
        &[
            "acknowledgement 1: /d/a is not synced",
            "acknowledgement 1: the name of /d/a is not synced",
            "acknowledgement 1: nothing was synced",
        ],
    );
    check(&[begin, write, sync, name, done, begin, done], &["acknowledgement 2: nothing was written"]);
    check(
        &[begin, write, "8 fdatasync(3</d/a>) = -1 EIO (x)", name, done],
        &["acknowledgement 1: /d/a is not synced", "acknowledgement 1: nothing was synced"],
    );
    Ok(())
}

/// What would be lost if the power failed now.
struct Disk {
    root: PathBuf,
    /// Files with bytes that no sync came after.
    unsynced: BTreeSet<PathBuf>,
    /// Files whose name no sync of their folder came after.
    unnamed: BTreeSet<PathBuf>,
    known: BTreeSet<PathBuf>,
    /// Whether the step that goes on must write, and whether it did so and synced it.
    must_write: bool,
    wrote: bool,
    synced: bool,
    acknowledged: usize,
    faults: Vec<String>,
}

impl Disk {
    fn new(root: PathBuf) -> Self {
        let (unsynced, unnamed, known) = Default::default();
        let (must_write, wrote, synced) = Default::default();
        let (acknowledged, faults) = Default::default();
        Self { root, unsynced, unnamed, known, must_write, wrote, synced, acknowledged, faults }
    }

    fn see(&mut self, event: &Event) {
        if let Some(line) = event.line() {
            return self.tell(line);
        }
        let begins = event.result.is_none();
        match event.call.as_str() {
            "write" | "pwrite64" | "writev" | "pwritev" if begins => self.write(&event.path),
            "fsync" | "fdatasync" if event.result == Some(0) => self.sync(&event.path),
            "unlink" | "unlinkat" if event.result == Some(0) => self.forget(Path::new(&event.text)),
            _ => {}
        }
    }

    fn tell(&mut self, line: &str) {
        if journal::is_done(line) {
            self.acknowledge();
        } else {
            self.must_write = line.starts_with("write ");
            (self.wrote, self.synced) = (false, false);
        }
    }

    fn write(&mut self, path: &Path) {
        // The shared memory of a write-ahead log is made anew after a crash.
        if path.starts_with(&self.root) && !path.to_string_lossy().ends_with("-shm") {
            self.wrote = true;
            self.unsynced.insert(path.to_owned());
            if self.known.insert(path.to_owned()) {
                self.unnamed.insert(path.to_owned());
            }
        }
    }

    fn sync(&mut self, path: &Path) {
        self.synced |= self.unsynced.remove(path);
        self.unnamed.retain(|file| file.parent() != Some(path));
    }

    fn forget(&mut self, path: &Path) {
        self.unsynced.remove(path);
        self.unnamed.remove(path);
        self.known.remove(path);
    }

    fn acknowledge(&mut self) {
        self.acknowledged += 1;
        let n = self.acknowledged;
        let mut fault = |what: String| self.faults.push(format!("acknowledgement {n}: {what}"));
        self.unsynced.iter().for_each(|file| fault(format!("{} is not synced", file.display())));
        self.unnamed.iter().for_each(|file| fault(format!("the name of {} is not synced", file.display())));
        if self.must_write && !self.wrote {
            fault("nothing was written".to_owned());
        }
        if self.wrote && !self.synced {
            fault("nothing was synced".to_owned());
        }
    }
}
